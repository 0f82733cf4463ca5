#include "card/sod_make.h"

#include "card/cms_make.h"
#include "core/builder.h"
#include "core/cursor.h"

#define OID_LDS_OBJECT "2.23.136.1.1.1"
#define TAG_SOD        0x77
#define CONTENT_CAP    2048

enum der_tag {
	DER_INTEGER = 0x02,
	DER_OCTET_STRING = 0x04,
	DER_PRINTABLE = 0x13,
	DER_SEQUENCE = 0x30
};

static void
put_small(struct emrtd_out *out, uint8_t v)
{
	emrtd_put_tlv_head(out, DER_INTEGER, 1);
	emrtd_put_u8(out, v);
}

static void
put_lds_object(struct emrtd_out *out, const struct emrtd_sod_plan *plan)
{
	size_t object = emrtd_open(out, DER_SEQUENCE), list, mark;

	put_small(out, plan->lds_1_8 ? 1 : 0);
	emrtd_put_hash_algorithm(out, plan->hash);
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

enum emrtd_error
emrtd_make_sod(struct emrtd_crypto *crypto, const struct emrtd_sod_plan *plan,
    const struct emrtd_issuer_key *signer, struct emrtd_out *out)
{
	uint8_t buf[CONTENT_CAP];
	struct emrtd_out content = emrtd_out(buf, sizeof(buf));
	struct emrtd_cms_plan cms = { .content_type = OID_LDS_OBJECT,
		.signing_time = plan->signing_time,
		.certificate = plan->certificate,
		.old_version = plan->old_version };
	size_t sod = emrtd_open(out, TAG_SOD);
	enum emrtd_error error;

	put_lds_object(&content, plan);
	if (content.bad)
		return EMRTD_E_BUFFER;
	cms.content = emrtd_out_bytes(&content);
	error = emrtd_make_signed_data(crypto, &cms, signer, out);
	emrtd_close(out, sod);
	if (error == EMRTD_OK && out->bad)
		error = EMRTD_E_BUFFER;
	return error;
}
