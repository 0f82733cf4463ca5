/*
 * train-glyphs FILE SEED LEAST LINES ROUNDS [FONT].. - trains one net of
 * libmrz/ocr/glyph.c on drawn lines and appends it to FILE. LEAST is the least
 * hardness of a line in hundredths, 0 to 99. The first font is used most
 * (default: OCR-B). scripts/train-glyphs calls it.
 */
#include "glyph_samples.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEST_SEED  1000099u
#define TEST_LINES 400u /* or as many as are trained on */
#define MAX_FONTS  8
#define RATE       0.01
/* What changes so little is not worth the time. */
#define TINY 1e-5f

struct trainer {
	struct glyph_net net;
	struct prng prng;
	float in[GLYPH_INPUTS];
	float hidden[GLYPH_HIDDEN];
	float out[GLYPH_CLASSES];
};

static void
start(struct trainer *t)
{
	double in = sqrt(2.0 / GLYPH_INPUTS), hidden = sqrt(1.0 / GLYPH_HIDDEN);

	for (unsigned j = 0; j < GLYPH_HIDDEN; j++)
		for (unsigned i = 0; i < GLYPH_INPUTS; i++)
			t->net.hidden[j][i] = (float)(in *
						      prng_normal(&t->prng));
	for (unsigned k = 0; k < GLYPH_CLASSES; k++)
		for (unsigned j = 0; j < GLYPH_HIDDEN; j++)
			t->net.output[k][j] = (float)(hidden *
						      prng_normal(&t->prng));
}

static void
classify(struct trainer *t, const struct glyph_sample *sample)
{
	for (unsigned i = 0; i < GLYPH_INPUTS; i++)
		t->in[i] = (float)sample->ink[i] / 255;
	mrz_glyph_hidden(&t->net, t->in, t->hidden);
	mrz_glyph_classify(&t->net, t->hidden, t->out);
}

/* One step against the gradient of the cross entropy. */
static void
step(struct trainer *t, const struct glyph_sample *sample, float rate)
{
	float back[GLYPH_HIDDEN] = { 0 };

	classify(t, sample);
	t->out[sample->class] -= 1;
	for (unsigned k = 0; k < GLYPH_CLASSES; k++) {
		float error = t->out[k];

		if (fabsf(error) < TINY)
			continue;
		for (unsigned j = 0; j < GLYPH_HIDDEN; j++) {
			back[j] += error * t->net.output[k][j];
			t->net.output[k][j] -= rate * error * t->hidden[j];
		}
		t->net.output_bias[k] -= rate * error;
	}
	for (unsigned j = 0; j < GLYPH_HIDDEN; j++) {
		float error = t->hidden[j] > 0 ? back[j] : GLYPH_LEAK * back[j];

		if (fabsf(error) < TINY)
			continue;
		for (unsigned i = 0; i < GLYPH_INPUTS; i++)
			t->net.hidden[j][i] -= rate * error *
					       (t->in[i] - GLYPH_MIDDLE);
		t->net.hidden_bias[j] -= rate * error;
	}
}

/* How many of the samples are read wrongly. */
static size_t
count_wrong(struct trainer *t, const struct glyph_samples *samples)
{
	size_t wrong = 0;

	for (size_t i = 0; i < samples->n; i++) {
		unsigned best = 0;

		classify(t, &samples->at[i]);
		for (unsigned k = 1; k < GLYPH_CLASSES; k++)
			if (t->out[k] > t->out[best])
				best = k;
		wrong += best != samples->at[i].class;
	}
	return wrong;
}

static void
train(struct trainer *t, const struct glyph_samples *samples,
    const struct glyph_samples *test, unsigned rounds)
{
	for (unsigned round = 0; round < rounds; round++) {
		size_t wrong;

		for (size_t i = 0; i < samples->n; i++) {
			double done = (round + (double)i / (double)samples->n) /
				      rounds;
			double rate = RATE * 0.5 *
					  (1 + cos(3.14159265 * done)) +
				      1e-5;

			step(t,
			    &samples->at[prng_below(&t->prng,
				(unsigned)samples->n)],
			    (float)rate);
		}
		wrong = count_wrong(t, test);
		printf("round %u: %zu of %zu wrong\n", round + 1, wrong,
		    test->n);
		fflush(stdout);
	}
}

static bool
put(FILE *file, const float *values, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		float scaled = roundf(values[i] * GLYPH_UNIT);
		int value = scaled > 32767    ? 32767
			    : scaled < -32768 ? -32768
					      : (int)scaled;
		uint8_t bytes[2] = { (uint8_t)value, (uint8_t)(value >> 8) };

		if (fwrite(bytes, 1, 2, file) != 2)
			return false;
	}
	return true;
}

static bool
save(const struct glyph_net *net, const char *path)
{
	FILE *file = fopen(path, "ab");
	bool done;

	if (file == NULL)
		return false;
	done = fputs(GLYPH_MAGIC, file) >= 0 &&
	       put(file, net->hidden[0], GLYPH_HIDDEN * GLYPH_INPUTS) &&
	       put(file, net->hidden_bias, GLYPH_HIDDEN) &&
	       put(file, net->output[0], GLYPH_CLASSES * GLYPH_HIDDEN) &&
	       put(file, net->output_bias, GLYPH_CLASSES);
	return fclose(file) == 0 && done;
}

static unsigned
number(const char *text)
{
	unsigned long value = strtoul(text, NULL, 10);

	return value <= 1000000 ? (unsigned)value : 0;
}

static unsigned
open_fonts(int n, char **paths, struct mrz_font *fonts[MAX_FONTS])
{
	unsigned opened = 0;

	if (n == 0)
		return mrz_font_open(NULL, &fonts[0]) == MRZ_OK;
	for (int i = 0; i < n; i++, opened++)
		if (mrz_font_open(paths[i], &fonts[i]) != MRZ_OK)
			return 0;
	return opened;
}

int
main(int argc, char **argv)
{
	static struct trainer trainer;
	struct glyph_samples samples = { 0 }, test = { 0 };
	struct mrz_font *fonts[MAX_FONTS] = { NULL };
	unsigned n_fonts, seed, lines;
	double least;
	int status = 3;

	if (argc < 6 || argc > 6 + MAX_FONTS || number(argv[2]) == 0 ||
	    number(argv[3]) > 99 || number(argv[4]) == 0 ||
	    number(argv[5]) == 0) {
		fputs("usage: train-glyphs FILE SEED LEAST LINES ROUNDS "
		      "[FONT]..\n",
		    stderr);
		return 2;
	}
	seed = number(argv[2]);
	lines = number(argv[4]);
	least = number(argv[3]) / 100.0;
	trainer.prng.state = seed;
	n_fonts = open_fonts(argc - 6, argv + 6, fonts);
	if (n_fonts == 0 ||
	    glyph_samples_make(seed, least, lines, fonts, n_fonts, &samples) !=
		MRZ_OK ||
	    glyph_samples_make(TEST_SEED, least,
		lines < TEST_LINES ? lines : TEST_LINES, fonts, n_fonts,
		&test) != MRZ_OK) {
		fputs("train-glyphs: the lines cannot be drawn\n", stderr);
	} else {
		printf("%zu cells\n", samples.n);
		start(&trainer);
		train(&trainer, &samples, &test, number(argv[5]));
		status = save(&trainer.net, argv[1]) ? 0 : 3;
		if (status != 0)
			perror(argv[1]);
	}
	free(samples.at);
	free(test.at);
	for (unsigned i = 0; i < MAX_FONTS; i++)
		mrz_font_free(&fonts[i]);
	return status;
}
