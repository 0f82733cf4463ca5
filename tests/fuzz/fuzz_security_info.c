/*
 * SecurityInfos of EF.CardAccess and DG14: views inside the input, counts
 * inside their arrays, and one opinion by every way of reading.
 */
#include "lds/security_info.h"

#include <stdlib.h>

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
	return part.ptr != NULL && part.ptr >= whole.ptr &&
	       part.ptr + part.len <= whole.ptr + whole.len;
}

static void
check_infos(struct emrtd_bytes set)
{
	struct emrtd_security_infos infos;
	struct emrtd_bytes rest = set, whole, oid;
	struct emrtd_diag diag;
	size_t n = 0;
	enum emrtd_error e = emrtd_security_infos_parse(set, &diag, &infos);

	while (emrtd_security_info_next(&rest, &whole, &oid))
		n++;
	check(e != EMRTD_E_MALFORMED || !emrtd_end(&rest));
	if (e != EMRTD_OK)
		return;
	check(emrtd_end(&rest) && infos.n_infos == n);
	check(infos.n_pace + infos.n_pace_parameters + infos.n_ca +
		  infos.n_ca_keys + infos.n_ta + infos.n_aa <=
	      n);
	for (size_t i = 0; i < infos.n_pace_parameters; i++)
		check(inside(infos.pace_parameters[i].algorithm, set));
	for (size_t i = 0; i < infos.n_ca; i++)
		check(inside(infos.ca[i].oid, set));
	for (size_t i = 0; i < infos.n_ca_keys; i++)
		check(inside(infos.ca_keys[i].spki, set));
	for (size_t i = 0; i < infos.n_aa; i++)
		check(inside(infos.aa[i].signature_algorithm, set));
	check(infos.ef_dir.ptr == NULL || inside(infos.ef_dir, set));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct emrtd_bytes in = emrtd_bytes(data, size), set;
	struct emrtd_card_access a;
	struct emrtd_diag diag;

	if (emrtd_dg14_parse(in, &diag, &set) == EMRTD_OK) {
		check(set.len == 0 || inside(set, in));
		check_infos(set);
	}
	if (emrtd_card_access_infos(in, &set))
		check_infos(set);
	if (emrtd_card_access_parse(in, &diag, &a) != EMRTD_OK)
		return 0;
	check(a.n_pace <= EMRTD_PACE_INFOS_MAX && a.n_pace <= a.n_infos);
	for (size_t i = 0; i < a.n_pace; i++)
		check(inside(a.pace[i].oid, in));
	return 0;
}
