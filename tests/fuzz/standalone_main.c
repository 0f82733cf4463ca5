/*
 * A main for fuzz targets where there is no libFuzzer: runs the target over
 * every file of a folder, then over its prefixes, then over copies with some
 * bytes changed; the more files there are, the fewer of each. The changes are
 * the same in every run.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FILE     65536
#define MAX_PREFIXES 2048
#define MAX_CHANGED  500
#define MAX_ALL      10000 /* prefixes of all files, and changed copies */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t state = 1;

static uint32_t
next_random(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

/* The target gets a copy of the exact size, so that a sanitizer sees any
 * access past its end. */
static void
run(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size > 0 ? size : 1);

	if (copy == NULL)
		abort();
	memcpy(copy, data, size);
	(void)LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

/* Prefixes of every length, or as many as may be, evenly apart. */
static void
run_prefixes(const uint8_t *data, size_t size, size_t most)
{
	size_t step = 1 + size / (most < MAX_PREFIXES ? most : MAX_PREFIXES);

	for (size_t i = 0; i < size; i += step)
		run(data, i);
}

static void
run_changed(const uint8_t *data, size_t size, size_t most)
{
	static uint8_t changed[MAX_FILE];
	size_t n_changed = most < MAX_CHANGED ? most : MAX_CHANGED;

	for (size_t i = 0; size > 0 && i < n_changed; i++) {
		uint32_t n = 1 + next_random() % 4;

		memcpy(changed, data, size);
		while (n-- > 0)
			changed[next_random() % size] = (uint8_t)next_random();
		run(changed, size);
	}
}

/* most: of prefixes, and of changed copies. */
static int
run_file(const char *folder, const char *name, size_t most)
{
	static uint8_t data[MAX_FILE];
	char path[4096];
	size_t size;
	FILE *file;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", folder, name) >=
	    sizeof(path))
		return 1;
	file = fopen(path, "rb");
	if (file == NULL) {
		perror(path);
		return 1;
	}
	size = fread(data, 1, sizeof(data), file);
	fclose(file);
	run(data, size);
	run_prefixes(data, size, most);
	run_changed(data, size, most);
	return 0;
}

int
main(int argc, char **argv)
{
	size_t n_files = 0;
	struct dirent *entry;
	DIR *folder;
	int bad = 0;

	if (argc != 2 || (folder = opendir(argv[1])) == NULL) {
		fprintf(stderr, "usage: %s CORPUS_FOLDER\n", argv[0]);
		return 2;
	}
	while ((entry = readdir(folder)) != NULL)
		n_files += entry->d_name[0] != '.' ? 1 : 0;
	rewinddir(folder);
	while ((entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.')
			bad |= run_file(argv[1], entry->d_name,
			    1 + MAX_ALL / n_files);
	closedir(folder);
	printf("%zu inputs\n", n_files);
	return bad || n_files == 0 ? 1 : 0;
}
