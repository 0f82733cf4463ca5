/*
 * One reading of one virtual passport, in one call: what the tests of the
 * inspection procedure vary is a struct, what they look at is the result.
 */
#ifndef MRTD_VIRTUAL_READ_H
#define MRTD_VIRTUAL_READ_H

#include "card/card.h"

#include <emrtd/reader.h>

#define VIRTUAL_MRZ                                    \
	"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" \
	"L898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4"
#define VIRTUAL_CAN "123456"
#define VIRTUAL_AT  1780272000 /* 2026-06-01 */

/*
 * A link that a test plays with: it sees every connect and every answer, may
 * change answers, fail, and let time pass by the clock that is injected.
 */
struct virtual_link {
	int64_t now_us;
	uint32_t n_connects;
	/* Either may be NULL. */
	enum emrtd_error (*connected)(struct virtual_link *link);
	/* The command's patience: an answer later than that is a TIMEOUT. */
	enum emrtd_error (*answered)(struct virtual_link *link,
	    struct emrtd_bytes command, struct emrtd_out *response,
	    uint32_t timeout_ms);
	void *self;
};

struct virtual_read {
	struct emrtd_card_profile profile;
	const char *mrz; /* that opens the chip; NULL: none */
	const char *mrz_more[EMRTD_MRZ_KEYS_MAX - 1]; /* further keys */
	const char *optical; /* what is compared; NULL: mrz */
	const struct mrz_doubt *doubts;
	size_t n_doubts;
	uint32_t mrz_tries_ms;
	const char *can, *pin, *puk;
	enum emrtd_access_policy access_policy;
	enum emrtd_policy policy;
	bool use_last_try;
	/* Borrowed; read instead of a new one, so that its counters live on. */
	struct emrtd_card *card;
	bool no_trust;           /* no store at all */
	bool foreign_trust;      /* another state's test CSCA */
	bool no_test_flag;       /* real use: test certificates are refused */
	struct emrtd_bytes list; /* of revocations, beside the trust; or none */
	int64_t at;
	uint32_t deadline_ms;
	bool extended_link; /* the link is known to carry extended length */
	bool silent_link;   /* nobody says what it carries */
	uint32_t link_max;  /* longest command that it carries; 0: unknown */
	const char *reader_name;            /* or NULL */
	const char *oddity;                 /* of the reader; or NULL */
	struct emrtd_reader_memory *memory; /* or NULL */
	/* Told of sizes; or NULL. */
	void (*note)(void *self, const char *text);
	void *note_self;
	bool with_atr; /* the link shows the chip's answer to reset */
	emrtd_dg_set data_groups;
	/* Changes an answer on its way, status word included; or NULL. */
	void (*meddle)(struct emrtd_bytes command, struct emrtd_out *response);
	struct virtual_link *link; /* or NULL */
	/* Puts something in front of the chip; or NULL. */
	void (*wrap)(void *self, struct emrtd_transport *chip);
	void *wrap_self;
	bool reader_pace; /* that does PACE, if it offers it */
	enum emrtd_password_kind reader_pace_typed;
	uint32_t cancel_at; /* cancel at the n-th progress call; 0: never */
};

/* A small document (tiny face), opened by its MRZ, trusted. */
void virtual_read_init(struct virtual_read *v);
/* Fails the test when the text is no switch of the virtual passport. */
void virtual_misbehave(struct virtual_read *v, const char *text);
/*
 * Issues and reads. *out is never NULL; the caller frees it. n_responses: of
 * the chip, may be NULL.
 */
enum emrtd_error virtual_run(const struct virtual_read *v,
    struct emrtd_result **out, uint32_t *n_responses);

enum emrtd_verdict virtual_verdict(const struct emrtd_result *result,
    const char *check);

#endif
