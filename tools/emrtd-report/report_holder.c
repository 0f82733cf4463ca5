/* The face beside what DG1 says of its holder. */
#include "report_sections.h"

/* How far what is shown may be trusted, in words beside it. */
struct warning {
	const char *css, *icon, *words;
};

static const struct warning warnings[] = {
	[EMRTD_DATA_UNDETERMINED] = { "doubt", "question",
	    "Nobody known vouches for what follows." },
	[EMRTD_DATA_AUTHENTIC] = { "", "", "" },
	[EMRTD_DATA_FAILED] = { "bad", "stop",
	    "Not authentic: do not trust what follows." },
};

/* The signatures are right: that it is forged would be a false word. */
static const struct warning of_form = { "bad", "stop",
	"Not as the standards want it: see the deviations." };

static void
put_warning(struct report_view *v)
{
	const struct warning *w = report_only_form_failed(v->record)
				      ? &of_form
				      : &warnings[v->data];

	if (v->data == EMRTD_DATA_AUTHENTIC)
		return;
	html_printf(&v->html, "<p class=\"warning %s\">", w->css);
	report_icon(v, w->icon, "");
	html_printf(&v->html, "<strong>%s</strong></p>\n", w->words);
}

static void
put_placeholder(struct report_view *v, const char *css, const char *icon,
    const char *title, const char *why)
{
	html_printf(&v->html, "<div class=\"noface %s\">", css);
	report_icon(v, icon, "");
	html_printf(&v->html, "<p><strong>%s</strong></p>", title);
	if (why[0] != '\0') {
		html_put(&v->html, "<p>");
		html_text(&v->html, report_text(why), HTML_LONG);
		html_put(&v->html, "</p>");
	}
	html_put(&v->html, "</div>\n");
}

/* Of a face that is shown: whether the issuing state vouches for it. */
static const struct warning *
face_warning(const struct report_view *v)
{
	static const struct warning not_covered = { "doubt", "question",
		"Not covered by the signature" };
	static const struct warning form_of_face = { "bad", "stop",
		"Not as the standards want it" };
	static const struct warning rows[] = {
		[EMRTD_DATA_UNDETERMINED] = { "doubt", "question",
		    "Nobody known vouches for this face" },
		[EMRTD_DATA_AUTHENTIC] = { "", "", "" },
		[EMRTD_DATA_FAILED] = { "bad", "stop", "Not authentic" },
	};

	if (report_only_form_failed(v->record))
		return &form_of_face;
	if (v->data == EMRTD_DATA_AUTHENTIC &&
	    report_verdict_of(v->record, EMRTD_CHECK_PA_HASH_DG2) !=
		EMRTD_PASSED)
		return &not_covered;
	return &rows[v->data];
}

static void
put_picture(struct report_view *v)
{
	const struct warning *w = face_warning(v);
	const char *alt = w->words[0] == '\0'
			      ? "Face of the holder, from the chip"
			      : "Face from the chip, not vouched for";

	html_printf(&v->html, "<div class=\"face %s\">", w->css);
	html_printf(&v->html,
	    "<img alt=\"%s\" width=\"%u\" height=\"%u\" "
	    "src=\"data:image/png;base64,",
	    alt, v->face->width, v->face->height);
	html_base64(&v->html, v->face->png, v->face->png_len);
	html_put(&v->html, "\"></div>\n");
	if (w->words[0] == '\0') {
		html_put(&v->html,
		    "<figcaption>From the chip (DG2), as signed</figcaption>");
		return;
	}
	html_printf(&v->html, "<figcaption class=\"%s\">", w->css);
	report_icon(v, w->icon, "");
	html_printf(&v->html, "<strong>%s</strong></figcaption>", w->words);
}

static void
put_face(struct report_view *v)
{
	html_put(&v->html, "<figure>\n");
	switch (v->face->state) {
	case FACE_SHOWN:
		put_picture(v);
		break;
	case FACE_WITHHELD:
		put_placeholder(v, "bad", "stop", "Face not shown",
		    "The picture on the chip is not the one that the issuing "
		    "state signed. Do not compare anybody with it.");
		break;
	case FACE_REDACTED:
		put_placeholder(v, "", "minus", "Redacted", "");
		break;
	case FACE_BROKEN:
		put_placeholder(v, "doubt", "question",
		    "The face picture could not be shown:", v->face->why);
		break;
	case FACE_NONE:
		put_placeholder(v, "", "minus", "No face",
		    "None was read, or none came with the record.");
		break;
	}
	html_put(&v->html, "</figure>\n");
}

/* "74 08 12" as the days that it can mean. */
static void
put_days(struct report_view *v, struct report_text printed, int32_t from,
    int32_t to)
{
	if (from == MRZ_NO_DAY && to == MRZ_NO_DAY) {
		html_put(&v->html, "unknown <span class=\"quiet\">(");
		html_isolated(&v->html, printed, HTML_SHORT);
		html_put(&v->html, ")</span>");
		return;
	}
	report_day(v, from);
	if (from != to) {
		html_put(&v->html, " to ");
		report_day(v, to);
	}
}

static void
put_label(struct report_view *v, const char *label)
{
	html_printf(&v->html, "<div><dt>%s</dt><dd>", label);
}

/* Judged by whoever made the record; a date that nobody vouches for makes no
 * green tick. */
static void
put_expiry(struct report_view *v)
{
	enum emrtd_verdict verdict = report_verdict_of(v->record,
	    EMRTD_CHECK_DOC_VALIDITY);
	const struct report_verdict_words *words = report_verdict_words(
	    verdict);
	bool sure = v->data == EMRTD_DATA_AUTHENTIC;

	if (verdict != EMRTD_PASSED && verdict != EMRTD_FAILED)
		return;
	if (verdict == EMRTD_PASSED && !sure)
		words = report_verdict_words(EMRTD_NOT_RUN);
	html_printf(&v->html, " <span class=\"tag %s\">", words->css);
	report_icon(v, words->icon, "");
	html_put(&v->html,
	    verdict == EMRTD_PASSED ? "not expired on " : "expired on ");
	report_day(v, v->record->at_day);
	html_printf(&v->html, "%s</span>",
	    sure ? "" : ", if this date is true");
}

static void
put_dates(struct report_view *v)
{
	const struct report_document *d = &v->record->document;

	put_label(v, "Born");
	put_days(v, d->fields[MRZ_F_DATE_OF_BIRTH], d->birth_from, d->birth_to);
	html_put(&v->html, "</dd></div>\n");
	put_label(v, "Expires");
	put_days(v, d->fields[MRZ_F_DATE_OF_EXPIRY], d->expiry_from,
	    d->expiry_to);
	put_expiry(v);
	html_put(&v->html, "</dd></div>\n");
}

static void
put_state(struct report_view *v, const char *label, struct report_text code)
{
	const struct mrz_country *country = NULL;
	char text[4];

	if (code.ptr != NULL && code.len < sizeof(text)) {
		snprintf(text, sizeof(text), "%.*s", (int)code.len, code.ptr);
		country = mrz_country_find(text);
	}
	put_label(v, label);
	if (country != NULL) {
		html_text(&v->html, report_text(country->name), HTML_SHORT);
		html_put(&v->html, " <span class=\"quiet\">");
		html_isolated(&v->html, code, HTML_SHORT);
		html_put(&v->html, "</span>");
	} else {
		html_isolated(&v->html, code, HTML_SHORT);
	}
	html_put(&v->html, "</dd></div>\n");
}

static struct report_text
sex_words(struct report_text sex)
{
	if (report_text_is(sex, "F"))
		return report_text("Female");
	if (report_text_is(sex, "M"))
		return report_text("Male");
	return report_text_is(sex, "X") ? report_text("Not specified (X)")
					: sex;
}

static void
put_name(struct report_view *v, const char *label, struct report_text name)
{
	put_label(v, label);
	html_put(&v->html, "<strong class=\"name\">");
	html_isolated(&v->html, name, HTML_SHORT);
	html_put(&v->html, "</strong></dd></div>\n");
}

static void
put_data(struct report_view *v)
{
	const struct report_text *f = v->record->document.fields;

	html_put(&v->html, "<dl class=\"holder\">\n");
	put_name(v, "Surname", f[MRZ_F_SURNAME]);
	put_name(v, "Given names", f[MRZ_F_GIVEN_NAMES]);
	put_dates(v);
	report_row(v, "Sex", sex_words(f[MRZ_F_SEX]));
	put_state(v, "Nationality", f[MRZ_F_NATIONALITY]);
	report_row(v, "Document number", f[MRZ_F_DOCUMENT_NUMBER]);
	report_row(v, "Document code", f[MRZ_F_DOCUMENT_CODE]);
	put_state(v, "Issuing state", f[MRZ_F_ISSUING_STATE]);
	if (f[MRZ_F_OPTIONAL_DATA].len > 0)
		report_row(v, "Optional data", f[MRZ_F_OPTIONAL_DATA]);
	if (f[MRZ_F_OPTIONAL_DATA_2].len > 0)
		report_row(v, "Optional data, line 2",
		    f[MRZ_F_OPTIONAL_DATA_2]);
	html_put(&v->html, "</dl>\n");
}

/* What a bug report needs: of which state, of which kind. */
static void
put_redacted_data(struct report_view *v)
{
	const struct report_text *f = v->record->document.fields;

	html_put(&v->html,
	    "<div><p class=\"warning\">The holder&rsquo;s data are redacted. "
	    "</p><dl class=\"holder\">\n");
	report_row(v, "Document code", f[MRZ_F_DOCUMENT_CODE]);
	put_state(v, "Issuing state", f[MRZ_F_ISSUING_STATE]);
	report_row(v, "Format", v->record->document.format);
	html_put(&v->html, "</dl></div>\n");
}

void
report_holder(struct report_view *v)
{
	report_section(v, "holder", "Holder, as the chip says");
	if (v->record->document.present || v->face->state == FACE_SHOWN)
		put_warning(v);
	html_put(&v->html, "<div class=\"person\">\n");
	put_face(v);
	if (!v->record->document.present)
		html_put(&v->html,
		    "<p>The personal data (DG1) were not read, or are "
		    "malformed.</p>\n");
	else if (v->redact)
		put_redacted_data(v);
	else
		put_data(v);
	html_put(&v->html, "</div>\n</section>\n");
}
