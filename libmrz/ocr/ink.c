#include "ink.h"

#include <stdlib.h>
#include <string.h>

#include <allheaders.h>

/* A character is looked for at this size, in pixels of the scaled picture:
 * the longer of its sides. */
#define MIN_MARK 7
#define MAX_MARK 90

/* Half of the window over which ink is compared with its ground, and how much
 * darker than that it has to be (Sauvola's k). */
#define WINDOW   20
#define CONTRAST 0.25f

static PIX *
scaled(const struct pyramid *pyramid, double scale)
{
	const struct grey_plane *from = &pyramid->level[0];
	double step = 1 / scale;
	int width = (int)(from->width * scale);
	int height = (int)(from->height * scale);
	PIX *pix;
	l_uint32 *data;
	int words;

	if (width < 2 * WINDOW + 4 || height < 2 * WINDOW + 4)
		return NULL;
	pix = pixCreateNoInit(width, height, 8);
	if (pix == NULL)
		return NULL;
	data = pixGetData(pix);
	words = pixGetWpl(pix);
	for (int y = 0; y < height; y++) {
		l_uint32 *row = data + (size_t)y * (size_t)words;

		for (int x = 0; x < width; x++)
			SET_DATA_BYTE(row, x,
			    mrz_pyramid_sample(pyramid, (x + 0.5) * step,
				(y + 0.5) * step, step));
	}
	return pix;
}

static void
destroy(PIX **pix)
{
	if (*pix != NULL && pixGetData(*pix) != NULL)
		mrz_ocr_wipe(pixGetData(*pix), (size_t)pixGetWpl(*pix) *
						   (size_t)pixGetHeight(*pix) *
						   sizeof(l_uint32));
	pixDestroy(pix);
}

static bool
keep(BOXA *boxes, double scale, struct marks *out)
{
	int n = boxaGetCount(boxes);

	out->at = malloc(MAX_MARKS * sizeof(*out->at));
	if (out->at == NULL)
		return false;
	for (int i = 0; i < n && out->n < MAX_MARKS; i++) {
		int x, y, width, height, most;
		struct mark *mark = &out->at[out->n];

		if (boxaGetBoxGeometry(boxes, i, &x, &y, &width, &height) != 0)
			continue;
		most = width > height ? width : height;
		if (most < MIN_MARK || most > MAX_MARK)
			continue;
		mark->x = (x + width / 2.0) / scale;
		mark->y = (y + height / 2.0) / scale;
		mark->width = width / scale;
		mark->height = height / scale;
		out->n++;
	}
	return true;
}

bool
mrz_marks_find(const struct pyramid *pyramid, unsigned side, struct marks *out)
{
	const struct grey_plane *plane = &pyramid->level[0];
	uint32_t longer = plane->width > plane->height ? plane->width
						       : plane->height;
	double scale = (double)side / longer;
	PIX *grey = scaled(pyramid, scale);
	PIX *binary = NULL;
	BOXA *boxes = NULL;
	bool done;

	out->n = 0;
	out->at = NULL;
	if (grey == NULL)
		return true;
	pixSauvolaBinarizeTiled(grey, WINDOW, CONTRAST, 1, 1, NULL, &binary);
	destroy(&grey);
	if (binary == NULL)
		return false;
	boxes = pixConnCompBB(binary, 8);
	destroy(&binary);
	done = boxes != NULL && keep(boxes, scale, out);
	boxaDestroy(&boxes);
	return done;
}

void
mrz_marks_free(struct marks *marks)
{
	if (marks->at != NULL)
		mrz_ocr_wipe(marks->at, MAX_MARKS * sizeof(*marks->at));
	free(marks->at);
	marks->at = NULL;
	marks->n = 0;
}
