/*
 * emrtd/reader.h - reading a document's chip, and verifying its files.
 *
 *	emrtd_ctx_new(NULL, &diag, &ctx);
 *	emrtd_trust_new(ctx, &trust);
 *	emrtd_trust_add_path(trust, "csca/", 0, &diag);
 *	emrtd_transport_open("pcsc:", &diag, &transport);
 *	emrtd_session_new(ctx, &transport, &options, &session);
 *	emrtd_session_read(session, &result);
 *
 * A handle is used by one thread at a time; emrtd_cancel alone may be called
 * from any thread or a signal handler.
 */
#ifndef EMRTD_READER_H
#define EMRTD_READER_H

#include <emrtd/access.h>
#include <emrtd/clock.h>
#include <emrtd/pki.h>
#include <emrtd/random.h>
#include <emrtd/result.h>
#include <emrtd/trace.h>
#include <emrtd/transport.h>

#ifdef __cplusplus
extern "C" {
#endif

struct emrtd_ctx;
struct emrtd_session;

/*
 * emrtd_parse_instant - "2026-11-23", "2026-11-23T12:00:00Z", or with an
 * offset, as seconds since 1970 UTC. False when it is none.
 */
EMRTD_API bool emrtd_parse_instant(const char *text, int64_t *out);

/* Environment of a context; zero or NULL members mean the system's own. */
struct emrtd_ctx_options {
	uint32_t size; /* sizeof(struct emrtd_ctx_options) */
	struct emrtd_random random;
	struct emrtd_clock clock; /* monotonic, for timeouts and timing */
};

/*
 * emrtd_ctx_new - fetches every algorithm that will be needed.
 * in:     options  may be NULL
 * errors: EMRTD_E_ALGORITHM (diag.detail names it), EMRTD_E_NO_MEMORY
 */
EMRTD_API enum emrtd_error emrtd_ctx_new(
    const struct emrtd_ctx_options *options, struct emrtd_diag *diag,
    struct emrtd_ctx **out) EMRTD_MUST_USE;
EMRTD_API void emrtd_ctx_free(struct emrtd_ctx **ctx);

enum emrtd_step {
	EMRTD_STEP_CONNECT,
	EMRTD_STEP_CARD_ACCESS,
	EMRTD_STEP_PACE,
	EMRTD_STEP_SELECT,
	EMRTD_STEP_BAC,
	EMRTD_STEP_FILE, /* 'file' says which */
	EMRTD_STEP_VERIFY,
	EMRTD_STEP_PROVE, /* asking the chip for a proof of its own */
	EMRTD_STEP_WAIT   /* the chip is slow, and why */
};

struct emrtd_progress {
	enum emrtd_step step;
	const char *text; /* "reading EF.DG2" */
	enum emrtd_file file;
	size_t done, total; /* bytes of the file; total 0 while unknown */
};

/*
 * What was learnt about a reader, for the next document on it; of the document
 * nothing is kept. Zero it, but for size, before the first session; it is
 * forgotten by itself when another reader is used.
 */
struct emrtd_reader_memory {
	uint32_t size;     /* sizeof(struct emrtd_reader_memory) */
	char name[128];    /* of that reader */
	bool has_extended; /* it has carried an extended APDU */
	/*
	 * Documents in a row that were lost at their first extended APDU: after
	 * two it is the reader's fault, and short ones are used from the start.
	 * One alone may have been the document's.
	 */
	uint32_t n_broken;
};

struct emrtd_read_options {
	uint32_t size;                    /* sizeof(struct ...) */
	const struct emrtd_password *mrz; /* copied; NULL if unknown */
	const struct emrtd_password *can; /* copied; preferred for PACE */
	const struct mrz_doc *optical;    /* to compare with DG1; or NULL */
	const struct emrtd_trust *trust;  /* borrowed; NULL trusts nobody */
	int64_t at;                       /* seconds since 1970, UTC */
	emrtd_dg_set data_groups;         /* bit n: DGn; 0: all but DG3, DG4 */
	/* 0: 10,000; 20,000 for a password, as chips slow down on wrong ones */
	uint32_t command_timeout_ms;
	uint32_t deadline_ms; /* of the whole reading; 0: none */
	void (*progress)(void *self, const struct emrtd_progress *progress);
	void *progress_self;
	struct emrtd_observer observer; /* exchange may be NULL */
	/*
	 * When a picture leaves doubt: other keys of the MRZ, tried in this
	 * order, each on a freshly reset chip, after it has refused mrz; at
	 * most EMRTD_MRZ_KEYS_MAX - 1, copied. The first alone has all the
	 * time of the reading; no other begins or goes on when mrz_tries_ms
	 * have passed since the first. A CAN is shown once at most.
	 */
	const struct emrtd_password *mrz_more;
	size_t n_mrz_more;
	uint32_t mrz_tries_ms; /* 0: 10,000 */
	/* What else may stand in 'optical'; borrowed. */
	const struct mrz_doubt *doubts;
	size_t n_doubts;
	/*
	 * For PACE with a chip that takes neither CAN nor MRZ, or when neither
	 * is known; copied. Wrong ones are counted by the chip, which blocks
	 * them: one of which it says that one try is left is only shown with
	 * use_last_try (else EMRTD_E_LAST_TRY).
	 */
	const struct emrtd_password *pin;
	const struct emrtd_password *puk;
	enum emrtd_access_policy access_policy;
	bool use_last_try;
	/*
	 * What the chip is to sign in Active Authentication: EMRTD_CHALLENGE_LEN
	 * bytes, copied; NULL: random ones. For a verifier elsewhere who chose
	 * it and later looks at the evidence. Never something that means
	 * anything: the chip signs whatever it is given.
	 */
	const uint8_t *challenge;
	enum emrtd_policy policy;                  /* what deviations mean */
	struct emrtd_reader_memory *reader_memory; /* borrowed; or NULL */
	/*
	 * Told of each oddity about sizes of reader or chip, and of what is done
	 * about it: a sentence without a full stop, a borrow for the call.
	 */
	void (*note)(void *self, const char *text);
	void *note_self;
	/*
	 * Where the reader offers it (PC/SC part 10, FEATURE_EXECUTE_PACE), let
	 * it do PACE by itself: with the password given here, or with the one of
	 * this kind that the holder types at its keys. From then on nothing of
	 * ours protects the way to the reader. A reader that does not offer it
	 * is told by note, and PACE is done here if a password is given.
	 */
	bool reader_pace;
	enum emrtd_password_kind reader_pace_typed; /* NONE: as given */
};

#define EMRTD_MRZ_KEYS_MAX 4

/*
 * emrtd_session_new - for one reading.
 * in:     ctx, transport, options->trust, ->optical, ->doubts and
 *         ->reader_memory  borrowed until the session is freed; the passwords
 *         are copied
 * errors: EMRTD_E_ARG (NULL, a transport that is closed, options->size of no
 *         version, mrz_more too many or without mrz), EMRTD_E_NO_MEMORY
 */
EMRTD_API enum emrtd_error emrtd_session_new(struct emrtd_ctx *ctx,
    struct emrtd_transport *transport, const struct emrtd_read_options *options,
    struct emrtd_session **out) EMRTD_MUST_USE;
EMRTD_API void emrtd_session_free(struct emrtd_session **session);

/*
 * emrtd_session_read - connects, opens the chip (PACE, else BAC, else plain),
 * reads EF.SOD, EF.COM and the data groups, asks the chip for the proofs that
 * it offers, and decides the authenticity of all. At most two fresh sessions
 * are opened where a chip breaks one off over a length, or fails a proof.
 * out:    result  always set but on EMRTD_E_NO_MEMORY and EMRTD_E_STATE; the
 *                 caller frees it. It holds what was found up to an error.
 * errors: what ended the reading early, also in emrtd_result_error(). A
 *         failed check is no error: look at the verdicts.
 * source: Doc 9303-11 4.2, 6.1, 6.2
 */
EMRTD_API enum emrtd_error emrtd_session_read(struct emrtd_session *session,
    struct emrtd_result **out) EMRTD_MUST_USE;

/* Ends the current call of the session with EMRTD_E_CANCELLED. */
EMRTD_API void emrtd_cancel(struct emrtd_session *session);

struct emrtd_verify_options {
	uint32_t size;
	const struct emrtd_trust *trust; /* borrowed for the call; or NULL */
	int64_t at;                      /* seconds since 1970, UTC */
	const struct mrz_doc *optical;
	/*
	 * Indexed by enum emrtd_file; ptr NULL where there is none. How many
	 * there are says n_files.
	 */
	const struct emrtd_bytes *files;
	/* What else may stand in 'optical'; borrowed for the call. */
	const struct mrz_doubt *doubts;
	size_t n_doubts;
	/*
	 * Evidence of Active Authentication: what the chip was given and what
	 * it signed. Both or none; copied.
	 */
	struct emrtd_bytes aa_challenge, aa_signature;
	/*
	 * The challenge that the verifier itself chose, EMRTD_CHALLENGE_LEN
	 * bytes, or NULL; copied. The evidence must be over this one then.
	 */
	const uint8_t *challenge;
	enum emrtd_policy policy; /* what deviations mean */
	/* EMRTD_N_FILES; 0: they end with EMRTD_DG16, as they once did. */
	size_t n_files;
};

/*
 * emrtd_verify_files - the same verification on files that somebody read, and
 * on the evidence of Active Authentication when there is any. Valid evidence
 * makes the check chip.aa passed: this chip signed once. The chip's verdict is
 * genuine only when the challenge was the verifier's own, since anybody may
 * play an old recording; else it is not_offered, undetermined or failed. The
 * bytes are copied. A failed check is no error: look at the verdicts.
 * errors: EMRTD_E_ARG (NULL, options->size of no version, n_files beyond
 *         EMRTD_N_FILES, a challenge of
 *         another length, a signature without one, or longer than any key's),
 *         EMRTD_E_NO_MEMORY, EMRTD_E_CRYPTO
 * source: Doc 9303-11 5.1, 6.1
 */
EMRTD_API enum emrtd_error emrtd_verify_files(struct emrtd_ctx *ctx,
    const struct emrtd_verify_options *options,
    struct emrtd_result **out) EMRTD_MUST_USE;

#ifdef __cplusplus
}
#endif
#endif
