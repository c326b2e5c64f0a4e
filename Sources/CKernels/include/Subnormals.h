// Subnormal float32 values, in the calling thread.
//
// Why: the weight decay draws the weights of units that are never active towards zero, where products
// with them become subnormal. Some processors (Intel's) take over a hundred cycles for each of those,
// others (AMD's) none. They are far too small to be seen in any score.
#ifndef SUBNORMALS_H
#define SUBNORMALS_H
#include <stdint.h>

// From here on subnormal operands and results count as zero. Returns what `mote_restore_subnormals` takes.
uint64_t mote_flush_subnormals(void);
void mote_restore_subnormals(uint64_t before);
#endif
