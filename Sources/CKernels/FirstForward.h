// First layer in training. x [b, d], w [h, d]; out [b, h] = scale * relu(w x + bias) where dropout
// keeps the unit, else 0.
//
// Trick: units that dropout removes are not computed. Units are taken in groups, so that a row's
// decisions for a group are one small word; rows are sorted by the number of kept units, and each
// number has its own loop with as many accumulators in registers.
// Order: group of units (its weights stay in L1) > rows by count > columns.

// Register budget: one accumulator per unit of a group, one for x, the weights from memory.
#if MOTE_LANES == 16 || defined(__aarch64__)
#define GROUP 16
typedef uint16_t group_bits;
#else
#define GROUP 8
typedef uint8_t group_bits;
#endif

// sums[i] = x . w[i] for the c given rows of w.
INLINE void kept_dots(
    const int c, const float *x, const float *const *w, size_t vectors, float *sums) {
  vec acc[GROUP];
#pragma clang loop unroll(full)
  for (int i = 0; i < c; i++) acc[i] = splat(0);
  for (size_t k = 0; k < vectors * MOTE_LANES; k += MOTE_LANES) {
    vec v = load(x + k);
#pragma clang loop unroll(full)
    for (int i = 0; i < c; i++) acc[i] += v * load(w[i] + k);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < c; i++) sums[i] = lane_sum(acc[i]);
}

static void kept_dots_of(
    int c, const float *x, const float *const *w, size_t vectors, float *sums) {
  switch (c) {
#define CASE(n) \
  case n: kept_dots(n, x, w, vectors, sums); break;
    CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8)
#if GROUP == 16
    CASE(9) CASE(10) CASE(11) CASE(12) CASE(13) CASE(14) CASE(15) CASE(16)
#endif
#undef CASE
  }
}

static void first_forward(
    const mote_layer *layer, const float *x, size_t x_stride, size_t rows, float scale,
    const mote_scratch *scratch) {
  size_t words = layer->unit_stride / GROUP;
  size_t vectors = (layer->inputs + MOTE_LANES - 1) / MOTE_LANES;
  const group_bits *kept = (const group_bits *)layer->kept;
  group_bits *active = (group_bits *)layer->active;
  for (size_t g = 0; g < words; g++) {
    uint32_t begin[GROUP + 2] = {0};
    for (size_t s = 0; s < rows; s++) begin[__builtin_popcount(kept[s * words + g]) + 1]++;
    for (int c = 0; c <= GROUP; c++) begin[c + 1] += begin[c];
    for (size_t s = 0; s < rows; s++)
      scratch->order[begin[__builtin_popcount(kept[s * words + g])]++] = (uint32_t)s;

    for (size_t i = 0; i < rows; i++) {
      size_t s = scratch->order[i];
      unsigned bits = kept[s * words + g];
      const float *weights[GROUP];
      int unit[GROUP], c = 0;
      for (unsigned rest = bits; rest; rest &= rest - 1, c++) {
        unit[c] = __builtin_ctz(rest);
        weights[c] = layer->w + (g * GROUP + (size_t)unit[c]) * layer->input_stride;
      }
      float sums[GROUP];
      kept_dots_of(c, x + s * x_stride, weights, vectors, sums);

      float *out = layer->out + s * layer->unit_stride + g * GROUP;
      const float *bias = layer->bias + g * GROUP;
      float z[GROUP];
      memset(z, 0, sizeof z);
      unsigned on = 0;
      for (int j = 0; j < c; j++) {
        float value = sums[j] + bias[unit[j]];
        if (value > 0) {
          z[unit[j]] = value * scale;
          on |= 1u << unit[j];
        }
      }
      memcpy(out, z, sizeof z);
      active[s * words + g] = (group_bits)on;
    }
  }
}
