#include "pki/crl.h"

#include "core/civil.h"
#include "core/diag.h"
#include "core/oid.h"
#include "core/tlv.h"
#include "pki/certificate.h"

#include <stdlib.h>
#include <string.h>

#define CLAUSE       "RFC 5280 5.1"
#define CLAUSE_EXT   "RFC 5280 5.2"
#define CLAUSE_ENTRY "RFC 5280 5.3"

#define TAG_SEQUENCE     0x30
#define TAG_BOOLEAN      0x01
#define TAG_INTEGER      0x02
#define TAG_OCTETS       0x04
#define TAG_OID          0x06
#define TAG_ENUMERATED   0x0A
#define TAG_UTC_TIME     0x17
#define TAG_GENERAL_TIME 0x18
#define TAG_EXTENSIONS   0xA0
#define TAG_AKI_KEY_ID   0x80
#define TAG_DIRECTORY    0xA4

/* All states together have issued some 30,000 Document Signers. */
#define ENTRIES_MAX    1000000u
#define EXTENSIONS_MAX 32

/* Where the extensions of a list or of one of its entries go. */
struct target {
	struct emrtd_crl *crl;
	struct emrtd_crl_entry *entry;
};

struct extension_row {
	const char *oid;
	bool (*parse)(struct emrtd_bytes value, struct target *out);
	const char *unusable; /* what it makes of the list, or NULL */
};

static bool
ignore(struct emrtd_bytes value, struct target *out)
{
	(void)value;
	(void)out;
	return true;
}

/* A hint, and absent when malformed. */
static bool
parse_authority_key_id(struct emrtd_bytes value, struct target *out)
{
	struct emrtd_bytes body, id;

	if (emrtd_tlv(&value, TAG_SEQUENCE, &body) && emrtd_end(&value) &&
	    emrtd_tlv(&body, TAG_AKI_KEY_ID, &id))
		out->crl->authority_key_id = id;
	return true;
}

static bool
parse_other_names(struct emrtd_bytes value, struct target *out)
{
	struct emrtd_bytes body;

	if (emrtd_tlv(&value, TAG_SEQUENCE, &body) && emrtd_end(&value))
		out->crl->other_names = body;
	return true;
}

/* A number that nobody has defined is no reason. */
static bool
parse_reason(struct emrtd_bytes value, struct target *out)
{
	struct emrtd_bytes content;
	uint8_t reason;

	if (!emrtd_tlv(&value, TAG_ENUMERATED, &content) ||
	    !emrtd_end(&value) || !emrtd_u8(&content, &reason) ||
	    !emrtd_end(&content))
		return false;
	if (reason <= 10 && reason != 7)
		out->entry->reason = reason;
	return true;
}

static bool
parse_invalidity_date(struct emrtd_bytes value, struct target *out)
{
	struct emrtd_bytes content;

	if (!emrtd_tlv(&value, TAG_GENERAL_TIME, &content) ||
	    !emrtd_end(&value))
		return false;
	out->entry->has_invalid_since = emrtd_instant_x509(TAG_GENERAL_TIME,
	    content, &out->entry->invalid_since);
	return out->entry->has_invalid_since;
}

static const struct extension_row list_extensions[] = {
	{ "2.5.29.18", parse_other_names, NULL },
	{ "2.5.29.20", ignore, NULL }, /* number of the list */
	{ "2.5.29.27", ignore, "it is a list of changes only (delta)" },
	{ "2.5.29.28", ignore,
	    "it is a list of a part, or of several issuers" },
	{ "2.5.29.35", parse_authority_key_id, NULL },
	{ "2.5.29.46", ignore, NULL }, /* where changes are to be had */
};

static const struct extension_row entry_extensions[] = {
	{ "2.5.29.21", parse_reason, NULL },
	{ "2.5.29.23", ignore, NULL }, /* what to do while on hold */
	{ "2.5.29.24", parse_invalidity_date, NULL },
	{ "2.5.29.29", ignore, "it is a list of several issuers (indirect)" },
};

#define N_ROWS(rows) (sizeof(rows) / sizeof((rows)[0]))

/* The first reason stands. */
static void
set_unusable(struct emrtd_crl *crl, const char *why)
{
	if (crl->unusable == NULL)
		crl->unusable = why;
}

/* *seen: bit n for row n, because none may come twice. */
static bool
parse_extension(struct emrtd_bytes in, const struct extension_row *rows,
    size_t n_rows, uint32_t *seen, struct target *out)
{
	struct emrtd_bytes oid, flag, value;
	bool critical;
	size_t row = 0;

	if (!emrtd_tlv(&in, TAG_OID, &oid) ||
	    !emrtd_tlv_optional(&in, TAG_BOOLEAN, &flag) ||
	    !emrtd_tlv(&in, TAG_OCTETS, &value) || !emrtd_end(&in) ||
	    (flag.ptr != NULL && flag.len != 1))
		return false;
	critical = flag.ptr != NULL && flag.ptr[0] != 0;
	while (row < n_rows && !emrtd_oid_is(oid, rows[row].oid))
		row++;
	if (row == n_rows) {
		if (critical)
			set_unusable(out->crl, "it has an extension that is "
					       "critical and not known");
		return true;
	}
	if ((*seen & 1u << row) != 0)
		return false;
	*seen |= 1u << row;
	if (rows[row].unusable != NULL)
		set_unusable(out->crl, rows[row].unusable);
	return rows[row].parse(value, out);
}

static bool
parse_extensions(struct emrtd_bytes list, const struct extension_row *rows,
    size_t n_rows, struct target *out)
{
	struct emrtd_bytes extension;
	uint32_t seen = 0;

	for (unsigned n = 0; !emrtd_end(&list); n++) {
		if (n == EXTENSIONS_MAX ||
		    !emrtd_tlv(&list, TAG_SEQUENCE, &extension) ||
		    !parse_extension(extension, rows, n_rows, &seen, out))
			return false;
	}
	return true;
}

/* What stands inside the SEQUENCE of an entry. */
static bool
parse_entry(struct emrtd_bytes in, struct emrtd_crl *crl,
    struct emrtd_crl_entry *out)
{
	struct target target = { crl, out };
	struct emrtd_bytes serial, list;

	memset(out, 0, sizeof(*out));
	out->reason = EMRTD_CRL_NO_REASON;
	return emrtd_tlv(&in, TAG_INTEGER, &serial) && serial.len > 0 &&
	       emrtd_x509_time(&in, &out->revoked_at) &&
	       emrtd_tlv_optional(&in, TAG_SEQUENCE, &list) && emrtd_end(&in) &&
	       (list.ptr == NULL || parse_extensions(list, entry_extensions,
					N_ROWS(entry_extensions), &target));
}

static enum emrtd_error
parse_entries(struct emrtd_crl *crl, struct emrtd_diag *diag)
{
	struct emrtd_bytes rest = crl->entries, content;
	struct emrtd_crl_entry entry;

	for (; !emrtd_end(&rest); crl->n_entries++) {
		if (crl->n_entries == ENTRIES_MAX)
			return emrtd_fail(diag, EMRTD_E_LIMIT,
			    "entries of a revocation list", CLAUSE);
		if (!emrtd_tlv(&rest, TAG_SEQUENCE, &content) ||
		    !parse_entry(content, crl, &entry))
			return emrtd_fail(diag, EMRTD_E_MALFORMED,
			    "an entry of a revocation list", CLAUSE_ENTRY);
	}
	return EMRTD_OK;
}

static bool
parse_dates(struct emrtd_bytes *in, struct emrtd_crl *out)
{
	uint32_t tag;

	if (!emrtd_x509_time(in, &out->this_update))
		return false;
	out->has_next_update = emrtd_tlv_peek(in, &tag) &&
			       (tag == TAG_UTC_TIME || tag == TAG_GENERAL_TIME);
	return !out->has_next_update || emrtd_x509_time(in, &out->next_update);
}

static bool
parse_list_extensions(struct emrtd_bytes in, struct emrtd_crl *out)
{
	struct target target = { out, NULL };
	struct emrtd_bytes list;

	return emrtd_tlv(&in, TAG_SEQUENCE, &list) && emrtd_end(&in) &&
	       parse_extensions(list, list_extensions, N_ROWS(list_extensions),
		   &target);
}

/* Version 1 has no number; 2 is written as 1. */
static bool
parse_tbs(struct emrtd_bytes in, struct emrtd_crl *out,
    struct emrtd_bytes *algorithm)
{
	struct emrtd_bytes version, extensions;
	uint32_t number;

	return emrtd_tlv_optional(&in, TAG_INTEGER, &version) &&
	       (version.ptr == NULL ||
		   (emrtd_uint(version, &number) && number <= 1)) &&
	       emrtd_tlv(&in, TAG_SEQUENCE, algorithm) &&
	       emrtd_whole_sequence(&in, &out->issuer) &&
	       parse_dates(&in, out) &&
	       emrtd_tlv_optional(&in, TAG_SEQUENCE, &out->entries) &&
	       emrtd_tlv_optional(&in, TAG_EXTENSIONS, &extensions) &&
	       emrtd_end(&in) &&
	       (extensions.ptr == NULL ||
		   parse_list_extensions(extensions, out));
}

enum emrtd_error
emrtd_crl_parse(struct emrtd_bytes der, struct emrtd_diag *diag,
    struct emrtd_crl *out)
{
	struct emrtd_bytes rest = der, body, tbs, algorithm;
	struct emrtd_crl crl;
	enum emrtd_error error;

	memset(&crl, 0, sizeof(crl));
	crl.der = der;
	if (!emrtd_tlv(&rest, TAG_SEQUENCE, &body) ||
	    !emrtd_signed_object(body, &crl.object, &tbs))
		return emrtd_fail(diag, EMRTD_E_MALFORMED, "revocation list",
		    CLAUSE);
	if (!emrtd_end(&rest))
		return emrtd_fail(diag, EMRTD_E_TRAILING, "revocation list",
		    CLAUSE);
	if (!parse_tbs(tbs, &crl, &algorithm))
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "signed part of a revocation list", CLAUSE_EXT);
	/* The algorithm outside is not signed; the copy inside is. */
	if (!emrtd_bytes_equal(algorithm, crl.object.algorithm))
		set_unusable(&crl, "it names two signature algorithms");
	error = parse_entries(&crl, diag);
	if (error == EMRTD_OK)
		*out = crl;
	return error;
}

/*
 * Issuers forget the zero before a number whose first bit is set, and write
 * more of them than DER allows: both are the same certificate to them.
 */
static struct emrtd_bytes
number_of(struct emrtd_bytes serial)
{
	struct emrtd_bytes rest = serial;
	uint8_t byte;

	while (serial.len > 1 && emrtd_u8(&rest, &byte) &&
	       (byte == 0 || (byte == 0xFF && rest.ptr[0] >= 0x80)))
		serial = rest;
	return serial;
}

/* By length, then by value. */
static int
compare_numbers(struct emrtd_bytes a, struct emrtd_bytes b)
{
	struct emrtd_bytes x = number_of(a), y = number_of(b);

	if (x.len != y.len)
		return x.len < y.len ? -1 : 1;
	return x.len > 0 ? memcmp(x.ptr, y.ptr, x.len) : 0;
}

/* An entry that was parsed before has its serial number first. */
static struct emrtd_bytes
serial_of(struct emrtd_bytes entry)
{
	struct emrtd_bytes serial = { NULL, 0 };

	return emrtd_tlv(&entry, TAG_INTEGER, &serial) ? serial
						       : emrtd_bytes(NULL, 0);
}

static int
by_serial(const void *a, const void *b)
{
	const struct emrtd_bytes *x = a, *y = b;

	return compare_numbers(serial_of(*x), serial_of(*y));
}

void
emrtd_crl_index(const struct emrtd_crl *crl, struct emrtd_bytes *index)
{
	struct emrtd_bytes rest = crl->entries;
	size_t n = 0;

	while (n < crl->n_entries && emrtd_tlv(&rest, TAG_SEQUENCE, &index[n]))
		n++;
	if (n > 1)
		qsort(index, n, sizeof(*index), by_serial);
}

/* The first element that is not before the number. */
static size_t
lower_bound(const struct emrtd_crl *crl, const struct emrtd_bytes *index,
    struct emrtd_bytes serial)
{
	size_t low = 0, high = crl->n_entries;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_numbers(serial_of(index[middle]), serial) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
emrtd_crl_find(const struct emrtd_crl *crl, const struct emrtd_bytes *index,
    struct emrtd_bytes serial, struct emrtd_crl_entry *out)
{
	struct emrtd_crl ignored = *crl;
	bool found = false;

	if (serial.len == 0)
		return false;
	for (size_t i = lower_bound(crl, index, serial); i < crl->n_entries;
	     i++) {
		struct emrtd_crl_entry entry;

		if (compare_numbers(serial_of(index[i]), serial) != 0 ||
		    !parse_entry(index[i], &ignored, &entry))
			break;
		if (!found || out->reason == EMRTD_CRL_REMOVED)
			*out = entry;
		found = true;
		if (entry.reason != EMRTD_CRL_REMOVED)
			break;
	}
	return found;
}

enum emrtd_error
emrtd_crl_verify(const struct emrtd_crl *crl, struct emrtd_crypto *crypto,
    struct emrtd_bytes spki, struct emrtd_diag *diag)
{
	return emrtd_signed_object_verify(&crl->object, crypto, spki, diag);
}

bool
emrtd_crl_names(const struct emrtd_crl *crl, struct emrtd_bytes name)
{
	struct emrtd_bytes rest = crl->other_names, value;
	uint32_t tag;

	if (emrtd_name_equal(crl->issuer, name))
		return true;
	while (emrtd_tlv_any(&rest, &tag, &value)) {
		if (tag == TAG_DIRECTORY && emrtd_name_equal(value, name))
			return true;
	}
	return false;
}
