/* What is left of the chip's proofs, and to whom it proves anything. */
#include "report_sections.h"

/* As long as the signature of an RSA key of 4096 bits. */
#define SIGNATURE_SHOWN 1024

static void
put_secret(struct report_view *v, const char *label, struct report_text text)
{
	html_printf(&v->html, "<div><dt>%s</dt><dd><code>", label);
	if (v->redact)
		report_redacted(v);
	else
		html_text(&v->html, text, SIGNATURE_SHOWN);
	html_put(&v->html, "</code></dd></div>\n");
}

static const char *
title(const struct report_evidence *e)
{
	static const struct {
		const char *proof, *title;
	} rows[] = {
		{ "CA", "Chip Authentication" },
		{ "AA", "Active Authentication" },
		{ "PACE-CAM", "PACE with chip authentication" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (report_text_is(e->proof, rows[i].proof))
			return rows[i].title;
	return "Another proof";
}

static const char *
about(const struct report_evidence *e, bool passed)
{
	if (!report_text_is(e->strength, "signature"))
		return "Our own record. It tells what this workstation saw, "
		       "and proves nothing to others: whoever held the keys "
		       "of the session could have made it up.";
	if (!passed)
		return "The answer of the chip to the challenge. It "
		       "does not prove anything: see the checks.";
	if (!e->own_challenge)
		return "A signature of the chip. Anybody who has EF.DG15 and "
		       "EF.SOD can verify that the chip signed this "
		       "challenge; it does not say when, nor for whom.";
	return "A signature of the chip over a challenge that the verifier "
	       "chose: the chip was there. To others, who did not choose the "
	       "challenge, it proves only that the chip signed it some time.";
}

void
report_evidence(struct report_view *v)
{
	const struct report_record *r = v->record;
	bool passed = report_verdict_of(r, EMRTD_CHECK_CHIP_AA) == EMRTD_PASSED;

	if (r->n_evidence == 0)
		return;
	report_section(v, "evidence", "What the proof of the chip is worth");
	for (size_t i = 0; i < r->n_evidence; i++) {
		const struct report_evidence *e = &r->evidence[i];

		html_printf(&v->html,
		    "<h3>%s</h3><p class=\"about\">%s</p>\n<dl>\n", title(e),
		    about(e, passed));
		report_row(v, "Strength", e->strength);
		report_row(v, "Protocol", e->protocol);
		report_row(v, "Parameter", e->parameter);
		if (report_text_is(e->strength, "signature")) {
			put_secret(v, "Challenge", e->challenge);
			put_secret(v, "Signature", e->signature);
		}
		html_put(&v->html, "</dl>\n");
	}
	html_put(&v->html, "</section>\n");
}
