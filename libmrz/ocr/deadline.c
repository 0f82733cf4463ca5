#include "deadline.h"

#include <time.h>

uint64_t
mrz_ocr_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

uint32_t
mrz_ocr_left(uint64_t end_ms)
{
	uint64_t now;

	if (end_ms == 0)
		return UINT32_MAX;
	now = mrz_ocr_now();
	if (now >= end_ms)
		return 0;
	return end_ms - now < UINT32_MAX ? (uint32_t)(end_ms - now)
					 : UINT32_MAX;
}
