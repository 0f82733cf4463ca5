/* From the document to the picture that somebody sends, step by step. */
#include "degrade.h"
#include "prng.h"

#include <math.h>
#include <string.h>

static bool
within(double value, double low, double high)
{
	/* False for what is not a number. */
	return value >= low && value <= high;
}

static bool
how_is_legal(const struct mrz_degrade *how)
{
	return within(how->light_x, -0.9, 0.9) &&
	       within(how->light_y, -0.9, 0.9) && within(how->spot, 0, 0.9) &&
	       within(how->blur, 0, MRZ_DEGRADE_MAX_BLUR) &&
	       within(how->scale, 0.02, 1) && within(how->noise, 0, 80) &&
	       within(how->sharpen, 0, 4) && how->jpeg <= 100 &&
	       within(how->gain, 1, 50) && within(how->gamma, 0.2, 5) &&
	       how->black < how->white;
}

static enum mrz_error
plane_from(const struct mrz_image *image, unsigned channel, struct plane *out)
{
	enum mrz_error error = plane_new(image->width, image->height, out);
	const uint8_t *row;
	uint32_t x, y;

	if (error != MRZ_OK)
		return error;
	for (y = 0; y < image->height; y++) {
		row = image->pixels + y * image->stride + channel;
		for (x = 0; x < image->width; x++)
			out->values[(size_t)y * image->width + x] =
			    row[(size_t)x * image->channels];
	}
	return MRZ_OK;
}

static void
plane_to(const struct plane *plane, unsigned channel, struct mrz_image *image)
{
	uint8_t *row;
	uint32_t x, y;
	float v;

	for (y = 0; y < image->height; y++) {
		row = image->pixels + y * image->stride + channel;
		for (x = 0; x < image->width; x++) {
			v = plane->values[(size_t)y * plane->width + x];
			row[(size_t)x * image->channels] =
			    (uint8_t)(v < 0     ? 0
				      : v > 255 ? 255
						: v + 0.5f);
		}
	}
}

static double
slope(double loss, double at)
{
	return loss >= 0 ? loss * at : -loss * (1 - at);
}

static void
add_light(struct plane *plane, const struct mrz_degrade *how)
{
	struct prng prng = { how->seed };
	double cx = prng_range(&prng, 0, plane->width);
	double cy = prng_range(&prng, 0, plane->height);
	double radius = plane->height * prng_range(&prng, 0.5, 4);
	double dx, dy, light;
	uint32_t x, y;

	if (how->light_x == 0 && how->light_y == 0 && how->spot == 0)
		return;
	for (y = 0; y < plane->height; y++)
		for (x = 0; x < plane->width; x++) {
			dx = (x - cx) / radius;
			dy = (y - cy) / radius;
			light = 1 -
				slope(how->light_x, (double)x / plane->width);
			light *= 1 -
				 slope(how->light_y, (double)y / plane->height);
			light *= 1 - how->spot / (1 + dx * dx + dy * dy);
			plane->values[(size_t)y * plane->width + x] *= (float)
			    light;
		}
}

/* Puts next in the place of plane. */
static void
replace(struct plane *plane, struct plane *next)
{
	plane_free(plane);
	*plane = *next;
	memset(next, 0, sizeof(*next));
}

static enum mrz_error
blur(struct plane *plane, double deviation)
{
	struct plane next;
	enum mrz_error error;

	if (deviation < 0.05)
		return MRZ_OK;
	error = plane_blur(plane, deviation, &next);
	if (error == MRZ_OK)
		replace(plane, &next);
	return error;
}

static uint32_t
scaled(uint32_t side, double scale)
{
	double to = floor(side * scale + 0.5);

	return to < 1 ? 1 : (uint32_t)to;
}

static enum mrz_error
capture(struct plane *plane, double scale)
{
	struct plane next;
	enum mrz_error error;

	if (scale == 1)
		return MRZ_OK;
	error = plane_resample(plane, scaled(plane->width, scale),
	    scaled(plane->height, scale), MRZ_FILTER_LINEAR, &next);
	if (error == MRZ_OK)
		replace(plane, &next);
	return error;
}

static void
add_noise(struct plane *plane, const struct mrz_degrade *how, unsigned channel)
{
	struct prng prng = { how->seed + 1 + channel };
	size_t i, n = (size_t)plane->width * plane->height;

	for (i = 0; how->noise > 0 && i < n; i++)
		plane->values[i] += (float)(how->noise * prng_normal(&prng));
}

/* The picture, and once more what a blur takes from it. */
static enum mrz_error
sharpen(struct plane *plane, double amount)
{
	size_t i, n = (size_t)plane->width * plane->height;
	struct plane soft;
	enum mrz_error error;

	if (amount == 0)
		return MRZ_OK;
	error = plane_blur(plane, 1, &soft);
	for (i = 0; error == MRZ_OK && i < n; i++)
		plane->values[i] += (float)amount *
				    (plane->values[i] - soft.values[i]);
	plane_free(&soft);
	return error;
}

static void
add_contrast(struct plane *plane, double gain)
{
	size_t i, n = (size_t)plane->width * plane->height;
	float darkest = 255, lightest = 0, middle;

	if (gain == 1)
		return;
	for (i = 0; i < n; i++) {
		if (plane->values[i] < darkest)
			darkest = plane->values[i];
		if (plane->values[i] > lightest)
			lightest = plane->values[i];
	}
	middle = (darkest + lightest) / 2;
	for (i = 0; i < n; i++)
		plane->values[i] = 127.5f +
				   (plane->values[i] - middle) * (float)gain;
}

static void
set_levels(struct plane *plane, const struct mrz_degrade *how)
{
	size_t i, n = (size_t)plane->width * plane->height;
	double range = how->white - how->black, v;

	for (i = 0; i < n; i++) {
		v = (double)plane->values[i] / 255;
		v = v < 0 ? 0 : v > 1 ? 1 : v;
		if (how->gamma != 1)
			v = pow(v, how->gamma);
		plane->values[i] = (float)(how->black + v * range);
	}
}

static enum mrz_error
degrade_plane(struct plane *plane, const struct mrz_degrade *how,
    unsigned channel)
{
	enum mrz_error error;

	add_light(plane, how);
	error = blur(plane, how->blur);
	if (error == MRZ_OK)
		error = capture(plane, how->scale);
	if (error != MRZ_OK)
		return error;
	add_noise(plane, how, channel);
	error = sharpen(plane, how->sharpen);
	add_contrast(plane, how->gain);
	set_levels(plane, how);
	if (error == MRZ_OK && how->jpeg > 0)
		plane_jpeg(plane, how->jpeg);
	return error;
}

enum mrz_error
mrz_degrade(struct mrz_image *image, const struct mrz_degrade *how)
{
	struct mrz_image next = { 0 };
	struct plane plane;
	enum mrz_error error;
	unsigned c;

	if (!how_is_legal(how))
		return MRZ_E_ARG;
	error = mrz_image_new(scaled(image->width, how->scale),
	    scaled(image->height, how->scale), image->channels, image->dpi,
	    &next);
	for (c = 0; error == MRZ_OK && c < image->channels; c++) {
		error = plane_from(image, c, &plane);
		if (error == MRZ_OK)
			error = degrade_plane(&plane, how, c);
		if (error == MRZ_OK)
			plane_to(&plane, c, &next);
		plane_free(&plane);
	}
	if (error != MRZ_OK) {
		mrz_image_free(&next);
		return error;
	}
	mrz_image_free(image);
	*image = next;
	return MRZ_OK;
}

enum mrz_error
mrz_resample(const struct mrz_image *image, uint32_t width, uint32_t height,
    enum mrz_filter filter, struct mrz_image *out)
{
	struct plane plane = { 0 }, next = { 0 };
	enum mrz_error error;
	unsigned c;

	memset(out, 0, sizeof(*out));
	if (filter != MRZ_FILTER_LINEAR && filter != MRZ_FILTER_CUBIC)
		return MRZ_E_ARG;
	error = mrz_image_new(width, height, image->channels, 0, out);
	for (c = 0; error == MRZ_OK && c < image->channels; c++) {
		error = plane_from(image, c, &plane);
		if (error == MRZ_OK)
			error = plane_resample(&plane, width, height, filter,
			    &next);
		if (error == MRZ_OK)
			plane_to(&next, c, out);
		plane_free(&plane);
		plane_free(&next);
	}
	if (error != MRZ_OK)
		mrz_image_free(out);
	return error;
}
