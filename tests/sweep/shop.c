#include "shop.h"

#include "test.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define NAME_CAP 80

const char *
shop_next_word(const char **at)
{
	const char *start = *at + strspn(*at, " ");
	size_t n = strcspn(start, " ");
	char *word;

	if (n == 0)
		return NULL;
	*at = start + n;
	word = der_alloc(n + 1);
	memcpy(word, start, n);
	return word;
}

bool
shop_is_in(const char *list, const char *word)
{
	const char *at = list, *w;

	while ((w = shop_next_word(&at)) != NULL) {
		if (strcmp(w, word) == 0)
			return true;
	}
	return false;
}

bool
shop_has_all(const char *wanted, const char *list)
{
	const char *at = wanted, *word;

	if (strcmp(wanted, "-") == 0)
		return true;
	while ((word = shop_next_word(&at)) != NULL) {
		if (!shop_is_in(list, word))
			return false;
	}
	return true;
}

/* Later settings go before earlier ones, and all before the defaults. */
static struct shop_choice *
find_setting(const struct shop *shop, const char *name)
{
	for (size_t i = shop->n_settings; i > 0; i--) {
		if (strcmp(shop->settings[i - 1].is.name, name) == 0)
			return &shop->settings[i - 1];
	}
	return NULL;
}

static const char *
find_exact(const struct shop *shop, const char *name)
{
	struct shop_choice *setting = find_setting(shop, name);

	if (setting == NULL)
		return shop_default(name);
	setting->used = true;
	return setting->is.value;
}

void
shop_check_settings(const struct shop *shop)
{
	for (size_t i = 0; i < shop->n_settings; i++) {
		const struct shop_choice *s = &shop->settings[i];

		if (s->must && !s->used)
			fail_msg("nothing was made of %s=%s", s->is.name,
			    s->is.value);
	}
}

static const char *
class_of(const char *artifact)
{
	if (strncmp(artifact, "ds", 2) == 0)
		return "signer";
	if (strncmp(artifact, "crl", 3) == 0)
		return "list";
	return "ca";
}

const char *
shop_find(const struct shop *shop, const char *artifact, const char *name)
{
	const char *const owners[] = { artifact, class_of(artifact) };
	char whole[NAME_CAP];

	for (size_t i = 0; i < 2; i++) {
		const char *value;

		(void)snprintf(whole, sizeof(whole), "%s.%s", owners[i], name);
		value = find_exact(shop, whole);
		if (value != NULL)
			return value;
	}
	return find_exact(shop, name);
}

const char *
shop_value(const struct shop *shop, const char *artifact, const char *name)
{
	const char *value = shop_find(shop, artifact, name);

	if (value == NULL)
		fail_msg("%s has no setting %s", artifact, name);
	return value;
}

static const char *
named_text(void *self, const char *name)
{
	const struct shop *shop = self;
	const char *dot = strchr(name, '.');
	char artifact[NAME_CAP];

	if (dot == NULL)
		return shop_value(shop, shop->at, name);
	(void)snprintf(artifact, sizeof(artifact), "%.*s", (int)(dot - name),
	    name);
	return shop_value(shop, artifact, dot + 1);
}

struct emrtd_bytes
shop_text(struct shop *shop, const char *artifact, const char *text)
{
	const struct der_names names = { named_text, shop_computed, shop };
	const char *before = shop->at;
	struct emrtd_bytes bytes;

	shop->at = artifact;
	bytes = der_text(text, &names);
	shop->at = before;
	return bytes;
}

struct shop_artifact *
shop_artifact(const struct shop *shop, const char *name)
{
	for (size_t i = 0; i < shop->n_artifacts; i++) {
		if (strcmp(shop->artifacts[i].name, name) == 0)
			return &shop->artifacts[i];
	}
	return NULL;
}

struct emrtd_bytes
shop_encoded(const struct shop_artifact *artifact)
{
	struct der_buf buf = { 0 };

	if (artifact->has_raw)
		return artifact->raw;
	for (const struct der_node *n = artifact->root; n != NULL; n = n->next)
		der_write(n, &buf);
	return der_bytes(&buf);
}

static void
add_setting(struct shop *shop, char *text, bool must)
{
	char *equals = strchr(text, '=');
	struct shop_choice *s = &shop->settings[shop->n_settings];
	const struct shop_choice *earlier;
	const char *before;

	assert_non_null(equals);
	assert_true(shop->n_settings < SHOP_SETTINGS_MAX);
	*equals = '\0';
	earlier = find_setting(shop, text);
	before = earlier != NULL ? earlier->is.value : shop_default(text);
	if (before != NULL && strcmp(before, equals + 1) == 0)
		fail_msg("%s is %s anyway", text, before);
	s->is.name = text;
	s->is.value = equals + 1;
	s->must = must;
	shop->n_settings++;
}

/* Statements parted by semicolons. */
static void
add_settings(struct shop *shop, const char *text)
{
	char *rest = der_copy_text(text), *one;

	while ((one = strsep(&rest, ";")) != NULL) {
		one += strspn(one, " ");
		if (one[0] != '\0')
			add_setting(shop, one, false);
	}
}

/* VERB ARTIFACT[.PART][/PATH] [VALUE] */
static void
add_edit(struct shop *shop, char *text)
{
	struct shop_edit *edit = &shop->edits[shop->n_edits++];
	char *target;

	assert_true(shop->n_edits <= SHOP_EDITS_MAX);
	edit->text = der_copy_text(text);
	edit->late = text[0] == '!';
	edit->verb = strsep(&text, " ") + (edit->late ? 1 : 0);
	if (text == NULL)
		fail_msg("no target: %s", edit->text);
	target = strsep(&text, " ");
	edit->value = text != NULL ? text + strspn(text, " ") : "";
	edit->path = "";
	edit->part = "";
	if (strchr(target, '/') != NULL) {
		char *slash = strchr(target, '/');

		*slash = '\0';
		edit->path = slash + 1;
	}
	if (strchr(target, '.') != NULL) {
		char *dot = strchr(target, '.');

		*dot = '\0';
		edit->part = dot + 1;
	}
	edit->artifact = target;
}

void
shop_read_edits(struct shop *shop, const char *edits)
{
	char *rest = der_copy_text(edits), *one;

	while ((one = strsep(&rest, ";")) != NULL) {
		one += strspn(one, " ");
		for (size_t n = strlen(one); n > 0 && one[n - 1] == ' '; n--)
			one[n - 1] = '\0';
		if (strncmp(one, "use ", 4) == 0)
			add_setting(shop, one + 4, true);
		else if (one[0] != '\0' && strcmp(one, "-") != 0)
			add_edit(shop, one);
	}
}

struct shop *
shop_make(const char *base, const char *edits, enum shop_signing signing,
    const struct shop *first)
{
	struct shop *shop = der_alloc(sizeof(*shop));
	const char *settings = shop_base(base);

	if (settings == NULL)
		fail_msg("no base %s", base);
	shop->artifacts = der_alloc(
	    SHOP_ARTIFACTS_MAX * sizeof(*shop->artifacts));
	shop->settings = der_alloc(SHOP_SETTINGS_MAX * sizeof(*shop->settings));
	shop->base = base;
	shop->signing = signing;
	shop->first = first;
	add_settings(shop, settings);
	shop_read_edits(shop, edits);
	shop_issue(shop);
	for (size_t i = 0; i < shop->n_edits; i++) {
		if (!shop->edits[i].done)
			fail_msg("never made: %s", shop->edits[i].text);
	}
	return shop;
}
