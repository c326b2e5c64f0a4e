// Vector loops that Swift does not generate well, compiled once per CPU path.
//
// Why C: in Swift 6.3 a float sum never vectorises by itself, `squareRoot()` sets errno and stays
// scalar (Adam: 178 us a step against 22), `addingProduct` without hardware FMA calls a function
// per lane, and one function cannot be compiled for several instruction sets and chosen at run
// time. All of it is plain vector code (clang vector extensions); each kernel lies in its own
// header and opens with its shapes, the order of its passes and its trick.
//
// Where a step of 512-128-64-1 with 128 rows and dropout 0.5 goes (AVX-512 on Zen 5 at 3.65 GHz,
// 172 us; a dense step at the peak of the units would take 171): first forward 57, update of layer
// 1 50 (a third of it Adam), of the others 9, further forward 8, backward 7, gathering the batch 10;
// the rest are masks, loss, batch order and the subject's synthetic rows.
//
// Letters: b rows of a batch, d inputs of a layer, h units of a layer. Matrices are row-major.
// Little-endian machines only (x86-64, arm64): bit words are also read as bytes.
#ifndef CKERNELS_H
#define CKERNELS_H
#include <stddef.h>
#include <stdint.h>
#include "BlockAssignment.h"
#include "Subnormals.h"

// Square root of each lane without errno, so that the loop vectorises (Swift's does not).
static inline float mote_sqrtf(float x) { return __builtin_elementwise_sqrt(x); }

// Sizes are padded to MOTE_PAD floats; one bit word covers MOTE_PAD units.
enum { MOTE_PAD = 16, MOTE_PANEL = 32, MOTE_BLOCK = 64 };

// One layer: parameters, Adam's moments, and what a batch leaves behind. Memory is the caller's,
// 64-byte aligned; padding of parameters is zero and stays zero.
typedef struct {
  size_t inputs, units;   // d, h as the network has them
  size_t input_stride;    // floats from one row of w to the next, >= d rounded up to MOTE_PAD (to
                          // 2 MOTE_PAD in the first layer, and so is the stride of its x)
  size_t unit_stride;     // h rounded up to MOTE_PAD: row stride of z, dz and w_transposed
  float *w;               // [h, input_stride]
  float *w_transposed;    // [d rounded up to MOTE_PAD, unit_stride]; NULL for the first layer, which does not use it
  float *bias;            // [unit_stride]
  float *moments;         // m and v of w: [column block][unit][m: block | v: block]
  float *bias_moments;    // [m: unit_stride | v: unit_stride]
  float *bias_gradient;   // [unit_stride]
  float *out;             // [b, unit_stride] activations, >= 0 (last layer: logits in column 0)
  float *dz;              // [b, unit_stride] d loss / d pre-activation, zero where out is
  uint16_t *kept;         // [b, unit_stride/16] units that dropout keeps; padding units are 0
} mote_layer;

// Per-worker scratch of the training kernels.
typedef struct {
  size_t list;         // room of a list and row of `transposed`: at least b and every h, rounded up
                       // to MOTE_PAD, plus MOTE_PAD
  uint32_t *order;     // [b]
  uint16_t *index;     // [largest h, list] where the non-zero values are
  float *value;        // [largest h, list] and what they are
  uint32_t *counts;    // [largest h] entries of each list
  float *transposed;   // [largest h, list]
  float *block;        // [b, MOTE_BLOCK]
  // Rows that the next batch takes, of d floats; asked of memory while this one is computed.
  const float *const *ahead;  // [ahead_rows]
  size_t ahead_rows;          // 0: none are known
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

// Weights of a gallery: as they are stored. int8 has a float32 scale per unit.
enum { MOTE_FLOAT32 = 0, MOTE_FLOAT16 = 1, MOTE_INT8 = 2 };
// Probes that pass through a network at a time: a multiple of every tile's rows.
enum { MOTE_GALLERY_ROWS = 96 };

// One layer in a person's block. Offsets are in bytes from the block's begin, multiples of 64.
typedef struct {
  size_t inputs, units;
  size_t unit_stride;  // h rounded up to MOTE_PAD; 1 in the last layer
  size_t weights;      // [d, unit_stride] in the gallery's format; last layer [d]
  size_t scales;       // [unit_stride] float32, int8 alone
  size_t bias;         // [unit_stride] float32
} mote_gallery_layer;

// Networks of one shape side by side. What pads a block is zero.
typedef struct {
  int format;
  size_t layer_count;
  size_t bytes;  // from one block to the next, a multiple of 64
  const mote_gallery_layer *layers;
  const mote_gallery_layer *wide_layers;  // the same network in float32
} mote_gallery;

// Per-worker scratch of a search, 64-byte aligned.
typedef struct {
  uint8_t *wide;    // a block of the float32 gallery
  float *first;     // [MOTE_GALLERY_ROWS, largest unit_stride]
  float *row;       // [largest unit_stride]
  uint16_t *index;  // [largest unit_stride + MOTE_PAD]
  float *value;     // [largest unit_stride + MOTE_PAD]
} mote_gallery_scratch;

// The kernels of one CPU path.
typedef struct {
  const char *name;  // "avx512", "avx2", "baseline"
  int lanes;         // floats per vector

  // out + i * stride = rows[i], d floats each.
  void (*gather)(const float *const *rows, size_t n, size_t d, float *out, size_t stride);
  // First layer in training: out = scale * relu(w x + bias) for kept units only.
  void (*first_forward)(
      const mote_layer *layer, const float *x, size_t x_stride, size_t rows, float scale,
      const mote_scratch *scratch);
  // A further layer, skipping inputs that are zero. Linear (last) layers: no relu, no dropout.
  void (*next_forward)(
      const mote_layer *layer, const mote_layer *previous, size_t rows, float scale,
      int uses_dropout, int is_linear, const mote_scratch *scratch);
  // The only layer of a network without hidden ones, in training and evaluation: out = w x + bias.
  void (*linear_forward)(const mote_layer *layer, const float *x, size_t x_stride, size_t rows);
  // previous->dz = scale * dz w where the previous layer's output is positive.
  void (*backward)(
      const mote_layer *layer, const mote_layer *previous, size_t rows, float scale,
      const mote_scratch *scratch);
  // dW = dz^T x over non-zero dz, Adam applied from registers; then the bias.
  void (*update)(
      const mote_layer *layer, const float *x, size_t x_stride, size_t rows,
      const mote_adam *adam, const mote_scratch *scratch);

  // w [units, w_stride] into panels of MOTE_PANEL units: [panel][d][MOTE_PANEL], zero padded.
  void (*pack)(const float *w, size_t w_stride, size_t units, size_t d, float *panels);
  // Dense first layer without dropout: layer->out = relu(x w^T + bias).
  void (*dense_forward)(
      const mote_layer *layer, const float *panels, const float *x, size_t x_stride, size_t rows);
  // out[row][column] = x row . packed row `column`, for `columns` packed rows.
  void (*dense_products)(
      const float *panels, size_t columns, size_t d, const float *x, size_t x_stride, size_t rows,
      float *out, size_t out_stride);

  // Logits: out[r * out_stride + i] of person r's network for probe i, x [probes, d].
  void (*gallery_scores)(
      const mote_gallery *gallery, const uint8_t *blocks, size_t persons, const float *x,
      size_t x_stride, size_t probes, float *out, size_t out_stride,
      const mote_gallery_scratch *scratch);
  // Reads `bytes` (a multiple of 64) and does nothing else: the limit of a search.
  uint64_t (*read_lines)(const void *memory, size_t bytes);

  // 16 blocks of the generator per chunk: out[chunk][word 0..3][block 0..15].
  void (*random_words)(mote_stream stream, uint64_t first_chunk, size_t chunks, uint32_t *out);
  // 64 standard normals per chunk (Box-Muller).
  void (*normals)(mote_stream stream, uint64_t first_chunk, size_t chunks, float *out);

  // y [n, d] into panels, room for n rounded up to MOTE_PAD rows.
  void (*pack_doubles)(const double *y, size_t n, size_t d, double *panels);
  // out[i][j] = |x_i - y_j|^2 >= 0, x [rows, d], y packed; squares are |x_i|^2 and |y_j|^2.
  void (*squared_distances)(
      const double *panels, const double *y_squares, size_t n, size_t d, const double *x,
      const double *x_squares, size_t rows, double *out, size_t out_stride);
  // out[i][j] = x_i . y_j, x [rows, d], y packed.
  void (*float64_products)(
      const double *panels, size_t n, size_t d, const double *x, size_t rows, double *out,
      size_t out_stride);
  // out[i] = log sum_j exp(-distances[j] * scales[i]), distances >= 0, n >= 1.
  void (*log_sum_exp)(
      const double *distances, size_t n, const double *scales, size_t scale_count, double *out);
} mote_kernels;

// The kernels of a path (0 baseline, 1 AVX2, 2 AVX-512), or NULL where this machine cannot run it.
const mote_kernels *mote_kernels_of_path(int path);
#endif
