#include "apdu/status_word.h"

struct status_row {
	uint16_t mask;
	uint16_t value;
	enum emrtd_error error;
	const char *text;
};

/* ISO 7816-4 tables 5 and 6. The first row that fits counts. */
static const struct status_row rows[] = {
	{ 0xFFFF, 0x9000, EMRTD_OK, "no error" },
	{ 0xFF00, 0x6100, EMRTD_OK, "more data is waiting" },
	{ 0xFFFF, 0x6200, EMRTD_E_STATUS, "warning, memory unchanged" },
	{ 0xFFFF, 0x6281, EMRTD_E_STATUS, "the data may be corrupted" },
	{ 0xFFFF, 0x6282, EMRTD_E_STATUS,
	    "end of file before as many bytes as asked for" },
	{ 0xFFFF, 0x6283, EMRTD_E_STATUS, "the selected file is deactivated" },
	{ 0xFFFF, 0x6300, EMRTD_E_ACCESS_DENIED, "authentication failed" },
	{ 0xFFFF, 0x63C0, EMRTD_E_ACCESS_BLOCKED,
	    "authentication failed, no attempt left" },
	{ 0xFFF0, 0x63C0, EMRTD_E_ACCESS_DENIED,
	    "authentication failed, attempts are counted" },
	{ 0xFFFF, 0x6400, EMRTD_E_STATUS, "execution error" },
	{ 0xFFFF, 0x6581, EMRTD_E_STATUS, "memory failure" },
	{ 0xFFFF, 0x6700, EMRTD_E_STATUS, "wrong length" },
	{ 0xFFFF, 0x6881, EMRTD_E_STATUS, "logical channel not supported" },
	{ 0xFFFF, 0x6882, EMRTD_E_STATUS, "secure messaging not supported" },
	{ 0xFFFF, 0x6883, EMRTD_E_STATUS,
	    "the last command of the chain was expected" },
	{ 0xFFFF, 0x6884, EMRTD_E_STATUS, "command chaining not supported" },
	{ 0xFFFF, 0x6982, EMRTD_E_FILE_ACCESS,
	    "security status not satisfied" },
	{ 0xFFFF, 0x6983, EMRTD_E_ACCESS_BLOCKED,
	    "authentication method blocked" },
	{ 0xFFFF, 0x6984, EMRTD_E_STATUS, "reference data not usable" },
	{ 0xFFFF, 0x6985, EMRTD_E_STATUS, "conditions of use not satisfied" },
	{ 0xFFFF, 0x6986, EMRTD_E_STATUS, "no file is selected" },
	{ 0xFFFF, 0x6987, EMRTD_E_STATUS,
	    "a secure messaging object is missing" },
	{ 0xFFFF, 0x6988, EMRTD_E_STATUS,
	    "a secure messaging object is incorrect" },
	{ 0xFFFF, 0x6A80, EMRTD_E_STATUS, "incorrect command data" },
	{ 0xFFFF, 0x6A81, EMRTD_E_STATUS, "function not supported" },
	{ 0xFFFF, 0x6A82, EMRTD_E_NO_FILE, "file or application not found" },
	{ 0xFFFF, 0x6A83, EMRTD_E_STATUS, "record not found" },
	{ 0xFFFF, 0x6A86, EMRTD_E_STATUS, "incorrect parameters P1-P2" },
	{ 0xFFFF, 0x6A87, EMRTD_E_STATUS, "Lc does not fit P1-P2" },
	{ 0xFFFF, 0x6A88, EMRTD_E_STATUS, "referenced data not found" },
	{ 0xFFFF, 0x6B00, EMRTD_E_STATUS, "offset beyond the end of file" },
	{ 0xFF00, 0x6C00, EMRTD_E_STATUS, "wrong Le" },
	{ 0xFFFF, 0x6D00, EMRTD_E_STATUS, "instruction not supported" },
	{ 0xFFFF, 0x6E00, EMRTD_E_STATUS, "class not supported" },
	{ 0xFFFF, 0x6F00, EMRTD_E_STATUS, "no precise diagnosis" },
	{ 0xFF00, 0x6200, EMRTD_E_STATUS, "warning, memory unchanged" },
	{ 0xFF00, 0x6300, EMRTD_E_STATUS, "warning, memory changed" },
	{ 0xFF00, 0x6400, EMRTD_E_STATUS, "execution error" },
	{ 0xFF00, 0x6500, EMRTD_E_STATUS, "execution error, memory changed" },
	{ 0xFF00, 0x6800, EMRTD_E_STATUS, "function of CLA not supported" },
	{ 0xFF00, 0x6900, EMRTD_E_STATUS, "command not allowed" },
	{ 0xFF00, 0x6A00, EMRTD_E_STATUS, "wrong parameters P1-P2" },
	{ 0, 0, EMRTD_E_STATUS, "unknown status word" },
};

static const struct status_row *
find(uint16_t sw)
{
	const struct status_row *row = rows;

	while ((sw & row->mask) != row->value)
		row++; /* the last row fits everything */
	return row;
}

const char *
emrtd_status_text(uint16_t sw)
{
	return find(sw)->text;
}

enum emrtd_error
emrtd_status_error(uint16_t sw)
{
	return find(sw)->error;
}
