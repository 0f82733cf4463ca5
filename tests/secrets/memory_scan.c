#include "memory_scan.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WINDOW     8
#define DISTINCT   5 /* different bytes of a window that is worth a look */
#define TABLE_BITS 19
#define TABLE_SIZE (1u << TABLE_BITS)
#define CHUNK      (1u << 20)

/* All windows of all secrets, by hash; a slot with item 0 is empty. */
struct windows {
	struct slot {
		uint64_t bytes;
		uint32_t item;   /* index + 1 */
		uint32_t offset; /* in the secret */
		const char *form;
	} slots[TABLE_SIZE];
	size_t n;
};

struct secret *
secret_add(struct secret_list *list, const char *name, struct emrtd_bytes bytes)
{
	size_t len = bytes.len < SECRET_LEN_MAX ? bytes.len : SECRET_LEN_MAX;
	struct secret *s;

	if (len == 0)
		return NULL;
	for (size_t i = 0; i < list->n; i++) {
		s = &list->items[i];
		if (s->len == len && memcmp(s->bytes, bytes.ptr, len) == 0)
			return s;
	}
	if (list->n == SECRETS_MAX) {
		(void)fprintf(stderr, "more than %d secrets\n", SECRETS_MAX);
		abort();
	}
	s = &list->items[list->n++];
	(void)snprintf(s->name, sizeof(s->name), "%s", name);
	memcpy(s->bytes, bytes.ptr, len);
	s->len = len;
	s->needed = false;
	return s;
}

static size_t
slot_of(uint64_t bytes)
{
	return (size_t)((bytes * UINT64_C(0x9E3779B97F4A7C15)) >>
			(64 - TABLE_BITS));
}

static uint64_t
load(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/* Fillers and zeros are everywhere. */
static bool
is_telling(const uint8_t *p)
{
	unsigned distinct = 0;

	for (size_t i = 0; i < WINDOW; i++)
		distinct += memchr(p, p[i], i) == NULL;
	return distinct >= DISTINCT;
}

static void
add_windows(struct windows *w, uint32_t item, const uint8_t *bytes, size_t len,
    const char *form)
{
	for (size_t i = 0; i + WINDOW <= len; i++) {
		uint64_t v = load(bytes + i);
		size_t at = slot_of(v);

		if (!is_telling(bytes + i))
			continue;
		while (w->slots[at].item != 0 && w->slots[at].bytes != v)
			at = (at + 1) % TABLE_SIZE;
		if (w->slots[at].item != 0)
			continue;
		if (++w->n > TABLE_SIZE / 2)
			abort();
		w->slots[at] = (struct slot){ v, item, (uint32_t)i, form };
	}
}

static struct windows *
make_windows(const struct secret_list *list)
{
	struct windows *w = calloc(1, sizeof(*w));
	uint8_t turned[SECRET_LEN_MAX];

	if (w == NULL)
		return NULL;
	for (uint32_t i = 0; i < list->n; i++) {
		const struct secret *s = &list->items[i];

		add_windows(w, i + 1, s->bytes, s->len, "as it is");
		for (size_t k = 0; k < s->len; k++)
			turned[k] = s->bytes[s->len - 1 - k];
		add_windows(w, i + 1, turned, s->len, "in reverse");
		for (size_t k = 0; k < s->len / 4 * 4; k++)
			turned[k] = s->bytes[k ^ 3];
		add_windows(w, i + 1, turned, s->len / 4 * 4, "swapped");
	}
	return w;
}

/* A mapping, as a line of /proc/PID/maps has it. */
struct mapping {
	uint64_t from, to;
	char name[96];
};

static void
tell(struct leak *leak, const struct mapping *m, uint64_t at,
    const struct slot *slot)
{
	if (leak->count++ > 0)
		return;
	(void)snprintf(leak->where, sizeof(leak->where),
	    "byte %" PRIu32 " %s, in %s + 0x%" PRIx64 " of 0x%" PRIx64,
	    slot->offset, slot->form, m->name, at - m->from, m->to - m->from);
}

static void
look(const struct windows *w, const struct mapping *m, uint64_t address,
    const uint8_t *bytes, size_t len, struct leak *leaks)
{
	for (size_t i = 0; i + WINDOW <= len; i++) {
		uint64_t v = load(bytes + i);
		size_t at = slot_of(v);

		while (w->slots[at].item != 0 && w->slots[at].bytes != v)
			at = (at + 1) % TABLE_SIZE;
		if (w->slots[at].item != 0)
			tell(&leaks[w->slots[at].item - 1], m, address + i,
			    &w->slots[at]);
	}
}

/* Those that are shorter than a window, as they are. */
static void
look_for_short(const struct secret_list *list, const struct mapping *m,
    uint64_t address, const uint8_t *bytes, size_t len, struct leak *leaks)
{
	static const struct slot whole = { 0, 0, 0, "as it is" };

	for (size_t i = 0; i < list->n; i++) {
		const struct secret *s = &list->items[i];
		const uint8_t *p = s->len < WINDOW
				       ? memmem(bytes, len, s->bytes, s->len)
				       : NULL;

		if (p != NULL)
			tell(&leaks[i], m, address + (uint64_t)(p - bytes),
			    &whole);
	}
}

/* Chunks overlap, so that nothing is lost on their borders. */
static bool
scan_mapping(int fd, const struct windows *w, const struct secret_list *list,
    const struct mapping *m, uint8_t *buf, struct leak *leaks)
{
	uint64_t at = m->from;

	while (at < m->to) {
		size_t want = m->to - at < CHUNK ? (size_t)(m->to - at) : CHUNK;
		ssize_t got = pread(fd, buf, want, (off_t)at);

		if (got <= 0)
			return false;
		look(w, m, at, buf, (size_t)got, leaks);
		look_for_short(list, m, at, buf, (size_t)got, leaks);
		if (at + (uint64_t)got == m->to)
			break;
		at += (uint64_t)got - (WINDOW - 1);
	}
	return true;
}

static bool
scan_all(FILE *maps, int fd, const struct windows *w,
    const struct secret_list *list, struct leak *leaks)
{
	uint8_t *buf = malloc(CHUNK);
	unsigned n = 0;
	bool ok = buf != NULL;
	char line[512];

	while (ok && fgets(line, sizeof(line), maps) != NULL) {
		struct mapping m = { .name = "anonymous memory" };
		char rights[8];

		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %*s %*s %*s %95s",
			&m.from, &m.to, rights, m.name) < 3)
			ok = false;
		else if (rights[0] == 'r' && rights[1] == 'w' && ++n > 0)
			ok = scan_mapping(fd, w, list, &m, buf, leaks);
	}
	free(buf);
	return ok && n > 0;
}

bool
memory_scan(pid_t pid, const struct secret_list *list, struct leak *leaks)
{
	struct windows *w = make_windows(list);
	char path[64];
	FILE *maps;
	bool ok = false;
	int fd;

	memset(leaks, 0, list->n * sizeof(*leaks));
	(void)snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	maps = fopen(path, "re");
	(void)snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (w != NULL && maps != NULL && fd >= 0)
		ok = scan_all(maps, fd, w, list, leaks);
	if (maps != NULL)
		(void)fclose(maps);
	if (fd >= 0)
		(void)close(fd);
	free(w);
	return ok;
}
