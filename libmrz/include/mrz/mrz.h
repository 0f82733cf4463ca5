/*
 * libmrz: the machine-readable zone of travel documents as text.
 *
 * Parses, checks and builds the zones of ICAO Doc 9303: TD1 (part 5), TD2
 * (part 6), TD3 (part 4), MRV-A and MRV-B (part 7), and of some national
 * documents (docs/FORMATS.md).
 *
 * Freestanding C: no allocation, no I/O, no locale, no floating point, no
 * clock. Of the C library it needs memcpy, memmove, memset and memcmp. The
 * caller owns every buffer; nothing is kept past a call. All functions may be
 * called from any thread. Nothing recurses. Of the stack mrz_repair takes some
 * 60 KiB, everything else 20 at most (x86-64, gcc -O2), and what the caller has
 * there: struct mrz_doc is below 4 KiB, struct mrz_repair 16.
 *
 * Lines and columns are counted from 1, as a person counts them on the paper.
 */
#ifndef MRZ_MRZ_H
#define MRZ_MRZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define MRZ_CHECKED __attribute__((warn_unused_result))
#define MRZ_EXPORT  __attribute__((visibility("default")))
#else
#define MRZ_CHECKED
#define MRZ_EXPORT
#endif

/* Sizes include the terminating NUL. */
#define MRZ_MAX_LINES    3
#define MRZ_MAX_LINE_LEN 44
#define MRZ_LINE_CAP     45
#define MRZ_FIELD_CAP    45
#define MRZ_MAX_NUMBER   22 /* longest document number (TD1, note j) */
#define MRZ_NUMBER_CAP   23
#define MRZ_KEY_INFO_CAP (MRZ_MAX_NUMBER + 1 + 7 + 7 + 1)
#define MRZ_MAX_CHECKS   40 /* slots of struct mrz_doc; more than are in use */
#define MRZ_FIELD_SLOTS  24 /* the same for its fields */
#define MRZ_NO_DAY       INT32_MIN /* a day number that is not known */

/* ---- Errors ---------------------------------------------------------- */

/* Append only: the numbers are part of the interface. */
#define MRZ_ERRORS(X)                                                          \
	X(MRZ_OK, NONE, "no error")                                            \
	X(MRZ_E_ARG, USAGE, "an argument is not allowed")                      \
	X(MRZ_E_SPACE, RESOURCE, "the output buffer is too small")             \
	X(MRZ_E_EMPTY, MALFORMED, "there is no MRZ text")                      \
	X(MRZ_E_LAYOUT, MALFORMED, "no MRZ layout fits the text")              \
	X(MRZ_E_CHECK, MALFORMED, "a field that is needed did not verify")     \
	X(MRZ_E_CHARACTER, MALFORMED, "a character has no place in the field") \
	X(MRZ_E_LENGTH, MALFORMED, "a value does not fit into its field")      \
	X(MRZ_E_MISSING, MALFORMED, "a mandatory field is empty")              \
	X(MRZ_E_DATE, MALFORMED, "a date does not exist in the calendar")      \
	X(MRZ_E_NO_MEMORY, RESOURCE, "out of memory")                          \
	X(MRZ_E_INTERNAL, INTERNAL, "an error of the library")                 \
	X(MRZ_E_FONT, RESOURCE, "a font is missing or cannot be used")         \
	X(MRZ_E_TOO_LARGE, RESOURCE, "the picture has too many pixels")

#define MRZ_ENUM_ROW(name, class, text) name,
enum mrz_error {
	MRZ_ERRORS(MRZ_ENUM_ROW) MRZ_N_ERRORS
};

enum mrz_error_class {
	MRZ_CLASS_NONE,
	MRZ_CLASS_USAGE,
	MRZ_CLASS_RESOURCE,
	MRZ_CLASS_MALFORMED,
	MRZ_CLASS_INTERNAL
};

/*
 * mrz_error_name, mrz_error_text, mrz_error_class - what an error is called,
 * a sentence about it, its class. Never NULL, whatever the number.
 */
MRZ_EXPORT const char *mrz_error_name(enum mrz_error error);
MRZ_EXPORT const char *mrz_error_text(enum mrz_error error);
MRZ_EXPORT enum mrz_error_class mrz_error_class(enum mrz_error error);

/* ---- Verdicts -------------------------------------------------------- */

/* Zeroed memory never reads as passed. */
enum mrz_verdict {
	MRZ_NOT_RUN = 0,
	MRZ_PASSED,
	MRZ_FAILED,
	MRZ_NOT_OFFERED, /* the layout has nothing that would prove it */
	MRZ_UNDETERMINED,
	MRZ_N_VERDICTS
};

/*
 * accepted   one layout fits, every character is legal at its place, every
 *            check digit of the layout verifies as printed, dates exist in
 *            the calendar (or are unknown as the standard allows)
 * uncertain  read off a picture that leaves doubt (mrz_doubt), or it verifies
 *            only after a repair (mrz_repair_mark, mrz_repair_apply). Without
 *            these calls text is accepted or rejected
 * rejected   anything else
 * Findings (code lists, validity, truncation) never change it. A layout
 * without a check digit over everything (visas) can be accepted all the same:
 * the fields then say that nothing proves them.
 */
enum mrz_status {
	MRZ_REJECTED = 0,
	MRZ_UNCERTAIN,
	MRZ_ACCEPTED,
	MRZ_N_STATUSES
};

/* Why a field or check has its verdict: a stable name and a sentence. */
#define MRZ_REASONS(X)                                                        \
	X(MRZ_R_NONE, "")                                                     \
	X(MRZ_R_EMPTY_TEXT, "there is no MRZ text")                           \
	X(MRZ_R_LINE_COUNT, "no layout has this many lines of this length")   \
	X(MRZ_R_LINE_LENGTH, "the line has a wrong length")                   \
	X(MRZ_R_NOT_MRZ_CHARACTER,                                            \
	    "the character is not of the MRZ alphabet (A-Z, 0-9, <)")         \
	X(MRZ_R_LOWER_CASE, "a lower-case letter")                            \
	X(MRZ_R_LETTER_EXPECTED, "only letters may stand here")               \
	X(MRZ_R_DIGIT_EXPECTED, "only digits may stand here")                 \
	X(MRZ_R_FILLER_EXPECTED, "only fillers may follow a filler here")     \
	X(MRZ_R_SEX, "only M, F or < may stand here")                         \
	X(MRZ_R_EMPTY_FIELD, "a mandatory field is empty")                    \
	X(MRZ_R_CHECK_DIGIT, "the check digit does not verify")               \
	X(MRZ_R_NO_CHECK_DIGIT,                                               \
	    "there is no digit at the place of the check digit")              \
	X(MRZ_R_LONG_NUMBER,                                                  \
	    "the document number goes on in the optional data, but its end "  \
	    "(check digit and filler) is not there")                          \
	X(MRZ_R_COMPOSITE, "the composite check digit does not verify")       \
	X(MRZ_R_CALENDAR, "no such day in the calendar")                      \
	X(MRZ_R_DATE_PART, "a year, month or day is half digit, half filler") \
	X(MRZ_R_UNPROTECTED, "no check digit covers it")                      \
	X(MRZ_R_UNKNOWN_CODE, "the code is not in the list")                  \
	X(MRZ_R_NOT_FOR_MRZ,                                                  \
	    "the code exists, but the MRZ has another one for it")            \
	X(MRZ_R_MAYBE_TRUNCATED,                                              \
	    "the name fills its field, so it counts as truncated")            \
	X(MRZ_R_NAME_SHAPE,                                                   \
	    "fillers in the name where the standard puts none")               \
	X(MRZ_R_NO_SURNAME, "the primary identifier is empty")                \
	X(MRZ_R_EXPIRED, "the date of expiry has passed")                     \
	X(MRZ_R_NO_TODAY, "the current day was not given")                    \
	X(MRZ_R_FILLER_COUNTED,                                               \
	    "verifies if the filler in the place of the check digit is "      \
	    "counted, as some issuers do")                                    \
	X(MRZ_R_NOT_IN_LAYOUT, "the layout has no such check digit")          \
	X(MRZ_R_TOO_LONG, "the value does not fit into its field")            \
	X(MRZ_R_NATIONALITY_ONLY,                                             \
	    "the code stands for persons, not for an issuer")                 \
	X(MRZ_R_NO_COMPOSITE, "the layout has no check digit over the whole") \
	X(MRZ_R_DOUBTFUL, "the picture leaves doubt about a character")       \
	X(MRZ_R_NOT_UTF8, "the text is not UTF-8")                            \
	X(MRZ_R_NO_TRANSLITERATION,                                           \
	    "the standard has no transliteration for the character")          \
	X(MRZ_R_NAME_DIFFERS,                                                 \
	    "no transliteration of the name gives the name in the MRZ")       \
	X(MRZ_R_REPAIRABLE,                                                   \
	    "it would verify if characters that look alike were exchanged")   \
	X(MRZ_R_REPAIRED, "characters are not those that were read")          \
	X(MRZ_R_NO_REPAIR, "no repair was found")                             \
	X(MRZ_R_SEX_X,                                                        \
	    "X is for the visual zone; in the MRZ < stands in its place")     \
	X(MRZ_R_CODE_NOT_HERE,                                                \
	    "the code is known, but not in documents of this format")         \
	X(MRZ_R_CODE_FORBIDDEN,                                               \
	    "the standard does not allow this second character")              \
	X(MRZ_R_CODE_OLD,                                                     \
	    "the second letter is none of the standard's: issuers had their " \
	    "own before 2026, or none before 2028")                           \
	X(MRZ_R_CODE_TOO_OLD,                                                 \
	    "passports with such a code expire before January 2038")          \
	X(MRZ_R_FORMER_CODE, "the code has been withdrawn")                   \
	X(MRZ_R_LIST_SIGNER,                                                  \
	    "the code signs certificate lists, and issues nothing")           \
	X(MRZ_R_UN_NATIONALITY,                                               \
	    "documents of the United Nations name them as nationality, "      \
	    "too, and others do not")                                         \
	X(MRZ_R_KIND_OF_PERSON,                                               \
	    "document code and nationality speak of different people")        \
	X(MRZ_R_FORM, "the character has no place in the form of the field")  \
	X(MRZ_R_HEAD, "no layout with lines of these lengths begins so")      \
	X(MRZ_R_NO_SUCH_FIELD, "the layout has no such field")                \
	X(MRZ_R_NO_DIGITS,                                                    \
	    "the layout has no check digit: nothing proves what it says")     \
	X(MRZ_R_OTHER_LAYOUT,                                                 \
	    "with these values the zone would be read as of another layout")  \
	X(MRZ_R_NO_LAYOUT, "no layout fits the text")

#define MRZ_REASON_ROW(name, text) name,
enum mrz_reason {
	MRZ_REASONS(MRZ_REASON_ROW) MRZ_N_REASONS
};

/*
 * The words for verdicts ("passed") and statuses ("accepted"); the name of a
 * reason ("MRZ_R_CHECK_DIGIT") and a sentence for it. Never NULL.
 */
MRZ_EXPORT const char *mrz_verdict_name(enum mrz_verdict verdict);
MRZ_EXPORT const char *mrz_status_name(enum mrz_status status);
MRZ_EXPORT const char *mrz_reason_name(enum mrz_reason reason);
MRZ_EXPORT const char *mrz_reason_text(enum mrz_reason reason);

/* ---- Layouts and fields ---------------------------------------------- */

/* The first five are those of Doc 9303; docs/FORMATS.md has the others. */
enum mrz_format {
	MRZ_UNKNOWN = 0,
	MRZ_TD1,
	MRZ_TD2,
	MRZ_TD3,
	MRZ_MRVA,
	MRZ_MRVB,
	MRZ_FRA_ID,  /* France, identity card 1988 to 2021: two lines of 36 */
	MRZ_FRA_DL,  /* France, driving licence: one line of 30 */
	MRZ_NLD_DL,  /* Netherlands, driving licence: one line of 30 */
	MRZ_CHE_DL,  /* Switzerland, driving licence: lines of 9, 30 and 30 */
	MRZ_CHN_EEP, /* China, exit-entry permit CS, CD: one line of 30 */
	MRZ_N_FORMATS
};

enum mrz_field_id {
	MRZ_F_DOCUMENT_CODE = 0,
	MRZ_F_ISSUING_STATE,
	MRZ_F_SURNAME,
	MRZ_F_GIVEN_NAMES,
	MRZ_F_DOCUMENT_NUMBER,
	MRZ_F_NATIONALITY,
	MRZ_F_DATE_OF_BIRTH,
	MRZ_F_SEX,
	MRZ_F_DATE_OF_EXPIRY,
	MRZ_F_OPTIONAL_DATA,
	MRZ_F_OPTIONAL_DATA_2,     /* TD1 only: second line */
	MRZ_F_ADMINISTRATIVE_CODE, /* FRA-ID: department and office */
	MRZ_F_VERSION,             /* NLD-DL, CHE-DL: of the card */
	MRZ_F_BLANK_NUMBER,        /* CHE-DL: of the card stock */
	MRZ_F_LANGUAGE,            /* CHE-DL: D, F, I or R */
	MRZ_N_FIELDS
};

/*
 * mrz_format_name ("TD3", "MRV-A"; "unknown"), mrz_format_find (its inverse:
 * MRZ_UNKNOWN when there is no such name), mrz_format_lines (0 for
 * MRZ_UNKNOWN), mrz_format_line_len_at (line counts from 1; 0 for a line that
 * the format does not have), mrz_format_line_len (the length that all its
 * lines have; 0 when they differ), mrz_field_name ("document_number"). Names
 * are never NULL.
 */
MRZ_EXPORT const char *mrz_format_name(enum mrz_format format);
MRZ_EXPORT enum mrz_format mrz_format_find(const char *name);
MRZ_EXPORT unsigned mrz_format_lines(enum mrz_format format);
MRZ_EXPORT unsigned mrz_format_line_len(enum mrz_format format);
MRZ_EXPORT unsigned mrz_format_line_len_at(enum mrz_format format,
    unsigned line);
MRZ_EXPORT const char *mrz_field_name(enum mrz_field_id id);

/* A run of characters on the paper; all zero where there is none. */
struct mrz_place {
	uint32_t line;
	uint32_t column;
	uint32_t length;
};

/* What stands behind the characters of a field, as bits: by its layout and
 * this document, whether or not it holds. No bit: nothing protects it. */
enum mrz_protection {
	MRZ_BY_DIGIT = 1,     /* a check digit of its own */
	MRZ_BY_COMPOSITE = 2, /* a check digit over several fields */
	MRZ_BY_ALPHABET = 4,  /* letters alone, digits alone, or fewer */
	MRZ_BY_CODE_LIST = 8, /* a list of codes (findings tell) */
	MRZ_BY_CALENDAR = 16  /* days that exist */
};

/*
 * A field as read. text has lost its trailing fillers; in names the
 * fillers between components are spaces, in every other field inner fillers
 * stay '<'. A field that the layout does not have is not present. A surname
 * and given names share the name field; place says where each of them stands.
 *
 * verdict  passed         covered by a check digit (its own, else the
 *                         composite one) that verifies
 *          not_offered    legal, but no check digit covers it
 *          undetermined   only the composite digit covers it, and that fails
 *          failed         illegal character, wrong digit, or no such day
 */
struct mrz_field {
	bool present;
	char text[MRZ_FIELD_CAP];
	enum mrz_verdict verdict;
	enum mrz_reason reason;
	struct mrz_place place;
	struct mrz_place wrong; /* when failed: the character, digit or field */
	uint32_t protection;    /* of enum mrz_protection */
	char digit_printed;     /* its own check digit; '\0': it has none */
	char digit_expected;    /* '\0' also when it cannot be computed */
};

/*
 * mrz_field_expected - what may stand in a field of a layout, in words
 * ("digits YYMMDD"). Never NULL; "" for a field that the layout does not have.
 * mrz_protection_name - "digit", "composite", "alphabet", "code_list",
 * "calendar"; "" for anything but one of these bits.
 */
MRZ_EXPORT const char *mrz_field_expected(enum mrz_format format,
    enum mrz_field_id id);
MRZ_EXPORT const char *mrz_protection_name(enum mrz_protection bit);

/* ---- Dates ----------------------------------------------------------- */

/*
 * A date YYMMDD of which year, month and day may each be unknown ('<<').
 * year is the full year, or -1; month and day are 0 when unknown. from and
 * to (day numbers, both included) are the first and the last day that it can
 * mean; both are MRZ_NO_DAY when the year is unknown, or its century for want
 * of 'today'. A birth is not after today, also where its day is unknown.
 */
struct mrz_date {
	bool valid; /* it exists in the calendar; else all below is empty */
	int32_t year;
	uint8_t month;
	uint8_t day;
	int32_t from;
	int32_t to;
};

/*
 * Civil dates (proleptic Gregorian) and day numbers: days since 1970-01-01.
 *
 * mrz_day_from_civil - false, and *out untouched, for a day that does not
 * exist or a year outside 1..9999.
 * mrz_day_to_civil - any of the pointers may be NULL. False, and nothing
 * written, for a day outside those years.
 */
MRZ_EXPORT bool mrz_day_from_civil(int32_t year, unsigned month, unsigned day,
    int32_t *out);
MRZ_EXPORT bool mrz_day_to_civil(int32_t day_number, int32_t *year,
    unsigned *month, unsigned *day);

enum mrz_date_kind {
	MRZ_DATE_BIRTH,
	MRZ_DATE_EXPIRY
};

/*
 * mrz_date_parse - read six characters YYMMDD; unknown parts as '<<'.
 * in:     text   6 bytes
 *         kind   decides the century:
 *                birth   the latest year in which it is not after today
 *                expiry  the year within [today - 50, today + 49]. MRZs are
 *                        printed since about 1980, so an older expiry cannot
 *                        be; TR-03135 has a shorter future (15 years), which
 *                        would call cards for older people expired
 *         today  day number, or MRZ_NO_DAY: the century then stays unknown,
 *                year is -1, from and to are MRZ_NO_DAY
 * out:    out    always written
 *         reason why it is not valid (DIGIT_EXPECTED, NOT_MRZ_CHARACTER,
 *                DATE_PART, CALENDAR), else MRZ_R_NONE
 * returns out->valid. An expiry has no unknown parts (Doc 9303-3 4.8 speaks
 * of the date of birth only).
 * source: Doc 9303-3 4.8
 */
MRZ_EXPORT bool mrz_date_parse(const char *text, enum mrz_date_kind kind,
    int32_t today, struct mrz_date *out, enum mrz_reason *reason);

/* ---- Check digits ---------------------------------------------------- */

/*
 * mrz_check_digit - the check digit over len characters, as '0'..'9'.
 * Weights 7 3 1 repeated, A = 10 .. Z = 35, '<' = 0, modulo 10. Returns '\0'
 * if a character is not of the MRZ alphabet; an empty string gives '0'.
 * source: Doc 9303-3 4.9; vectors: tests/vectors/mrz_specimens.txt
 */
MRZ_EXPORT char mrz_check_digit(const char *s, size_t len);

/* ---- Parsing --------------------------------------------------------- */

/* One table for library, JSON (docs/CHECKS.md) and tools. Rows marked FINDING
 * never change the status. */
#define MRZ_CHECKS(X)                                             \
	X(MRZ_C_LAYOUT, "mrz.layout", PROOF)                      \
	X(MRZ_C_CHARACTERS, "mrz.characters", PROOF)              \
	X(MRZ_C_NUMBER, "mrz.check_digit.document_number", PROOF) \
	X(MRZ_C_BIRTH, "mrz.check_digit.date_of_birth", PROOF)    \
	X(MRZ_C_EXPIRY, "mrz.check_digit.date_of_expiry", PROOF)  \
	X(MRZ_C_OPTIONAL, "mrz.check_digit.optional_data", PROOF) \
	X(MRZ_C_COMPOSITE, "mrz.check_digit.composite", PROOF)    \
	X(MRZ_C_BIRTH_DATE, "mrz.date_of_birth", PROOF)           \
	X(MRZ_C_EXPIRY_DATE, "mrz.date_of_expiry", PROOF)         \
	X(MRZ_C_DOCUMENT_CODE, "mrz.document_code", FINDING)      \
	X(MRZ_C_ISSUING_STATE, "mrz.issuing_state", FINDING)      \
	X(MRZ_C_NATIONALITY, "mrz.nationality", FINDING)          \
	X(MRZ_C_NAME, "mrz.name", FINDING)                        \
	X(MRZ_C_NAME_TRUNCATED, "mrz.name_truncated", FINDING)    \
	X(MRZ_C_EXPIRED, "mrz.expired", FINDING)                  \
	X(MRZ_C_PROOF, "mrz.proof", FINDING)                      \
	X(MRZ_C_READING, "mrz.reading", PROOF)                    \
	X(MRZ_C_REPAIR, "mrz.repair", PROOF)                      \
	X(MRZ_C_NAME_MATCH, "mrz.name_match", FINDING)

#define MRZ_CHECK_ROW(name, id, kind) name,
enum mrz_check_id {
	MRZ_CHECKS(MRZ_CHECK_ROW) MRZ_N_CHECKS
};

/* mrz_check_name - "mrz.layout"; mrz_check_is_finding - it never changes the
 * status. */
MRZ_EXPORT const char *mrz_check_name(enum mrz_check_id id);
MRZ_EXPORT bool mrz_check_is_finding(enum mrz_check_id id);

/*
 * place is what the check is about: the check digit, the field, or for
 * mrz.layout and mrz.characters the first thing that is wrong. printed and
 * computed are the check digit on the paper and the right one, else '\0'.
 */
struct mrz_check {
	enum mrz_check_id id;
	enum mrz_verdict verdict;
	enum mrz_reason reason;
	struct mrz_place place;
	char printed;
	char computed;
};

/* How the check digit of the document number was found to verify. */
enum mrz_number_rule {
	MRZ_NUMBER_UNPROVEN = 0,
	MRZ_NUMBER_SHORT,       /* in one field, digit beside it */
	MRZ_NUMBER_LONG,        /* over the characters of the number alone */
	MRZ_NUMBER_LONG_FILLER, /* only with the filler counted in */
	MRZ_NUMBER_LONG_EITHER  /* by both rules */
};

/*
 * How far a text came on the way to an accepted document: the last of these
 * that it reached. Each has what stands before it.
 */
enum mrz_stage {
	MRZ_STAGE_NOTHING = 0, /* no text */
	MRZ_STAGE_TEXT,        /* text with characters that no MRZ has */
	MRZ_STAGE_ALPHABET,    /* its first lines are A-Z 0-9 < alone */
	MRZ_STAGE_LAYOUT,      /* a layout fits */
	MRZ_STAGE_CHARACTERS,  /* every character is legal at its place */
	MRZ_STAGE_DIGITS,      /* every check digit verifies */
	MRZ_STAGE_DATES,       /* every date exists: accepted as text */
	MRZ_N_STAGES
};

/* mrz_stage_name - "nothing", "text", "alphabet", "layout", "characters",
 * "digits", "dates". Never NULL. */
MRZ_EXPORT const char *mrz_stage_name(enum mrz_stage stage);

/*
 * Plain data without pointers, of one layout on every machine whose enums are
 * as wide as int (tests/abi); members are added at its end alone.
 */
struct mrz_doc {
	uint32_t size; /* set by the library */
	enum mrz_format format;
	enum mrz_status status;

	/* As read; a byte that is not printable ASCII is shown as '?', and
	 * what goes past 44 characters is cut. line_len is the true length. */
	uint32_t n_lines;
	uint32_t line_len[MRZ_MAX_LINES];
	char lines[MRZ_MAX_LINES][MRZ_LINE_CAP];

	/* When no layout fits: those that were probably meant, since every
	 * line comes near or one line is right. When several have lines of
	 * these lengths and begin so: all of them; format is then the one as
	 * which the text verifies (none verifies as two), or comes farthest.
	 * Else 0. Bit (1 << format). */
	uint32_t candidates;

	struct mrz_field fields[MRZ_FIELD_SLOTS]; /* by enum mrz_field_id */
	bool maybe_truncated;                     /* the name */

	/* Whole document number, and the digit that was printed for it. */
	char number_check_digit;
	enum mrz_number_rule number_rule;

	struct mrz_date birth;
	struct mrz_date expiry;

	uint32_t n_checks;
	struct mrz_check checks[MRZ_MAX_CHECKS];

	enum mrz_stage stage;

	/* Of the text, also those that lines[] has no place for. */
	uint32_t n_text_lines;
};

struct mrz_options {
	uint32_t size; /* sizeof(struct mrz_options) */
	int32_t today; /* day number, or MRZ_NO_DAY */
};

/*
 * mrz_parse, mrz_parse_sized - read one zone. The second is what a program
 * calls that was not compiled with this header.
 * in:     text     the lines as printed, ended by LF, CR or CRLF, or the
 *                  whole zone on one line (90, 72 or 88 characters, as in
 *                  DG1; 69 for CHE-DL). Blank lines around it, blanks at
 *                  line ends and a UTF-8 byte order mark are skipped; nothing
 *                  else is
 *         len      in bytes; any bytes, NUL included
 *         options  NULL: no 'today'
 * out:    out      always written, and complete also with an error
 *         out_size sizeof(struct mrz_doc) as the caller knows it; what a
 *                  newer caller has more is zeroed
 * returns MRZ_OK        a layout fits. This is not a verdict: see out->status
 *         MRZ_E_ARG     options->size or out_size is too small; out is then
 *                       not written if it was out_size
 *         MRZ_E_EMPTY   no text
 *         MRZ_E_LAYOUT  none fits; out->checks[0] says why and where,
 *                       out->candidates which layouts were meant
 * NULL is not allowed for text (unless len is 0) and out.
 * source: Doc 9303-3 4, -4 to -7 4.2, -7 7.2; vectors:
 * tests/vectors/mrz_specimens.txt
 */
MRZ_EXPORT MRZ_CHECKED enum mrz_error mrz_parse_sized(const char *text,
    size_t len, const struct mrz_options *options, struct mrz_doc *out,
    size_t out_size);

MRZ_CHECKED static inline enum mrz_error
mrz_parse(const char *text, size_t len, const struct mrz_options *options,
    struct mrz_doc *out)
{
	return mrz_parse_sized(text, len, options, out, sizeof(*out));
}

/* mrz_doc_check - the row of a check, or NULL if it was not made. Borrowed
 * from doc. */
MRZ_EXPORT const struct mrz_check *mrz_doc_check(const struct mrz_doc *doc,
    enum mrz_check_id id);

/*
 * mrz_next - find the next zone in a text that holds several, one after the
 * other: parted by blank lines, or known by the length of their lines. What
 * may be a broken zone is found too, for mrz_parse to say what is wrong.
 * Headings and other words around zones are passed over: a zone begins only
 * at a line to which two of these apply: it has 27 characters or more, it has
 * only characters of the MRZ alphabet, it has a filler ('<').
 * in/out: pos    0 at first; moved past the zone that was found
 * out:    start  and out_len: what to hand to mrz_parse
 * returns false when no zone is left (pos is then at the end)
 */
MRZ_EXPORT bool mrz_next(const char *text, size_t len, size_t *pos,
    size_t *start, size_t *out_len);

/* How often what was replaced. */
struct mrz_normalized {
	uint32_t lines;   /* that are not as they were */
	uint32_t fillers; /* other forms of '<': "&lt;", U+00AB .. */
	uint32_t blanks;  /* between characters of a line */
	uint32_t wide;    /* digits and capitals of full width */
	uint32_t small;   /* letters of lines that had no capitals */
};

/*
 * mrz_normalize - make lines as printed of what OCR programs and web pages
 * give: other forms of the filler, blanks between characters, letters of full
 * width, lines typed in small letters. Nothing else is touched, and lines that
 * could not be of a zone are not touched at all: those with more than an
 * eighth of foreign characters, and those without a filler, unless they have
 * the length of a line of a layout and five digits.
 * in/out: text  len bytes, UTF-8 or not; changed in place, never longer
 * out:    out   what was done: the caller tells the user
 * returns the new length
 */
MRZ_EXPORT size_t mrz_normalize(char *text, size_t len,
    struct mrz_normalized *out);

/* ---- Doubt ----------------------------------------------------------- */

#define MRZ_MAX_DOUBTS       40
#define MRZ_MAX_ALTERNATIVES 4

/*
 * What else may stand at a place, when lines were read off a picture. A cost
 * is -100 ln(p / p of the character read), not below 0: 69 is half as
 * probable.
 */
struct mrz_doubt {
	uint8_t line, column;            /* from 1 */
	uint8_t n;                       /* 1..MRZ_MAX_ALTERNATIVES */
	char text[MRZ_MAX_ALTERNATIVES]; /* most probable first */
	int16_t cost[MRZ_MAX_ALTERNATIVES];
};

/*
 * mrz_doubt - mark a document as read off a picture, with these doubts.
 * in/out: doc     from mrz_parse. Gains the check mrz.reading: passed when n
 *                 is 0, else undetermined (MRZ_R_DOUBTFUL) with the place of
 *                 the first doubt in reading order. Its status:
 *                 accepted with doubts is uncertain; rejected, while a layout
 *                 fits and some choice among the doubts would be accepted in
 *                 that layout, is uncertain (but not in a national layout:
 *                 pictures are read in those of Doc 9303); else unchanged.
 *                 Never better than uncertain where there is doubt
 * in:     doubts  n of them; NULL if n is 0. Any values: of two about one
 *                 place the first counts, one outside the lines has no
 *                 alternatives, a character outside the alphabet or named
 *                 twice is passed over, a negative cost is 0, and what goes
 *                 past MRZ_MAX_DOUBTS or MRZ_MAX_ALTERNATIVES is not looked
 *                 at
 * No allocation. Whatever the doubts, the work ends after at most 2 x 5^6
 * dates and some 10^6 simple steps: ten milliseconds or so.
 */
MRZ_EXPORT void mrz_doubt(struct mrz_doc *doc, const struct mrz_doubt *doubts,
    size_t n);

/* ---- Keys of the chip ------------------------------------------------ */

/*
 * mrz_key_info - the 'MRZ information' from which BAC and PACE keys derive:
 * document number (padded to nine with '<', a long one whole), date of birth,
 * date of expiry, each with its check digit as printed.
 * in:     doc      parsed; number, birth and expiry must have verified, the
 *                  rest (name, composite) may be wrong
 * out:    out      ends with a NUL; MRZ_KEY_INFO_CAP bytes are enough.
 *                  Secret: the caller wipes it
 *         out_len  without the NUL
 * errors: MRZ_E_CHECK (one of the three did not verify), MRZ_E_SPACE
 * source: Doc 9303-11 4.3.2 and appendix D; vectors: test_key_info.c
 */
MRZ_EXPORT MRZ_CHECKED enum mrz_error mrz_key_info(const struct mrz_doc *doc,
    char *out, size_t cap, size_t *out_len);

/*
 * mrz_key_info_from_fields - the same from typed fields; digits are computed.
 * in:     number  1..22 characters of A-Z 0-9 <; fillers at its end are not
 *                 part of it
 *         birth   6 characters YYMMDD; unknown parts as '<<'
 *         expiry  6 digits YYMMDD
 * errors: MRZ_E_MISSING, MRZ_E_LENGTH, MRZ_E_CHARACTER, MRZ_E_DATE,
 *         MRZ_E_SPACE
 */
MRZ_EXPORT MRZ_CHECKED enum mrz_error mrz_key_info_from_fields(
    const char *number, const char *birth, const char *expiry, char *out,
    size_t cap, size_t *out_len);

#define MRZ_MAX_KEYS 4

/* What one reading of a document makes for a key. Secret: the caller wipes. */
struct mrz_key {
	char number[MRZ_NUMBER_CAP]; /* without fillers at its end */
	char birth[7];               /* YYMMDD; unknown parts as '<<' */
	char expiry[7];              /* YYMMDD */
	char number_digit; /* as printed: some issuers count the filler too */
	int32_t cost;      /* sum over the characters chosen; 0 as read */
};

/*
 * mrz_keys - the most probable values of the three fields that make the key
 * of the chip, each verified by its own check digit (as read, or by an
 * alternative of the digit's place), legal, and in the calendar. Names,
 * states, sex and the composite digit do not matter.
 * in:     doc     from mrz_parse, accepted or not
 *         doubts  as in mrz_doubt; NULL if n is 0
 * out:    out     the cheapest first, no two alike. Without doubt in these
 *                 fields: the reading alone, if it verifies
 * returns how many; 0 when there is none, no layout fits, or it does not have
 * the three fields with a digit each
 * Exact: no other choice among the doubts is cheaper. No allocation; bounded
 * as mrz_doubt.
 */
MRZ_EXPORT size_t mrz_keys(const struct mrz_doc *doc,
    const struct mrz_doubt *doubts, size_t n, struct mrz_key out[MRZ_MAX_KEYS]);

/*
 * mrz_key_info_from_key - the same as mrz_key_info, from one of these.
 * in:     key  number_digit '\0': computed
 * errors: as mrz_key_info_from_fields; MRZ_E_CHARACTER also for a
 *         number_digit that is no digit
 */
MRZ_EXPORT MRZ_CHECKED enum mrz_error mrz_key_info_from_key(
    const struct mrz_key *key, char *out, size_t cap, size_t *out_len);

/* ---- Repair ---------------------------------------------------------- */

/*
 * What a zone that does not verify may have said before it was misread.
 * Nothing is ever corrected silently: the document stays as read, and each
 * change is told.
 */
#define MRZ_MAX_REPAIRS 64 /* candidates that are listed */
#define MRZ_MAX_CHANGES 24 /* places that one candidate changes */

/* A search tries every change of one place and of two. */
#define MRZ_REPAIR_BOUND 2

/* Weights favour the cheapest alternative of a place, unless it costs more
 * than this: a fifth as probable as the character read. */
#define MRZ_REPAIR_FAVOUR 161

enum mrz_repair_verdict {
	MRZ_REPAIR_NONE = 0,   /* nothing was found */
	MRZ_REPAIR_NOT_NEEDED, /* accepted as read */
	MRZ_REPAIR_PROVED,     /* one candidate, and the digits prove it */
	MRZ_REPAIR_SUGGESTED,  /* somebody must look */
	MRZ_REPAIR_TOO_MANY,   /* more than are listed, or than are tried */
	MRZ_N_REPAIR_VERDICTS
};

/* Why a repair is not proved. */
#define MRZ_REPAIR_REASONS(X)                                                 \
	X(MRZ_REPAIR_R_NONE, "")                                              \
	X(MRZ_REPAIR_R_NO_LAYOUT, "the lines have no length of a layout")     \
	X(MRZ_REPAIR_R_NOTHING_FITS,                                          \
	    "no change of one or two look-alike characters verifies")         \
	X(MRZ_REPAIR_R_BEYOND_BOUND,                                          \
	    "more than two characters are of a class that may not stand at "  \
	    "their place; so many changes prove nothing")                     \
	X(MRZ_REPAIR_R_AMBIGUOUS, "several repairs verify alike")             \
	X(MRZ_REPAIR_R_UNPROTECTED,                                           \
	    "no check digit covers a character that changes")                 \
	X(MRZ_REPAIR_R_ONE_DIGIT,                                             \
	    "only one independent check digit covers a character that "       \
	    "changes, and it takes two to prove a repair")                    \
	X(MRZ_REPAIR_R_BLIND,                                                 \
	    "a character of the same value modulo 10 could stand there too: " \
	    "no check digit can tell them apart")                             \
	X(MRZ_REPAIR_R_LEGAL_PLACE,                                           \
	    "the character read may stand at its place, and no weights "      \
	    "favour another one")                                             \
	X(MRZ_REPAIR_R_WORK, "there was more to try than is allowed")         \
	X(MRZ_REPAIR_R_FILLER,                                                \
	    "a filler may stand for this check digit, which makes it weak "   \
	    "evidence")

#define MRZ_REPAIR_ROW(name, text) name,
enum mrz_repair_reason {
	MRZ_REPAIR_REASONS(MRZ_REPAIR_ROW) MRZ_N_REPAIR_REASONS
};

#define MRZ_NO_FIELD 0xff /* a check digit, or a place in no field */

struct mrz_change {
	uint8_t line, column; /* from 1 */
	char from, to;
	int16_t cost;
	uint8_t field;    /* enum mrz_field_id, or MRZ_NO_FIELD */
	bool wrong_class; /* from may not stand there at all */
	bool favoured;    /* the weights' first choice for the place */
};

struct mrz_candidate {
	int32_t cost; /* sum over its changes */
	uint32_t n_changes;
	struct mrz_change changes[MRZ_MAX_CHANGES]; /* in reading order */
};

struct mrz_repair {
	uint32_t size; /* set by the library */
	enum mrz_repair_verdict verdict;
	enum mrz_repair_reason reason;
	uint32_t n_found; /* may be more than are listed */
	uint32_t n_candidates;
	struct mrz_candidate candidates[MRZ_MAX_REPAIRS]; /* cheapest first */
};

/*
 * mrz_repair, mrz_repair_sized - which changes of look-alike characters make
 * a zone verify. The second is what a program calls that was not compiled with
 * this header.
 * in:     doc      from mrz_parse. Only its lines are used: as they are, with
 *                  a length that a layout has
 *         weights  n of them, or NULL if n is 0: what else an OCR saw at a
 *                  place. At the places they name they alone say what may
 *                  stand there; everywhere else the library's own table of
 *                  look-alikes does, also at places that look right. Any
 *                  values, as in mrz_doubt
 *         options  as for mrz_parse
 * out:    out      written on MRZ_OK. A candidate is a set of one or two
 *                  changes that mrz_parse accepts, and of which no part alone
 *                  is enough. When more than two characters cannot stand where
 *                  they stand, nothing is searched: if the closest look-alike
 *                  of each makes the zone verify, that is the one candidate,
 *                  and only suggested
 *
 * proved:   there is one candidate; at each place that it changes two check
 *           digits agree, whose weights are independent there (docs/REPAIR.md
 *           says where that is so); the character read was of a class that
 *           may not stand there, or the weights favour the new one; and no
 *           other character of the same value modulo 10, nor a filler for a
 *           check digit, could stand there instead. In the layouts of Doc 9303
 *           these are dates and their check digits alone: never a visa, a
 *           number, a name, a code or a sex. It is said of the places that
 *           change: what no check digit covers may be misread all the same
 * suggested: anything else that was found
 * Proved is a statement about the arithmetic, not about the paper: the rate
 * at which it is wrong is measured in docs/BENCHMARKS.md.
 *
 * errors: MRZ_E_ARG (out_size or options->size is too small)
 * No allocation. Whatever the input, at most MRZ_REPAIR_WORK zones are parsed:
 * ten milliseconds or so.
 */
#define MRZ_REPAIR_WORK 8000

MRZ_EXPORT MRZ_CHECKED enum mrz_error mrz_repair_sized(
    const struct mrz_doc *doc, const struct mrz_doubt *weights, size_t n,
    const struct mrz_options *options, struct mrz_repair *out, size_t out_size);

MRZ_CHECKED static inline enum mrz_error
mrz_repair(const struct mrz_doc *doc, const struct mrz_doubt *weights, size_t n,
    const struct mrz_options *options, struct mrz_repair *out)
{
	return mrz_repair_sized(doc, weights, n, options, out, sizeof(*out));
}

/*
 * mrz_repair_mark - put the result into a document.
 * in/out: doc     gains the check mrz.repair: passed when none is needed,
 *                 undetermined when there is a candidate or the search did not
 *                 come to its end, else failed. A
 *                 rejected document with a candidate becomes uncertain.
 *                 Nothing else changes, its lines least of all
 */
MRZ_EXPORT void mrz_repair_mark(struct mrz_doc *doc,
    const struct mrz_repair *repair);

/*
 * mrz_repair_apply, mrz_repair_apply_sized - the document that a candidate
 * makes.
 * in:     i       from 0
 * out:    out     the parse of the repaired lines, with the check mrz.repair,
 *                 undetermined; uncertain at best. May be doc
 * errors: MRZ_E_ARG (there is no such candidate, or not of these lines), and
 *         those of mrz_parse
 */
MRZ_EXPORT MRZ_CHECKED enum mrz_error mrz_repair_apply_sized(
    const struct mrz_doc *doc, const struct mrz_repair *repair, size_t i,
    const struct mrz_options *options, struct mrz_doc *out, size_t out_size);

MRZ_CHECKED static inline enum mrz_error
mrz_repair_apply(const struct mrz_doc *doc, const struct mrz_repair *repair,
    size_t i, const struct mrz_options *options, struct mrz_doc *out)
{
	return mrz_repair_apply_sized(doc, repair, i, options, out,
	    sizeof(*out));
}

/*
 * mrz_blind_spots - places under a check digit where a look-alike could stand
 * instead of the character read and no check would notice: the two have the
 * same value modulo 10 (6 and G, 1 and L, 8 and S, K and <, 0 and U).
 * out:    out     at most cap of them, in reading order; may be NULL if cap
 *                 is 0. to is the look-alike
 * returns how many there are
 */
MRZ_EXPORT size_t mrz_blind_spots(const struct mrz_doc *doc,
    struct mrz_change *out, size_t cap);

/*
 * The words for verdicts ("proved", "too_many"); the name of a reason
 * ("MRZ_REPAIR_R_AMBIGUOUS") and a sentence for it. Never NULL.
 */
MRZ_EXPORT const char *mrz_repair_verdict_name(enum mrz_repair_verdict verdict);
MRZ_EXPORT const char *mrz_repair_reason_name(enum mrz_repair_reason reason);
MRZ_EXPORT const char *mrz_repair_reason_text(enum mrz_repair_reason reason);

/* ---- Building -------------------------------------------------------- */

/*
 * How a name is shortened that does not fit into its field; the standard
 * leaves the choice to the issuer. Always: what is left fills the field up to
 * a letter in the last place, the given names keep one letter at least, and a
 * component is left out only when not even its initial has a place. Places
 * that remain go back to the components that were cut, from the first one on.
 *
 * given     the surname keeps what it can, both sides an initial of every
 *           component while there is room
 * initials  components of the surname become initials, from the last one on,
 *           until there is room; given names as above
 * even      components of the surname keep one number of letters, the
 *           smallest that fills the field
 * end       the surname is cut off at its end, the given names at theirs
 * letters   as surname_letters and given_letters say
 *
 * source: Doc 9303-4 4.2.3, -5 4.2.3, -6 4.2.3, -7 4.2.3 and 7.2.3; vectors:
 * tests/vectors/mrz_names.txt
 */
enum mrz_name_truncation {
	MRZ_TRUNCATE_GIVEN = 0,
	MRZ_TRUNCATE_INITIALS,
	MRZ_TRUNCATE_EVEN,
	MRZ_TRUNCATE_END,
	MRZ_TRUNCATE_LETTERS,
	MRZ_N_TRUNCATIONS
};

/*
 * mrz_truncation_name ("initials"; "unknown") and mrz_truncation_find, its
 * inverse: MRZ_N_TRUNCATIONS when there is no such name.
 */
MRZ_EXPORT const char *mrz_truncation_name(enum mrz_name_truncation style);
MRZ_EXPORT enum mrz_name_truncation mrz_truncation_find(const char *name);

/*
 * Fields as mrz_parse gives them (indexed by enum mrz_field_id), or as a
 * person types them: in names, small letters become capitals, apostrophes
 * and full stops go, hyphens, commas and blanks part components. NULL is
 * empty.
 *
 * surname_letters and given_letters are for MRZ_TRUNCATE_LETTERS: how many
 * letters each component keeps, before places that remain go back to them,
 * ended by 0; the last number stands for all components after it. NULL for the
 * surname: all it can keep; for the given names: initials, as in the style
 * 'given'.
 *
 * A caller that was compiled before a member was there says so by size, and
 * gets what 0 means.
 */
struct mrz_fields {
	uint32_t size;                     /* sizeof(struct mrz_fields) */
	const char *text[MRZ_FIELD_SLOTS]; /* by enum mrz_field_id */
	enum mrz_name_truncation truncation;
	const uint8_t *surname_letters;
	const uint8_t *given_letters;
	/* Count the filler into the digit of a long number, as some issuers
	 * do; the standard does not. */
	bool count_filler;
	/* Print 0, not a filler, as the digit of empty optional data: both
	 * are allowed (TD3). */
	bool zero_digit;
};

/* What could not be encoded: offset counts bytes of that field from 0. */
struct mrz_problem {
	enum mrz_field_id field;
	size_t offset;
	enum mrz_reason reason;
};

/*
 * mrz_build - the lines of a zone, check digits computed.
 * in:     format   not MRZ_UNKNOWN
 *         fields   surname or given names, document number, issuing state,
 *                  nationality, both dates and the document code are
 *                  mandatory. A number of more than nine characters goes on
 *                  in the optional data (TD1, TD2 only). National layouts:
 *                  every field that they have, but for given names, sex and
 *                  optional data; code and state may be left out where there
 *                  is one way to begin; names are cut off where their field
 *                  ends. A field that the layout does not have is refused
 *                  (MRZ_R_NO_SUCH_FIELD). Names that are too long are
 *                  truncated as fields->truncation says; mrz_name_fit tells
 *                  what that costs
 * out:    lines    as many as the layout has, each ended by a NUL; written
 *                  only on MRZ_OK
 *         problem  may be NULL; written only on the errors below
 * errors: MRZ_E_ARG, MRZ_E_MISSING, MRZ_E_CHARACTER (also a document code that
 *         makes it a zone of another layout: a passport with a V, a visa
 *         without), MRZ_E_LENGTH, MRZ_E_DATE
 * source: Doc 9303-3 4.6, -4 to -7 4.2, -7 7.2
 */
MRZ_EXPORT MRZ_CHECKED enum mrz_error mrz_build(enum mrz_format format,
    const struct mrz_fields *fields, char lines[MRZ_MAX_LINES][MRZ_LINE_CAP],
    struct mrz_problem *problem);

/* A name in its field, and what was left out of it. A component is lost when
 * no letter of it is there; its letters count as lost too. */
struct mrz_name_fit {
	uint32_t size; /* sizeof(struct mrz_name_fit), set by the caller */
	char text[MRZ_FIELD_CAP]; /* the whole field, with its fillers */
	bool truncated;
	uint32_t surname_letters;
	uint32_t surname_letters_lost;
	uint32_t surname_parts_lost;
	uint32_t given_letters;
	uint32_t given_letters_lost;
	uint32_t given_parts_lost;
};

/*
 * mrz_name_fit - how the name of these fields stands in a format: what
 * mrz_build will print, and whether anything is lost.
 * in:     format, fields  as for mrz_build; of the fields only the names and
 *                         how to truncate them count
 * out:    out      written only on MRZ_OK, but for its size
 *         problem  may be NULL; written only on the errors below
 * errors: MRZ_E_ARG, MRZ_E_MISSING, MRZ_E_CHARACTER, MRZ_E_LENGTH (more than
 *         200 letters, or no way to end with a letter)
 */
MRZ_EXPORT MRZ_CHECKED enum mrz_error mrz_name_fit(enum mrz_format format,
    const struct mrz_fields *fields, struct mrz_name_fit *out,
    struct mrz_problem *problem);

/* ---- Transliteration ------------------------------------------------- */

/* The tables of Doc 9303-3 section 6 make exceptions for these languages. */
enum mrz_language {
	MRZ_LANGUAGE_ANY = 0, /* not known: when building, no exceptions */
	MRZ_LANGUAGE_BE,      /* Belarusian */
	MRZ_LANGUAGE_BG,      /* Bulgarian */
	MRZ_LANGUAGE_MK,      /* Macedonian */
	MRZ_LANGUAGE_RU,      /* Russian: no exceptions */
	MRZ_LANGUAGE_SR,      /* Serbian */
	MRZ_LANGUAGE_UK,      /* Ukrainian */
	MRZ_N_LANGUAGES
};

/* Where the standard lets the issuer choose, the first of its values is
 * taken, unless one of these asks for another. */
enum mrz_spelling {
	MRZ_SPELL_UMLAUT_PLAIN = 1, /* A O U, not AE OE UE */
	MRZ_SPELL_UMLAUT_XX = 2,    /* UXX for U with diaeresis */
	MRZ_SPELL_RING_PLAIN = 4,   /* A, not AA */
	MRZ_SPELL_TILDE_XX = 8      /* NXX, not N */
};

struct mrz_transliterate_options {
	uint32_t size; /* sizeof(struct mrz_transliterate_options) */
	enum mrz_language language;
	uint32_t spelling; /* enum mrz_spelling, or-ed */
};

/* What in a text could not be read or written: offset counts bytes from 0. */
struct mrz_text_problem {
	uint32_t offset;
	uint32_t code_point; /* 0 when it is not UTF-8 */
	enum mrz_reason reason;
};

/* mrz_language_name - "uk"; "" for MRZ_LANGUAGE_ANY. mrz_language_find - its
 * inverse; MRZ_LANGUAGE_ANY when there is no such name. */
MRZ_EXPORT const char *mrz_language_name(enum mrz_language language);
MRZ_EXPORT enum mrz_language mrz_language_find(const char *name);

#define MRZ_MAX_NAME 1100 /* what mrz_transliterate writes at most, with NUL */

/*
 * mrz_transliterate - a name as the MRZ writes it: Latin, Cyrillic and Arabic
 * letters by the tables of the standard, in any case, precomposed or not.
 * Marks of letters that the tables do not have (s with comma below) go, the
 * letter stays. Apostrophes and other punctuation go; blanks, hyphens and
 * commas become a filler, two fillers stay two. The result is what mrz_build
 * takes as a name.
 * in:     utf8     len bytes, any; NULL if len is 0
 *         options  NULL: the first value of the standard for every letter
 * out:    out      A-Z and '<', ended by a NUL; empty on an error
 *         problem  may be NULL; written only on the first two errors below
 * errors: MRZ_E_CHARACTER  reason is MRZ_R_NOT_UTF8, MRZ_R_LETTER_EXPECTED (a
 *                          digit) or MRZ_R_NO_TRANSLITERATION
 *         MRZ_E_LENGTH     more than 256 letters or 4096 bytes
 *         MRZ_E_SPACE, MRZ_E_ARG (options->size, no room at all)
 * source: Doc 9303-3 4.6, 6; vectors: tests/vectors/transliteration.txt
 */
MRZ_EXPORT MRZ_CHECKED enum mrz_error mrz_transliterate(const char *utf8,
    size_t len, const struct mrz_transliterate_options *options, char *out,
    size_t cap, struct mrz_text_problem *problem);

/* Where the MRZ does not say which of several Arabic texts was meant. */
enum mrz_arabic_doubt {
	MRZ_ARABIC_DOUBLED, /* shadda (as decoded), or the letter twice */
	MRZ_ARABIC_YEH,     /* yeh (as decoded), or the Pashto one */
	MRZ_ARABIC_ALLAH,   /* Allah (as decoded), or one that ends in hah */
	MRZ_N_ARABIC_DOUBTS
};

struct mrz_arabic {
	uint32_t doubts;                      /* 1 << enum mrz_arabic_doubt */
	uint32_t offset[MRZ_N_ARABIC_DOUBTS]; /* of the first of each */
	struct mrz_text_problem problem;      /* written on MRZ_E_CHARACTER */
};

/*
 * mrz_arabic_decode - the Arabic text that transliterates to an MRZ name.
 * Only the caller knows that the name was written in Arabic. With no doubts,
 * no other letters give this name by the standard; vowel signs, sukun, tatweel
 * and four obsolete letters are not in any MRZ.
 * in:     mrz     letters; each filler or blank becomes a blank, those at the
 *                 end go
 * out:    out     UTF-8, ended by a NUL; len * 2 + 1 bytes are enough. On an
 *                 error what was decoded before it
 *         result  always written
 * errors: MRZ_E_LENGTH     more than 4096 characters
 *         MRZ_E_CHARACTER  reason is MRZ_R_NO_TRANSLITERATION (no escape, or
 *                          a letter that stands for none: this was not
 *                          Arabic), MRZ_R_MAYBE_TRUNCATED (the end of an
 *                          escape is missing), MRZ_R_LETTER_EXPECTED or
 *                          MRZ_R_NOT_MRZ_CHARACTER
 *         MRZ_E_SPACE, MRZ_E_ARG (no room at all)
 * source: Doc 9303-3 appendix B.6; vectors: tests/vectors/transliteration.txt
 */
MRZ_EXPORT MRZ_CHECKED enum mrz_error mrz_arabic_decode(const char *mrz,
    size_t len, char *out, size_t cap, struct mrz_arabic *result);

/*
 * A name as in the visual zone or in DG11, in UTF-8. secondary NULL: primary
 * is the whole name, surname first; two fillers or else a comma or else any
 * blank may be what parts the identifiers.
 */
struct mrz_name {
	uint32_t size; /* sizeof(struct mrz_name) */
	const char *primary;
	size_t primary_len;
	const char *secondary;
	size_t secondary_len;
};

enum mrz_name_result {
	MRZ_NAME_NOT_COMPARED = 0, /* the name cannot be read */
	MRZ_NAME_DIFFERS,
	MRZ_NAME_MATCHES_TRUNCATED, /* the field is full: a part of the name */
	MRZ_NAME_MATCHES
};

enum mrz_script {
	MRZ_SCRIPT_LATIN = 1,
	MRZ_SCRIPT_CYRILLIC = 2,
	MRZ_SCRIPT_ARABIC = 4
};

struct mrz_name_match {
	enum mrz_name_result result;
	enum mrz_reason reason;
	/* Matches only if a filler may be missing, or be where the standard
	 * puts none (as in O<BRIEN). */
	bool loose;
	uint32_t scripts; /* enum mrz_script, or-ed: of the name */
	/* Where in the name (bytes of primary, or of secondary) it cannot be
	 * read, or the last way to explain the field ends. */
	bool in_secondary;
	uint32_t offset;
	uint32_t code_point; /* that cannot be read */
	/* Differs: how much of the field the name explains at most; and the
	 * place after that, if a document was compared. */
	uint32_t field_offset;
	struct mrz_place place;
};

/*
 * mrz_name_compare - could this name field be a transliteration of this name?
 * Every value that the standard has for a letter is tried, and shadda there
 * or not. In a field whose last place holds a letter, components may have
 * lost their ends, and each identifier its last components.
 * in:     field     the whole name field as printed, its fillers included:
 *                   1..44 characters
 *         name      any bytes
 *         language  of the name, if it is known: its exceptions then hold
 * out:    out       always written
 * returns out->result. DIFFERS says that no transliteration of Doc 9303-3
 * section 6 gives the field. That refutes a name in Latin letters. Names in
 * other scripts are often transcribed by a national rule instead, and then
 * differ, too: see scripts.
 * The work is proportional to the length of the name.
 * source: Doc 9303-3 4.6, 6, appendix B; -4 to -7 4.2.3, -7 7.2.3
 */
MRZ_EXPORT enum mrz_name_result mrz_name_compare(const char *field,
    size_t field_len, const struct mrz_name *name, enum mrz_language language,
    struct mrz_name_match *out);

/*
 * mrz_doc_compare_name - the same for the name of a document. Not compared
 * if no layout fits (MRZ_R_NO_LAYOUT) or the layout has no name
 * (MRZ_R_NO_SUCH_FIELD). Identifiers in fields of their own are cut off where
 * their own field ends, and nowhere else. In a layout without given names the
 * surname is compared alone.
 */
MRZ_EXPORT enum mrz_name_result mrz_doc_compare_name(const struct mrz_doc *doc,
    const struct mrz_name *name, enum mrz_language language,
    struct mrz_name_match *out);

/*
 * mrz_name_mark - tell in a document what a comparison said. It gains the
 * check mrz.name_match, or has it changed; its status stays:
 * passed        matches. reason is MRZ_R_MAYBE_TRUNCATED if a part of the name
 *               alone did, MRZ_R_NAME_SHAPE if only loosely
 * failed        differs, and the name is in Latin letters
 * undetermined  differs, and the name has letters of another script, which
 *               issuers transcribe by rules of their own; or it cannot be read
 * not_offered   the layout has no name
 * not_run       no layout fits
 */
MRZ_EXPORT void mrz_name_mark(struct mrz_doc *doc,
    const struct mrz_name_match *match);

/* ---- Countries and organisations ------------------------------------- */

/* Append only. */
enum mrz_country_class {
	MRZ_COUNTRY_ISO,          /* ISO 3166-1 */
	MRZ_COUNTRY_NOT_FOR_MRZ,  /* ISO 3166-1, but the MRZ has another */
	MRZ_COUNTRY_STATE,        /* Doc 9303-3 5 part A: D, RKS, GBD .. */
	MRZ_COUNTRY_ORGANIZATION, /* parts B, C, D */
	MRZ_COUNTRY_PERSON,       /* part E: without a defined nationality */
	MRZ_COUNTRY_DEPRECATED,   /* part F */
	MRZ_COUNTRY_SPECIMEN,     /* part G: Utopia */
	MRZ_COUNTRY_LIST_SIGNER,  /* part H: signs lists, issues nothing */
	MRZ_COUNTRY_FORMER,       /* ISO 3166-3, and ROM */
	MRZ_COUNTRY_UNOFFICIAL    /* in no list, but seen in print: GER .. */
};

struct mrz_country {
	char code3[4]; /* as in the MRZ, without fillers: "UTO", "D" */
	char code2[3]; /* as in certificates; empty where there is none */
	enum mrz_country_class kind;
	const char *name; /* English, UTF-8 */
	uint16_t until;   /* the year it was withdrawn in; 0: in force */
	char instead[4];  /* the code to use for it; empty: none, or many */
};

/*
 * mrz_country_find - the row of a code as it stands in the MRZ ("D", "D<<",
 * "UTO"), or NULL. mrz_country_find2 - the first row with that two-letter
 * code. mrz_country_at - row i: the codes in force in the order of code3, then
 * former and unofficial ones in theirs; NULL past the end.
 * mrz_country_version - the day of the list, "YYYY-MM-DD".
 * Rows live as long as the library.
 * source: ISO 3166-1, -3; Doc 9303-3 5
 */
MRZ_EXPORT const struct mrz_country *mrz_country_find(const char *code3);
MRZ_EXPORT const struct mrz_country *mrz_country_find2(const char *code2);
MRZ_EXPORT const struct mrz_country *mrz_country_at(size_t i);
MRZ_EXPORT const char *mrz_country_version(void);

/* ---- Document codes -------------------------------------------------- */

/* What kind of document a code speaks of. Append only. */
enum mrz_document_kind {
	MRZ_KIND_UNKNOWN = 0,
	MRZ_KIND_PASSPORT, /* PP, and passports whose kind is not told */
	MRZ_KIND_EMERGENCY,
	MRZ_KIND_DIPLOMATIC,
	MRZ_KIND_SERVICE,
	MRZ_KIND_REFUGEE,
	MRZ_KIND_ALIEN,
	MRZ_KIND_STATELESS,
	MRZ_KIND_LAISSEZ_PASSER,
	MRZ_KIND_MILITARY,
	MRZ_KIND_OFFICIAL, /* a card of a kind that the issuer knows */
	MRZ_KIND_CREW,
	MRZ_KIND_IDENTITY_CARD,
	MRZ_KIND_RESIDENCE_PERMIT,
	MRZ_KIND_PASSPORT_CARD,
	MRZ_KIND_VISA,
	MRZ_KIND_DRIVING_LICENCE,
	MRZ_KIND_EXIT_PERMIT,
	MRZ_N_KINDS
};

/* Who says what the second character means. Append only. */
enum mrz_code_rule {
	MRZ_CODE_STANDARD, /* Doc 9303 */
	MRZ_CODE_ISSUER,   /* the issuer, freely */
	MRZ_CODE_CUSTOM,   /* the issuer, but several mean the same */
	MRZ_CODE_OLD,      /* the issuer, before the standard did */
	MRZ_CODE_FORBIDDEN /* nobody: the standard does not want it */
};

/*
 * from and until are years, or 0: the code is printed from the first day of
 * the one on, and before the first day of the other. The zone does not tell
 * when it was printed; a passport from before 'from' may mean something else
 * by its second letter.
 */
struct mrz_document_code {
	char code[3]; /* "PD"; "P" alone; "I?": any character but those of
			 other rows, or a filler */
	enum mrz_code_rule rule;
	enum mrz_document_kind kind;
	uint32_t formats; /* bits (1 << format) */
	uint16_t from;
	uint16_t until;
	const char *meaning; /* "diplomatic passport"; "" if forbidden */
};

/*
 * mrz_document_code_find - the row for a code as it stands in the MRZ ("PD",
 * "P", "P<") in documents of a format, or NULL. MRZ_UNKNOWN: of any format.
 * mrz_document_code_at - row i, NULL past the end. mrz_document_code_version -
 * the day of the list, "YYYY-MM-DD". Rows live as long as the library.
 * source: Doc 9303-4 4.4, -5 and -6 note k, -7 4.2.2.1 and 7.2.2.1, -8 4.1.5
 */
MRZ_EXPORT const struct mrz_document_code *mrz_document_code_find(
    enum mrz_format format, const char *code);
MRZ_EXPORT const struct mrz_document_code *mrz_document_code_at(size_t i);
MRZ_EXPORT const char *mrz_document_code_version(void);

#undef MRZ_ENUM_ROW
#undef MRZ_REASON_ROW
#undef MRZ_CHECK_ROW
#undef MRZ_REPAIR_ROW

#ifdef __cplusplus
}
#endif

#endif
