// First layer in training. x [b, d], w [h, d]; out [b, h] = scale * relu(w x + bias) where dropout
// keeps the unit, else 0.
//
// Trick: units that dropout removes are not computed. Units are taken in groups, so that a row's
// decisions for a group are one small word; rows are sorted by the number of kept units, and each
// number has its own loop with as many accumulators in registers.
// Order: group of units (its weights stay in L1) > number kept > rows with that number > columns.

// Register budget: one accumulator per unit of a group, one for x, the weights from memory.
#if MOTE_LANES == 16 || defined(__aarch64__)
#define GROUP 16
typedef uint16_t group_bits;
#else
#define GROUP 8
typedef uint8_t group_bits;
#endif

// z[u] = sums[number of set bits below u] where bit u is set, else 0.
INLINE void expand(float *z, const float *sums, unsigned bits) {
#if MOTE_LANES == 16
  _mm512_storeu_ps(z, _mm512_maskz_expand_ps((__mmask16)bits, _mm512_loadu_ps(sums)));
#else
  for (unsigned u = 0, next = 0; u < GROUP; u++) {
    unsigned bit = bits >> u & 1;
    z[u] = bit ? sums[next] : 0;
    next += bit;
  }
#endif
}

// One group of units for the rows of which exactly c units of the group are kept.
INLINE void rows_with(
    const int c, const mote_layer *layer, size_t g, const float *x, size_t x_stride, float scale,
    const uint32_t *rows, const uint32_t *end) {
  size_t words = layer->unit_stride / GROUP;
  size_t columns = (layer->inputs + 2 * MOTE_LANES - 1) / (2 * MOTE_LANES) * (2 * MOTE_LANES);
  // Few chains of multiply-adds leave the units waiting: then even and odd vectors of columns have
  // accumulators of their own.
  const int sets = c < 8 ? 2 : 1;
  const float *group = layer->w + g * GROUP * layer->input_stride;
  const float *bias = layer->bias + g * GROUP;
  for (; rows < end; rows++) {
    size_t s = *rows;
    unsigned bits = ((const group_bits *)layer->kept)[s * words + g];
    const float *w[GROUP], *v = x + s * x_stride;
    vec acc[2][GROUP];
    unsigned rest = bits;
#pragma clang loop unroll(full)
    for (int i = 0; i < c; i++, rest &= rest - 1)
      w[i] = group + (size_t)__builtin_ctz(rest) * layer->input_stride;
#pragma clang loop unroll(full)
    for (int i = 0; i < GROUP; i++) acc[0][i] = acc[1][i] = splat(0);
    for (size_t k = 0; k < columns; k += 2 * MOTE_LANES)
#pragma clang loop unroll(full)
      for (int j = 0; j < 2; j++) {
        size_t column = k + (size_t)j * MOTE_LANES;
        vec value = load(v + column);
#pragma clang loop unroll(full)
        for (int i = 0; i < c; i++) acc[j % sets][i] += value * load(w[i] + column);
      }

    float sums[GROUP], z[GROUP];
#pragma clang loop unroll(full)
    for (int i = 0; i < c; i++) acc[0][i] += acc[1][i];
#pragma clang loop unroll(full)
    for (int i = 0; i < GROUP; i += MOTE_LANES) store(sums + i, lane_sums(acc[0] + i));
    expand(z, sums, bits);
    float *out = layer->out + s * layer->unit_stride + g * GROUP;
#pragma clang loop unroll(full)
    for (unsigned u = 0; u < GROUP; u += MOTE_LANES) {
      vec sum = load(z + u) + load(bias + u);
      store(out + u, keep_bits(sum * scale, positive_bits(sum) & bits >> u));
    }
  }
}

static void first_forward(
    const mote_layer *layer, const float *x, size_t x_stride, size_t rows, float scale,
    const mote_scratch *scratch) {
  size_t words = layer->unit_stride / GROUP;
  const group_bits *kept = (const group_bits *)layer->kept;
  uint32_t *order = scratch->order;
  for (size_t g = 0; g < words; g++) {
    // Counting sort of the rows by the number of kept units.
    uint32_t begin[GROUP + 2] = {0}, end[GROUP + 1];
    for (size_t s = 0; s < rows; s++) begin[__builtin_popcount(kept[s * words + g]) + 1]++;
    for (int c = 0; c <= GROUP; c++) {
      begin[c + 1] += begin[c];
      end[c] = begin[c];
    }
    for (size_t s = 0; s < rows; s++)
      order[end[__builtin_popcount(kept[s * words + g])]++] = (uint32_t)s;
#define COUNT(c) rows_with(c, layer, g, x, x_stride, scale, order + begin[c], order + end[c]);
    COUNT(0) COUNT(1) COUNT(2) COUNT(3) COUNT(4) COUNT(5) COUNT(6) COUNT(7) COUNT(8)
#if GROUP == 16
    COUNT(9) COUNT(10) COUNT(11) COUNT(12) COUNT(13) COUNT(14) COUNT(15) COUNT(16)
#endif
#undef COUNT
  }
}
