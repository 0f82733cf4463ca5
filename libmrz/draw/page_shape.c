/*
 * The five pages. The zone's place is Doc 9303's; what is above it is a
 * design of ours within the zones that the standard leaves open.
 */
#include "page_shape.h"

#define ROW_TD3(n)  (20.5 + 7.2 * (n))
#define ROW_TD2(n)  (14.6 + 5.9 * (n))
#define ROW_MRVA(n) (17.0 + 6.5 * (n))
#define ROW_TD1(n)  (12.3 + 6.0 * (n))

static const struct page_shape td3 = {
	.geometry = { 125, 88, 23.2, 6.0, 9.40, 6.35 },
	.face = { 5.5, 19.2, 33.0, 42.4 },
	.ghost = { 105, 27.4, 14.0, 18.0 },
	.signature = { 84, 55.4, 27, 7.5 },
	.chip = { 109, 4.2, 10, 6 },
	.rosette = { 80, 40, 23, 10 },
	.heading_x = 42, .heading_y = 7.6, .heading_cap = 3.3,
	.specimen_x = 44, .specimen_y = 63.2, .specimen_cap = 10.5,
	.specimen_angle = -0.46,
	.colors = { { 242, 246, 250 }, { 92, 132, 184 },
	    { 196, 120, 128 }, { 28, 52, 104 } },
	.items = {
		{ PAGE_CODE, 42, ROW_TD3(0), 12 },
		{ PAGE_STATE, 56, ROW_TD3(0), 22 },
		{ PAGE_NUMBER, 84, ROW_TD3(0), 37 },
		{ PAGE_SURNAME, 42, ROW_TD3(1), 62 },
		{ PAGE_GIVEN_NAMES, 42, ROW_TD3(2), 62 },
		{ PAGE_NATIONALITY, 42, ROW_TD3(3), 40 },
		{ PAGE_OPTIONAL, 84, ROW_TD3(3), 20 },
		{ PAGE_BIRTH, 42, ROW_TD3(4), 40 },
		{ PAGE_SEX, 84, ROW_TD3(4), 20 },
		{ PAGE_EXPIRY, 42, ROW_TD3(5), 40 },
	},
	.n_items = 10,
};

static const struct page_shape td2 = {
	.geometry = { 105, 74, 23.2, 4.0, 9.40, 6.35 },
	.face = { 4.5, 12.6, 28.0, 36.0 },
	.signature = { 77, 43.6, 22, 6 },
	.chip = { 92, 3.2, 8.5, 5.1 },
	.rosette = { 75, 31, 16, 7 },
	.heading_x = 35.5, .heading_y = 6.2, .heading_cap = 2.6,
	.specimen_x = 42, .specimen_y = 48.6, .specimen_cap = 7.6,
	.specimen_angle = -0.44,
	.colors = { { 240, 249, 247 }, { 64, 150, 146 },
	    { 190, 150, 72 }, { 14, 74, 76 } },
	.items = {
		{ PAGE_SURNAME, 35.5, ROW_TD2(0), 65 },
		{ PAGE_GIVEN_NAMES, 35.5, ROW_TD2(1), 65 },
		{ PAGE_SEX, 35.5, ROW_TD2(2), 12 },
		{ PAGE_NATIONALITY, 49, ROW_TD2(2), 26 },
		{ PAGE_BIRTH, 76, ROW_TD2(2), 26 },
		{ PAGE_NUMBER, 35.5, ROW_TD2(3), 38 },
		{ PAGE_EXPIRY, 76, ROW_TD2(3), 26 },
		{ PAGE_CODE, 35.5, ROW_TD2(4), 12 },
		{ PAGE_STATE, 49, ROW_TD2(4), 14 },
		{ PAGE_OPTIONAL, 35.5, ROW_TD2(5), 38 },
	},
	.n_items = 10,
};

/* The back: the zone, and what else a card has there. */
static const struct page_shape td1 = {
	.geometry = { 85.6, 54, 23.3, 5.0, 7.57, 4.23 },
	.face = { 67.5, 10.2, 13.4, 17.2 },
	.chip = { 74, 2.9, 7, 4.2 },
	.rosette = { 44, 17, 12, 5 },
	.heading_x = 5, .heading_y = 5.4, .heading_cap = 2.1,
	.specimen_x = 20, .specimen_y = 29.2, .specimen_cap = 5.6,
	.specimen_angle = -0.36,
	.colors = { { 245, 249, 238 }, { 126, 164, 76 },
	    { 70, 142, 176 }, { 40, 84, 44 } },
	.items = {
		{ PAGE_SURNAME, 5, ROW_TD1(0), 34 },
		{ PAGE_GIVEN_NAMES, 40, ROW_TD1(0), 26 },
		{ PAGE_NUMBER, 5, ROW_TD1(1), 34 },
		{ PAGE_BIRTH, 40, ROW_TD1(1), 26 },
		{ PAGE_NATIONALITY, 5, ROW_TD1(2), 22 },
		{ PAGE_SEX, 28, ROW_TD1(2), 11 },
		{ PAGE_EXPIRY, 40, ROW_TD1(2), 26 },
		{ PAGE_OPTIONAL, 40, 4.4, 30 },
	},
	.n_items = 8,
};

/* On a visa, the document comes before its holder. */
static const struct page_shape mrva = {
	.geometry = { 120, 80, 23.2, 4.0, 9.40, 6.35 },
	.face = { 4.5, 14.6, 29.0, 37.3 },
	.signature = { 88, 48.4, 26, 7 },
	.rosette = { 82, 36, 18, 8 },
	.heading_x = 37, .heading_y = 7.0, .heading_cap = 3.0,
	.specimen_x = 46, .specimen_y = 54.6, .specimen_cap = 8.8,
	.specimen_angle = -0.44,
	.colors = { { 250, 245, 238 }, { 202, 138, 70 },
	    { 84, 156, 112 }, { 110, 58, 20 } },
	.items = {
		{ PAGE_CODE, 37, ROW_MRVA(0), 12 },
		{ PAGE_STATE, 51, ROW_MRVA(0), 20 },
		{ PAGE_EXPIRY, 84, ROW_MRVA(0), 32 },
		{ PAGE_NUMBER, 37, ROW_MRVA(1), 44 },
		{ PAGE_SURNAME, 37, ROW_MRVA(2), 79 },
		{ PAGE_GIVEN_NAMES, 37, ROW_MRVA(3), 79 },
		{ PAGE_SEX, 37, ROW_MRVA(4), 12 },
		{ PAGE_BIRTH, 51, ROW_MRVA(4), 30 },
		{ PAGE_NATIONALITY, 84, ROW_MRVA(4), 32 },
		{ PAGE_OPTIONAL, 37, ROW_MRVA(5), 44 },
	},
	.n_items = 10,
};

static const struct page_shape mrvb = {
	.geometry = { 105, 74, 23.2, 4.0, 9.40, 6.35 },
	.face = { 4.5, 12.6, 28.0, 36.0 },
	.signature = { 77, 44.6, 22, 5 },
	.rosette = { 72, 32, 16, 7 },
	.heading_x = 35.5, .heading_y = 6.2, .heading_cap = 2.6,
	.specimen_x = 42, .specimen_y = 48.6, .specimen_cap = 7.6,
	.specimen_angle = -0.44,
	.colors = { { 248, 243, 250 }, { 146, 104, 176 },
	    { 76, 142, 186 }, { 72, 36, 98 } },
	.items = {
		{ PAGE_CODE, 35.5, ROW_TD2(0), 11 },
		{ PAGE_STATE, 48, ROW_TD2(0), 18 },
		{ PAGE_EXPIRY, 76, ROW_TD2(0), 26 },
		{ PAGE_NUMBER, 35.5, ROW_TD2(1), 38 },
		{ PAGE_SURNAME, 35.5, ROW_TD2(2), 65 },
		{ PAGE_GIVEN_NAMES, 35.5, ROW_TD2(3), 65 },
		{ PAGE_SEX, 35.5, ROW_TD2(4), 11 },
		{ PAGE_BIRTH, 48, ROW_TD2(4), 26 },
		{ PAGE_NATIONALITY, 76, ROW_TD2(4), 26 },
		{ PAGE_OPTIONAL, 35.5, ROW_TD2(5), 38 },
	},
	.n_items = 10,
};

static const struct page_shape *const shapes[MRZ_N_FORMATS] = {
	[MRZ_TD1] = &td1,
	[MRZ_TD2] = &td2,
	[MRZ_TD3] = &td3,
	[MRZ_MRVA] = &mrva,
	[MRZ_MRVB] = &mrvb,
};

const struct page_shape *
page_shape(enum mrz_format format)
{
	return (unsigned)format < MRZ_N_FORMATS ? shapes[format] : NULL;
}

const struct mrz_page_geometry *
mrz_page_geometry(enum mrz_format format)
{
	const struct page_shape *shape = page_shape(format);

	return shape != NULL ? &shape->geometry : NULL;
}
