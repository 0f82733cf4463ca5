#include "glyph.h"

#include <math.h>
#include <string.h>

/* How far a cut reaches: cells to the sides, capitals up and down. */
#define REACH_WIDE 1.12
#define REACH_HIGH 1.3
/* Choices that are less probable are not worth naming. */
#define LEAST 0.00001f

const char mrz_glyph_classes[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<";

static bool
load_net(const uint8_t *bytes, struct glyph_net *out)
{
	const size_t head = sizeof(GLYPH_MAGIC) - 1;
	float *parts[] = { out->hidden[0], out->hidden_bias, out->output[0],
		out->output_bias };
	static const size_t sizes[] = { GLYPH_HIDDEN * GLYPH_INPUTS,
		GLYPH_HIDDEN, GLYPH_CLASSES * GLYPH_HIDDEN, GLYPH_CLASSES };

	if (memcmp(bytes, GLYPH_MAGIC, head) != 0)
		return false;
	bytes += head;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		for (size_t k = 0; k < sizes[i]; k++, bytes += 2) {
			int value = bytes[0] | bytes[1] << 8;

			value = value >= 0x8000 ? value - 0x10000 : value;
			parts[i][k] = (float)value / GLYPH_UNIT;
		}
	}
	return true;
}

bool
mrz_glyph_load(const uint8_t *bytes, size_t len,
    struct glyph_net out[GLYPH_NETS])
{
	if (len != GLYPH_NETS * GLYPH_NET_LEN)
		return false;
	for (size_t i = 0; i < GLYPH_NETS; i++)
		if (!load_net(bytes + i * GLYPH_NET_LEN, &out[i]))
			return false;
	return true;
}

/* Between the pixels of a line image; outside of it, its edge. */
static double
pixel(const struct line_image *image, double x, double y)
{
	double most_x = image->width - 1.001, most_y = LINE_HEIGHT - 1.001;
	const uint8_t *at;
	uint32_t i, j;
	double up, low;

	x = x < 0.5 ? 0 : x - 0.5 > most_x ? most_x : x - 0.5;
	y = y < 0.5 ? 0 : y - 0.5 > most_y ? most_y : y - 0.5;
	i = (uint32_t)x;
	j = (uint32_t)y;
	at = image->at + j * image->width + i;
	x -= i;
	y -= j;
	up = at[0] + (at[1] - at[0]) * x;
	at += image->width;
	low = at[0] + (at[1] - at[0]) * x;
	return up + (low - up) * y;
}

void
mrz_glyph_cut(const struct line_image *image, const struct style *style,
    unsigned i, float out[GLYPH_INPUTS])
{
	double middle = (i + 0.5) * style->pitch;

	for (unsigned y = 0; y < GLYPH_HEIGHT; y++) {
		double down = (y + 0.5) / GLYPH_HEIGHT - 0.5;

		for (unsigned x = 0; x < GLYPH_WIDTH; x++) {
			double right = (x + 0.5) / GLYPH_WIDTH - 0.5;
			double value = pixel(image,
			    middle + right * REACH_WIDE * style->pitch,
			    LINE_HEIGHT / 2.0 + down * REACH_HIGH * style->cap);

			out[y * GLYPH_WIDTH + x] = (float)(1 - value / 255);
		}
	}
}

/* Sums of every LANES-th product: the same on every machine, and a processor
 * adds them side by side. */
#define LANES 8
_Static_assert(GLYPH_INPUTS % LANES == 0, "inputs are left over");

static float
product(const float weights[GLYPH_INPUTS], const float in[GLYPH_INPUTS])
{
	float sums[LANES] = { 0 }, sum = 0;

	for (unsigned i = 0; i < GLYPH_INPUTS; i += LANES)
		for (unsigned k = 0; k < LANES; k++)
			sums[k] += weights[i + k] * (in[i + k] - GLYPH_MIDDLE);
	for (unsigned k = 0; k < LANES; k++)
		sum += sums[k];
	return sum;
}

void
mrz_glyph_hidden(const struct glyph_net *net, const float in[GLYPH_INPUTS],
    float hidden[GLYPH_HIDDEN])
{
	for (unsigned j = 0; j < GLYPH_HIDDEN; j++) {
		float value = net->hidden_bias[j] + product(net->hidden[j], in);

		hidden[j] = value > 0 ? value : GLYPH_LEAK * value;
	}
}

void
mrz_glyph_classify(const struct glyph_net *net,
    const float hidden[GLYPH_HIDDEN], float out[GLYPH_CLASSES])
{
	float most = -HUGE_VALF, sum = 0;

	for (unsigned k = 0; k < GLYPH_CLASSES; k++) {
		out[k] = net->output_bias[k];
		for (unsigned j = 0; j < GLYPH_HIDDEN; j++)
			out[k] += net->output[k][j] * hidden[j];
		most = out[k] > most ? out[k] : most;
	}
	for (unsigned k = 0; k < GLYPH_CLASSES; k++) {
		out[k] = expf(out[k] - most);
		sum += out[k];
	}
	for (unsigned k = 0; k < GLYPH_CLASSES; k++)
		out[k] /= sum;
}

/* Keeps the choices in their order. */
static void
choose(struct cell *cell, char c, float p)
{
	unsigned at = cell->n;

	if (p < LEAST)
		return;
	while (at > 0 && cell->choices[at - 1].p < p)
		at--;
	if (at == MAX_CHOICES)
		return;
	if (cell->n < MAX_CHOICES)
		cell->n++;
	memmove(&cell->choices[at + 1], &cell->choices[at],
	    (cell->n - at - 1) * sizeof(cell->choices[0]));
	cell->choices[at].text = c;
	cell->choices[at].p = p;
}

void
mrz_glyph_read(const struct glyph_net *net, const struct line_image *image,
    const struct style *style, unsigned n, struct cells *out)
{
	float in[GLYPH_INPUTS], hidden[GLYPH_HIDDEN], p[GLYPH_CLASSES];

	memset(out, 0, sizeof(*out));
	out->n = n < MAX_CELLS ? n : MAX_CELLS;
	for (unsigned i = 0; i < out->n; i++) {
		mrz_glyph_cut(image, style, i, in);
		mrz_glyph_hidden(net, in, hidden);
		mrz_glyph_classify(net, hidden, p);
		if (p[GLYPH_NOTHING] > 0.5f)
			continue;
		for (unsigned k = 0; k < GLYPH_NOTHING; k++)
			choose(&out->at[i], mrz_glyph_classes[k], p[k]);
	}
}
