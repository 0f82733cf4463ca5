/*
 * Security paper: families of parallel lines that waves bend, as guilloche
 * machines draw them, and the grain of the paper or of the print raster.
 */
#include "line.h"
#include "prng.h"

#include <math.h>

#define MAX_FAMILIES 3
#define SINE_STEPS   1024 /* of a full turn; a power of two */
#define TURN         6.28318530717958647692

/* Lines at right angles to (fx, fy); bent along (bx, by). */
struct family {
	double fx, fy; /* turns per pixel */
	double bx, by;
	double bend; /* turns */
	double phase;
	double strength; /* grey levels */
	double sharpness;
};

static void
make_family(struct prng *prng, double strength, struct family *out)
{
	double angle = prng_range(prng, 0, TURN);
	double period = prng_range(prng, 3, 30); /* pixels */
	double slow = prng_range(prng, 40, 400);
	double turn = prng_range(prng, 0, TURN);

	out->fx = cos(angle) / period;
	out->fy = sin(angle) / period;
	out->bx = cos(turn) / slow;
	out->by = sin(turn) / slow;
	out->bend = prng_range(prng, 0, 2.5);
	out->phase = prng_range(prng, 0, 1);
	out->strength = strength * prng_range(prng, 0.3, 1);
	out->sharpness = prng_range(prng, 1, 4);
}

static void
make_sines(float sines[SINE_STEPS])
{
	int i;

	for (i = 0; i < SINE_STEPS; i++)
		sines[i] = (float)sin(TURN * i / SINE_STEPS);
}

static double
sine(const float sines[SINE_STEPS], double turns)
{
	return (double)
	    sines[(unsigned)(int)(turns * SINE_STEPS) & (SINE_STEPS - 1)];
}

/* 0 between two lines of the family, 1 on one. */
static double
line_at(const float sines[SINE_STEPS], const struct family *family, double x,
    double y)
{
	double bend = family->bend *
		      sine(sines, family->bx * x + family->by * y);
	double wave = sine(sines,
	    family->fx * x + family->fy * y + family->phase + bend);
	double ridge = (wave + 1) / 2;

	/* Thin dark lines with broad light between. */
	return ridge * ridge * (family->sharpness > 2.5 ? ridge * ridge : 1);
}

/* A number of -1 to 1 for a point of the grid, whatever was asked before. */
static double
knot(uint64_t seed, uint32_t x, uint32_t y)
{
	struct prng prng = { seed ^ ((uint64_t)y << 32 | x) };

	return prng_range(&prng, -1, 1);
}

struct mottle {
	uint64_t seed;
	double cell; /* pixels */
	double strength;
};

static double
mottle_at(const struct mottle *mottle, uint32_t x, uint32_t y)
{
	double gx = x / mottle->cell, gy = y / mottle->cell;
	uint32_t left = (uint32_t)gx, top = (uint32_t)gy;
	double fx = gx - left, fy = gy - top;
	double upper = knot(mottle->seed, left, top) * (1 - fx) +
		       knot(mottle->seed, left + 1, top) * fx;
	double lower = knot(mottle->seed, left, top + 1) * (1 - fx) +
		       knot(mottle->seed, left + 1, top + 1) * fx;

	return mottle->strength * (upper * (1 - fy) + lower * fy);
}

static uint8_t
clamp(double grey)
{
	return (uint8_t)(grey < 0 ? 0 : grey > 255 ? 255 : grey + 0.5);
}

static bool
is_level(double value)
{
	/* False for what is not a number. */
	return value >= 0 && value <= 255;
}

enum mrz_error
mrz_draw_paper(struct mrz_image *image, const struct mrz_paper *paper)
{
	struct prng prng = { paper->seed };
	struct family families[MAX_FAMILIES];
	struct mottle mottle;
	float sines[SINE_STEPS];
	unsigned n = 1 + prng_below(&prng, MAX_FAMILIES), i;
	uint32_t x, y;
	double grey;

	if (image->channels != 1 || !is_level(paper->guilloche) ||
	    !is_level(paper->mottle) || !is_level(paper->grain))
		return MRZ_E_ARG;
	make_sines(sines);
	for (i = 0; i < n; i++)
		make_family(&prng, paper->guilloche, &families[i]);
	if (paper->guilloche == 0)
		n = 0;
	mottle.seed = prng_next(&prng);
	mottle.cell = prng_range(&prng, 1.5, 12);
	mottle.strength = paper->mottle;
	for (y = 0; y < image->height; y++)
		for (x = 0; x < image->width; x++) {
			grey = paper->level;
			for (i = 0; i < n; i++)
				grey -= families[i].strength *
					line_at(sines, &families[i], x, y);
			if (paper->mottle > 0)
				grey += mottle_at(&mottle, x, y);
			if (paper->grain > 0)
				grey += paper->grain * prng_normal(&prng);
			image->pixels[y * image->stride + x] = clamp(grey);
		}
	return MRZ_OK;
}
