/*
 * Public keys of chips: what is taken is an element of a group that is known
 * or sound, and borrows from the input alone.
 */
#include "crypto/agreement_key.h"
#include "crypto/dh_parameters.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
is_inside(struct emrtd_bytes part, struct emrtd_bytes whole)
{
	return part.ptr >= whole.ptr && part.len <= whole.len &&
	       part.ptr - whole.ptr <= (ptrdiff_t)(whole.len - part.len);
}

static void
check_own(const struct emrtd_agreement_key *key, struct emrtd_bytes in)
{
	const struct emrtd_group *g = key->group;
	struct emrtd_bytes q = emrtd_bytes(key->own_q, sizeof(key->own_q));

	if (g != &key->own || g->kind != EMRTD_GROUP_DH ||
	    g->field_len > EMRTD_FIELD_MAX || g->order_len > g->field_len ||
	    8 * g->field_len < EMRTD_DH_P_BITS_MIN ||
	    8 * g->order_len < EMRTD_DH_Q_BITS_MIN || !is_inside(g->p, in) ||
	    !is_inside(g->g, in) ||
	    (!is_inside(g->q, in) && !is_inside(g->q, q)))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct emrtd_crypto *crypto;
	struct emrtd_bytes in = emrtd_bytes(data, size);
	const struct emrtd_group *known;
	struct emrtd_agreement_key key;
	struct emrtd_element again;
	struct emrtd_diag diag;

	if (crypto == NULL && emrtd_crypto_new(NULL, &crypto) != EMRTD_OK)
		abort();
	known = emrtd_group_by_parameters(crypto, in);
	if (known != NULL && known != emrtd_group_by_id(known->id))
		abort();
	if (emrtd_agreement_key_parse(crypto, in, &diag, &key) != EMRTD_OK)
		return 0;
	if (key.group != emrtd_group_by_id(key.group->id))
		check_own(&key, in);
	if (emrtd_group_check(crypto, key.group,
		emrtd_element_wire(key.group, &key.key)) != EMRTD_OK ||
	    !emrtd_element_read(key.group,
		emrtd_element_wire(key.group, &key.key), &again) ||
	    again.len != key.key.len)
		abort();
	return 0;
}
