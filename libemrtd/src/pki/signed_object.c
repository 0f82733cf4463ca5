#include "pki/signed_object.h"

#include "core/civil.h"
#include "core/tlv.h"

#define TAG_SEQUENCE 0x30
#define TAG_BITS     0x03

bool
emrtd_signed_object(struct emrtd_bytes body, struct emrtd_signed_object *out,
    struct emrtd_bytes *content)
{
	uint32_t tag;
	uint8_t unused;

	return emrtd_tlv_whole(&body, &tag, content, &out->tbs) &&
	       tag == TAG_SEQUENCE &&
	       emrtd_tlv(&body, TAG_SEQUENCE, &out->algorithm) &&
	       emrtd_tlv(&body, TAG_BITS, &out->signature) &&
	       emrtd_end(&body) && emrtd_u8(&out->signature, &unused) &&
	       unused == 0;
}

enum emrtd_error
emrtd_signed_object_verify(const struct emrtd_signed_object *object,
    struct emrtd_crypto *crypto, struct emrtd_bytes spki,
    struct emrtd_diag *diag)
{
	struct emrtd_signature_alg alg;
	enum emrtd_error error;

	error = emrtd_signature_alg_parse(object->algorithm, NULL, diag, &alg);
	if (error != EMRTD_OK)
		return error;
	return emrtd_signature_verify_issuer(crypto, &alg, spki, &object->tbs,
	    1, object->signature, diag);
}

bool
emrtd_whole_sequence(struct emrtd_bytes *in, struct emrtd_bytes *whole)
{
	struct emrtd_bytes value;
	uint32_t tag;

	return emrtd_tlv_whole(in, &tag, &value, whole) && tag == TAG_SEQUENCE;
}

bool
emrtd_x509_time(struct emrtd_bytes *in, int64_t *out)
{
	struct emrtd_bytes value;
	uint32_t tag;

	return emrtd_tlv_any(in, &tag, &value) &&
	       emrtd_instant_x509(tag, value, out);
}
