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
};

static bool
next_name(struct vectors *vectors, struct name_case *out)
{
	struct vector v;

	if (!vectors_next(vectors, &v))
		return false;
	assert_int_equal(v.n_words, 4);
	out->format = mrz_format_find(v.words[0]);
	out->field = v.words[1];
	assert_int_equal(strlen(out->field), name_room(out->format));
	mrz_case_value(v.words[2], out->surname, sizeof(out->surname));
	mrz_case_value(v.words[3], out->given, sizeof(out->given));
	return true;
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

/*
 * A name that fits is printed as in the standard. For one that does not, the
 * standard shows several ways; ours must keep its rules, and is one of those
 * shown at least once for each layout.
 */
static void
printed_names_are_built(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/mrz_names.txt");
	unsigned cut_alike[MRZ_N_FORMATS] = { 0 };
	struct name_case c;

	(void)state;
	while (next_name(vectors, &c)) {
		size_t len = strlen(c.field), at;
		char field[64];
		struct name name;
		bool in_given;
		bool fits = strlen(c.surname) + strlen(c.given) + 2 <= len;

		assert_int_equal(mrz_name_join(c.surname, c.given, field, len,
				     &in_given, &at),
		    MRZ_R_NONE);
		if (fits)
			assert_memory_equal(field, c.field, len);
		else if (memcmp(field, c.field, len) == 0)
			cut_alike[c.format]++;
		mrz_name_split(field, len, &name);
		assert_shortened(name.primary.text, c.surname);
		assert_shortened(name.secondary.text, c.given);
		if (!fits)
			assert_true(name.fills);
		if (c.given[0] != '\0')
			assert_true(name.secondary.length > 0);
	}
	vectors_close(vectors);
	for (int i = MRZ_TD1; i < MRZ_N_FORMATS; i++)
		assert_true(cut_alike[i] > 0);
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
	{ "AAAAAAAAAAAAAAAAAAAAAAAAAA", "B C", 30, NULL },
	{ "", "", 30, NULL },
	{ "'", ".", 30, NULL },
};

static void
names_are_joined(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(joins) / sizeof(joins[0]); i++) {
		const struct join_case *c = &joins[i];
		char field[64] = "";
		bool in_given;
		size_t at;
		enum mrz_reason reason = mrz_name_join(c->surname, c->given,
		    field, c->room, &in_given, &at);

		if (c->field == NULL) {
			assert_int_not_equal(reason, MRZ_R_NONE);
			continue;
		}
		assert_int_equal(reason, MRZ_R_NONE);
		field[c->room] = '\0';
		assert_string_equal(field, c->field);
	}
}

/* Names of any number and length of components, in every room: what is built
 * never leaves the field and ends with a letter if something was cut. */
static void
any_name_is_built_or_refused(void **state)
{
	uint32_t random = 1;
	unsigned n_cut = 0;

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		char names[2][260], field[64];
		size_t len[2] = { 0, 0 }, at, room = 30 + round % 10;
		struct name name;
		bool in_given;

		for (int side = 0; side < 2; side++) {
			random = random * 1103515245u + 12345u;
			len[side] = (random >> 16) % 60;
			for (size_t i = 0; i < len[side]; i++) {
				random = random * 1103515245u + 12345u;
				names[side][i] =
				    (random >> 16) % 5 == 0
					? ' '
					: (char)('A' + (random >> 16) % 26);
			}
			names[side][len[side]] = '\0';
		}
		memset(field, '#', sizeof(field));
		if (mrz_name_join(names[0], names[1], field, room, &in_given,
			&at) != MRZ_R_NONE)
			continue;
		assert_int_equal(field[room], '#');
		for (size_t i = 0; i < room; i++)
			assert_true(field[i] == '<' ||
				    (field[i] >= 'A' && field[i] <= 'Z'));
		mrz_name_split(field, room, &name);
		assert_shortened(name.primary.text, names[0]);
		assert_shortened(name.secondary.text, names[1]);
		if (name.primary.length + name.secondary.length + 2 < room)
			continue;
		n_cut++;
	}
	assert_true(n_cut > 1000);
}

static void
names_that_are_too_long_to_handle(void **state)
{
	char surname[400], field[64];
	bool in_given;
	size_t at;

	(void)state;
	memset(surname, 'A', sizeof(surname));
	surname[399] = '\0';
	assert_int_equal(mrz_name_join("B", surname, field, 39, &in_given, &at),
	    MRZ_R_TOO_LONG);
	assert_true(in_given);
	assert_int_equal(at, 200);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(printed_names_are_read),
		cmocka_unit_test(printed_names_are_built),
		cmocka_unit_test(names_are_joined),
		cmocka_unit_test(any_name_is_built_or_refused),
		cmocka_unit_test(names_that_are_too_long_to_handle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
