#include "reader/passive_auth.h"

#include "core/diag.h"
#include "core/tlv.h"
#include "core/wipe.h"
#include "pki/chain.h"
#include "pki/sod.h"
#include "reader/card_security_check.h"
#include "reader/signed_offers.h"

#include <stdlib.h>
#include <string.h>

/* What one verification works on. */
struct work {
	struct emrtd_ctx *ctx;
	struct emrtd_result *result;
	const struct emrtd_trust *trust;
	struct emrtd_sod sod;
	uint8_t *sod_copy; /* what sod points into, when not the file */
	bool has_sod;
	struct emrtd_certificate signer;
	bool has_signer;
	const struct emrtd_certificate *csca;
	struct emrtd_card_security_file card_security;
};

static void
pass(struct work *w, enum emrtd_check_id id)
{
	emrtd_check_set(w->result, id, EMRTD_PASSED, NULL);
}

/* The file's TLV without filler behind it; empty when it was not read. */
static struct emrtd_bytes
content(const struct emrtd_result *result, enum emrtd_file file)
{
	struct emrtd_bytes in = emrtd_result_file(result, file), value, whole;
	uint32_t tag;

	if (in.len > 0 && emrtd_tlv_whole(&in, &tag, &value, &whole))
		return whole;
	return emrtd_result_file(result, file);
}

static void
decide(struct work *w, enum emrtd_check_id id, enum emrtd_error e,
    const struct emrtd_diag *diag)
{
	if (e == EMRTD_OK) {
		pass(w, id);
		return;
	}
	emrtd_check_set_diag(w->result, id, emrtd_verdict_of(e), diag);
	/* A callee that fails without details still gives its error. */
	w->result->checks[id].diag.error = e;
}

static void
copy_certificate(struct work *w, const struct emrtd_certificate *from,
    struct emrtd_result_certificate *to)
{
	uint8_t digest[EMRTD_HASH_MAX];

	emrtd_name_text(from->subject, to->subject);
	emrtd_name_text(from->issuer, to->issuer);
	to->serial_len = from->serial.len < sizeof(to->serial)
			     ? from->serial.len
			     : sizeof(to->serial);
	memcpy(to->serial, from->serial.ptr, to->serial_len);
	to->not_before = from->not_before;
	to->not_after = from->not_after;
	if (emrtd_hash(w->ctx->crypto, EMRTD_SHA256, &from->der, 1, digest) !=
	    EMRTD_OK)
		return;
	memcpy(to->sha256, digest, sizeof(to->sha256));
	to->present = true;
}

static void
check_sod(struct work *w)
{
	struct emrtd_bytes file = content(w->result, EMRTD_EF_SOD);
	struct emrtd_diag diag;
	enum emrtd_error e;

	emrtd_diag_init(&diag);
	if (file.len == 0) {
		emrtd_check_set(w->result, EMRTD_CHECK_PA_SOD_SIGNATURE,
		    EMRTD_NOT_RUN, "EF.SOD was not read");
		return;
	}
	e = emrtd_sod_read(file, &diag, &w->sod_copy, &w->sod);
	if (e != EMRTD_OK) {
		w->result->files[EMRTD_EF_SOD].status = EMRTD_FILE_MALFORMED;
		decide(w, EMRTD_CHECK_PA_SOD_SIGNATURE, e, &diag);
		return;
	}
	w->has_sod = true;
	e = emrtd_sod_verify_attributes(&w->sod, w->ctx->crypto, &diag);
	decide(w, EMRTD_CHECK_PA_SIGNED_ATTRIBUTES, e, &diag);
	emrtd_diag_init(&diag);
	e = emrtd_sod_signer(&w->sod, w->ctx->crypto, &diag, &w->signer);
	if (e == EMRTD_OK) {
		w->has_signer = true;
		copy_certificate(w, &w->signer, &w->result->signer);
		e = emrtd_sod_verify_signature(&w->sod, w->ctx->crypto,
		    &w->signer, &diag);
	}
	decide(w, EMRTD_CHECK_PA_SOD_SIGNATURE, e, &diag);
}

static void
check_chain(struct work *w)
{
	struct emrtd_diag diag;
	enum emrtd_error e;

	if (!w->has_signer)
		return;
	emrtd_diag_init(&diag);
	if (w->trust == NULL) {
		e = emrtd_fail(&diag, EMRTD_E_NO_ANCHOR,
		    "no trust store was given", "Doc 9303-12 6.1");
		emrtd_diag_detail(&diag, "wanted: ");
		emrtd_diag_detail(&diag, w->result->signer.issuer);
	} else {
		e = emrtd_chain_find(w->trust, w->ctx->crypto, &w->signer,
		    w->result->at, &diag, &w->csca);
	}
	decide(w, EMRTD_CHECK_PA_CHAIN, e, &diag);
	if (e != EMRTD_OK)
		w->csca = NULL;
	else
		copy_certificate(w, w->csca, &w->result->csca);
}

/* Whoever trusts a test certificate is told so, whether it was used or not. */
static void
check_test_trust(struct work *w)
{
	const struct emrtd_certificate *c;

	for (size_t i = 0;
	     w->trust != NULL && (c = emrtd_trust_at(w->trust, i)) != NULL; i++)
		w->result->test_trust |= c->is_test;
}

/* A failed row with its details in two parts. */
static void
fail(struct work *w, enum emrtd_check_id id, enum emrtd_error error,
    const char *what, const char *detail, const char *more)
{
	struct emrtd_check *check = &w->result->checks[id];

	emrtd_check_set(w->result, id, EMRTD_FAILED, what);
	check->diag.error = error;
	emrtd_diag_detail(&check->diag, detail);
	emrtd_diag_detail(&check->diag, more);
}

static void
check_dates(struct work *w, enum emrtd_check_id id,
    const struct emrtd_certificate *certificate)
{
	struct emrtd_diag diag;
	enum emrtd_error e;

	if (certificate == NULL) {
		emrtd_check_set(w->result, id, EMRTD_UNDETERMINED,
		    "the certificate is not known");
		return;
	}
	e = emrtd_certificate_check_dates(certificate, w->result->at, &diag);
	decide(w, id, e, &diag);
}

/* A clone may withhold what it cannot forge: the face. */
static void
set_unread(struct work *w, enum emrtd_check_id id, unsigned n)
{
	const char *why = "the document has it; it is not among the files";

	if (w->result->on_chip)
		why = "the document has it, and nobody asked for it";
	if ((w->result->wanted >> n & 1) != 0)
		emrtd_check_set(w->result, id, EMRTD_UNDETERMINED,
		    "EF.SOD names it, and it cannot be had");
	else
		emrtd_check_set(w->result, id, EMRTD_NOT_RUN, why);
}

/* The hash of one data group as received against the entry of the SOD. */
static void
check_hash(struct work *w, unsigned n)
{
	enum emrtd_check_id id = emrtd_check_hash_dg(n);
	struct emrtd_bytes file = content(w->result,
	    (enum emrtd_file)(EMRTD_DG1 + n - 1));
	struct emrtd_bytes want = w->sod.dg_digest[n];
	uint8_t digest[EMRTD_HASH_MAX];
	enum emrtd_error e;

	if (w->result->files[EMRTD_DG1 + n - 1].status == EMRTD_FILE_ABORTED) {
		emrtd_check_set(w->result, id, EMRTD_ABORTED,
		    "the reading ended in the middle of it");
		return;
	}
	if (!w->has_sod) {
		if (file.len > 0)
			emrtd_check_set(w->result, id, EMRTD_UNDETERMINED,
			    "there is no usable EF.SOD");
		return;
	}
	if (want.ptr == NULL && file.len == 0) {
		emrtd_check_set(w->result, id, EMRTD_NOT_OFFERED,
		    "the document has no such data group");
		return;
	}
	if (file.len == 0) {
		set_unread(w, id, n);
		return;
	}
	if (want.ptr == NULL) {
		emrtd_check_set(w->result, id, EMRTD_FAILED,
		    "EF.SOD has no hash for it: nobody signed it");
		return;
	}
	e = emrtd_hash(w->ctx->crypto, w->sod.dg_hash, &file, 1, digest);
	if (e != EMRTD_OK) {
		emrtd_check_set(w->result, id, EMRTD_UNDETERMINED,
		    "its hash cannot be computed");
		return;
	}
	if (emrtd_bytes_equal(want,
		emrtd_bytes(digest, emrtd_hash_len(w->sod.dg_hash))))
		pass(w, id);
	else
		emrtd_check_set(w->result, id, EMRTD_FAILED,
		    "its bytes are not the ones that were signed");
}

static void
check_without_com(struct work *w)
{
	enum emrtd_check_id id = EMRTD_CHECK_PA_COM_SOD;

	switch (w->result->files[EMRTD_EF_COM].status) {
	case EMRTD_FILE_ABSENT:
		emrtd_check_set(w->result, id, EMRTD_NOT_OFFERED,
		    "the chip has no EF.COM");
		break;
	case EMRTD_FILE_MALFORMED:
		emrtd_check_set(w->result, id, EMRTD_FAILED,
		    "EF.COM is malformed");
		break;
	default:
		emrtd_check_set(w->result, id, EMRTD_NOT_RUN,
		    "EF.COM was not read");
		break;
	}
}

static void
check_com(struct work *w)
{
	struct emrtd_bytes file = content(w->result, EMRTD_EF_COM);
	enum emrtd_check_id id = EMRTD_CHECK_PA_COM_SOD;
	struct emrtd_diag diag;
	struct emrtd_com com;
	enum emrtd_error e;

	if (file.len == 0) {
		check_without_com(w);
		return;
	}
	emrtd_diag_init(&diag);
	e = emrtd_com_parse(file, &diag, &com);
	if (e != EMRTD_OK) {
		w->result->files[EMRTD_EF_COM].status = EMRTD_FILE_MALFORMED;
		emrtd_check_set_diag(w->result, id, EMRTD_FAILED, &diag);
		return;
	}
	if (!w->has_sod)
		emrtd_check_set(w->result, id, EMRTD_UNDETERMINED,
		    "there is no usable EF.SOD");
	else if (com.data_groups == w->sod.data_groups)
		pass(w, id);
	else
		emrtd_check_set(w->result, id, EMRTD_FAILED,
		    "EF.COM and EF.SOD name different data groups");
}

bool
emrtd_country_is(const char *code, const struct mrz_country *state)
{
	return strcmp(code, state->code2) == 0 ||
	       strcmp(code, state->code3) == 0;
}

/*
 * Doc 9303-11 5.1.1: whoever signs must be the issuing state, and so must the
 * CSCA: a country that is trusted for its own documents must not make those
 * of another one.
 */
static void
check_country(struct work *w)
{
	enum emrtd_check_id id = EMRTD_CHECK_PA_ISSUER_COUNTRY;
	const struct mrz_country *state = NULL;
	char signer[4], csca[4];

	if (!w->has_signer || !w->result->has_document) {
		emrtd_check_set(w->result, id, EMRTD_NOT_RUN,
		    "the signer or DG1 is not known");
		return;
	}
	emrtd_name_country(w->signer.subject, signer);
	/* Without a CSCA there is nobody else to ask about. */
	emrtd_name_country(w->csca != NULL ? w->csca->subject
					   : w->signer.subject,
	    csca);
	state = mrz_country_find(
	    w->result->document.fields[MRZ_F_ISSUING_STATE].text);
	if (state == NULL || state->code2[0] == '\0' || signer[0] == '\0' ||
	    csca[0] == '\0')
		emrtd_check_set(w->result, id, EMRTD_UNDETERMINED,
		    "the country of DG1, signer or CSCA is not known");
	else if (!emrtd_country_is(signer, state))
		fail(w, id, EMRTD_E_COUNTRY, "the signer is not of DG1's state",
		    signer, " instead of the issuing state's code");
	else if (!emrtd_country_is(csca, state))
		fail(w, id, EMRTD_E_COUNTRY, "the CSCA is not of DG1's state",
		    csca, " instead of the issuing state's code");
	else
		pass(w, id);
}

/* National layouts are of the size of some of these, but on no chip. */
static bool
may_be_in_dg1(enum mrz_format format)
{
	return format == MRZ_TD1 || format == MRZ_TD2 || format == MRZ_TD3;
}

static void
parse_document(struct work *w)
{
	struct emrtd_result *r = w->result;
	struct emrtd_bytes file = content(r, EMRTD_DG1), mrz;
	struct mrz_options options = { .size = sizeof(options) };
	enum emrtd_error e;

	if (file.len == 0)
		return;
	options.today = (int32_t)(r->at / 86400);
	e = emrtd_dg1_parse(file, NULL, &mrz);
	if (e == EMRTD_OK &&
	    mrz_parse((const char *)mrz.ptr, mrz.len, &options, &r->document) ==
		MRZ_OK &&
	    may_be_in_dg1(r->document.format))
		r->has_document = true;
	else
		r->files[EMRTD_DG1].status = EMRTD_FILE_MALFORMED;
}

static void
parse_face(struct work *w)
{
	struct emrtd_result *r = w->result;
	struct emrtd_bytes file = content(r, EMRTD_DG2);
	uint8_t digest[EMRTD_HASH_MAX];
	struct emrtd_dg2 dg2;
	enum emrtd_error e;

	/* Nothing decodes bytes that are known to be forged. */
	if (file.len == 0 ||
	    r->checks[EMRTD_CHECK_PA_HASH_DG2].verdict == EMRTD_FAILED)
		return;
	e = emrtd_dg2_parse(file, NULL, &dg2);
	/* ISO/IEC 39794-5 is no fault of the document. */
	if (e != EMRTD_OK && e != EMRTD_E_UNSUPPORTED)
		r->files[EMRTD_DG2].status = EMRTD_FILE_MALFORMED;
	if (e != EMRTD_OK)
		return;
	if (dg2.n_faces == 0 || emrtd_hash(w->ctx->crypto, EMRTD_SHA256,
				    &dg2.faces[0].image, 1, digest) != EMRTD_OK)
		return;
	r->face = dg2.faces[0];
	memcpy(r->face_sha256, digest, sizeof(r->face_sha256));
	r->has_face = true;
}

static void
check_expiry(struct work *w)
{
	const struct mrz_date *expiry = &w->result->document.expiry;
	int32_t today = (int32_t)(w->result->at / 86400);

	if (!w->result->has_document)
		return;
	if (!expiry->valid || expiry->to == MRZ_NO_DAY)
		emrtd_check_set(w->result, EMRTD_CHECK_DOC_VALIDITY,
		    EMRTD_UNDETERMINED, "the date of expiry is not known");
	else if (today <= expiry->to)
		pass(w, EMRTD_CHECK_DOC_VALIDITY);
	else
		emrtd_check_set(w->result, EMRTD_CHECK_DOC_VALIDITY,
		    EMRTD_FAILED, "the document has expired");
}

/* Rows that this version never decides say so. */
static void
set_unsupported(struct work *w)
{
	emrtd_check_set(w->result, EMRTD_CHECK_TERMINAL_TA, EMRTD_NOT_RUN,
	    "this version has no Terminal Authentication");
	emrtd_check_set(w->result, EMRTD_CHECK_PA_REVOCATION, EMRTD_NOT_RUN,
	    "this version reads no revocation lists");
	emrtd_check_set(w->result, EMRTD_CHECK_PA_DOCUMENT_TYPE, EMRTD_NOT_RUN,
	    "this version does not compare document types");
}

void
emrtd_passive_auth(struct emrtd_ctx *ctx, struct emrtd_result *result,
    const struct emrtd_trust *trust)
{
	struct work w = { .ctx = ctx, .result = result, .trust = trust };

	parse_document(&w);
	check_sod(&w);
	check_test_trust(&w);
	check_chain(&w);
	if (w.has_signer) {
		check_dates(&w, EMRTD_CHECK_PA_DS_VALIDITY, &w.signer);
		check_dates(&w, EMRTD_CHECK_PA_CSCA_VALIDITY, w.csca);
	}
	for (unsigned n = 1; n <= 16; n++)
		check_hash(&w, n);
	check_com(&w);
	check_country(&w);
	emrtd_card_security_check(
	    &(const struct emrtd_vouching){ .crypto = ctx->crypto,
		.trust = trust,
		.sod_signer = w.has_signer ? &w.signer : NULL },
	    result, &w.card_security);
	emrtd_check_signed_offers(result, w.has_sod ? &w.sod : NULL,
	    &w.card_security);
	set_unsupported(&w);
	check_expiry(&w);
	parse_face(&w);
	free(w.sod_copy);
	free(w.card_security.copy);
}
