/*
 * A main for fuzz targets where there is no libFuzzer: runs the target over
 * every file of a folder, then over every prefix of it, then over copies with
 * some bytes changed. The changes are the same in every run.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FILE     65536
#define MAX_PREFIXES 2048
#define N_CHANGED    500

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

static void
run_changed(const uint8_t *data, size_t size)
{
	static uint8_t changed[MAX_FILE];

	for (unsigned i = 0; size > 0 && i < N_CHANGED; i++) {
		uint32_t n = 1 + next_random() % 4;

		memcpy(changed, data, size);
		while (n-- > 0)
			changed[next_random() % size] = (uint8_t)next_random();
		run(changed, size);
	}
}

static int
run_file(const char *folder, const char *name)
{
	static uint8_t data[MAX_FILE];
	char path[4096];
	size_t size, n_prefixes;
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
	n_prefixes = size < MAX_PREFIXES ? size : MAX_PREFIXES;
	for (size_t i = 0; i < n_prefixes; i++)
		run(data, i);
	run_changed(data, size);
	return 0;
}

int
main(int argc, char **argv)
{
	unsigned n_files = 0;
	struct dirent *entry;
	DIR *folder;
	int bad = 0;

	if (argc != 2 || (folder = opendir(argv[1])) == NULL) {
		fprintf(stderr, "usage: %s CORPUS_FOLDER\n", argv[0]);
		return 2;
	}
	while ((entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		bad |= run_file(argv[1], entry->d_name);
		n_files++;
	}
	closedir(folder);
	printf("%u inputs\n", n_files);
	return bad || n_files == 0 ? 1 : 0;
}
