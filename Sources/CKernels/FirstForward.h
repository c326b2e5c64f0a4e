// First layer in training. x [b, d], w [h, d]; out [b, h] = scale * relu(w x + bias) where dropout
// keeps the unit, else 0.
//
// Trick: units that dropout removes are not computed. Units are taken in groups, so that a row's
// decisions for a group are one small word; rows are sorted by the number of kept units, and each
// number has its own loop with as many accumulators in registers.
// Order: group of units (its weights stay in L1) > number kept > rows with that number > columns.
// Rows of the next batch lie at random among megabytes; with each row and group a part of one of them
// is asked for, so that gathering it does not wait for memory.

// Units of a group; a row's decisions for them are one word of `kept`.
enum { GROUP = 16 };
// Units whose sums are formed at a time: one accumulator (of PARTS vectors) for each, or two.
#if MOTE_LANES == 16
enum { UNITS = 16, UNITS_IN_TWO = 16 };
#elif MOTE_LANES == 8 || defined(__aarch64__)
enum { UNITS = 6, UNITS_IN_TWO = 3 };
#else
enum { UNITS = 3, UNITS_IN_TWO = 1 };
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

// sums[i] = w[i] x over all columns, i < n; room for n rounded up to whole vectors.
INLINE void unit_sums(
    const int n, const int sets, const float *const *w, const float *x, size_t columns,
    float *sums) {
  vec acc[2][GROUP][PARTS];
#pragma clang loop unroll(full)
  for (int i = 0; i < GROUP; i++)
#pragma clang loop unroll(full)
    for (int p = 0; p < PARTS; p++) acc[0][i][p] = acc[1][i][p] = splat(0);
  for (size_t k = 0; k < columns; k += 2 * MOTE_PAD)
#pragma clang loop unroll(full)
    for (int j = 0; j < 2; j++)
#pragma clang loop unroll(full)
      for (int p = 0; p < PARTS; p++) {
        size_t column = k + (size_t)(j * MOTE_PAD + p * MOTE_LANES);
        vec value = load(x + column);
#pragma clang loop unroll(full)
        for (int i = 0; i < n; i++) acc[j % sets][i][p] += value * load(w[i] + column);
      }
#pragma clang loop unroll(full)
  for (int i = 0; i < n; i++)
#pragma clang loop unroll(full)
    for (int p = 0; p < PARTS; p++) acc[0][i][p] += acc[1][i][p];
#pragma clang loop unroll(full)
  for (int i = 0; i < n; i += MOTE_LANES) store(sums + i, wide_sums(acc[0] + i));
}

// One group of units for the rows of which exactly c units of the group are kept.
INLINE void rows_with(
    const int c, const mote_layer *layer, size_t g, const float *x, size_t x_stride, float scale,
    const uint32_t *rows, const uint32_t *end, const mote_scratch *scratch) {
  size_t words = layer->unit_stride / GROUP;
  size_t columns = (layer->inputs + 2 * MOTE_PAD - 1) / (2 * MOTE_PAD) * (2 * MOTE_PAD);
  // Few chains of multiply-adds leave the units waiting: then even and odd vectors of columns have
  // accumulators of their own.
  const int sets = c < 8 ? 2 : 1;
  const int step = sets == 2 ? UNITS_IN_TWO : UNITS;
  const float *group = layer->w + g * GROUP * layer->input_stride;
  const float *bias = layer->bias + g * GROUP;
  // Columns of a row of the next batch that fall to this group.
  size_t part = (columns / words + MOTE_PAD - 1) / MOTE_PAD * MOTE_PAD;
  size_t first = g * part < layer->inputs ? g * part : layer->inputs;
  size_t last = first + part < layer->inputs ? first + part : layer->inputs;
  for (; rows < end; rows++) {
    size_t s = *rows;
    if (s < scratch->ahead_rows)
      for (size_t j = first; j < last; j += 16) __builtin_prefetch(scratch->ahead[s] + j, 0, 2);
    unsigned bits = layer->kept[s * words + g];
    const float *w[GROUP], *v = x + s * x_stride;
    unsigned rest = bits;
#pragma clang loop unroll(full)
    for (int i = 0; i < c; i++, rest &= rest - 1)
      w[i] = group + (size_t)__builtin_ctz(rest) * layer->input_stride;

    float sums[GROUP + MOTE_LANES], z[GROUP];
#pragma clang loop unroll(full)
    for (int i = 0; i < c; i += step)
      unit_sums(c - i < step ? c - i : step, sets, w + i, v, columns, sums + i);
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
  const uint16_t *kept = layer->kept;
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
#define COUNT(c) rows_with(c, layer, g, x, x_stride, scale, order + begin[c], order + end[c], scratch);
    COUNT(0) COUNT(1) COUNT(2) COUNT(3) COUNT(4) COUNT(5) COUNT(6) COUNT(7) COUNT(8)
    COUNT(9) COUNT(10) COUNT(11) COUNT(12) COUNT(13) COUNT(14) COUNT(15) COUNT(16)
#undef COUNT
  }
}
