#include "nfc_field.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define SHORT_COMMAND_MAX 261
#define SHORT_ANSWER_MAX  258
#define SHOWN_MAX         40 /* bytes of a frame */

struct nfc_field {
	struct nfc_field_config config;
	struct emrtd_picc *first, *others;
	struct pn532 *chip;
	struct emrtd_picc *lies;           /* the one that the chip has */
	struct emrtd_picc_inside document; /* self NULL: none */
	struct nfc_field_counts counts;
};

int64_t
nfc_field_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static uint64_t
now(void)
{
	return (uint64_t)nfc_field_now_ms();
}

/* ---- The document ------------------------------------------------------ */

static void
inside_reset(void *self)
{
	struct nfc_field *field = self;

	if (field->document.self != NULL)
		field->document.reset(field->document.self);
}

static enum emrtd_error
inside_transmit(void *self, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t *takes_us)
{
	struct nfc_field *field = self;
	struct nfc_field_counts *c = &field->counts;
	size_t before = response->len, n;
	enum emrtd_error error;

	if (field->document.self == NULL)
		return EMRTD_E_CARD_LOST;
	error = field->document.transmit(field->document.self, command,
	    response, takes_us);
	n = response->len - before;
	c->commands++;
	c->last_command_ms = nfc_field_now_ms();
	if (command.len > SHORT_COMMAND_MAX || n > SHORT_ANSWER_MAX)
		c->extended++;
	if (command.len > c->longest_command)
		c->longest_command = (uint32_t)command.len;
	if (n > c->longest_answer)
		c->longest_answer = (uint32_t)n;
	return error;
}

void
nfc_field_lay(struct nfc_field *field, struct emrtd_card *document, bool first)
{
	pn532_lay(field->chip, false, now());
	field->document = (struct emrtd_picc_inside){ 0 };
	if (document == NULL)
		return;
	field->document = emrtd_picc_card(document);
	field->lies = first ? field->first : field->others;
	pn532_change(field->chip, field->lies, now());
	pn532_lay(field->chip, true, now());
}

void
nfc_field_replug(struct nfc_field *field)
{
	struct pn532 *chip;

	field->config.chip.picc = field->lies;
	chip = pn532_new(&field->config.chip);
	if (chip == NULL)
		abort();
	pn532_free(&field->chip);
	field->chip = chip;
	pn532_lay(chip, field->document.self != NULL, now());
}

/* ---- Bytes ------------------------------------------------------------- */

static void
show(const struct nfc_field *field, char way, struct emrtd_bytes bytes)
{
	if (!field->config.verbose)
		return;
	(void)fprintf(stderr, "%c[%zu]", way, bytes.len);
	for (size_t i = 0; i < bytes.len && i < SHOWN_MAX; i++)
		(void)fprintf(stderr, " %02x", bytes.ptr[i]);
	(void)fprintf(stderr, bytes.len > SHOWN_MAX ? " ...\n" : "\n");
}

/* Blocks that the document has heard since it was looked last. */
void
nfc_field_look(struct nfc_field *field)
{
	uint32_t blocks = emrtd_picc_counts(field->first).blocks +
			  emrtd_picc_counts(field->others).blocks;

	while (field->counts.card.blocks < blocks) {
		field->counts.card.blocks++;
		if (field->config.on_block != NULL)
			field->config.on_block(field->config.on_block_self,
			    field->counts.card.blocks);
	}
}

void
nfc_field_from_host(struct nfc_field *field, struct emrtd_bytes bytes)
{
	show(field, '>', bytes);
	pn532_from_host(field->chip, bytes, now());
	nfc_field_look(field);
}

bool
nfc_field_to_host(struct nfc_field *field, struct emrtd_out *out)
{
	size_t before = out->len;
	bool any = pn532_to_host(field->chip, out, now());

	nfc_field_look(field);
	if (any)
		show(field, '<',
		    emrtd_bytes(out->ptr + before, out->len - before));
	return any;
}

int64_t
nfc_field_due_ms(const struct nfc_field *field)
{
	uint64_t due = pn532_due_ms(field->chip);

	return due > INT64_MAX ? -1 : (int64_t)due;
}

struct pn532 *
nfc_field_chip(struct nfc_field *field)
{
	return field->chip;
}

struct emrtd_bytes
nfc_frame_data(struct emrtd_bytes frame)
{
	const uint8_t *p = frame.ptr;
	size_t at = 5, len;

	if (frame.len < 8 || p[0] != 0 || p[1] != 0 || p[2] != 0xFF)
		return emrtd_bytes(NULL, 0);
	len = p[3];
	if (p[3] == 0xFF && p[4] == 0xFF) {
		len = (size_t)p[5] << 8 | p[6];
		at = 8;
		if (((p[5] + p[6] + p[7]) & 0xFF) != 0)
			return emrtd_bytes(NULL, 0);
	} else if (((p[3] + p[4]) & 0xFF) != 0) {
		return emrtd_bytes(NULL, 0);
	}
	if (len > frame.len - at)
		return emrtd_bytes(NULL, 0);
	return emrtd_bytes(p + at, len);
}

struct nfc_field_counts
nfc_field_counts(const struct nfc_field *field)
{
	struct nfc_field_counts counts = field->counts;
	struct emrtd_picc_counts others = emrtd_picc_counts(field->others);

	counts.chip = pn532_counts(field->chip);
	counts.card = emrtd_picc_counts(field->first);
	counts.card.blocks += others.blocks;
	counts.card.commands += others.commands;
	counts.card.wtx += others.wtx;
	counts.card.selected += others.selected;
	counts.card.deselected += others.deselected;
	counts.card.ignored += others.ignored;
	return counts;
}

/* ---- Life -------------------------------------------------------------- */

struct nfc_field *
nfc_field_new(const struct nfc_field_config *config)
{
	struct nfc_field *field = calloc(1, sizeof(*field));
	struct emrtd_picc_inside inside = { .reset = inside_reset,
		.transmit = inside_transmit,
		.self = field };
	struct emrtd_picc_config others = config->picc;

	if (field == NULL)
		return NULL;
	field->config = *config;
	others.n_faults = 0;
	if (emrtd_picc_new(&config->picc, &inside, &field->first) == EMRTD_OK &&
	    emrtd_picc_new(&others, &inside, &field->others) == EMRTD_OK) {
		field->lies = field->config.chip.picc = field->first;
		field->chip = pn532_new(&field->config.chip);
	}
	if (field->chip == NULL) {
		(void)fprintf(stderr, "nfc_reader: no such chip\n");
		nfc_field_free(&field);
		return NULL;
	}
	pn532_lay(field->chip, false, now());
	return field;
}

void
nfc_field_free(struct nfc_field **field)
{
	if (*field == NULL)
		return;
	pn532_free(&(*field)->chip);
	emrtd_picc_free(&(*field)->first);
	emrtd_picc_free(&(*field)->others);
	free(*field);
	*field = NULL;
}
