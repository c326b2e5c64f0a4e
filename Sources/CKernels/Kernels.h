// All kernels of one path; included by Path*.c with MOTE_LANES, MOTE_PATH and MOTE_PATH_NAME set.
// 64-byte vectors are split on the narrower paths; they are only passed to inlined functions.
#pragma clang diagnostic ignored "-Wpsabi"

#include "Vector.h"

#include "Transpose.h"
#include "ListedRows.h"

#include "Gather.h"
#include "FirstForward.h"
#include "NextForward.h"
#include "LinearForward.h"
#include "Backward.h"
#include "Update.h"
#include "DenseTile.h"
#include "StoredWeights.h"
#include "Gallery.h"
#include "RandomWords.h"
#include "Normals.h"
#include "Distances.h"
#include "LogSumExp.h"

#define MOTE_JOIN(a, b) a##b
#define MOTE_TABLE(path) MOTE_JOIN(mote_kernels_, path)
extern const mote_kernels MOTE_TABLE(MOTE_PATH);
const mote_kernels MOTE_TABLE(MOTE_PATH) = {
    .name = MOTE_PATH_NAME,
    .lanes = MOTE_LANES,
    .gather = gather,
    .first_forward = first_forward,
    .next_forward = next_forward,
    .linear_forward = linear_forward,
    .backward = backward,
    .update = update,
    .pack = pack,
    .dense_forward = dense_forward,
    .dense_products = dense_products,
    .gallery_scores = gallery_scores,
    .read_lines = read_lines,
    .random_words = random_words,
    .normals = normals,
    .pack_doubles = pack_doubles,
    .squared_distances = squared_distances,
    .float64_products = float64_products,
    .log_sum_exp = log_sum_exp,
};
