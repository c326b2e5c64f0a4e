// Distances between the blocks of two templates, and the optimal assignment of blocks, in float64.
// In plain C because Swift's loops are not compiled for wider vectors at run time.
//
// A matrix of n rows has rows of `stride` doubles, n rounded up to a multiple of 8; entries beyond n
// are MOTE_NO_COLUMN.
#ifndef MOTE_BLOCK_ASSIGNMENT_H
#define MOTE_BLOCK_ASSIGNMENT_H
#include <stddef.h>
#include <stdint.h>

// Cost of a column that does not exist; finite, so that differences of costs are numbers.
#define MOTE_NO_COLUMN 1e300

// squared[i*stride + j] = sum_c (reference[i*width + c] - probe[c*stride + j])^2, j < n, and its root
// in distances. reference: n blocks of `width`, block by block; probe: transposed, coordinate by
// coordinate, rows of `stride`.
void mote_block_distances(const double *reference, const double *probe, size_t n, size_t width,
                          double *squared, double *distances);

// Doubles of workspace that mote_assign needs for n rows.
size_t mote_assign_workspace(size_t n);

// Assigns each of n rows a column of its own with least total cost (Jonker and Volgenant, "A shortest
// augmenting path algorithm for dense and sparse linear assignment problems", Computing 38, 1987):
// column reduction, reduction transfer, augmentation. Their augmenting row reduction is left out: on
// block distances, which are nearly equal, it took 45 us where augmentation alone takes 15 (n = 64).
// costs: finite below n. workspace: 64-byte aligned, contents ignored.
void mote_assign(const double *costs, size_t n, int64_t *column_of_row, double *workspace);
#endif
