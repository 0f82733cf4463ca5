/*
 * Revocation lists: every view lies inside the input, every entry is found by
 * its own number, in any order, and what is no key verifies nothing.
 */
#include "core/tlv.h"
#include "pki/crl.h"
#include "pki/crl_store.h"

#include <stdlib.h>
#include <string.h>

/* Entries of one input that are looked up one by one. */
#define LOOKED_UP_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool holds)
{
	if (!holds)
		abort();
}

static bool
inside(struct emrtd_bytes part, struct emrtd_bytes whole)
{
	return part.ptr == NULL ||
	       (part.ptr >= whole.ptr &&
		   part.ptr + part.len <= whole.ptr + whole.len);
}

static struct emrtd_crypto *
crypto_once(void)
{
	static struct emrtd_crypto *crypto;

	if (crypto == NULL)
		check(emrtd_crypto_new(NULL, &crypto) == EMRTD_OK);
	return crypto;
}

static void
check_entries(const struct emrtd_crl *crl, const struct emrtd_bytes *index)
{
	struct emrtd_bytes rest = crl->entries, content, serial;
	struct emrtd_crl_entry entry;
	size_t n = 0;

	for (; emrtd_tlv(&rest, 0x30, &content); n++) {
		check(n < crl->n_entries && inside(index[n], crl->entries));
		if (n >= LOOKED_UP_MAX)
			continue;
		check(emrtd_tlv(&content, 0x02, &serial));
		check(emrtd_crl_find(crl, index, serial, &entry));
		check(entry.reason == EMRTD_CRL_NO_REASON ||
		      (entry.reason >= 0 && entry.reason <= 10));
	}
	check(n == crl->n_entries);
}

/* A number that is longer than the list is not on it. */
static void
check_absent(const struct emrtd_crl *crl, const struct emrtd_bytes *index)
{
	struct emrtd_bytes longest = crl->der;
	struct emrtd_crl_entry entry;

	check(longest.ptr[0] == 0x30); /* no leading zero to leave out */
	check(!emrtd_crl_find(crl, index, longest, &entry));
	check(!emrtd_crl_find(crl, index, emrtd_bytes(NULL, 0), &entry));
}

static void
check_store(struct emrtd_bytes in)
{
	struct emrtd_crl_store store = { .n = 0 };

	check(emrtd_crl_store_add(&store, in, NULL) == EMRTD_OK);
	check(emrtd_crl_store_add(&store, in, NULL) == EMRTD_OK);
	check(store.n == 1);
	emrtd_crl_store_cut(&store, 0);
	check(store.n == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct emrtd_bytes in = emrtd_bytes(data, size), *index;
	struct emrtd_crl crl;
	struct emrtd_diag diag;

	if (emrtd_crl_parse(in, &diag, &crl) != EMRTD_OK)
		return 0;
	check(emrtd_crl_is(in));
	check(inside(crl.object.tbs, in) && inside(crl.issuer, in) &&
	      inside(crl.object.algorithm, in) &&
	      inside(crl.object.signature, in) &&
	      inside(crl.authority_key_id, in) && inside(crl.other_names, in) &&
	      inside(crl.entries, in));
	check(emrtd_crl_names(&crl, crl.issuer));
	index = malloc((crl.n_entries + 1) * sizeof(*index));
	check(index != NULL);
	emrtd_crl_index(&crl, index);
	check_entries(&crl, index);
	check_absent(&crl, index);
	free(index);
	check_store(in);
	/* Whatever the key: the input's own name is none. */
	check(emrtd_crl_verify(&crl, crypto_once(), crl.issuer, &diag) !=
	      EMRTD_OK);
	return 0;
}
