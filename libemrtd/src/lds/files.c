#include "lds/files.h"

#include "core/oid.h"
#include "core/tlv.h"

#define TAG_AID 0x4F

/*
 * Data group n has FID 0100 + n and SFI n; the tags follow ISO/IEC 7816-11's
 * order of invention, not the numbers.
 */
#define DG(n, tag_)                                                         \
	{                                                                   \
		EMRTD_DG##n, "EF.DG" #n, 0x0100 + (n), (n), tag_, true, (n) \
	}

/* In the order of enum emrtd_file. */
static const struct emrtd_file_info files[] = {
	{ EMRTD_EF_CARD_ACCESS, "EF.CardAccess", 0x011C, 0x1C, 0x31, false, 0 },
	{ EMRTD_EF_CARD_SECURITY, "EF.CardSecurity", 0x011D, 0x1D, 0x30, false,
	    0 },
	{ EMRTD_EF_COM, "EF.COM", 0x011E, 0x1E, 0x60, true, 0 },
	{ EMRTD_EF_SOD, "EF.SOD", 0x011D, 0x1D, 0x77, true, 0 },
	DG(1, 0x61),
	DG(2, 0x75),
	DG(3, 0x63),
	DG(4, 0x76),
	DG(5, 0x65),
	DG(6, 0x66),
	DG(7, 0x67),
	DG(8, 0x68),
	DG(9, 0x69),
	DG(10, 0x6A),
	DG(11, 0x6B),
	DG(12, 0x6C),
	DG(13, 0x6D),
	DG(14, 0x6E),
	DG(15, 0x6F),
	DG(16, 0x70),
	{ EMRTD_EF_CVCA, "EF.CVCA", 0x011C, 0x1C, 0x42, true, 0 },
	{ EMRTD_EF_DIR, "EF.DIR", 0x2F00, 0x1E, 0x61, false, 0 },
	{ EMRTD_EF_ATR_INFO, "EF.ATR", 0x2F01, 0x01, 0x47, false, 0 },
};

#define N_FILES (sizeof(files) / sizeof(files[0]))
_Static_assert(N_FILES == EMRTD_N_FILES, "one row for each file");

const struct emrtd_file_info *
emrtd_file_info(enum emrtd_file file)
{
	return (size_t)file < N_FILES ? &files[file] : NULL;
}

const char *
emrtd_file_name(enum emrtd_file file)
{
	return (size_t)file < N_FILES ? files[file].name : "?";
}

static char
upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool
same_text(const char *a, const char *b)
{
	for (; *a != '\0' && upper(*a) == upper(*b); a++, b++)
		continue;
	return upper(*a) == upper(*b);
}

bool
emrtd_file_by_name(const char *name, enum emrtd_file *out)
{
	const size_t prefix = sizeof("EF.") - 1;

	for (size_t i = 0; i < N_FILES; i++) {
		if (same_text(name, files[i].name) ||
		    same_text(name, &files[i].name[prefix])) {
			*out = files[i].id;
			return true;
		}
	}
	return false;
}

bool
emrtd_file_by_tag(uint32_t tag, enum emrtd_file *out)
{
	for (size_t i = 0; i < N_FILES; i++) {
		if (files[i].tag == tag) {
			*out = files[i].id;
			return true;
		}
	}
	return false;
}

/*
 * Certificates, keys and much else begin with a SEQUENCE, EF.CardSecurity
 * with that of a CMS SignedData.
 */
static bool
is_signed_data(struct emrtd_bytes content)
{
	struct emrtd_bytes rest, oid;
	uint32_t tag;
	size_t head, len;

	/* The rest may be cut: its first object is enough. */
	return emrtd_tlv_head(content, &tag, &head, &len) &&
	       emrtd_take(&content, head, &rest) &&
	       emrtd_tlv(&content, 0x06, &oid) &&
	       emrtd_oid_is(oid, "1.2.840.113549.1.7.2");
}

/* DG1 and the template of an application have one tag; an AID is in this. */
static bool
is_directory(struct emrtd_bytes content)
{
	struct emrtd_bytes rest;
	uint32_t tag;
	size_t head, len;

	return emrtd_tlv_head(content, &tag, &head, &len) &&
	       emrtd_take(&content, head, &rest) &&
	       emrtd_tlv_peek(&content, &tag) && tag == TAG_AID;
}

bool
emrtd_file_by_content(struct emrtd_bytes content, enum emrtd_file *out)
{
	enum emrtd_file file;
	uint32_t tag;

	if (!emrtd_tlv_peek(&content, &tag) || !emrtd_file_by_tag(tag, &file))
		return false;
	if (file == EMRTD_EF_CARD_SECURITY && !is_signed_data(content))
		return false;
	if (file == EMRTD_DG1 && is_directory(content))
		file = EMRTD_EF_DIR;
	*out = file;
	return true;
}
