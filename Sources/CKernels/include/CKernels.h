// Plain C vector loops; each declaration states shapes and what was measured against Swift.
#ifndef CKERNELS_H
#define CKERNELS_H
#include <stddef.h>
#include <stdint.h>
#include "BlockAssignment.h"

// Square root of each lane without errno, so that the loop vectorises (Swift's does not).
static inline float mote_sqrtf(float x) { return __builtin_elementwise_sqrt(x); }
#endif
