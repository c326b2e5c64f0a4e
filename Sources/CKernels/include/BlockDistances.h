// Distances between the blocks of two templates, float64.
#ifndef MOTE_BLOCK_DISTANCES_H
#define MOTE_BLOCK_DISTANCES_H
#include <stddef.h>

// squared[i*n + j] = sum_c (reference[i*width + c] - probe[c*n + j])^2 and its root in distances.
// reference: n blocks of `width`, block by block; probe: the same transposed, coordinate by
// coordinate. In plain C because Swift's loop is not compiled for wider vectors at run time.
void mote_block_distances(const double *reference, const double *probe, size_t n, size_t width,
                          double *squared, double *distances);
#endif
