#include "chip_watch.h"

#include "access/pace_map.h"
#include "card/chip.h"
#include "core/builder.h"
#include "core/cursor.h"
#include "core/tlv.h"
#include "crypto/group.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FRAME_MAX   65535
#define MRZ_LEN     88
#define CONTROL_ATR 4

/* A holder of this test alone: nothing of it stands elsewhere in memory. */
#define HOLDER_MRZ                                     \
	"P<UTOQUIXWARTH<<ZEBULON<FJODOR<<<<<<<<<<<<<<" \
	"X73K9Q2518UTO6503178M3107232<<<<<<<<<<<<<<02"
#define HOLDER_CAN "739264"
#define HOLDER_PIN "51840697"
#define HOLDER_PUK "2750396184"

/* SOI, a comment that comes from the source below, SOF0, EOI. */
#define COMMENT_LEN 64
static uint8_t face[4 + 2 + COMMENT_LEN + 15] = { 0xFF, 0xD8, 0xFF, 0xFE, 0x00,
	2 + COMMENT_LEN };

struct watch {
	const struct scenario *scenario;
	struct rendezvous *r;
	struct secret_list *secrets;
	struct emrtd_card *card;
	int listener, connection;
	uint32_t fills; /* of the reader, seen so far */
	/* The reader's last private key or half of one. */
	uint8_t drawn[EMRTD_FIELD_MAX];
	size_t drawn_len;
	/* What the chip has drawn last, in the same way. */
	uint32_t chip_fills;
	uint8_t chip_drawn[EMRTD_FIELD_MAX];
};

static void
add(struct watch *w, const char *name, const uint8_t *bytes, size_t len)
{
	(void)secret_add(w->secrets, name, emrtd_bytes(bytes, len));
}

/* What a session cannot do without: its keys, passwords for a fresh one. */
static void
add_needed(struct watch *w, const char *name, const uint8_t *bytes, size_t len)
{
	struct secret *s = secret_add(w->secrets, name,
	    emrtd_bytes(bytes, len));

	if (s != NULL)
		s->needed = true;
}

/* Coordinates, or a number. */
static void
add_element(struct watch *w, const char *name,
    const struct emrtd_element *element)
{
	size_t head = element->len % 2; /* 04 of a point */

	add(w, name, element->bytes + head, element->len - head);
}

/* ---- Socket -------------------------------------------------------------- */

int
chip_listen(uint16_t *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) != 0 ||
	    listen(fd, 1) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) != 0)
		return -1;
	*port = ntohs(address.sin_port);
	return fd;
}

static bool
receive(int fd, uint8_t *buf, size_t len)
{
	return len == 0 || recv(fd, buf, len, MSG_WAITALL) == (ssize_t)len;
}

static bool
send_frame(int fd, uint8_t *frame, size_t len)
{
	frame[0] = (uint8_t)(len >> 8);
	frame[1] = (uint8_t)len;
	return send(fd, frame, len + 2, MSG_NOSIGNAL) == (ssize_t)(len + 2);
}

/* ---- What is learnt ------------------------------------------------------ */

static enum emrtd_error
chip_fill(void *self, uint8_t *out, size_t n)
{
	struct watch *w = self;

	reader_random(0x10000 + w->chip_fills++, out, n);
	if (n <= sizeof(w->chip_drawn))
		memcpy(w->chip_drawn, out, n);
	return EMRTD_OK;
}

/* The last draw since the command before is what the reader works with. */
static bool
take_draw(struct watch *w)
{
	uint32_t n = w->r->n_fills;

	if (n == w->fills)
		return false;
	w->fills = n;
	w->drawn_len = w->r->lens[n - 1];
	if (w->drawn_len > sizeof(w->drawn))
		abort();
	reader_random(n - 1, w->drawn, w->drawn_len);
	return true;
}

/* Passwords, and the keys that need nothing but them. */
static void
learn_passwords(struct watch *w)
{
	const struct scenario *sc = w->scenario;
	struct emrtd_crypto *crypto = w->card->crypto;
	uint8_t key[EMRTD_KEY_MAX], digest[EMRTD_HASH_MAX];
	struct emrtd_bytes text;

	if (sc->can != NULL)
		add_needed(w, "CAN", (const uint8_t *)sc->can, strlen(sc->can));
	if (sc->pin != NULL)
		add_needed(w, "PIN", (const uint8_t *)sc->pin, strlen(sc->pin));
	if (sc->puk != NULL)
		add_needed(w, "PUK", (const uint8_t *)sc->puk, strlen(sc->puk));
	if (sc->mrz_info == NULL)
		return;
	text = emrtd_bytes((const uint8_t *)sc->mrz_info, strlen(sc->mrz_info));
	add_needed(w, "MRZ information", text.ptr, text.len);
	if (sc->can != NULL)
		return; /* nothing is made of it */
	if (emrtd_hash(crypto, EMRTD_SHA1, &text, 1, digest) != EMRTD_OK)
		abort();
	add(w, "hash of the MRZ", digest, emrtd_hash_len(EMRTD_SHA1));
	if (sc->pace != NULL)
		return;
	for (int i = EMRTD_KDF_ENC; i <= EMRTD_KDF_MAC; i++) {
		if (emrtd_kdf(crypto, emrtd_suite(EMRTD_3DES),
			emrtd_bytes(digest, EMRTD_SEED_LEN),
			(enum emrtd_kdf_counter)i, key) != EMRTD_OK)
			abort();
		add(w, i == EMRTD_KDF_ENC ? "BAC K_enc" : "BAC K_mac", key,
		    emrtd_suite(EMRTD_3DES)->key_len);
	}
}

static void
learn_shared(struct watch *w, const char *name, const struct emrtd_group *group,
    struct emrtd_bytes peer)
{
	struct emrtd_element shared;

	if (w->drawn_len != group->order_len)
		abort();
	/* The bits above the order are cleared, as the reader does it. */
	if (group->order_len == 66)
		w->drawn[0] &= 1;
	if (emrtd_group_agree(w->card->crypto, group, w->drawn, peer,
		&shared) == EMRTD_OK)
		add_element(w, name, &shared);
}

/* Of the mapping with chip authentication: E(K_enc, E(K_enc, FF ..)). */
static void
learn_proof(struct watch *w, struct emrtd_bytes data)
{
	const struct emrtd_sm *sm = &w->card->session.sm;
	uint8_t ones[EMRTD_BLOCK_MAX], iv[EMRTD_BLOCK_MAX];
	uint8_t plain[EMRTD_FIELD_MAX];
	struct emrtd_out out = emrtd_out(plain, sizeof(plain));
	struct emrtd_crypto *crypto = w->card->crypto;

	memset(ones, 0xFF, sizeof(ones));
	if (!sm->live ||
	    emrtd_encrypt_block(crypto, sm->suite, sm->k_enc, ones, iv) !=
		EMRTD_OK ||
	    emrtd_cbc_decrypt(crypto, sm->suite, sm->k_enc, iv, data, &out) !=
		EMRTD_OK)
		abort();
	/* The last block may be padding alone. */
	add_needed(w, "PACE-CAM data", plain, out.len - sm->suite->block_len);
}

/* The integrated mapping's secret between nonces and generator. */
static void
learn_r(struct watch *w, const struct emrtd_card_pace *pace)
{
	uint8_t buf[EMRTD_PACE_R_MAX];
	struct emrtd_out r = emrtd_out(buf, sizeof(buf));

	if (emrtd_pace_r(w->card->crypto, pace->suite, pace->group,
		emrtd_bytes(pace->nonce, pace->suite->nonce_len),
		emrtd_bytes(w->drawn, w->drawn_len), &r) == EMRTD_OK)
		add(w, "PACE R(s, t)", buf, r.len);
}

/* 7C{82 key}, 7C{84 key} and 7C{86 token 8A data}. */
static void
learn_from_answer(struct watch *w, const struct emrtd_group *group,
    struct emrtd_bytes answer)
{
	struct emrtd_bytes inner, key;

	if (group == NULL || answer.len < 2)
		return;
	answer.len -= 2;
	if (!emrtd_tlv(&answer, 0x7C, &inner))
		return;
	if (emrtd_tlv(&inner, 0x82, &key) && key.len > 0)
		learn_shared(w, "PACE shared element of the mapping", group,
		    key);
	else if (emrtd_tlv(&inner, 0x84, &key))
		learn_shared(w, "PACE Z", group, key);
	else if (emrtd_tlv(&inner, 0x86, &key) && emrtd_tlv(&inner, 0x8A, &key))
		learn_proof(w, key);
}

static void
learn_from_pace(struct watch *w)
{
	const struct emrtd_card_pace *pace = &w->card->session.pace;

	if (pace->step == 0)
		return;
	add(w, "PACE K_pi", pace->k_pi, pace->suite->key_len);
	if (pace->step > 1)
		add(w, "PACE nonce", pace->nonce, pace->suite->nonce_len);
	if (pace->step > 2 && pace->generator.len > 0)
		add_element(w, "PACE mapped generator", &pace->generator);
	if (pace->step > 3) {
		add_needed(w, "session K_enc", pace->k_enc,
		    pace->suite->key_len);
		add_needed(w, "session K_mac", pace->k_mac,
		    pace->suite->key_len);
	}
}

static void
learn_from_chip_auth(struct watch *w)
{
	const struct emrtd_chip_ca_key *key = w->card->ca;
	struct emrtd_bytes public_key = { key->public_key.bytes,
		key->public_key.len };

	learn_shared(w, "CA Z", key->group, public_key);
}

static void
learn_from_session(struct watch *w)
{
	const struct emrtd_sm *sm = &w->card->session.sm;
	const struct emrtd_sm *next = &w->card->session.next_sm;
	uint8_t seed[EMRTD_SEED_LEN];

	if (next->live) {
		add_needed(w, "CA K_enc", next->k_enc, next->suite->key_len);
		add_needed(w, "CA K_mac", next->k_mac, next->suite->key_len);
	}

	if (!sm->live)
		return;
	add_needed(w, "session K_enc", sm->k_enc, sm->suite->key_len);
	add_needed(w, "session K_mac", sm->k_mac, sm->suite->key_len);
	if (w->scenario->pace != NULL || w->drawn_len != sizeof(seed))
		return;
	add(w, "BAC K.IC", w->chip_drawn, sizeof(seed));
	for (size_t i = 0; i < sizeof(seed); i++)
		seed[i] = w->drawn[i] ^ w->chip_drawn[i];
	add(w, "BAC K_seed of the session", seed, sizeof(seed));
}

/* ---- The chip ------------------------------------------------------------ */

static bool
is_protected(struct emrtd_bytes command)
{
	return command.len > 0 && (command.ptr[0] & 0x0C) != 0;
}

static const char *
name_of_draw(const struct watch *w, struct emrtd_bytes command)
{
	if (command.len > 1 && command.ptr[1] == 0x82)
		return "BAC K.IFD";
	if (is_protected(command))
		return "CA private key";
	return w->card->session.pace.step < 3
		   ? "PACE private key of the mapping"
		   : "PACE private key";
}

/* The integrated mapping's t travels in clear. */
static bool
is_nonce_of_reader(const struct watch *w)
{
	const struct emrtd_card_pace *pace = &w->card->session.pace;

	return pace->step == 2 && pace->protocol->mapping == EMRTD_PACE_IM;
}

static bool
answer(struct watch *w, int fd, struct emrtd_bytes command, uint8_t *frame)
{
	const struct emrtd_group *group = w->card->session.pace.group;
	struct emrtd_out out = emrtd_out(frame + 2, FRAME_MAX);
	uint32_t before = w->fills;

	if (take_draw(w) && is_nonce_of_reader(w))
		learn_r(w, &w->card->session.pace);
	else if (w->fills > before)
		add(w, name_of_draw(w, command), w->drawn, w->drawn_len);
	if (w->fills > before && is_protected(command) && w->card->n_ca > 0)
		learn_from_chip_auth(w);
	if (emrtd_card_transmit(w->card, command, &out) != EMRTD_OK)
		return false;
	learn_from_pace(w);
	learn_from_session(w);
	learn_from_answer(w, group, emrtd_out_bytes(&out));
	return send_frame(fd, frame, out.len);
}

/* One message of vpcd's framing; false at the end of the connection. */
static bool
one_message(struct watch *w, int fd)
{
	static uint8_t message[FRAME_MAX], frame[2 + FRAME_MAX];
	struct emrtd_bytes atr = emrtd_card_atr(w->card);
	uint8_t head[2];
	size_t len;

	if (!receive(fd, head, sizeof(head)))
		return false;
	len = (size_t)head[0] << 8 | head[1];
	if (!receive(fd, message, len))
		return false;
	if (len != 1)
		return answer(w, fd, emrtd_bytes(message, len), frame);
	if (message[0] != CONTROL_ATR) {
		emrtd_card_reset(w->card);
		return true;
	}
	memcpy(frame + 2, atr.ptr, atr.len);
	return send_frame(fd, frame, atr.len);
}

static bool
issue(struct watch *w)
{
	static const uint8_t end[] = { 0xFF, 0xC0, 0x00, 0x0B, 0x08, 0x00, 0x10,
		0x00, 0x0C, 0x01, 0x01, 0x11, 0x00, 0xFF, 0xD9 };
	const struct scenario *sc = w->scenario;
	struct emrtd_random random = { chip_fill, w };
	struct emrtd_card_profile p;

	emrtd_card_profile_init(&p);
	p.mrz = HOLDER_MRZ;
	memcpy(p.can, HOLDER_CAN, sizeof(HOLDER_CAN));
	memcpy(p.pin, HOLDER_PIN, sizeof(HOLDER_PIN));
	memcpy(p.puk, HOLDER_PUK, sizeof(HOLDER_PUK));
	p.csca_kind = p.ds_kind = EMRTD_CARD_P256;
	reader_random(0x20000, face + 6, COMMENT_LEN);
	memcpy(face + 6 + COMMENT_LEN, end, sizeof(end));
	p.face = emrtd_bytes(face, sizeof(face));
	p.n_pace = sc->pace != NULL;
	p.pace[0].oid = sc->pace != NULL ? emrtd_card_pace_by_name(sc->pace)
					 : NULL;
	p.pace[0].parameter_id = (uint8_t)sc->parameter;
	p.n_ca = sc->ca != NULL;
	p.ca[0] = (struct emrtd_card_ca){ .key_id = EMRTD_CARD_NO_KEY_ID };
	p.ca[0].oid = sc->ca != NULL ? emrtd_card_ca_by_name(sc->ca) : NULL;
	p.ca[0].parameter_id = (uint8_t)sc->ca_parameter;
	p.ca[0].form = sc->ca_parameter < 3 ? EMRTD_CARD_FORM_X942
					    : EMRTD_CARD_FORM_NAMED;
	p.clone = sc->is_clone ? EMRTD_CARD_CLONE_OWN_KEYS
			       : EMRTD_CARD_ORIGINAL;
	if ((sc->misbehave != NULL &&
		emrtd_card_misbehave(&p, sc->misbehave, NULL) != EMRTD_OK) ||
	    emrtd_card_issue(NULL, &p, NULL, &w->card) != EMRTD_OK)
		return false;
	emrtd_card_set_random(w->card, &random);
	return true;
}

/* The files that were read; a part that is cut off is not looked for. */
static void
learn_files(struct watch *w)
{
	add(w, "MRZ of DG1", (const uint8_t *)HOLDER_MRZ, MRZ_LEN);
	add(w, "face of DG2", face + 6, COMMENT_LEN);
}

struct watch *
watch_begin(const struct scenario *sc, struct rendezvous *r, int listener,
    struct secret_list *secrets)
{
	struct watch *w = calloc(1, sizeof(*w));

	if (w == NULL)
		abort();
	w->scenario = sc;
	w->r = r;
	w->secrets = secrets;
	w->listener = listener;
	w->connection = -1;
	if (!issue(w))
		abort();
	if (w->card->n_ca > 0) {
		r->ca_key_len = w->card->ca->public_key.len;
		memcpy(r->ca_key, w->card->ca->public_key.bytes, r->ca_key_len);
	}
	learn_passwords(w);
	return w;
}

bool
watch_serve(struct watch *w, int halted)
{
	for (;;) {
		bool connected = w->connection >= 0;
		struct pollfd fds[2] = { { halted, POLLIN, 0 },
			{ connected ? w->connection : w->listener, POLLIN,
			    0 } };

		if (poll(fds, 2, -1) < 0)
			return false;
		if ((fds[0].revents & POLLIN) != 0)
			break;
		if ((fds[0].revents & POLLHUP) != 0)
			return false;
		if (fds[1].revents == 0)
			continue;
		if (!connected) {
			w->connection = accept(w->listener, NULL, NULL);
		} else if (!one_message(w, w->connection)) {
			(void)close(w->connection);
			w->connection = -1;
		}
	}
	/* Steps without a command. */
	if (w->card->n_ca > 0 && take_draw(w)) {
		add(w, "CA private key", w->drawn, w->drawn_len);
		learn_from_chip_auth(w);
	}
	if (w->r->error == EMRTD_OK && w->r->is_over && !w->scenario->by_steps)
		learn_files(w);
	return true;
}

void
watch_end(struct watch **watch)
{
	if ((*watch)->connection >= 0)
		(void)close((*watch)->connection);
	emrtd_card_free(&(*watch)->card);
	free(*watch);
	*watch = NULL;
}
