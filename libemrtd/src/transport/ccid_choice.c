#include "transport/ccid_choice.h"

#include "transport/reader_kind.h"

#include <stdio.h>
#include <string.h>

/* Digits of the base, min of them at least; max are taken. */
static bool
take_number(const char **p, unsigned base, unsigned min, unsigned max,
    unsigned *out)
{
	unsigned v = 0, n = 0, d;
	char c;

	for (; n < max; n++, (*p)++) {
		c = **p;
		if (c >= '0' && c <= '9')
			d = (unsigned)(c - '0');
		else if (base == 16 && c >= 'a' && c <= 'f')
			d = (unsigned)(c - 'a') + 10;
		else if (base == 16 && c >= 'A' && c <= 'F')
			d = (unsigned)(c - 'A') + 10;
		else
			break;
		v = v * base + d;
	}
	*out = v;
	return n >= min;
}

/* Two numbers around a sign, and what may follow them. */
static bool
take_pair(const char *p, char sign, unsigned base, unsigned digits,
    unsigned out[2], const char **rest)
{
	unsigned min = base == 16 ? digits : 1;

	if (!take_number(&p, base, min, digits, &out[0]) || *p++ != sign ||
	    !take_number(&p, base, min, digits, &out[1]) ||
	    (*p != '\0' && *p != '/'))
		return false;
	*rest = p;
	return true;
}

bool
emrtd_ccid_want_parse(const char *rest, struct emrtd_ccid_want *out)
{
	unsigned pair[2], slot;

	memset(out, 0, sizeof(*out));
	out->slot = -1;
	if (rest[0] == '\0')
		return true;
	if (take_pair(rest, '.', 10, 3, pair, &rest)) {
		if (pair[0] > 255 || pair[1] > 255)
			return false;
		out->by_address = true;
		out->bus = (uint8_t)pair[0];
		out->address = (uint8_t)pair[1];
	} else if (take_pair(rest, ':', 16, 4, pair, &rest)) {
		out->by_ids = true;
		out->vendor = (uint16_t)pair[0];
		out->product = (uint16_t)pair[1];
	} else {
		return false;
	}
	if (*rest == '\0')
		return true;
	rest++; /* the slash */
	if (!take_number(&rest, 10, 1, 3, &slot) || *rest != '\0')
		return false;
	out->slot = (int)slot;
	return true;
}

void
emrtd_ccid_want_remember(struct emrtd_ccid_want *want,
    const struct emrtd_ccid_found *found)
{
	if (!want->by_address)
		return;
	want->by_ids = true;
	want->bus = found->bus;
	want->address = found->address;
	want->vendor = found->vendor;
	want->product = found->product;
	memcpy(want->ports, found->ports, sizeof(want->ports));
	want->n_ports = found->n_ports;
}

static bool
same_place(const struct emrtd_ccid_want *want, const struct emrtd_ccid_found *f)
{
	if (want->bus != f->bus)
		return false;
	if (want->address == f->address)
		return true;
	return want->n_ports > 0 && want->n_ports == f->n_ports &&
	       memcmp(want->ports, f->ports, f->n_ports) == 0;
}

static bool
meant(const struct emrtd_ccid_want *want, const struct emrtd_ccid_found *f)
{
	if (want->by_ids &&
	    (want->vendor != f->vendor || want->product != f->product))
		return false;
	if (want->by_address && !same_place(want, f))
		return false;
	if (want->slot < 0)
		return true;
	return want->slot >= f->first_slot &&
	       want->slot < f->first_slot + f->reader.n_slots;
}

const struct emrtd_reader_row *
emrtd_ccid_row(const struct emrtd_ccid_found *found)
{
	const struct emrtd_reader_row *row;

	row = emrtd_reader_row(found->vendor, found->product,
	    found->reader.number);
	return row && row->kind == EMRTD_ROW_CCID ? row : NULL;
}

/* The table knows an interface for contacts better than its name does. */
bool
emrtd_ccid_found_contactless(const struct emrtd_ccid_found *found)
{
	const struct emrtd_reader_row *row = emrtd_ccid_row(found);

	if (row)
		return (row->flags & EMRTD_ROW_CONTACTLESS) != 0;
	return emrtd_reader_name_contactless(found->name);
}

unsigned
emrtd_ccid_found_rank(const struct emrtd_ccid_found *found)
{
	if (!found->sound)
		return 0;
	return emrtd_ccid_rank(&found->reader,
	    emrtd_ccid_found_contactless(found));
}

enum emrtd_reader_trouble
emrtd_ccid_found_trouble(const struct emrtd_ccid_found *found)
{
	if (!found->sound)
		return EMRTD_READER_SILENT;
	if (found->reader.level < EMRTD_CCID_SHORT)
		return EMRTD_READER_TPDU;
	if (!emrtd_ccid_found_contactless(found))
		return EMRTD_READER_CONTACTS;
	return EMRTD_READER_FINE;
}

static uint32_t
least(uint32_t a, uint32_t b)
{
	return b > 0 && b < a ? b : a;
}

/* The table knows readers that promise more than they carry. */
void
emrtd_ccid_found_limits(const struct emrtd_ccid_found *found,
    uint32_t *max_command, uint32_t *max_response, bool *extended)
{
	const struct emrtd_reader_row *row = emrtd_ccid_row(found);
	struct emrtd_ccid_interface r = found->reader;

	if (row && row->flags & EMRTD_ROW_SHORT_ONLY &&
	    r.level == EMRTD_CCID_EXTENDED)
		r.level = EMRTD_CCID_SHORT;
	*extended = r.level == EMRTD_CCID_EXTENDED;
	*max_command = emrtd_ccid_max_command(&r);
	*max_response = emrtd_ccid_max_response(&r);
	if (!row)
		return;
	*max_command = least(*max_command, row->max_command);
	*max_response = least(*max_response, row->max_response);
}

void
emrtd_ccid_found_name(const struct emrtd_ccid_found *found, char *out,
    size_t cap)
{
	const struct emrtd_reader_row *row = emrtd_ccid_row(found);

	if (found->name[0])
		snprintf(out, cap, "%s", found->name);
	else if (row && row->name)
		snprintf(out, cap, "%s", row->name);
	else
		snprintf(out, cap, "USB reader %04x:%04x", found->vendor,
		    found->product);
}

void
emrtd_ccid_found_uri(const struct emrtd_ccid_found *found, uint8_t slot,
    char *out, size_t cap)
{
	if (found->device_slots > 1)
		snprintf(out, cap, "ccid:%03u.%03u/%u", found->bus,
		    found->address, found->first_slot + slot);
	else
		snprintf(out, cap, "ccid:%03u.%03u", found->bus,
		    found->address);
}

/* One that counts none, as its descriptors are wrong, is a slot all the same.
 */
static uint16_t
slots_of(const struct emrtd_ccid_found *found)
{
	return found->reader.n_slots > 0 ? found->reader.n_slots : 1;
}

void
emrtd_ccid_count_slots(struct emrtd_ccid_found *interfaces, size_t n)
{
	uint16_t slots = 0;

	for (size_t i = 0; i < n; i++) {
		interfaces[i].first_slot = slots;
		slots = (uint16_t)(slots + slots_of(&interfaces[i]));
	}
	for (size_t i = 0; i < n; i++)
		interfaces[i].device_slots = slots;
}

bool
emrtd_ccid_slot_meant(const struct emrtd_ccid_want *want,
    const struct emrtd_ccid_found *found, uint8_t slot)
{
	return want->slot < 0 || want->slot == found->first_slot + slot;
}

bool
emrtd_ccid_needs_proof(const struct emrtd_ccid_want *want,
    const struct emrtd_ccid_found *found, size_t n_candidates)
{
	bool named = want->by_address || want->by_ids;

	if (want->slot < 0 && found->reader.n_slots > 1)
		return true;
	/* One name may stand for two interfaces, of which one has contacts. */
	if (n_candidates > 1 && !emrtd_ccid_row(found))
		return true;
	return !named && !emrtd_ccid_found_contactless(found);
}

/*
 * Unless it was named, a reader that the table calls one for contacts is not
 * touched: powering on somebody's other card is not ours to do.
 */
static bool
usable(const struct emrtd_ccid_want *want, const struct emrtd_ccid_found *f)
{
	bool named = want->by_address || want->by_ids;

	if (emrtd_ccid_found_rank(f) == 0)
		return false;
	return named || emrtd_ccid_found_contactless(f) || !emrtd_ccid_row(f);
}

size_t
emrtd_ccid_candidates(const struct emrtd_ccid_want *want,
    const struct emrtd_ccid_found *found, size_t n,
    uint8_t order[EMRTD_CCID_MAX_FOUND], enum emrtd_reader_trouble *why)
{
	unsigned rank, best = 0;
	size_t n_order = 0, at;

	*why = EMRTD_READER_FINE;
	for (size_t i = 0; i < n && i < EMRTD_CCID_MAX_FOUND; i++) {
		if (!meant(want, &found[i]))
			continue;
		if (!usable(want, &found[i])) {
			*why = emrtd_ccid_found_trouble(&found[i]);
			continue;
		}
		rank = emrtd_ccid_found_rank(&found[i]);
		if (rank > best)
			best = rank;
		/* Among equals the order of the bus. */
		for (at = n_order++;
		     at > 0 &&
		     emrtd_ccid_found_rank(&found[order[at - 1]]) < rank;
		     at--)
			order[at] = order[at - 1];
		order[at] = (uint8_t)i;
	}
	while (emrtd_ccid_rank_contactless(best) &&
	       !emrtd_ccid_rank_contactless(
		   emrtd_ccid_found_rank(&found[order[n_order - 1]])))
		n_order--;
	return n_order;
}
