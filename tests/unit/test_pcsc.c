/* What codes of PC/SC mean; the driver itself is tested through pcscd. */
#include "data.h"
#include "emrtd_test.h"
#include "transport/backends.h"

#include <PCSC/winscard.h>

static void
pcsc_errors(void **state)
{
	static const struct {
		LONG code;
		enum emrtd_error want;
	} cases[] = {
		{ SCARD_S_SUCCESS, EMRTD_OK },
		{ SCARD_W_REMOVED_CARD, EMRTD_E_CARD_LOST },
		{ SCARD_W_RESET_CARD, EMRTD_E_CARD_LOST },
		{ SCARD_E_NO_SMARTCARD, EMRTD_E_CARD_LOST },
		{ SCARD_E_NOT_TRANSACTED, EMRTD_E_CARD_LOST },
		{ SCARD_E_READER_UNAVAILABLE, EMRTD_E_READER_LOST },
		{ SCARD_E_NO_SERVICE, EMRTD_E_READER_LOST },
		{ SCARD_E_NO_READERS_AVAILABLE, EMRTD_E_NO_READER },
		{ SCARD_E_TIMEOUT, EMRTD_E_TIMEOUT },
		{ SCARD_E_CANCELLED, EMRTD_E_CANCELLED },
		{ SCARD_E_SHARING_VIOLATION, EMRTD_E_BUSY },
		{ SCARD_W_SECURITY_VIOLATION, EMRTD_E_PERMISSION },
		{ SCARD_E_INSUFFICIENT_BUFFER, EMRTD_E_TOO_LONG },
		{ SCARD_E_PROTO_MISMATCH, EMRTD_E_PROTOCOL },
		{ SCARD_F_INTERNAL_ERROR, EMRTD_E_PROTOCOL },
		{ 12345, EMRTD_E_PROTOCOL },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++)
		assert_error(emrtd_pcsc_error(cases[i].code), cases[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pcsc_errors),
	};

	return cmocka_run_group_tests_name("pcsc", tests, NULL, NULL);
}
