#include "card/cms_make.h"

#include "card/certificate_make.h"
#include "core/builder.h"
#include "core/cursor.h"
#include "core/oid.h"
#include "core/tlv.h"

#define OID_SIGNED_DATA    "1.2.840.113549.1.7.2"
#define OID_CONTENT_TYPE   "1.2.840.113549.1.9.3"
#define OID_MESSAGE_DIGEST "1.2.840.113549.1.9.4"
#define OID_SIGNING_TIME   "1.2.840.113549.1.9.5"
#define ATTRIBUTES_CAP     256

enum der_tag {
	DER_INTEGER = 0x02,
	DER_OCTET_STRING = 0x04,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31
};

static void
put_version(struct emrtd_out *out, uint8_t v)
{
	emrtd_put_tlv_head(out, DER_INTEGER, 1);
	emrtd_put_u8(out, v);
}

void
emrtd_put_hash_algorithm(struct emrtd_out *out, enum emrtd_hash hash)
{
	size_t mark = emrtd_open(out, DER_SEQUENCE);

	emrtd_put_oid(out, emrtd_hash_oid(hash));
	emrtd_close(out, mark);
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
put_attributes(struct emrtd_crypto *crypto, const struct emrtd_cms_plan *plan,
    enum emrtd_hash hash, struct emrtd_out *out)
{
	uint8_t digest[EMRTD_HASH_MAX];
	enum emrtd_error error = emrtd_hash(crypto, hash, &plan->content, 1,
	    digest);
	struct attribute a;

	if (error != EMRTD_OK)
		return error;
	a = open_attribute(out, OID_CONTENT_TYPE);
	emrtd_put_oid(out, plan->content_type);
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
put_signer_info(struct emrtd_crypto *crypto, const struct emrtd_cms_plan *plan,
    const struct emrtd_issuer_key *signer, struct emrtd_out *out)
{
	uint8_t buf[ATTRIBUTES_CAP];
	struct emrtd_out attributes = emrtd_out(buf, sizeof(buf));
	enum emrtd_hash hash = emrtd_issuer_key_hash(signer);
	size_t infos = emrtd_open(out, DER_SET);
	size_t info = emrtd_open(out, DER_SEQUENCE);
	enum emrtd_error error;

	put_version(out, 1);
	if (!put_signer_id(out, plan->certificate))
		return EMRTD_E_INTERNAL;
	emrtd_put_hash_algorithm(out, hash);
	error = put_attributes(crypto, plan, hash, &attributes);
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
put_signed_data(struct emrtd_crypto *crypto, const struct emrtd_cms_plan *plan,
    const struct emrtd_issuer_key *signer, struct emrtd_out *out)
{
	size_t data = emrtd_open(out, DER_SEQUENCE), mark, explicit_0;
	enum emrtd_error error;

	put_version(out, plan->old_version ? 1 : 3);
	mark = emrtd_open(out, DER_SET);
	emrtd_put_hash_algorithm(out, emrtd_issuer_key_hash(signer));
	emrtd_close(out, mark);
	mark = emrtd_open(out, DER_SEQUENCE);
	emrtd_put_oid(out, plan->content_type);
	explicit_0 = emrtd_open(out, 0xA0);
	emrtd_put_tlv(out, DER_OCTET_STRING, plan->content);
	emrtd_close(out, explicit_0);
	emrtd_close(out, mark);
	emrtd_put_tlv(out, 0xA0, plan->certificate);
	error = put_signer_info(crypto, plan, signer, out);
	emrtd_close(out, data);
	return error;
}

enum emrtd_error
emrtd_make_signed_data(struct emrtd_crypto *crypto,
    const struct emrtd_cms_plan *plan, const struct emrtd_issuer_key *signer,
    struct emrtd_out *out)
{
	size_t info = emrtd_open(out, DER_SEQUENCE), content;
	enum emrtd_error error;

	emrtd_put_oid(out, OID_SIGNED_DATA);
	content = emrtd_open(out, 0xA0);
	error = put_signed_data(crypto, plan, signer, out);
	emrtd_close(out, content);
	emrtd_close(out, info);
	if (error == EMRTD_OK && out->bad)
		error = EMRTD_E_BUFFER;
	return error;
}
