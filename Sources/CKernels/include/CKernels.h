// Vector loops that Swift does not generate well, compiled once per CPU path.
//
// Why C: in Swift 6.3 a float sum never vectorises by itself, `squareRoot()` sets errno and stays
// scalar (Adam: 178 us a step against 22), `addingProduct` without hardware FMA calls a function
// per lane, and one function cannot be compiled for several instruction sets and chosen at run
// time. All of it is plain vector code (clang vector extensions); each kernel lies in its own
// header and opens with its shapes, the order of its passes and its trick.
//
// Letters: b rows of a batch, d inputs of a layer, h units of a layer. Matrices are row-major.
// Little-endian machines only (x86-64, arm64): bit words are also read as bytes.
#ifndef CKERNELS_H
#define CKERNELS_H
#include <stddef.h>
#include <stdint.h>
#include "BlockDistances.h"

// Square root of each lane without errno, so that the loop vectorises (Swift's does not).
static inline float mote_sqrtf(float x) { return __builtin_elementwise_sqrt(x); }

// Sizes are padded to MOTE_PAD floats; one bit word covers MOTE_PAD units.
enum { MOTE_PAD = 16, MOTE_PANEL = 32, MOTE_BLOCK = 64 };

// One layer: parameters, Adam's moments, and what a batch leaves behind. Memory is the caller's,
// 64-byte aligned; padding of parameters is zero and stays zero.
typedef struct {
  size_t inputs, units;   // d, h as the network has them
  size_t input_stride;    // floats from one row of w to the next, >= d rounded up to MOTE_PAD
  size_t unit_stride;     // h rounded up to MOTE_PAD: row stride of z, dz and w_transposed
  float *w;               // [h, input_stride]
  float *w_transposed;    // [d, unit_stride]; NULL for the first layer, which does not use it
  float *bias;            // [unit_stride]
  float *moments;         // m and v of w: [column block][unit][m: block | v: block]
  float *bias_moments;    // [m: unit_stride | v: unit_stride]
  float *bias_gradient;   // [unit_stride]
  float *out;             // [b, unit_stride] activations (last layer: logits in column 0)
  float *dz;              // [b, unit_stride] d loss / d pre-activation, zero where not active
  uint16_t *kept;         // [b, unit_stride/16] units that dropout keeps; padding units are 0
  uint16_t *active;       // [b, unit_stride/16] units kept and positive
} mote_layer;

// A unit's non-zero dz: the row of the batch and the value.
typedef struct {
  uint32_t row;
  float value;
} mote_pair;

// Per-worker scratch of the training kernels.
typedef struct {
  size_t rows;         // capacity b
  uint32_t *order;     // [b]
  mote_pair *pairs;    // [largest h, b]
  uint32_t *counts;    // [largest h]
  float *block;        // [b, MOTE_BLOCK]
} mote_scratch;

// One step of Adam: step = lr/(1-beta1^t), root_scale = 1/sqrt(1-beta2^t). l2 is added to the
// gradient times the parameter (Adam), decay is the factor on the parameter (AdamW: 1-lr*wd).
typedef struct {
  float beta1, one_minus_beta1, beta2, one_minus_beta2;
  float step, root_scale, epsilon, l2, decay;
} mote_adam;

// A stream of the counter-based generator (CounterRNG): key and upper counter words.
typedef struct {
  uint32_t key0, key1, step, subject;
} mote_stream;

// The kernels of one CPU path.
typedef struct {
  const char *name;  // "avx512", "avx2", "baseline"
  int lanes;         // floats per vector

  // First layer in training: out = scale * relu(w x + bias) for kept units only.
  void (*first_forward)(
      const mote_layer *layer, const float *x, size_t x_stride, size_t rows, float scale,
      const mote_scratch *scratch);
  // A further layer, skipping inputs that are zero. `kept` NULL in the layer's call: keep all.
  // Linear (last) layers: no relu, no dropout.
  void (*next_forward)(
      const mote_layer *layer, const mote_layer *previous, size_t rows, float scale,
      int uses_dropout, int is_linear);
  // previous->dz = scale * w^T dz where the previous layer's unit is active.
  void (*backward)(
      const mote_layer *layer, const mote_layer *previous, size_t rows, float scale);
  // dW = dz^T x over active pairs, Adam applied from registers; then the bias.
  void (*update)(
      const mote_layer *layer, const float *x, size_t x_stride, size_t rows,
      const mote_adam *adam, const mote_scratch *scratch);

  // w [units, w_stride] into panels of MOTE_PANEL units: [panel][d][MOTE_PANEL], zero padded.
  void (*pack)(const float *w, size_t w_stride, size_t units, size_t d, float *panels);
  // Dense first layer without dropout: layer->out = relu(x w^T + bias), bits in layer->active.
  void (*dense_forward)(
      const mote_layer *layer, const float *panels, const float *x, size_t x_stride, size_t rows);
  // out[row][column] = x row . packed row `column`, for `columns` packed rows.
  void (*dense_products)(
      const float *panels, size_t columns, size_t d, const float *x, size_t x_stride, size_t rows,
      float *out, size_t out_stride);

  // 16 blocks of the generator per chunk: out[chunk][word 0..3][block 0..15].
  void (*random_words)(mote_stream stream, uint64_t first_chunk, size_t chunks, uint32_t *out);
  // 64 standard normals per chunk (Box-Muller).
  void (*normals)(mote_stream stream, uint64_t first_chunk, size_t chunks, float *out);

  // out[i] = log sum_j exp(-distances[j] * scales[i]), distances >= 0, n >= 1.
  void (*log_sum_exp)(
      const double *distances, size_t n, const double *scales, size_t scale_count, double *out);
} mote_kernels;

// The kernels of a path (0 baseline, 1 AVX2, 2 AVX-512), or NULL where this machine cannot run it.
const mote_kernels *mote_kernels_of_path(int path);
#endif
