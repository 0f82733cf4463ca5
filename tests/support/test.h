/* cmocka with the headers that it wants before it. */
#ifndef MRTD_TEST_H
#define MRTD_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Exit status of a test program that cannot run here. */
#define TEST_SKIPPED 77

#endif
