#include "card/certificate_make.h"

#include "core/builder.h"
#include "core/civil.h"
#include "core/cursor.h"
#include "core/oid.h"
#include "core/tlv.h"
#include "pki/certificate.h"

#include <string.h>

#define TBS_CAP 3072

#define OID_COUNTRY      "2.5.4.6"
#define OID_LOCALITY     "2.5.4.7"
#define OID_ORGANIZATION "2.5.4.10"
#define OID_UNIT         "2.5.4.11"
#define OID_COMMON_NAME  "2.5.4.3"

#define OID_SUBJECT_KEY_ID    "2.5.29.14"
#define OID_KEY_USAGE         "2.5.29.15"
#define OID_KEY_PERIOD        "2.5.29.16"
#define OID_SUBJECT_ALT_NAME  "2.5.29.17"
#define OID_ISSUER_ALT_NAME   "2.5.29.18"
#define OID_BASIC_CONSTRAINTS "2.5.29.19"
#define OID_CRL_POINTS        "2.5.29.31"
#define OID_AUTHORITY_KEY_ID  "2.5.29.35"
#define OID_DOCUMENT_TYPES    "2.23.136.1.1.6.2"

enum der_tag {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_NULL = 0x05,
	DER_UTF8 = 0x0C,
	DER_PRINTABLE = 0x13,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31
};

/* ---- Times and names --------------------------------------------------- */

static void
put_digits(struct emrtd_out *out, int v, int n)
{
	int scale = 1;

	for (int i = 1; i < n; i++)
		scale *= 10;
	for (; scale > 0; scale /= 10)
		emrtd_put_u8(out, (uint8_t)('0' + v / scale % 10));
}

/* [YY]YYMMDDHHMMSSZ */
static void
put_time(struct emrtd_out *out, int64_t instant, int year_digits)
{
	int64_t day = instant / 86400, second = instant % 86400;
	int year, month, mday;

	if (second < 0) {
		second += 86400;
		day--;
	}
	emrtd_civil_from_day((int32_t)day, &year, &month, &mday);
	put_digits(out, year, year_digits);
	put_digits(out, month, 2);
	put_digits(out, mday, 2);
	put_digits(out, (int)(second / 3600), 2);
	put_digits(out, (int)(second / 60 % 60), 2);
	put_digits(out, (int)(second % 60), 2);
	emrtd_put_u8(out, 'Z');
}

void
emrtd_make_time(int64_t instant, struct emrtd_out *out)
{
	int64_t y2050 = INT64_C(2524608000);
	bool utc = instant < y2050;
	size_t mark = emrtd_open(out,
	    utc ? DER_UTC_TIME : DER_GENERALIZED_TIME);

	put_time(out, instant, utc ? 2 : 4);
	emrtd_close(out, mark);
}

static void
put_rdn(struct emrtd_out *out, const char *oid, enum der_tag tag,
    const char *text)
{
	size_t set = emrtd_open(out, DER_SET);
	size_t attribute = emrtd_open(out, DER_SEQUENCE);

	emrtd_put_oid(out, oid);
	emrtd_put_tlv(out, tag, emrtd_bytes_text(text));
	emrtd_close(out, attribute);
	emrtd_close(out, set);
}

void
emrtd_make_name(const char *country, const char *common_name,
    struct emrtd_out *out)
{
	size_t name = emrtd_open(out, DER_SEQUENCE);

	put_rdn(out, OID_COUNTRY, DER_PRINTABLE, country);
	put_rdn(out, OID_ORGANIZATION, DER_UTF8, "mrtdkit");
	put_rdn(out, OID_UNIT, DER_UTF8, "TEST only");
	put_rdn(out, OID_COMMON_NAME, DER_UTF8, common_name);
	emrtd_close(out, name);
}

/* ---- Extensions -------------------------------------------------------- */

struct extension {
	size_t sequence, value;
};

static struct extension
open_extension(struct emrtd_out *out, const char *oid, bool critical)
{
	struct extension e;

	e.sequence = emrtd_open(out, DER_SEQUENCE);
	emrtd_put_oid(out, oid);
	if (critical) {
		emrtd_put_tlv_head(out, DER_BOOLEAN, 1);
		emrtd_put_u8(out, 0xFF);
	}
	e.value = emrtd_open(out, DER_OCTET_STRING);
	return e;
}

static void
close_extension(struct emrtd_out *out, struct extension e)
{
	emrtd_close(out, e.value);
	emrtd_close(out, e.sequence);
}

static void
put_key_ids(struct emrtd_out *out, const struct emrtd_issuer_ca *ca,
    struct emrtd_bytes subject)
{
	struct extension e = open_extension(out, OID_AUTHORITY_KEY_ID, false);
	size_t mark = emrtd_open(out, DER_SEQUENCE);

	emrtd_put_tlv(out, 0x80, emrtd_bytes(ca->key_id, sizeof(ca->key_id)));
	emrtd_close(out, mark);
	close_extension(out, e);
	e = open_extension(out, OID_SUBJECT_KEY_ID, false);
	emrtd_put_tlv(out, DER_OCTET_STRING, subject);
	close_extension(out, e);
}

/* keyCertSign and cRLSign, or digitalSignature. */
static void
put_usage(struct emrtd_out *out, bool is_ca)
{
	struct extension e = open_extension(out, OID_KEY_USAGE, true);

	emrtd_put_tlv_head(out, DER_BIT_STRING, 2);
	emrtd_put_u8(out, is_ca ? 1 : 7); /* unused bits */
	emrtd_put_u8(out, is_ca ? 0x06 : 0x80);
	close_extension(out, e);
	if (!is_ca)
		return;
	e = open_extension(out, OID_BASIC_CONSTRAINTS, true);
	{
		static const uint8_t ca_path_0[] = { 0x30, 0x06, 0x01, 0x01,
			0xFF, 0x02, 0x01, 0x00 };

		emrtd_put(out, emrtd_bytes(ca_path_0, sizeof(ca_path_0)));
	}
	close_extension(out, e);
}

static void
put_key_period(struct emrtd_out *out, struct emrtd_card_period period)
{
	struct extension e = open_extension(out, OID_KEY_PERIOD, false);
	size_t sequence = emrtd_open(out, DER_SEQUENCE), mark;

	mark = emrtd_open(out, 0x80);
	put_time(out, period.from, 4);
	emrtd_close(out, mark);
	mark = emrtd_open(out, 0x81);
	put_time(out, period.to, 4);
	emrtd_close(out, mark);
	emrtd_close(out, sequence);
	close_extension(out, e);
}

/* directoryName with the country code of the MRZ, and a contact. */
static void
put_alt_name(struct emrtd_out *out, const char *oid, const char *state)
{
	struct extension e = open_extension(out, oid, false);
	size_t names = emrtd_open(out, DER_SEQUENCE), directory, name;

	emrtd_put_tlv(out, 0x81, emrtd_bytes_text("csca@mrtdkit.example"));
	directory = emrtd_open(out, 0xA4);
	name = emrtd_open(out, DER_SEQUENCE);
	put_rdn(out, OID_LOCALITY, DER_PRINTABLE, state);
	emrtd_close(out, name);
	emrtd_close(out, directory);
	emrtd_close(out, names);
	close_extension(out, e);
}

static void
put_crl_point(struct emrtd_out *out, const char *state)
{
	struct extension e = open_extension(out, OID_CRL_POINTS, false);
	size_t points = emrtd_open(out, DER_SEQUENCE);
	size_t point = emrtd_open(out, DER_SEQUENCE);
	size_t name = emrtd_open(out, 0xA0), full = emrtd_open(out, 0xA0);
	size_t uri = emrtd_open(out, 0x86);

	emrtd_put(out, emrtd_bytes_text("https://mrtdkit.example/CRLs/"));
	emrtd_put(out, emrtd_bytes_text(state));
	emrtd_put(out, emrtd_bytes_text(".crl"));
	emrtd_close(out, uri);
	emrtd_close(out, full);
	emrtd_close(out, name);
	emrtd_close(out, point);
	emrtd_close(out, points);
	close_extension(out, e);
}

static void
put_document_types(struct emrtd_out *out, const char *type)
{
	struct extension e = open_extension(out, OID_DOCUMENT_TYPES, false);
	size_t sequence = emrtd_open(out, DER_SEQUENCE), set;

	emrtd_put_tlv_head(out, DER_INTEGER, 1);
	emrtd_put_u8(out, 0);
	set = emrtd_open(out, DER_SET);
	emrtd_put_tlv(out, DER_PRINTABLE, emrtd_bytes_text(type));
	emrtd_close(out, set);
	emrtd_close(out, sequence);
	close_extension(out, e);
}

/* Says to everybody who looks: nothing that this certificate signs is real. */
static void
put_marker(struct emrtd_out *out)
{
	struct extension e = open_extension(out, EMRTD_OID_TEST_MARKER, false);

	emrtd_put_tlv_head(out, DER_NULL, 0);
	close_extension(out, e);
}

static void
put_extensions(struct emrtd_out *out, const struct emrtd_certificate_plan *plan,
    const struct emrtd_issuer_ca *ca, struct emrtd_bytes key_id)
{
	size_t tag = emrtd_open(out, 0xA3);
	size_t sequence = emrtd_open(out, DER_SEQUENCE);

	put_key_ids(out, ca, key_id);
	put_usage(out, plan->is_ca);
	put_key_period(out, plan->key_period);
	put_alt_name(out, OID_SUBJECT_ALT_NAME, plan->state);
	put_alt_name(out, OID_ISSUER_ALT_NAME, plan->issuer_state);
	put_crl_point(out, plan->issuer_state);
	if (!plan->is_ca)
		put_document_types(out, plan->document_type);
	put_marker(out);
	emrtd_close(out, sequence);
	emrtd_close(out, tag);
}

/* ---- The certificate --------------------------------------------------- */

enum emrtd_error
emrtd_make_key_id(struct emrtd_crypto *crypto, struct emrtd_bytes spki,
    uint8_t key_id[EMRTD_ISSUER_KEY_ID_LEN])
{
	struct emrtd_bytes algorithm, bits, content;
	uint8_t digest[EMRTD_HASH_MAX], unused;
	enum emrtd_error error;

	if (!emrtd_der(&spki, DER_SEQUENCE, &content) ||
	    !emrtd_der(&content, DER_SEQUENCE, &algorithm) ||
	    !emrtd_der(&content, DER_BIT_STRING, &bits) ||
	    !emrtd_u8(&bits, &unused))
		return EMRTD_E_INTERNAL;
	error = emrtd_hash(crypto, EMRTD_SHA1, &bits, 1, digest);
	if (error == EMRTD_OK)
		memcpy(key_id, digest, EMRTD_ISSUER_KEY_ID_LEN);
	return error;
}

static void
put_tbs(struct emrtd_out *out, const struct emrtd_certificate_plan *plan,
    const struct emrtd_issuer_key *issuer, const struct emrtd_issuer_ca *ca,
    struct emrtd_bytes spki, struct emrtd_bytes key_id)
{
	size_t tbs = emrtd_open(out, DER_SEQUENCE), mark;

	mark = emrtd_open(out, 0xA0);
	emrtd_put_tlv_head(out, DER_INTEGER, 1);
	emrtd_put_u8(out, 2); /* version 3 */
	emrtd_close(out, mark);
	emrtd_put_tlv(out, DER_INTEGER,
	    emrtd_bytes(plan->serial, sizeof(plan->serial)));
	emrtd_issuer_key_algorithm(issuer, out);
	emrtd_put(out, emrtd_bytes(ca->name, ca->name_len));
	mark = emrtd_open(out, DER_SEQUENCE);
	emrtd_make_time(plan->period.from, out);
	emrtd_make_time(plan->period.to, out);
	emrtd_close(out, mark);
	emrtd_make_name(plan->country, plan->common_name, out);
	emrtd_put(out, spki);
	put_extensions(out, plan, ca, key_id);
	emrtd_close(out, tbs);
}

enum emrtd_error
emrtd_make_certificate(struct emrtd_crypto *crypto,
    const struct emrtd_certificate_plan *plan,
    const struct emrtd_issuer_key *subject,
    const struct emrtd_issuer_key *issuer, const struct emrtd_issuer_ca *ca,
    struct emrtd_out *out)
{
	uint8_t spki[EMRTD_ISSUER_SPKI_CAP], key_id[EMRTD_ISSUER_KEY_ID_LEN];
	uint8_t tbs[TBS_CAP];
	struct emrtd_out key = emrtd_out(spki, sizeof(spki));
	struct emrtd_out body = emrtd_out(tbs, sizeof(tbs));
	size_t certificate, signature;
	enum emrtd_error error;

	error = emrtd_issuer_key_spki(subject, &key);
	if (error == EMRTD_OK)
		error = emrtd_make_key_id(crypto, emrtd_out_bytes(&key),
		    key_id);
	if (error != EMRTD_OK)
		return error;
	put_tbs(&body, plan, issuer, ca, emrtd_out_bytes(&key),
	    emrtd_bytes(key_id, sizeof(key_id)));
	if (body.bad)
		return EMRTD_E_BUFFER;
	certificate = emrtd_open(out, DER_SEQUENCE);
	emrtd_put(out, emrtd_out_bytes(&body));
	emrtd_issuer_key_algorithm(issuer, out);
	signature = emrtd_open(out, DER_BIT_STRING);
	emrtd_put_u8(out, 0);
	error = emrtd_issuer_key_sign(issuer, emrtd_out_bytes(&body), out);
	emrtd_close(out, signature);
	emrtd_close(out, certificate);
	if (error == EMRTD_OK && out->bad)
		error = EMRTD_E_BUFFER;
	return error;
}
