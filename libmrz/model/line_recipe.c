/*
 * The range of pictures that a model must read, as probabilities. Sizes are
 * in pixels of the capture: most pictures that people send are small.
 */
#include "line_recipe.h"

#include "draw/degrade.h"
#include "draw/line.h"

#include <math.h>
#include <string.h>

/* Height of the line that is handed on, in pixels and in cap heights. */
#define FED_MIN_HEIGHT 36u
#define FED_MAX_HEIGHT 52u
#define FED_CAPS       1.5

/* The strip is drawn finer than it is captured. */
#define MIN_DRAWN 16.0
#define MAX_DRAWN 44.0

#define MAX_SOFT 0.11 /* blur, in cap heights */

/* between low and high, on a scale of ratios */
static double
ratio(struct prng *prng, double low, double high)
{
	return exp(prng_range(prng, log(low), log(high)));
}

/* Cap height in the capture. */
static double
capture_cap(struct prng *prng, double hardness)
{
	double least = 6 + 8 * (1 - hardness);

	if (prng_chance(prng, 0.5 * hardness))
		return ratio(prng, least, least * 2);
	if (prng_chance(prng, 0.65 * hardness))
		return ratio(prng, 12, 24);
	return ratio(prng, 24, 44);
}

static void
choose_paper(struct prng *prng, double hardness, struct mrz_draw_line *line)
{
	double contrast;

	line->paper.seed = prng_next(prng);
	line->paper.level = (uint8_t)prng_range(prng, 255 - 90 * hardness, 255);
	if (prng_chance(prng, 0.15))
		line->paper.level = 255;
	contrast = prng_range(prng, 1 - 0.65 * hardness, 1);
	line->ink = (uint8_t)(line->paper.level * (1 - contrast));
	if (prng_chance(prng, 0.6))
		line->paper.guilloche = hardness * prng_range(prng, 0, 0.5) *
					(line->paper.level - line->ink);
	if (prng_chance(prng, 0.3))
		line->paper.mottle = hardness * prng_range(prng, 0, 0.35) *
				     (line->paper.level - line->ink);
	if (prng_chance(prng, 0.4))
		line->paper.grain = hardness * prng_range(prng, 0, 14);
}

static void
choose_stamp(struct prng *prng, double hardness, struct mrz_draw_line *line)
{
	static const char *const stamps[] = { "SPECIMEN", "O", "FRANCE", "V<X",
		"MUSTER", "0", "<<", "LHIM" };
	double ink;

	if (!prng_chance(prng, 0.25 * hardness))
		return;
	line->stamp = stamps[prng_below(prng,
	    (unsigned)(sizeof(stamps) / sizeof(stamps[0])))];
	/* Red and blue stamps are lighter in grey than ink is. */
	ink = line->ink +
	      prng_range(prng, 0.3, 1) * (line->paper.level - line->ink);
	line->stamp_ink = (uint8_t)ink;
	line->stamp_opacity = prng_range(prng, 0.2, 0.9);
}

/* Beside the text: as libmrz_ocr cuts it, three places on the left, and on the
 * right whatever is there until the longest line would end. Or less. */
static void
choose_sides(struct prng *prng, double h, struct mrz_draw_line *line)
{
	line->left = 0.7 + h * prng_range(prng, -0.6, 3.5);
	line->right = 0.7 + h * prng_range(prng, -0.6, 3.5);
	if (prng_chance(prng, 0.12 * h))
		line->right = prng_range(prng, 3, 18);
	if (!prng_chance(prng, 0.6 * h))
		return;
	if (prng_chance(prng, 0.7))
		line->left_edge = prng_range(prng, 0.4, 4);
	if (prng_chance(prng, 0.7))
		line->right_edge = prng_range(prng, 0.4, 4);
	if (prng_chance(prng, 0.5))
		line->rule = prng_range(prng, 0.03, 0.3);
	line->beyond = (uint8_t)prng_below(prng, 256);
}

static void
choose_line(struct prng *prng, double hardness, struct mrz_draw_line *line)
{
	double h = hardness;

	line->pitch = prng_range(prng, 1 - 0.1 * h, 1 + 0.1 * h);
	line->spacing = prng_chance(prng, 0.5) ? prng_range(prng, 1.45, 1.9)
					       : prng_range(prng, 1.9, 2.7);
	line->weight = prng_range(prng, -0.035 * h, 0.02 + 0.07 * h);
	line->stretch = prng_range(prng, 1 - 0.12 * h, 1 + 0.1 * h);
	line->skew = 0.005 * h * prng_normal(prng);
	if (prng_chance(prng, 0.2))
		line->bend = prng_range(prng, -0.15, 0.15) * h;
	choose_sides(prng, h, line);
	/* More than is kept: what is cut off later comes from here. */
	line->room = 0.75;
	line->unevenness = prng_chance(prng, 0.3) ? h * prng_range(prng, 0, 1)
						  : 0;
	line->seed = prng_next(prng);
	choose_paper(prng, h, line);
	choose_stamp(prng, h, line);
}

/* scale: pixels of the capture in one that is drawn. */
static void
choose_capture(struct prng *prng, double hardness, double cap, double scale,
    struct mrz_degrade *how)
{
	double soft = prng_range(prng, 0.1, 0.2 + 0.55 * hardness);

	/* Large captures are out of focus by more of their pixels; what no
	 * eye could read is not asked for. */
	if (prng_chance(prng, 0.25))
		soft += hardness * prng_range(prng, 0, 0.08) * cap;
	if (soft > MAX_SOFT * cap)
		soft = MAX_SOFT * cap;
	how->seed = prng_next(prng);
	how->scale = scale;
	how->blur = soft / scale;
	if (how->blur > MRZ_DEGRADE_MAX_BLUR)
		how->blur = MRZ_DEGRADE_MAX_BLUR;
	if (prng_chance(prng, 0.4)) {
		how->light_x = hardness * prng_range(prng, -0.5, 0.5);
		how->light_y = hardness * prng_range(prng, -0.3, 0.3);
	}
	if (prng_chance(prng, 0.15))
		how->spot = hardness * prng_range(prng, 0, 0.5);
	if (prng_chance(prng, 0.5))
		how->noise = hardness * prng_range(prng, 0, 12);
	if (prng_chance(prng, 0.4))
		how->sharpen = hardness * prng_range(prng, 0, 2);
	if (prng_chance(prng, 0.6 * hardness))
		how->jpeg = (unsigned)prng_range(prng, 95 - 70 * hardness, 96);
	how->gamma = ratio(prng, 1 - 0.4 * hardness, 1 + 0.6 * hardness);
	how->gain = 1;
	if (prng_chance(prng, 0.12))
		how->gain = ratio(prng, 1, 1 + 14 * hardness);
	how->black = 0;
	how->white = 255;
	if (prng_chance(prng, 0.2)) {
		how->black = (uint8_t)prng_range(prng, 0, 70 * hardness);
		how->white = (uint8_t)prng_range(prng, 255 - 70 * hardness,
		    255);
	}
}

/* Cuts the line out as a finder of lines does, not quite in the middle, and
 * brings it to the size that is fed. */
static enum mrz_error
cut_out(struct prng *prng, double hardness, double cap,
    const struct mrz_image *captured, struct mrz_image *out)
{
	double caps = FED_CAPS *
		      prng_range(prng, 1 - 0.15 * hardness, 1 + 0.2 * hardness);
	double height = cap * caps;
	double top = (captured->height - height) / 2 +
		     cap * hardness * prng_range(prng, -0.15, 0.15);
	struct mrz_image cut = *captured;
	uint32_t first, rows, fed, width;

	first = top < 0 ? 0 : (uint32_t)lround(top);
	rows = (uint32_t)lround(height);
	if (first >= captured->height)
		first = 0;
	if (rows < 2 || rows > captured->height - first)
		rows = captured->height - first;
	cut.pixels += first * cut.stride;
	cut.height = rows;
	fed = FED_MIN_HEIGHT +
	      prng_below(prng, FED_MAX_HEIGHT - FED_MIN_HEIGHT + 1);
	width = (uint32_t)lround((double)cut.width * fed / rows);
	return mrz_resample(&cut, width, fed,
	    prng_chance(prng, 0.6) ? MRZ_FILTER_LINEAR : MRZ_FILTER_CUBIC, out);
}

enum mrz_error
recipe_line(struct prng *prng, struct mrz_font *const *fonts, unsigned n_fonts,
    const char *text, const char *above, const char *below, double hardness,
    struct mrz_image *out)
{
	struct mrz_draw_line line = { .text = text,
		.above = above,
		.below = below };
	struct mrz_degrade how = { 0 };
	struct mrz_image strip;
	unsigned font = prng_chance(prng, 0.7) ? 0 : prng_below(prng, n_fonts);
	double cap;
	enum mrz_error error;

	memset(out, 0, sizeof(*out));
	hardness *= prng_range(prng, 0.25, 1);
	cap = capture_cap(prng, hardness);
	line.cap = cap * prng_range(prng, 1, 2);
	line.cap = line.cap < MIN_DRAWN ? MIN_DRAWN : line.cap;
	line.cap = line.cap > MAX_DRAWN && cap <= MAX_DRAWN ? MAX_DRAWN
							    : line.cap;
	choose_line(prng, hardness, &line);
	choose_capture(prng, hardness, cap, cap / line.cap, &how);
	error = mrz_draw_line(fonts[font], &line, &strip);
	if (error == MRZ_OK)
		error = mrz_degrade(&strip, &how);
	if (error == MRZ_OK)
		error = cut_out(prng, hardness, cap, &strip, out);
	mrz_image_free(&strip);
	return error;
}
