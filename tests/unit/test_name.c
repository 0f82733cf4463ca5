#include "mrz_cases.h"
#include "name.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

#define MAX_COMPONENTS 100

static size_t
name_room(enum mrz_format format)
{
	return format == MRZ_TD1 ? 30 : mrz_format_line_len(format) - 5;
}

/* Components of a name parted by blanks, hyphens or fillers. */
static size_t
components(const char *name, char *copy, size_t cap, const char **out)
{
	size_t n = 0;

	assert_true(strlen(name) < cap);
	strcpy(copy, name);
	for (char *at = strtok(copy, " -<"); at != NULL;
	     at = strtok(NULL, " -<")) {
		assert_true(n < MAX_COMPONENTS);
		out[n++] = at;
	}
	return n;
}

/* Each component that was printed begins as the one of the whole name does. */
static void
assert_shortened(const char *printed, const char *whole)
{
	char a_copy[256], b_copy[512], plain[512];
	const char *a[MAX_COMPONENTS], *b[MAX_COMPONENTS];
	size_t n = 0, n_a, n_b;

	for (const char *at = whole; *at != '\0'; at++)
		if (*at != '\'')
			plain[n++] = *at;
	plain[n] = '\0';
	n_a = components(printed, a_copy, sizeof(a_copy), a);
	n_b = components(plain, b_copy, sizeof(b_copy), b);
	assert_true(n_a <= n_b);
	for (size_t i = 0; i < n_a; i++)
		assert_memory_equal(a[i], b[i], strlen(a[i]));
}

struct name_case {
	enum mrz_format format;
	const char *field;
	char surname[128];
	char given[128];
	const char *style;
};

static bool
next_name(struct vectors *vectors, struct name_case *out)
{
	struct vector v;

	if (!vectors_next(vectors, &v))
		return false;
	assert_int_equal(v.n_words, 5);
	out->format = mrz_format_find(v.words[0]);
	out->field = v.words[1];
	assert_int_equal(strlen(out->field), name_room(out->format));
	mrz_case_value(v.words[2], out->surname, sizeof(out->surname));
	mrz_case_value(v.words[3], out->given, sizeof(out->given));
	out->style = v.words[4];
	return true;
}

/* What a STYLE of the file is for mrz_build; numbers have room for 8 each. */
struct style {
	uint8_t surname[9];
	uint8_t given[9];
};

static const char *
read_numbers(const char *text, uint8_t out[9])
{
	size_t n = 0;

	memset(out, 0, 9);
	while (*text >= '0' && *text <= '9') {
		assert_true(n < 8);
		while (*text >= '0' && *text <= '9')
			out[n] = (uint8_t)(out[n] * 10 + *text++ - '0');
		n++;
		text += *text == ',' ? 1 : 0;
	}
	return text;
}

static void
read_style(const char *text, struct style *style, struct mrz_fields *out)
{
	out->truncation = mrz_truncation_find(text);
	if (out->truncation != MRZ_N_TRUNCATIONS)
		return;
	out->truncation = MRZ_TRUNCATE_LETTERS;
	text = read_numbers(text, style->surname);
	if (style->surname[0] != 0)
		out->surname_letters = style->surname;
	if (*text == '/') {
		text = read_numbers(text + 1, style->given);
		out->given_letters = style->given;
	}
	assert_int_equal(*text, '\0');
}

static void
set_names(struct mrz_fields *fields, const char *surname, const char *given)
{
	memset(fields, 0, sizeof(*fields));
	fields->size = sizeof(*fields);
	fields->text[MRZ_F_SURNAME] = surname;
	fields->text[MRZ_F_GIVEN_NAMES] = given;
}

/* Into a field of any length, which gets a NUL behind it. */
static enum mrz_reason
write_name(const struct mrz_fields *fields, char *field, size_t len,
    struct mrz_name_fit *fit, struct mrz_problem *problem)
{
	enum mrz_reason reason;

	memset(fit, 0, sizeof(*fit));
	memset(field, '#', len + 1);
	reason = mrz_name_write(fields, field, len, fit, problem);
	assert_int_equal(field[len], '#');
	field[len] = '\0';
	return reason;
}

static void
printed_names_are_read(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/mrz_names.txt");
	struct name_case c;
	struct name name;

	(void)state;
	while (next_name(vectors, &c)) {
		size_t len = strlen(c.field);

		mrz_name_split(c.field, len, &name);
		assert_shortened(name.primary.text, c.surname);
		assert_shortened(name.secondary.text, c.given);
		assert_false(name.odd_shape);
		assert_int_equal(name.fills, c.field[len - 1] != '<');
	}
	vectors_close(vectors);
}

/* Fields that are no names: all fillers, a letter behind fillers, three
 * identifiers. */
static void
odd_fields_are_read(void **state)
{
	static const struct {
		const char *field, *primary, *secondary;
		bool odd, fills;
	} rows[] = {
		{ "<<<<<<", "", "", false, false },
		{ "A<<<<<", "A", "", false, false },
		{ "<A<<<<", "A", "", true, false },
		{ "<<A<<<", "", "A", true, false },
		{ "<<<<<A", "", "A", true, true },
		{ "A<B<<<", "A B", "", false, false },
		{ "A<<B<C", "A", "B C", false, true },
		{ "A<<<B<", "A", "B", true, false },
		{ "A<<B<<C<", "A", "B C", true, false },
		{ "A<<B<<C<<D", "A", "B C D", true, true },
		{ "AB", "AB", "", false, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct name name;

		mrz_name_split(rows[i].field, strlen(rows[i].field), &name);
		assert_string_equal(name.primary.text, rows[i].primary);
		assert_string_equal(name.secondary.text, rows[i].secondary);
		assert_int_equal(name.odd_shape, rows[i].odd);
		assert_int_equal(name.fills, rows[i].fills);
	}
}

static size_t
count_letters(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += *text >= 'A' && *text <= 'Z' ? 1 : 0;
	return n;
}

/*
 * Every line that the standard prints comes out of its style, letter for
 * letter. A name that fits comes out of every style.
 */
static void
printed_names_are_built(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/mrz_names.txt");
	unsigned by_rule = 0, by_numbers = 0, fitting = 0;
	struct name_case c;

	(void)state;
	while (next_name(vectors, &c)) {
		bool fits = strcmp(c.style, "-") == 0;
		struct style style = { { 0 }, { 0 } };
		struct mrz_name_fit fit = { .size = sizeof(fit) };
		struct mrz_fields fields;

		set_names(&fields, c.surname, c.given);
		if (fits)
			fields.truncation = (enum mrz_name_truncation)(
			    fitting++ % MRZ_N_TRUNCATIONS);
		else
			read_style(c.style, &style, &fields);
		if (!fits && fields.truncation == MRZ_TRUNCATE_LETTERS)
			by_numbers++;
		else if (!fits)
			by_rule++;
		assert_int_equal(mrz_name_fit(c.format, &fields, &fit, NULL),
		    MRZ_OK);
		assert_string_equal(fit.text, c.field);
		assert_int_equal(fit.truncated, !fits);
		assert_int_equal(fit.surname_letters + fit.given_letters -
				     fit.surname_letters_lost -
				     fit.given_letters_lost,
		    count_letters(c.field));
	}
	vectors_close(vectors);
	assert_int_equal(by_rule, 15);
	assert_int_equal(by_numbers, 11);
	assert_true(fitting >= 35);
}

/* In every style a name that is too long keeps the rules of the standard. */
static void
every_style_keeps_the_rules(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/mrz_names.txt");
	static const uint8_t three[] = { 3, 0 };
	struct name_case c;

	(void)state;
	while (next_name(vectors, &c)) {
		if (strcmp(c.style, "-") == 0)
			continue;
		for (unsigned i = 0; i < MRZ_N_TRUNCATIONS; i++) {
			struct mrz_name_fit fit = { .size = sizeof(fit) };
			struct mrz_fields fields;
			struct name name;

			set_names(&fields, c.surname, c.given);
			fields.truncation = (enum mrz_name_truncation)i;
			fields.surname_letters = three;
			fields.given_letters = three;
			assert_int_equal(mrz_name_fit(c.format, &fields, &fit,
					     NULL),
			    MRZ_OK);
			mrz_name_split(fit.text, strlen(fit.text), &name);
			assert_shortened(name.primary.text, c.surname);
			assert_shortened(name.secondary.text, c.given);
			assert_true(name.fills);
			assert_true(name.secondary.length > 0);
			assert_false(name.odd_shape);
		}
	}
	vectors_close(vectors);
}

struct join_case {
	const char *surname, *given;
	size_t room;
	const char *field; /* NULL: refused */
};

static const struct join_case joins[] = {
	{ "O'Connor", "Enya Siobhan", 31, "OCONNOR<<ENYA<SIOBHAN<<<<<<<<<<" },
	{ "St. John", "A.B.", 31, "ST<JOHN<<AB<<<<<<<<<<<<<<<<<<<<" },
	{ "A'B.C`D/E(F)G\"H;I:J", "", 31, "ABCDEFGHIJ<<<<<<<<<<<<<<<<<<<<<" },
	{ "A-B,C D<E", "", 31, "A<B<C<D<E<<<<<<<<<<<<<<<<<<<<<<" },
	{ "A!", "", 31, NULL },
	{ "azAZ", "", 31, "AZAZ<<<<<<<<<<<<<<<<<<<<<<<<<<<" },
	{ "  Smith -- Jones ", "-", 31, "SMITH<JONES<<<<<<<<<<<<<<<<<<<<" },
	{ "Smith<<Jones", "<Mary<", 31, "SMITH<JONES<<MARY<<<<<<<<<<<<<<" },
	{ "", "Anna", 31, "<<ANNA<<<<<<<<<<<<<<<<<<<<<<<<<" },
	{ NULL, "Anna", 31, "<<ANNA<<<<<<<<<<<<<<<<<<<<<<<<<" },
	/* Exactly full; one too many; one place for the given name. */
	{ "AAAAAAAAAAAAA", "BBBBBBBBBBBBBBB", 30,
	    "AAAAAAAAAAAAA<<BBBBBBBBBBBBBBB" },
	{ "AAAAAAAAAAAAA", "BBBBBBBBBBBBBBBB", 30,
	    "AAAAAAAAAAAAA<<BBBBBBBBBBBBBBB" },
	{ "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "BB", 30,
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAA<<B" },
	{ "AAAAAAAAAAAAAAAAAAAAAAAAAAA", "B", 30,
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAA<<B" },
	{ "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "", 30,
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
	/* Initials of all components while there is room. */
	{ "BENNELONG WOOLOOMOOLOO WARRANDYTE WARNAMBOOL", "", 30,
	    "BENNELONG<WOOLOOMOOLOO<WARRA<W" },
	{ "A B C D E F G H I J K L M N O P Q R S T", "", 31,
	    "A<B<C<D<E<F<G<H<I<J<K<L<M<N<O<P" },
	/* Nothing legal is left: the last place would be a filler. */
	{ "A B C D E F G H I J K L M N O P Q R S T", "", 30, NULL },
	/* A single place left: a longer component makes room for the next. */
	{ "AAAAAAAAAAAAAAAAAAAAAAAAAA", "B C", 30,
	    "AAAAAAAAAAAAAAAAAAAAAAAAA<<B<C" },
	{ "AA BBBBBBBBBBBBBBBBBBBBBBBBBBB C", "", 30,
	    "AA<BBBBBBBBBBBBBBBBBBBBBBBBB<C" },
	{ "", "", 30, NULL },
	{ "'", ".", 30, NULL },
};

/* What the styles differ in, beyond the lines of the standard. */
static const struct {
	enum mrz_name_truncation style;
	uint8_t surname[3], given[3];
	const char *surname_text, *given_text;
	size_t room;
	const char *field;
} styled[] = {
	/* One number for both sides is sought, and binds the surname. */
	{ MRZ_TRUNCATE_EVEN, { 0 }, { 0 }, "AAAAAAAAAAAA BBBBBBBBBBBB",
	    "CCCCCCCCCCCCCCCCCCCC", 30, "AAAAAAAAA<BBBBBBBBB<<CCCCCCCCC" },
	{ MRZ_TRUNCATE_EVEN, { 0 }, { 0 }, "AAAAAAAA B",
	    "CCCCCCCC DDDDDDDDDDDD", 30, "AAAAAAAA<B<<CCCCCCCC<DDDDDDDDD" },
	/* One letter may be enough. */
	{ MRZ_TRUNCATE_EVEN, { 0 }, { 0 },
	    "AA BB CC DD EE FF GG HH II JJ KK LL MM NN OO PP", "", 31,
	    "A<B<C<D<E<F<G<H<I<J<K<L<M<N<O<P" },
	/* A single long component gives way to given names, or does not. */
	{ MRZ_TRUNCATE_INITIALS, { 0 }, { 0 },
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "BBBB CCCC", 30,
	    "AAAAAAAAAAAAAAAAAAA<<BBBB<CCCC" },
	{ MRZ_TRUNCATE_GIVEN, { 0 }, { 0 },
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "BBBB CCCC", 30,
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAA<<B" },
	/* As many initials as there is room for. */
	{ MRZ_TRUNCATE_GIVEN, { 0 }, { 0 }, "NILAVADHANANANDA",
	    "A BCD DEJ KRA EFG JKL NO", 30, "NILAVADHANANANDA<<A<BC<D<K<E<J" },
	{ MRZ_TRUNCATE_GIVEN, { 0 }, { 0 }, "NILAVADHANANAND",
	    "A BCD DEJ KRA EFG JKL NO", 30, "NILAVADHANANAND<<A<B<D<K<E<J<N" },
	/* The end is cut, and a filler is never the last. */
	{ MRZ_TRUNCATE_END, { 0 }, { 0 }, "AAAAAAAA", "BBBBBBBBBBBBBBBBBBB CC",
	    30, "AAAAAAAA<<BBBBBBBBBBBBBBBBBB<C" },
	{ MRZ_TRUNCATE_END, { 0 }, { 0 }, "AAAAAAAA", "BBBBBBBBBBBBBBBBBB CC",
	    30, "AAAAAAAA<<BBBBBBBBBBBBBBBBBB<C" },
	{ MRZ_TRUNCATE_END, { 0 }, { 0 }, "AAAAAAAA",
	    "BBBBBBBBBBBBBBBBB CCC DD", 30, "AAAAAAAA<<BBBBBBBBBBBBBBBBB<CC" },
	/* Numbers are for their own style alone. */
	{ MRZ_TRUNCATE_END, { 3 }, { 3 }, "AAAAAAAA CCCC", "BBBBBBBBBBBBBBBBB",
	    30, "AAAAAAAA<CCCC<<BBBBBBBBBBBBBBB" },
	{ MRZ_TRUNCATE_EVEN, { 3 }, { 3 }, "AAAAAAAA CCCC", "BBBBBBBBBBBBBBBBB",
	    30, "AAAAAAAA<CCCC<<BBBBBBBBBBBBBBB" },
	/* The last number is for all that follow. */
	{ MRZ_TRUNCATE_LETTERS, { 9, 3 }, { 4, 2 }, "AAAAAAAAAA BBBBBB CCCCCC",
	    "DDDDDD EEEEEE FFFFFF", 30, "AAAAAAAAAA<BBB<CCC<<DDDD<EE<FF" },
	/* What the numbers leave goes to the components from the first on. */
	{ MRZ_TRUNCATE_LETTERS, { 2 }, { 2 }, "AAAAAAAAAA BBBBBB CCCCCC",
	    "DDDDDD EEEEEE", 30, "AAAAAAAAAA<BBBBBB<CCCCC<<DD<EE" },
};

static void
styles_differ(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(styled) / sizeof(styled[0]); i++) {
		struct mrz_problem problem;
		struct mrz_name_fit fit;
		struct mrz_fields fields;
		char field[64];

		set_names(&fields, styled[i].surname_text,
		    styled[i].given_text);
		fields.truncation = styled[i].style;
		fields.surname_letters = styled[i].surname;
		fields.given_letters = styled[i].given;
		assert_int_equal(write_name(&fields, field, styled[i].room,
				     &fit, &problem),
		    MRZ_R_NONE);
		assert_string_equal(field, styled[i].field);
	}
}

static void
names_are_joined(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(joins) / sizeof(joins[0]); i++) {
		const struct join_case *c = &joins[i];
		struct mrz_problem problem;
		struct mrz_name_fit fit;
		struct mrz_fields fields;
		enum mrz_reason reason;
		char field[64];

		set_names(&fields, c->surname, c->given);
		reason = write_name(&fields, field, c->room, &fit, &problem);
		if (c->field == NULL) {
			assert_int_not_equal(reason, MRZ_R_NONE);
			continue;
		}
		assert_int_equal(reason, MRZ_R_NONE);
		assert_string_equal(field, c->field);
	}
}

/* Pseudo-random names; the letters of a component are random, too. */
static void
random_name(uint32_t *random, char out[60])
{
	size_t len;

	*random = *random * 1103515245u + 12345u;
	len = (*random >> 16) % 60;
	for (size_t i = 0; i < len; i++) {
		*random = *random * 1103515245u + 12345u;
		out[i] = (*random >> 16) % 5 == 0
			     ? ' '
			     : (char)('A' + (*random >> 16) % 26);
	}
	out[len] = '\0';
}

static void
assert_counts(const struct mrz_name_fit *fit, const struct name *name,
    const char *surname, const char *given)
{
	assert_int_equal(fit->surname_letters, count_letters(surname));
	assert_int_equal(fit->given_letters, count_letters(given));
	assert_int_equal(fit->surname_letters - fit->surname_letters_lost,
	    count_letters(name->primary.text));
	assert_int_equal(fit->given_letters - fit->given_letters_lost,
	    count_letters(name->secondary.text));
	assert_true(fit->surname_parts_lost <= fit->surname_letters_lost);
	assert_true(fit->given_parts_lost <= fit->given_letters_lost);
	assert_int_equal(fit->truncated,
	    fit->surname_letters_lost + fit->given_letters_lost > 0);
}

/* Names of any number and length of components, in every room and style: what
 * is built never leaves the field, ends with a letter if something was cut,
 * keeps a letter of both sides, and tells how many are lost. */
static void
any_name_is_built_or_refused(void **state)
{
	uint32_t random = 1;
	unsigned n_cut = 0, n_refused = 0;

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		char names[2][60], field[64];
		uint8_t most[2][3];
		size_t room = 30 + round % 10;
		struct mrz_problem problem;
		struct mrz_name_fit fit;
		struct mrz_fields fields;
		struct name name;

		random_name(&random, names[0]);
		random_name(&random, names[1]);
		set_names(&fields, names[0], names[1]);
		fields.truncation = (enum mrz_name_truncation)(
		    round / 10 % MRZ_N_TRUNCATIONS);
		for (unsigned i = 0; i < 2; i++) {
			most[i][0] = (uint8_t)((random >> 16) % 9);
			most[i][1] = (uint8_t)((random >> 20) % 9);
			most[i][2] = 0;
		}
		fields.surname_letters = most[0];
		fields.given_letters = most[1];
		if (write_name(&fields, field, room, &fit, &problem) !=
		    MRZ_R_NONE) {
			n_refused++;
			continue;
		}
		assert_int_equal(strspn(field, "ABCDEFGHIJKLMNOPQRSTUVWXYZ<"),
		    room);
		mrz_name_split(field, room, &name);
		assert_shortened(name.primary.text, names[0]);
		assert_shortened(name.secondary.text, names[1]);
		assert_counts(&fit, &name, names[0], names[1]);
		assert_int_equal(name.secondary.length > 0,
		    fit.given_letters > 0);
		assert_int_equal(name.primary.length > 0,
		    fit.surname_letters > 0);
		if (!fit.truncated)
			continue;
		assert_true(name.fills);
		n_cut++;
	}
	assert_true(n_cut > 1000);
	assert_true(n_refused < 200);
}

static void
names_that_are_too_long_to_handle(void **state)
{
	char name[400], field[64];
	struct mrz_problem problem;
	struct mrz_name_fit fit;
	struct mrz_fields fields;

	(void)state;
	memset(name, 'A', sizeof(name));
	name[399] = '\0';
	set_names(&fields, "BB", name);
	assert_int_equal(write_name(&fields, field, 39, &fit, &problem),
	    MRZ_R_TOO_LONG);
	assert_int_equal(problem.field, MRZ_F_GIVEN_NAMES);
	assert_int_equal(problem.offset, 200);
	/* A hundred components of one letter are 199 places, one more is 201. */
	for (size_t i = 1; i < sizeof(name); i += 2)
		name[i] = ' ';
	name[199] = '\0';
	assert_int_equal(write_name(&fields, field, 39, &fit, &problem),
	    MRZ_R_NONE);
	assert_string_equal(field, "BB<<A<A<A<A<A<A<A<A<A<A<A<A<A<A<A<A<A<A");
	name[199] = ' ';
	name[200] = 'A';
	name[201] = '\0';
	assert_int_equal(write_name(&fields, field, 39, &fit, &problem),
	    MRZ_R_TOO_LONG);
	assert_int_equal(problem.offset, 200);
	/* Two hundred places: AA and 99 of one letter. */
	memset(name, 'A', 200);
	for (size_t i = 2; i < 200; i += 2)
		name[i] = ' ';
	name[200] = '\0';
	assert_int_equal(write_name(&fields, field, 39, &fit, &problem),
	    MRZ_R_NONE);
	assert_int_equal(fit.given_letters, 101);
}

static void
styles_have_names(void **state)
{
	(void)state;
	for (unsigned i = 0; i < MRZ_N_TRUNCATIONS; i++)
		assert_int_equal(mrz_truncation_find(mrz_truncation_name(
				     (enum mrz_name_truncation)i)),
		    i);
	assert_int_equal(mrz_truncation_find("initial"), MRZ_N_TRUNCATIONS);
	assert_int_equal(mrz_truncation_find(""), MRZ_N_TRUNCATIONS);
	assert_int_equal(mrz_truncation_find(NULL), MRZ_N_TRUNCATIONS);
	assert_string_equal(mrz_truncation_name(MRZ_N_TRUNCATIONS), "unknown");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(printed_names_are_read),
		cmocka_unit_test(printed_names_are_built),
		cmocka_unit_test(every_style_keeps_the_rules),
		cmocka_unit_test(styles_have_names),
		cmocka_unit_test(odd_fields_are_read),
		cmocka_unit_test(styles_differ),
		cmocka_unit_test(names_are_joined),
		cmocka_unit_test(any_name_is_built_or_refused),
		cmocka_unit_test(names_that_are_too_long_to_handle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
