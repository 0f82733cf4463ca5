/*
 * What JPEG takes away: blocks of 8 x 8 through the cosine transform, rounded
 * there to multiples of the example table of the standard (ITU-T T.81, table
 * K.1), scaled to the quality as usual. No file is made of it.
 */
#include "degrade.h"

#include <math.h>

#define SIDE 8

static const uint8_t luminance[SIDE * SIDE] = {
	16, 11, 10, 16, 24, 40, 51, 61,     /**/
	12, 12, 14, 19, 26, 58, 60, 55,     /**/
	14, 13, 16, 24, 40, 57, 69, 56,     /**/
	14, 17, 22, 29, 51, 87, 80, 62,     /**/
	18, 22, 37, 56, 68, 109, 103, 77,   /**/
	24, 35, 55, 64, 81, 104, 113, 92,   /**/
	49, 64, 78, 87, 103, 121, 120, 101, /**/
	72, 92, 95, 98, 112, 100, 103, 99,  /**/
};

struct codec {
	float basis[SIDE][SIDE]; /* frequency, place */
	float steps[SIDE * SIDE];
};

static void
make_codec(unsigned quality, struct codec *out)
{
	double percent = quality < 50 ? 5000.0 / quality
				      : 200.0 - 2.0 * quality;
	double step, scale;
	unsigned i, j;

	for (i = 0; i < SIDE; i++) {
		scale = i == 0 ? sqrt(0.125) : 0.5;
		for (j = 0; j < SIDE; j++)
			out->basis[i][j] = (float)(scale *
						   cos((2 * j + 1) * i *
						       3.14159265358979 / 16));
	}
	for (i = 0; i < SIDE * SIDE; i++) {
		step = floor(luminance[i] * percent / 100 + 0.5);
		out->steps[i] = (float)(step < 1 ? 1 : step > 255 ? 255 : step);
	}
}

/* out = basis * in * transposed basis, or with both transposed: back. */
static void
transform(const float basis[SIDE][SIDE], bool back, float block[SIDE * SIDE])
{
	float half[SIDE * SIDE], sum;
	unsigned i, j, k;

	for (i = 0; i < SIDE; i++)
		for (j = 0; j < SIDE; j++) {
			sum = 0;
			for (k = 0; k < SIDE; k++)
				sum += (back ? basis[k][i] : basis[i][k]) *
				       block[k * SIDE + j];
			half[i * SIDE + j] = sum;
		}
	for (i = 0; i < SIDE; i++)
		for (j = 0; j < SIDE; j++) {
			sum = 0;
			for (k = 0; k < SIDE; k++)
				sum += half[i * SIDE + k] *
				       (back ? basis[k][j] : basis[j][k]);
			block[i * SIDE + j] = sum;
		}
}

/* The value of the block that lies at (x, y); the picture's edge goes on. */
static float *
pixel_of(struct plane *plane, uint32_t x, uint32_t y)
{
	x = x < plane->width ? x : plane->width - 1;
	y = y < plane->height ? y : plane->height - 1;
	return &plane->values[(size_t)y * plane->width + x];
}

static void
code_block(const struct codec *codec, struct plane *plane, uint32_t left,
    uint32_t top)
{
	float block[SIDE * SIDE];
	unsigned i;

	for (i = 0; i < SIDE * SIDE; i++)
		block[i] = *pixel_of(plane, left + i % SIDE, top + i / SIDE) -
			   128;
	transform(codec->basis, false, block);
	for (i = 0; i < SIDE * SIDE; i++)
		block[i] = roundf(block[i] / codec->steps[i]) * codec->steps[i];
	transform(codec->basis, true, block);
	for (i = 0; i < SIDE * SIDE; i++)
		if (left + i % SIDE < plane->width &&
		    top + i / SIDE < plane->height)
			*pixel_of(plane, left + i % SIDE,
			    top + i / SIDE) = block[i] + 128;
}

void
plane_jpeg(struct plane *plane, unsigned quality)
{
	struct codec codec;
	uint32_t x, y;

	make_codec(quality, &codec);
	for (y = 0; y < plane->height; y += SIDE)
		for (x = 0; x < plane->width; x += SIDE)
			code_block(&codec, plane, x, y);
}
