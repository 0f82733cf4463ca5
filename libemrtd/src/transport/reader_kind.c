#include "transport/reader_kind.h"

#include "apdu/apdu.h"
#include "core/cursor.h"

#include <string.h>

#define SHORT_COMMAND  261
#define SHORT_RESPONSE 258

bool
emrtd_atr_contactless(struct emrtd_bytes atr)
{
	struct emrtd_bytes rest = atr;
	uint8_t ts, t0, td1, td2, check = 0;
	size_t n;

	if (!emrtd_u8(&rest, &ts) || !emrtd_u8(&rest, &t0) ||
	    !emrtd_u8(&rest, &td1) || !emrtd_u8(&rest, &td2))
		return false;
	n = t0 & 0x0F;
	if (ts != 0x3B || (t0 & 0xF0) != 0x80 || td1 != 0x80 || td2 != 0x01 ||
	    rest.len != n + 1)
		return false;
	for (size_t i = 1; i < atr.len; i++)
		check ^= atr.ptr[i];
	return check == 0;
}

bool
emrtd_atr_storage_card(struct emrtd_bytes atr)
{
	static const uint8_t rid[] = { 0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00, 0x03,
		0x06 };
	struct emrtd_bytes rest = atr, head, id;

	return emrtd_take(&rest, 4, &head) &&
	       emrtd_take(&rest, sizeof(rid), &id) &&
	       emrtd_bytes_equal(id, emrtd_bytes(rid, sizeof(rid)));
}

static bool
is_word_character(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z');
}

/* 'CL' is a word in '5022 CL', not in 'CLOUD'. */
static bool
has_word(const char *name, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = strcasestr(name, word); p;
	     p = strcasestr(p + 1, word))
		if ((p == name || !is_word_character(p[-1])) &&
		    !is_word_character(p[len]))
			return true;
	return false;
}

bool
emrtd_reader_name_contacts(const char *name)
{
	return has_word(name, "SAM") || has_word(name, "ICC");
}

bool
emrtd_reader_name_contactless(const char *name)
{
	static const char *const parts[] = { "contactless", "contact-less",
		"rfid", "epassport", "mifare", "felica", "acr122", "-cl " };
	static const char *const words[] = { "picc", "cl", "nfc", "pcl",
		"5422cl", "rf" };

	if (emrtd_reader_name_contacts(name))
		return false;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strcasestr(name, parts[i]))
			return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (has_word(name, words[i]))
			return true;
	return false;
}

bool
emrtd_reader_name_fits(const char *name, const char *want)
{
	return strcasestr(name, want) != NULL;
}

unsigned
emrtd_reader_score(const char *name, bool present, struct emrtd_bytes atr)
{
	unsigned score = emrtd_reader_name_contactless(name) ? 2 : 0;

	if (!present)
		return score;
	if (emrtd_atr_storage_card(atr))
		return score;
	return score + (emrtd_atr_contactless(atr) ? 8 : 1);
}

bool
emrtd_pcsc_feature(struct emrtd_bytes list, uint8_t tag, uint32_t *code)
{
	uint8_t t, len;
	uint32_t v;

	while (!emrtd_end(&list)) {
		if (!emrtd_u8(&list, &t) || !emrtd_u8(&list, &len) ||
		    len != 4 || !emrtd_u32(&list, &v))
			return false;
		if (t == tag) {
			*code = v;
			return true;
		}
	}
	return false;
}

bool
emrtd_pcsc_property(struct emrtd_bytes list, uint8_t tag, uint32_t *value)
{
	struct emrtd_bytes v;
	uint8_t t, len;

	while (!emrtd_end(&list)) {
		if (!emrtd_u8(&list, &t) || !emrtd_u8(&list, &len) ||
		    !emrtd_take(&list, len, &v))
			return false;
		if (t != tag)
			continue;
		if (v.len == 0 || v.len > 4)
			return false;
		*value = 0;
		for (size_t i = v.len; i-- > 0;)
			*value = *value << 8 | v.ptr[i];
		return true;
	}
	return false;
}

void
emrtd_pcsc_limits(uint32_t max_apdu_data, struct emrtd_link_info *info)
{
	info->extended = max_apdu_data != 0;
	if (!info->extended) {
		info->max_command = SHORT_COMMAND;
		info->max_response = SHORT_RESPONSE;
		return;
	}
	if (max_apdu_data > 65535)
		max_apdu_data = 65535;
	info->max_command = max_apdu_data + (EMRTD_COMMAND_MAX - 65535);
	info->max_response = max_apdu_data < 65535 ? max_apdu_data + 2
						   : EMRTD_RESPONSE_MAX;
}

static uint32_t
lower_known(uint32_t a, uint32_t b)
{
	if (a == 0 || b == 0)
		return a ? a : b;
	return a < b ? a : b;
}

static void
apply_row(const struct emrtd_reader_row *row, struct emrtd_link_info *info)
{
	uint32_t command = info->max_command, response = info->max_response;
	bool is_short = (row->flags & EMRTD_ROW_SHORT_ONLY) != 0;

	if (row->oddity != NULL)
		strncpy(info->oddity, row->oddity, sizeof(info->oddity) - 1);
	info->max_command = lower_known(command,
	    lower_known(row->max_command, is_short ? SHORT_COMMAND : 0));
	info->max_response = lower_known(response,
	    lower_known(row->max_response, is_short ? SHORT_RESPONSE : 0));
	if (info->max_command == command && info->max_response == response)
		return;
	info->extended &= info->max_command > SHORT_COMMAND;
	info->limits_from = EMRTD_LIMITS_TABLE;
}

void
emrtd_pcsc_apply(const struct emrtd_pcsc_traits *traits,
    const struct emrtd_reader_row *row, struct emrtd_link_info *info)
{
	if (traits->has_max_apdu) {
		emrtd_pcsc_limits(traits->max_apdu, info);
		info->limits_from = EMRTD_LIMITS_READER;
	} else if (traits->max_input != 0 &&
		   traits->max_input <= SHORT_COMMAND) {
		emrtd_pcsc_limits(0, info);
		info->limits_from = EMRTD_LIMITS_READER;
	}
	info->reader_pace = traits->pace_code != 0;
	if (row != NULL)
		apply_row(row, info);
}
