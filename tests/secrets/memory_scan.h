/*
 * memory_scan.h - looks for known bytes in the memory of another process.
 *
 * Whatever eight bytes in a row a secret has are looked for, so that the rest
 * of a half overwritten one is found, too: as they are, in reverse (the words
 * of a BIGNUM on a little-endian machine) and with the bytes of each four
 * swapped (what a hash function's block loads).
 */
#ifndef MRTD_MEMORY_SCAN_H
#define MRTD_MEMORY_SCAN_H

#include <emrtd/bytes.h>

#include <sys/types.h>

#define SECRETS_MAX     96
#define SECRET_LEN_MAX  512
#define SECRET_NAME_MAX 40

struct secret {
	char name[SECRET_NAME_MAX];
	uint8_t bytes[SECRET_LEN_MAX];
	size_t len;
	bool needed; /* while the session lasts */
};

struct secret_list {
	struct secret items[SECRETS_MAX];
	size_t n;
};

/* Where a secret was found first, and how often. */
struct leak {
	unsigned count;
	char where[160];
};

/*
 * The same bytes are listed once; the tail of what is too long is left. NULL
 * when there are none.
 */
struct secret *secret_add(struct secret_list *list, const char *name,
    struct emrtd_bytes bytes);

/*
 * Scans all writable mappings of a process that stands still. leaks has
 * list->n elements. False when its memory cannot be read.
 */
bool memory_scan(pid_t pid, const struct secret_list *list, struct leak *leaks);

#endif
