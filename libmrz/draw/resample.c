/*
 * Resampling and blurring are the same: every output value is a weighted sum
 * of neighbours, first along rows, then along columns.
 */
#include "degrade.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SIDE 32767u

enum mrz_error
plane_new(uint32_t width, uint32_t height, struct plane *out)
{
	memset(out, 0, sizeof(*out));
	/* 2^15 * 2^15 * 4 fits into any size_t of 64 bits, not of 32. */
	if (width == 0 || height == 0 || width > MAX_SIDE ||
	    height > MAX_SIDE || height > SIZE_MAX / sizeof(float) / width)
		return MRZ_E_ARG;
	out->values = calloc((size_t)width * height, sizeof(float));
	if (out->values == NULL)
		return MRZ_E_NO_MEMORY;
	out->width = width;
	out->height = height;
	return MRZ_OK;
}

void
plane_free(struct plane *plane)
{
	free(plane->values);
	memset(plane, 0, sizeof(*plane));
}

/* The weights of one output value: of inputs first .. first + n - 1. */
struct taps {
	int first;
	unsigned n;
	float *weights;
};

struct kernel {
	double (*shape)(double x, double parameter);
	double parameter;
	double reach; /* zero beyond */
};

static double
linear_shape(double x, double unused)
{
	(void)unused;
	x = fabs(x);
	return x < 1 ? 1 - x : 0;
}

static double
cubic_shape(double x, double unused)
{
	(void)unused;
	x = fabs(x);
	if (x < 1)
		return (1.5 * x - 2.5) * x * x + 1;
	return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

static double
gauss_shape(double x, double deviation)
{
	return exp(-x * x / (2 * deviation * deviation));
}

static void
free_taps(struct taps *taps, uint32_t n)
{
	uint32_t i;

	for (i = 0; taps != NULL && i < n; i++)
		free(taps[i].weights);
	free(taps);
}

static bool
make_tap(const struct kernel *kernel, double centre, double stretch,
    struct taps *out)
{
	double reach = kernel->reach * stretch, sum = 0, w;
	unsigned i;

	out->first = (int)ceil(centre - reach);
	out->n = (unsigned)((int)floor(centre + reach) - out->first + 1);
	out->weights = calloc(out->n, sizeof(float));
	if (out->weights == NULL)
		return false;
	for (i = 0; i < out->n; i++) {
		w = kernel->shape((out->first + (double)i - centre) / stretch,
		    kernel->parameter);
		out->weights[i] = (float)w;
		sum += w;
	}
	for (i = 0; i < out->n; i++)
		out->weights[i] = (float)((double)out->weights[i] / sum);
	return true;
}

/* NULL: out of memory. */
static struct taps *
make_taps(const struct kernel *kernel, uint32_t from, uint32_t to)
{
	struct taps *taps = calloc(to, sizeof(*taps));
	double step = (double)from / to;
	double stretch = step > 1 ? step : 1;
	uint32_t i;

	for (i = 0; taps != NULL && i < to; i++)
		if (!make_tap(kernel, (i + 0.5) * step - 0.5, stretch,
			&taps[i])) {
			free_taps(taps, to);
			return NULL;
		}
	return taps;
}

static float
weigh(const struct taps *taps, const float *values, size_t stride, uint32_t n)
{
	float sum = 0;
	unsigned i;
	int at;

	/* Past the edge, the edge goes on. */
	for (i = 0; i < taps->n; i++) {
		at = taps->first + (int)i;
		at = at < 0 ? 0 : at >= (int)n ? (int)n - 1 : at;
		sum += taps->weights[i] * values[(size_t)at * stride];
	}
	return sum;
}

static void
apply_rows(const struct plane *in, const struct taps *taps, struct plane *out)
{
	uint32_t x, y;

	for (y = 0; y < out->height; y++)
		for (x = 0; x < out->width; x++)
			out->values[(size_t)y * out->width + x] =
			    weigh(&taps[x], in->values + (size_t)y * in->width,
				1, in->width);
}

static void
apply_columns(const struct plane *in, const struct taps *taps,
    struct plane *out)
{
	uint32_t x, y;

	for (y = 0; y < out->height; y++)
		for (x = 0; x < out->width; x++)
			out->values[(size_t)y * out->width + x] = weigh(
			    &taps[y], in->values + x, in->width, in->height);
}

static enum mrz_error
filter_plane(const struct plane *in, const struct kernel *kernel,
    uint32_t width, uint32_t height, struct plane *out)
{
	struct taps *across = NULL, *down = NULL;
	struct plane half = { 0 };
	enum mrz_error error = plane_new(width, height, out);

	if (error == MRZ_OK)
		error = plane_new(width, in->height, &half);
	if (error == MRZ_OK) {
		across = make_taps(kernel, in->width, width);
		down = make_taps(kernel, in->height, height);
		if (across == NULL || down == NULL)
			error = MRZ_E_NO_MEMORY;
	}
	if (error == MRZ_OK) {
		apply_rows(in, across, &half);
		apply_columns(&half, down, out);
	}
	free_taps(across, width);
	free_taps(down, height);
	plane_free(&half);
	if (error != MRZ_OK)
		plane_free(out);
	return error;
}

enum mrz_error
plane_resample(const struct plane *in, uint32_t width, uint32_t height,
    enum mrz_filter filter, struct plane *out)
{
	static const struct kernel kernels[] = {
		[MRZ_FILTER_LINEAR] = { linear_shape, 0, 1 },
		[MRZ_FILTER_CUBIC] = { cubic_shape, 0, 2 },
	};

	return filter_plane(in, &kernels[filter], width, height, out);
}

enum mrz_error
plane_blur(const struct plane *in, double deviation, struct plane *out)
{
	/* Beyond 3 deviations lie 0.3 % of it. */
	struct kernel kernel = { gauss_shape, deviation, 3 * deviation };

	return filter_plane(in, &kernel, in->width, in->height, out);
}
