/*
 * luma.h - the grey of a colour, ITU-R BT.601 weights in whole numbers.
 */
#ifndef MRZ_DRAW_LUMA_H
#define MRZ_DRAW_LUMA_H

#include "draw.h"

static inline uint8_t
luma(struct mrz_color color)
{
	return (
	    uint8_t)((299u * color.r + 587u * color.g + 114u * color.b + 500u) /
		     1000u);
}

#endif
