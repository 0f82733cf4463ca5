#include "recognise.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include <allheaders.h>
#include <tesseract/capi.h>

#include "grey.h"
#include "model.h"

/* Narrower than two characters is no line, and Tesseract complains. */
#define MIN_WIDTH (2 * LINE_PITCH)

struct recogniser {
	TessBaseAPI *api;
};

/*
 * Nothing may be printed, guessed from dictionaries, or adapted from one
 * picture to the next. A choice mode of 2 gives the other symbols that the
 * net thought of at each place.
 */
static const struct {
	const char *name;
	const char *value;
} settings[] = {
	{ "debug_file", "/dev/null" },
	{ "tessedit_do_invert", "0" },
	{ "lstm_choice_mode", "2" },
	{ "lstm_choice_iterations", "5" },
	{ "load_system_dawg", "0" },
	{ "load_freq_dawg", "0" },
	{ "classify_enable_learning", "0" },
	{ "user_words_suffix", "" },
	{ "user_patterns_suffix", "" },
};
#define N_SETTINGS (sizeof(settings) / sizeof(settings[0]))

/*
 * Tesseract asks OpenMP for four threads by number. The only thing above it
 * is how deep parallel regions may be. Which OpenMP there is, if any, is
 * Tesseract's affair: the functions are asked for by name, not linked.
 */
typedef int get_levels(void);
typedef void set_levels(int levels);

static set_levels *
find_set_levels(void)
{
	void *symbol = dlsym(RTLD_DEFAULT, "omp_set_max_active_levels");
	set_levels *function = NULL;

	memcpy(&function, &symbol, sizeof(function));
	return function;
}

static get_levels *
find_get_levels(void)
{
	void *symbol = dlsym(RTLD_DEFAULT, "omp_get_max_active_levels");
	get_levels *function = NULL;

	memcpy(&function, &symbol, sizeof(function));
	return function;
}

/* From here on this thread works alone. Returns what was before. */
static int
one_thread(void)
{
	get_levels *get = find_get_levels();
	set_levels *set = find_set_levels();
	int levels;

	if (get == NULL || set == NULL)
		return 0;
	levels = get();
	set(0);
	return levels;
}

static void
as_before(int levels)
{
	set_levels *set = find_set_levels();

	if (set != NULL)
		set(levels);
}

static bool
start(TessBaseAPI *api)
{
	char *names[N_SETTINGS], *values[N_SETTINGS];
	size_t len = (size_t)(mrz_ocr_model_end - mrz_ocr_model);
	int failed;

	/* capi.h lacks the const; Init5 only reads the strings. */
	for (size_t i = 0; i < N_SETTINGS; i++) {
		names[i] = (char *)(uintptr_t)settings[i].name;
		values[i] = (char *)(uintptr_t)settings[i].value;
	}
	failed = TessBaseAPIInit5(api, (const char *)mrz_ocr_model, (int)len,
	    "mrz", OEM_LSTM_ONLY, NULL, 0, names, values, N_SETTINGS, 0);
	if (failed)
		return false;
	TessBaseAPISetPageSegMode(api, PSM_RAW_LINE);
	return true;
}

enum mrz_error
mrz_recogniser_new(struct recogniser **out)
{
	struct recogniser *new = calloc(1, sizeof(*new));
	int levels;
	bool started;

	*out = NULL;
	if (new == NULL)
		return MRZ_E_NO_MEMORY;
	setMsgSeverity(L_SEVERITY_NONE);
	levels = one_thread();
	new->api = TessBaseAPICreate();
	started = new->api != NULL &&start(new->api);
	as_before(levels);
	if (!started) {
		mrz_recogniser_free(&new);
		return MRZ_E_INTERNAL;
	}
	*out = new;
	return MRZ_OK;
}

void
mrz_recogniser_free(struct recogniser **recogniser)
{
	struct recogniser *old = *recogniser;

	*recogniser = NULL;
	if (old == NULL)
		return;
	if (old->api != NULL)
		TessBaseAPIDelete(old->api);
	free(old);
}

/* A choice more, when it is one character of the alphabet. */
static void
add_choice(struct symbol *symbol, const char *text, double percent)
{
	double p = percent / 100;

	if (text == NULL || text[0] == '\0' || text[1] != '\0')
		return;
	if (symbol->n == MAX_CHOICES)
		return;
	for (unsigned i = 0; i < symbol->n; i++)
		if (symbol->choices[i].text == text[0])
			return;
	symbol->choices[symbol->n].text = text[0];
	symbol->choices[symbol->n].p = p < 0 ? 0 : p > 1 ? 1 : p;
	symbol->n++;
}

static void
read_symbol(TessResultIterator *at, struct symbol *out)
{
	TessPageIterator *page = TessResultIteratorGetPageIterator(at);
	TessChoiceIterator *choice;
	char *text;
	int left = 0, top, right = 0, bottom;

	memset(out, 0, sizeof(*out));
	TessPageIteratorBoundingBox(page, RIL_SYMBOL, &left, &top, &right,
	    &bottom);
	out->left = left;
	out->right = right;
	text = TessResultIteratorGetUTF8Text(at, RIL_SYMBOL);
	if (text == NULL)
		return;
	add_choice(out, text, TessResultIteratorConfidence(at, RIL_SYMBOL));
	TessDeleteText(text);
	choice = TessResultIteratorGetChoiceIterator(at);
	if (choice == NULL)
		return;
	do {
		add_choice(out, TessChoiceIteratorGetUTF8Text(choice),
		    TessChoiceIteratorConfidence(choice));
	} while (TessChoiceIteratorNext(choice));
	TessChoiceIteratorDelete(choice);
}

static void
read_symbols(TessBaseAPI *api, struct recognised *out)
{
	TessResultIterator *at = TessBaseAPIGetIterator(api);

	if (at == NULL)
		return;
	do {
		struct symbol *symbol = &out->symbols[out->n];

		read_symbol(at, symbol);
		if (symbol->n > 0)
			out->n++;
	} while (
	    out->n < MAX_SYMBOLS && TessResultIteratorNext(at, RIL_SYMBOL));
	TessResultIteratorDelete(at);
}

bool
mrz_recognise(struct recogniser *recogniser, const struct line_image *image,
    uint32_t deadline_ms, struct recognised *out)
{
	TessBaseAPI *api = recogniser->api;
	ETEXT_DESC *monitor = NULL;
	int levels;

	out->n = 0;
	if (image->width < MIN_WIDTH || image->width > LINE_MAX_WIDTH)
		return false;
	if (deadline_ms > 0) {
		monitor = TessMonitorCreate();
		if (monitor != NULL)
			TessMonitorSetDeadlineMSecs(monitor,
			    deadline_ms > INT32_MAX ? INT32_MAX
						    : (int)deadline_ms);
	}
	levels = one_thread();
	TessBaseAPISetImage(api, image->at, (int)image->width, LINE_HEIGHT, 1,
	    (int)image->width);
	TessBaseAPISetSourceResolution(api, 300);
	if (TessBaseAPIRecognize(api, monitor) == 0)
		read_symbols(api, out);
	TessBaseAPIClear(api);
	as_before(levels);
	if (monitor != NULL)
		TessMonitorDelete(monitor);
	return out->n > 0;
}
