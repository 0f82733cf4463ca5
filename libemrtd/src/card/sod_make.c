#include "card/sod_make.h"

#include "card/certificate_make.h"
#include "core/builder.h"
#include "core/cursor.h"
#include "core/oid.h"
#include "core/tlv.h"

#define OID_SIGNED_DATA    "1.2.840.113549.1.7.2"
#define OID_CONTENT_TYPE   "1.2.840.113549.1.9.3"
#define OID_MESSAGE_DIGEST "1.2.840.113549.1.9.4"
#define OID_SIGNING_TIME   "1.2.840.113549.1.9.5"
#define OID_LDS_OBJECT     "2.23.136.1.1.1"

#define TAG_SOD        0x77
#define CONTENT_CAP    2048
#define ATTRIBUTES_CAP 256

enum der_tag {
	DER_INTEGER = 0x02,
	DER_OCTET_STRING = 0x04,
	DER_PRINTABLE = 0x13,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31
};

static void
put_small(struct emrtd_out *out, uint8_t v)
{
	emrtd_put_tlv_head(out, DER_INTEGER, 1);
	emrtd_put_u8(out, v);
}

/* Parameters absent, as RFC 5754 2 wants it. */
static void
put_hash_algorithm(struct emrtd_out *out, enum emrtd_hash hash)
{
	size_t mark = emrtd_open(out, DER_SEQUENCE);

	emrtd_put_oid(out, emrtd_hash_oid(hash));
	emrtd_close(out, mark);
}

static void
put_lds_object(struct emrtd_out *out, const struct emrtd_sod_plan *plan)
{
	size_t object = emrtd_open(out, DER_SEQUENCE), list, mark;

	put_small(out, plan->lds_1_8 ? 1 : 0);
	put_hash_algorithm(out, plan->hash);
	list = emrtd_open(out, DER_SEQUENCE);
	for (size_t i = 0; i < plan->n; i++) {
		mark = emrtd_open(out, DER_SEQUENCE);
		put_small(out, (uint8_t)plan->numbers[i]);
		emrtd_put_tlv(out, DER_OCTET_STRING,
		    emrtd_bytes(plan->digests[i], emrtd_hash_len(plan->hash)));
		emrtd_close(out, mark);
	}
	emrtd_close(out, list);
	if (plan->lds_1_8) {
		mark = emrtd_open(out, DER_SEQUENCE);
		emrtd_put_tlv(out, DER_PRINTABLE, emrtd_bytes_text("0108"));
		emrtd_put_tlv(out, DER_PRINTABLE, emrtd_bytes_text("040000"));
		emrtd_close(out, mark);
	}
	emrtd_close(out, object);
}

struct attribute {
	size_t sequence, values;
};

static struct attribute
open_attribute(struct emrtd_out *out, const char *oid)
{
	struct attribute a;

	a.sequence = emrtd_open(out, DER_SEQUENCE);
	emrtd_put_oid(out, oid);
	a.values = emrtd_open(out, DER_SET);
	return a;
}

static void
close_attribute(struct emrtd_out *out, struct attribute a)
{
	emrtd_close(out, a.values);
	emrtd_close(out, a.sequence);
}

/*
 * The content of the SET: DER orders its elements by their bytes, and the
 * second byte is the length: 15, 1C, and 2F or more.
 */
static enum emrtd_error
put_attributes(struct emrtd_crypto *crypto, const struct emrtd_sod_plan *plan,
    enum emrtd_hash hash, struct emrtd_bytes content, struct emrtd_out *out)
{
	uint8_t digest[EMRTD_HASH_MAX];
	enum emrtd_error error = emrtd_hash(crypto, hash, &content, 1, digest);
	struct attribute a;

	if (error != EMRTD_OK)
		return error;
	a = open_attribute(out, OID_CONTENT_TYPE);
	emrtd_put_oid(out, OID_LDS_OBJECT);
	close_attribute(out, a);
	a = open_attribute(out, OID_SIGNING_TIME);
	emrtd_make_time(plan->signing_time, out);
	close_attribute(out, a);
	a = open_attribute(out, OID_MESSAGE_DIGEST);
	emrtd_put_tlv(out, DER_OCTET_STRING,
	    emrtd_bytes(digest, emrtd_hash_len(hash)));
	close_attribute(out, a);
	return out->bad ? EMRTD_E_BUFFER : EMRTD_OK;
}

/* issuerAndSerialNumber, copied from the certificate. */
static bool
put_signer_id(struct emrtd_out *out, struct emrtd_bytes certificate)
{
	struct emrtd_bytes body, tbs, version, serial, algorithm, issuer;
	size_t mark;

	if (!emrtd_der(&certificate, DER_SEQUENCE, &body) ||
	    !emrtd_der(&body, DER_SEQUENCE, &tbs) ||
	    !emrtd_der(&tbs, 0xA0, &version) ||
	    !emrtd_der(&tbs, DER_INTEGER, &serial) ||
	    !emrtd_der(&tbs, DER_SEQUENCE, &algorithm) ||
	    !emrtd_der(&tbs, DER_SEQUENCE, &issuer))
		return false;
	mark = emrtd_open(out, DER_SEQUENCE);
	emrtd_put_tlv(out, DER_SEQUENCE, issuer);
	emrtd_put_tlv(out, DER_INTEGER, serial);
	emrtd_close(out, mark);
	return true;
}

/* The signature is over the attributes with the tag of a SET. */
static enum emrtd_error
put_signature(const struct emrtd_issuer_key *signer,
    struct emrtd_bytes attributes, struct emrtd_out *out)
{
	uint8_t set[ATTRIBUTES_CAP + 4];
	struct emrtd_out message = emrtd_out(set, sizeof(set));
	size_t mark = emrtd_open(out, DER_OCTET_STRING);
	enum emrtd_error error;

	emrtd_put_tlv(&message, DER_SET, attributes);
	error = emrtd_issuer_key_sign(signer, emrtd_out_bytes(&message), out);
	emrtd_close(out, mark);
	return message.bad ? EMRTD_E_BUFFER : error;
}

static enum emrtd_error
put_signer_info(struct emrtd_crypto *crypto, const struct emrtd_sod_plan *plan,
    const struct emrtd_issuer_key *signer, struct emrtd_bytes content,
    struct emrtd_out *out)
{
	uint8_t buf[ATTRIBUTES_CAP];
	struct emrtd_out attributes = emrtd_out(buf, sizeof(buf));
	enum emrtd_hash hash = emrtd_issuer_key_hash(signer);
	size_t infos = emrtd_open(out, DER_SET);
	size_t info = emrtd_open(out, DER_SEQUENCE);
	enum emrtd_error error;

	put_small(out, 1);
	if (!put_signer_id(out, plan->certificate))
		return EMRTD_E_INTERNAL;
	put_hash_algorithm(out, hash);
	error = put_attributes(crypto, plan, hash, content, &attributes);
	if (error != EMRTD_OK)
		return error;
	emrtd_put_tlv(out, 0xA0, emrtd_out_bytes(&attributes));
	emrtd_issuer_key_algorithm(signer, out);
	error = put_signature(signer, emrtd_out_bytes(&attributes), out);
	emrtd_close(out, info);
	emrtd_close(out, infos);
	return error;
}

static enum emrtd_error
put_signed_data(struct emrtd_crypto *crypto, const struct emrtd_sod_plan *plan,
    const struct emrtd_issuer_key *signer, struct emrtd_out *out)
{
	uint8_t buf[CONTENT_CAP];
	struct emrtd_out content = emrtd_out(buf, sizeof(buf));
	size_t data = emrtd_open(out, DER_SEQUENCE), mark, explicit_0;
	enum emrtd_error error;

	put_lds_object(&content, plan);
	put_small(out, 3);
	mark = emrtd_open(out, DER_SET);
	put_hash_algorithm(out, emrtd_issuer_key_hash(signer));
	emrtd_close(out, mark);
	mark = emrtd_open(out, DER_SEQUENCE);
	emrtd_put_oid(out, OID_LDS_OBJECT);
	explicit_0 = emrtd_open(out, 0xA0);
	emrtd_put_tlv(out, DER_OCTET_STRING, emrtd_out_bytes(&content));
	emrtd_close(out, explicit_0);
	emrtd_close(out, mark);
	emrtd_put_tlv(out, 0xA0, plan->certificate);
	error = put_signer_info(crypto, plan, signer, emrtd_out_bytes(&content),
	    out);
	emrtd_close(out, data);
	return content.bad ? EMRTD_E_BUFFER : error;
}

enum emrtd_error
emrtd_make_sod(struct emrtd_crypto *crypto, const struct emrtd_sod_plan *plan,
    const struct emrtd_issuer_key *signer, struct emrtd_out *out)
{
	size_t sod = emrtd_open(out, TAG_SOD);
	size_t info = emrtd_open(out, DER_SEQUENCE), content;
	enum emrtd_error error;

	emrtd_put_oid(out, OID_SIGNED_DATA);
	content = emrtd_open(out, 0xA0);
	error = put_signed_data(crypto, plan, signer, out);
	emrtd_close(out, content);
	emrtd_close(out, info);
	emrtd_close(out, sod);
	if (error == EMRTD_OK && out->bad)
		error = EMRTD_E_BUFFER;
	return error;
}
