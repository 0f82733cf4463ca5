#include "protocol_run.h"

#include "access/bac.h"
#include "access/chip_auth.h"
#include "access/pace.h"
#include "apdu/apdu.h"
#include "card/card_pace.h"
#include "card/chip.h"
#include "core/builder.h"
#include "core/cursor.h"
#include "crypto/hash.h"
#include "group_walk.h"

#include <string.h>

#define CAP 4096

#define MRZ_INFO "L898902C3674081223204153" /* of the specimen */

/* ---- Randomness ----------------------------------------------------------- */

static void
put_number(uint8_t out[8], uint64_t n)
{
	for (unsigned i = 0; i < 8; i++)
		out[i] = (uint8_t)(n >> (56 - 8 * i));
}

static enum emrtd_error
fill(void *self, uint8_t *out, size_t n)
{
	struct seeded *s = self;
	struct emrtd_out all = emrtd_out(out, n);
	struct emrtd_bytes piece;

	piece.len = n < s->first.len ? n : s->first.len;
	if (emrtd_take(&s->first, piece.len, &piece))
		emrtd_put(&all, piece);
	while (all.len < n) {
		uint8_t in[24], digest[EMRTD_HASH_MAX];
		struct emrtd_bytes part = { in, sizeof(in) };
		enum emrtd_error error;

		put_number(in, s->seed);
		put_number(in + 8, s->label);
		put_number(in + 16, s->counter++);
		error = emrtd_hash(s->crypto, EMRTD_SHA256, &part, 1, digest);
		if (error != EMRTD_OK)
			return error;
		emrtd_put(&all,
		    emrtd_bytes(digest, n - all.len < 32 ? n - all.len : 32));
	}
	return EMRTD_OK;
}

struct emrtd_random
seeded_random(struct seeded *seeded)
{
	struct emrtd_random random = { fill, seeded };

	return random;
}

size_t
seeded_below(struct seeded *seeded, size_t n)
{
	uint8_t b[4] = { 0 };

	if (fill(seeded, b, sizeof(b)) != EMRTD_OK)
		return 0;
	return ((size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 |
		   b[3]) %
	       n;
}

/* ---- What both protocols share -------------------------------------------- */

/* True to go on. */
static bool
worked(struct protocol_run *run, enum emrtd_error error, const char *what)
{
	if (error == EMRTD_OK || run->failed != NULL)
		return run->failed == NULL;
	run->error = error;
	run->failed = what;
	return false;
}

static bool
holds(struct protocol_run *run, bool true_, const char *what)
{
	return worked(run, true_ ? EMRTD_OK : EMRTD_E_INTERNAL, what);
}

static size_t
first_coordinate(const struct emrtd_group *group)
{
	return group->kind == EMRTD_GROUP_EC ? 1 : 0;
}

static void
count_key(struct protocol_run *run, const struct emrtd_element *key)
{
	size_t at = first_coordinate(run->group);

	for (; at < key->len; at += run->group->field_len)
		run->zero_keys += key->bytes[at] == 0;
}

/*
 * The next private key that is drawn makes secret or key begin with a zero:
 * peer is the other side's public key, generator NULL for the group's own.
 */
static void
force(struct protocol_run *run, const struct emrtd_element *peer,
    const struct emrtd_element *generator, uint8_t key[EMRTD_FIELD_MAX])
{
	struct group_walk *walk;

	if (run->forced == FORCED_NOTHING)
		return;
	walk = group_walk_new(run->group);
	group_walk_to_zero(walk,
	    run->forced == FORCED_SECRET ? peer : generator,
	    seeded_below(&run->random, 1u << 30) + 2,
	    first_coordinate(run->group), key);
	group_walk_free(walk);
	run->random.first = emrtd_bytes(key, run->group->order_len);
}

static bool
met_what_was_forced(struct protocol_run *run)
{
	return holds(run, run->forced != FORCED_SECRET || run->zero_secrets > 0,
		   "forced secret without a zero") &&
	       holds(run, run->forced != FORCED_KEY || run->zero_keys > 0,
		   "forced key without a zero");
}

/* ---- PACE ----------------------------------------------------------------- */

struct pace_pair {
	struct emrtd_pace reader;
	struct emrtd_card_pace chip;
	struct emrtd_sm reader_sm, chip_sm;
	struct emrtd_pace_cam cam;
	uint8_t static_key[EMRTD_FIELD_MAX], forced_key[EMRTD_FIELD_MAX];
	struct emrtd_element static_public;
	uint8_t command_buf[CAP], answer_buf[CAP];
	struct emrtd_out command, answer;
	struct emrtd_random random;
};

static bool
pace_begin(struct protocol_run *run, struct pace_pair *p,
    const struct emrtd_pace_protocol *protocol)
{
	bool cam = protocol->mapping == EMRTD_PACE_CAM;
	struct emrtd_password password;

	memset(p, 0, sizeof(*p));
	p->random = seeded_random(&run->random);
	if (!worked(run,
		emrtd_password_mrz(MRZ_INFO, strlen(MRZ_INFO), &password),
		"password"))
		return false;
	if (cam && !worked(run,
		       emrtd_group_keypair(run->crypto, run->group, NULL,
			   &p->random, p->static_key, &p->static_public),
		       "static key"))
		return false;
	return worked(run,
		   emrtd_pace_begin(&p->reader, run->crypto, protocol,
		       run->group, true, &password),
		   "reader: begin") &&
	       worked(run,
		   emrtd_card_pace_begin(&p->chip, run->crypto, protocol,
		       run->group, &password, cam ? p->static_key : NULL),
		   "chip: begin");
}

static bool
chip_answers(struct protocol_run *run, struct pace_pair *p, const char *what)
{
	p->answer = emrtd_out(p->answer_buf, sizeof(p->answer_buf));
	return worked(run,
	    emrtd_card_pace_step(&p->chip, run->crypto,
		emrtd_out_bytes(&p->command), &p->random, &p->answer,
		&p->chip_sm),
	    what);
}

static struct emrtd_out *
new_command(struct pace_pair *p)
{
	p->command = emrtd_out(p->command_buf, sizeof(p->command_buf));
	return &p->command;
}

static bool
pace_map(struct protocol_run *run, struct pace_pair *p)
{
	return worked(run, emrtd_pace_get_nonce(&p->reader, new_command(p)),
		   "reader: step 1") &&
	       chip_answers(run, p, "chip: nonce") &&
	       worked(run,
		   emrtd_pace_map(&p->reader, run->crypto,
		       emrtd_out_bytes(&p->answer), &p->random, NULL,
		       new_command(p)),
		   "reader: nonce") &&
	       chip_answers(run, p, "chip: mapping");
}

/* The chip draws after it has heard: its key can be chosen. */
static bool
pace_agree(struct protocol_run *run, struct pace_pair *p)
{
	if (!worked(run,
		emrtd_pace_agree(&p->reader, run->crypto,
		    emrtd_out_bytes(&p->answer), &p->random, NULL,
		    new_command(p)),
		"reader: mapping"))
		return false;
	force(run, &p->reader.public_key, &p->chip.generator, p->forced_key);
	if (!chip_answers(run, p, "chip: key agreement") ||
	    !worked(run,
		emrtd_pace_authenticate(&p->reader, run->crypto,
		    emrtd_out_bytes(&p->answer), NULL, new_command(p)),
		"reader: key agreement"))
		return false;
	run->zero_secrets += p->reader.shared[0] == 0;
	if (p->reader.map_public.len > 0) {
		count_key(run, &p->reader.map_public);
		count_key(run, &p->reader.map_peer);
	}
	count_key(run, &p->reader.public_key);
	count_key(run, &p->reader.peer_key);
	return true;
}

static bool
same_session(const struct emrtd_sm *a, const struct emrtd_sm *b)
{
	size_t len;

	if (!a->live || !b->live || a->suite != b->suite)
		return false;
	len = a->suite->key_len;
	return memcmp(a->k_enc, b->k_enc, len) == 0 &&
	       memcmp(a->k_mac, b->k_mac, len) == 0 &&
	       memcmp(a->ssc, b->ssc, a->suite->block_len) == 0;
}

void
run_pace(struct protocol_run *run, const struct emrtd_pace_protocol *protocol)
{
	struct pace_pair p;

	if (pace_begin(run, &p, protocol) && pace_map(run, &p) &&
	    pace_agree(run, &p) && chip_answers(run, &p, "chip: token") &&
	    worked(run,
		emrtd_pace_finish(&p.reader, run->crypto,
		    emrtd_out_bytes(&p.answer), NULL, &p.reader_sm, &p.cam),
		"reader: token") &&
	    holds(run, same_session(&p.reader_sm, &p.chip_sm),
		"session keys that differ") &&
	    met_what_was_forced(run) && protocol->mapping == EMRTD_PACE_CAM)
		(void)worked(run,
		    emrtd_pace_cam_verify(run->crypto, &p.cam, run->group,
			&p.static_public),
		    "chip authentication data");
}

/* ---- Chip Authentication -------------------------------------------------- */

struct emrtd_card *
issue_for_ca(struct protocol_run *run,
    const struct emrtd_chip_auth_protocol *protocol, struct emrtd_bytes face)
{
	struct emrtd_card_profile profile;
	struct emrtd_card *card = NULL;
	struct emrtd_diag diag;

	emrtd_diag_init(&diag);
	emrtd_card_profile_init(&profile);
	profile.face = face;
	profile.extended = true;
	profile.n_pace = 0;
	profile.n_ca = 1;
	profile.ca[0].oid = protocol->oid;
	profile.ca[0].parameter_id = run->group->id;
	profile.ca[0].key_id = EMRTD_CARD_NO_KEY_ID;
	profile.ca[0].form = EMRTD_CARD_FORM_STANDARDISED;
	(void)worked(run, emrtd_card_issue(run->crypto, &profile, &diag, &card),
	    "issuing");
	return card;
}

/* A reader that talks to the card. */
struct talk {
	struct protocol_run *run;
	struct emrtd_card *card;
	struct emrtd_sm sm;
	uint8_t answer_buf[CAP];
	struct emrtd_bytes answer; /* data of the last response */
};

/* One command, protected once there are keys; 9000 or 6282 is wanted. */
static bool
say(struct talk *t, struct emrtd_command command, const char *what)
{
	uint8_t raw[CAP], scratch[CAP], back[CAP];
	struct emrtd_out sent = emrtd_out(raw, sizeof(raw));
	struct emrtd_out work = emrtd_out(scratch, sizeof(scratch));
	struct emrtd_out got = emrtd_out(back, sizeof(back));
	struct emrtd_out plain = emrtd_out(t->answer_buf,
	    sizeof(t->answer_buf));
	struct emrtd_response response;
	bool secured = t->sm.live;
	uint16_t sw = 0;

	if (!worked(t->run,
		secured ? emrtd_sm_protect(t->run->crypto, &t->sm, &command,
			      &work, &sent)
			: emrtd_command_encode(&command, &sent),
		what) ||
	    !worked(t->run,
		emrtd_card_transmit(t->card, emrtd_out_bytes(&sent), &got),
		what))
		return false;
	if (secured) {
		if (!worked(t->run,
			emrtd_sm_unprotect(t->run->crypto, &t->sm,
			    emrtd_out_bytes(&got), false, NULL, &plain, &sw),
			what))
			return false;
	} else {
		if (!worked(t->run,
			emrtd_response_parse(emrtd_out_bytes(&got), &response),
			what))
			return false;
		emrtd_put(&plain, response.data);
		sw = response.sw;
	}
	t->answer = emrtd_out_bytes(&plain);
	return holds(t->run, sw == 0x9000 || sw == 0x6282, what);
}

/* BAC, and the application. */
static bool
open_chip(struct talk *t)
{
	static const uint8_t aid[] = { 0xA0, 0, 0, 0x02, 0x47, 0x10, 0x01 };
	struct protocol_run *run = t->run;
	struct emrtd_random random = seeded_random(&run->random);
	struct emrtd_command select = { .ins = 0xA4,
		.p1 = 0x04,
		.p2 = 0x0C,
		.data = { aid, sizeof(aid) } };
	uint8_t data[EMRTD_BAC_DATA_LEN];
	struct emrtd_out out = emrtd_out(data, sizeof(data));
	struct emrtd_password password;
	struct emrtd_bac bac;

	return say(t, select, "SELECT") &&
	       worked(run,
		   emrtd_password_mrz(MRZ_INFO, strlen(MRZ_INFO), &password),
		   "password") &&
	       worked(run, emrtd_bac_begin(&bac, run->crypto, &password),
		   "BAC") &&
	       say(t, (struct emrtd_command){ .ins = 0x84, .ne = 8 },
		   "GET CHALLENGE") &&
	       worked(run,
		   emrtd_bac_command(&bac, run->crypto, t->answer, &random,
		       &out),
		   "BAC") &&
	       say(t,
		   (struct emrtd_command){ .ins = 0x82,
		       .data = emrtd_out_bytes(&out),
		       .ne = EMRTD_BAC_DATA_LEN },
		   "EXTERNAL AUTHENTICATE") &&
	       worked(run,
		   emrtd_bac_finish(&bac, run->crypto, t->answer, &t->sm),
		   "BAC");
}

/* 3DES by MSE:Set KAT, the rest by Set AT and GENERAL AUTHENTICATE. */
static bool
agree(struct talk *t, struct emrtd_chip_auth *ca)
{
	uint8_t data[CAP];
	struct emrtd_out out = emrtd_out(data, sizeof(data));
	struct protocol_run *run = t->run;

	if (ca->key.protocol->suite == EMRTD_3DES)
		return worked(run, emrtd_chip_auth_set_kat(ca, &out),
			   "reader: Set KAT") &&
		       say(t,
			   (struct emrtd_command){ .ins = 0x22,
			       .p1 = 0x41,
			       .p2 = 0xA6,
			       .data = emrtd_out_bytes(&out) },
			   "chip: Set KAT");
	if (!worked(run, emrtd_chip_auth_set_at(ca, &out), "reader: Set AT") ||
	    !say(t,
		(struct emrtd_command){ .ins = 0x22,
		    .p1 = 0x41,
		    .p2 = 0xA4,
		    .data = emrtd_out_bytes(&out) },
		"chip: Set AT"))
		return false;
	out.len = 0;
	return worked(run, emrtd_chip_auth_authenticate(ca, &out),
		   "reader: GENERAL AUTHENTICATE") &&
	       say(t,
		   (struct emrtd_command){ .ins = 0x86,
		       .data = emrtd_out_bytes(&out),
		       .ne = 256 },
		   "chip: GENERAL AUTHENTICATE") &&
	       worked(run, emrtd_chip_auth_answer(ca, t->answer),
		   "reader: answer");
}

/* Z, which the reader wipes at once: the chip's private key gives it again. */
static bool
count_ca(struct protocol_run *run, const struct emrtd_chip_auth *ca,
    const struct emrtd_chip_ca_key *key)
{
	struct emrtd_element z;

	count_key(run, &ca->public_key);
	if (!worked(run,
		emrtd_group_agree(run->crypto, run->group, key->private_key,
		    emrtd_element_wire(run->group, &ca->public_key), &z),
		"secret"))
		return false;
	run->zero_secrets += emrtd_shared_secret(run->group, &z).ptr[0] == 0;
	return met_what_was_forced(run);
}

void
run_ca(struct protocol_run *run,
    const struct emrtd_chip_auth_protocol *protocol, struct emrtd_card *card)
{
	const struct emrtd_chip_ca_key *chip_key = &card->ca[0];
	struct emrtd_chip_auth_key key = { .protocol = protocol,
		.group = run->group,
		.public_key = emrtd_element_wire(run->group,
		    &chip_key->public_key) };
	struct emrtd_random random = seeded_random(&run->random);
	struct talk t = { .run = run, .card = card };
	uint8_t forced_key[EMRTD_FIELD_MAX];
	struct emrtd_chip_auth ca;

	emrtd_card_reset(card);
	emrtd_card_set_random(card, &random);
	if (!open_chip(&t))
		return;
	force(run, &chip_key->public_key, NULL, forced_key);
	if (!worked(run, emrtd_chip_auth_begin(&ca, run->crypto, &key, &random),
		"reader: begin") ||
	    !count_ca(run, &ca, chip_key) || !agree(&t, &ca) ||
	    !worked(run, emrtd_chip_auth_finish(&ca, &t.sm), "finish"))
		return;
	/* EF.COM under the new keys */
	(void)say(&t,
	    (struct emrtd_command){ .ins = 0xB0, .p1 = 0x9E, .ne = 8 },
	    "READ BINARY under the new keys");
}
