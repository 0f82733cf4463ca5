/*
 * The n-th allocation fails, ours (linked with --wrap of malloc and calloc) or
 * OpenSSL's.
 */
#ifndef MRTD_TEST_ALLOCATION_FAULTS_H
#define MRTD_TEST_ALLOCATION_FAULTS_H

#include <stdbool.h>

/* Counts down to the one that fails; 0 is none. */
extern unsigned long fault_ours, fault_openssls;

/*
 * OpenSSL 3.0 leaks names of algorithms when its own memory runs out. What it
 * holds counts when our allocations fail, and not when its own do.
 */
extern bool fault_openssl_may_leak;

/* Before OpenSSL allocates anything; false if it has. */
bool fault_begin(void);

#endif
