/* What a verification told, in the words of a table. */
#include "shop.h"

#include "test.h"

#include <stdio.h>
#include <string.h>

static void
put_word(char *out, const char *word, const char *mark)
{
	size_t len = strlen(out);
	int n = snprintf(out + len, SHOP_OUTCOME_CAP - len, "%s%s%s",
	    len > 0 ? " " : "", word, mark);

	assert_true(n > 0 && (size_t)n < SHOP_OUTCOME_CAP - len);
}

static void
tell_checks(const struct emrtd_result *result, bool of_chip,
    struct shop_outcome *out)
{
	bool failed = out->data == EMRTD_DATA_FAILED;

	put_word(out->text, emrtd_data_verdict_name(out->data), "");
	for (int i = 0; i < EMRTD_N_CHECKS; i++) {
		enum emrtd_check_id id = (enum emrtd_check_id)i;
		enum emrtd_verdict v = emrtd_result_check(result, id)->verdict;

		/* Files prove nothing of a chip. */
		if (!of_chip &&
		    strncmp(emrtd_check_info(id)->name, "chip.", 5) == 0)
			continue;
		if (v == EMRTD_FAILED)
			put_word(out->text, emrtd_check_info(id)->name, "");
		else if (!failed &&
			 (v == EMRTD_UNDETERMINED || v == EMRTD_ABORTED))
			put_word(out->text, emrtd_check_info(id)->name, "?");
	}
}

static void
tell_findings(const struct emrtd_result *result, struct shop_outcome *out)
{
	struct emrtd_finding f = { .size = sizeof(f) };

	for (size_t i = 0; emrtd_result_finding(result, i, &f); i++)
		put_word(out->findings, f.info->name, "");
	if (out->findings[0] == '\0')
		put_word(out->findings, "-", "");
}

void
shop_tell(const struct emrtd_result *result, bool of_chip,
    struct shop_outcome *out)
{
	struct emrtd_face face;

	memset(out, 0, sizeof(*out));
	out->data = emrtd_result_data(result);
	out->any_failed = emrtd_result_any_failed(result);
	out->face_shown = emrtd_result_face(result, &face);
	tell_checks(result, of_chip, out);
	tell_findings(result, out);
}
