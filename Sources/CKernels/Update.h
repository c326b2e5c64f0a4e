// Gradient of a layer's weights and the optimiser step. dz [b, h], x [b, d]; dW [h, d] = dz^T x,
// which is never stored: Adam takes it from registers.
//
// Tricks: each unit has a list of the rows where its dz is not 0 (about a third in training), and
// only those rows of x are added. Columns are taken in blocks that are packed together, so that
// the block of x stays in L1 for all units. m and v lie in the order in which they are used.
// Order: lists > block of columns > unit > rows of its list > Adam; then the bias.

#if MOTE_LANES == 4 && !defined(__aarch64__)
enum { BLOCK_VECTORS = 8 };  // 16 registers of 4 floats
#else
enum { BLOCK_VECTORS = MOTE_BLOCK / MOTE_LANES };
#endif
enum { BLOCK_COLUMNS = BLOCK_VECTORS * MOTE_LANES };

// p, m, v of one vector of parameters with gradient g.
INLINE void adam_vector(float *p, float *m, float *v, vec g, const mote_adam *adam) {
  vec old = load(p);
  g = g + old * adam->l2;
  vec m1 = load(m) * adam->beta1 + g * adam->one_minus_beta1;
  vec v1 = load(v) * adam->beta2 + g * g * adam->one_minus_beta2;
  store(m, m1);
  store(v, v1);
  vec root = __builtin_elementwise_sqrt(v1) * adam->root_scale + adam->epsilon;
  store(p, old * adam->decay - m1 * adam->step / root);
}

// A list of rows per unit, and the gradient of the bias.
static void list_rows(const mote_layer *layer, size_t rows, const mote_scratch *scratch) {
  size_t padded = (rows + MOTE_PAD - 1) / MOTE_PAD * MOTE_PAD;
  // Rows up to the padding may hold an earlier batch.
  memset(layer->dz + rows * layer->unit_stride, 0,
         (padded - rows) * layer->unit_stride * sizeof(float));
  transpose(
      layer->dz, layer->unit_stride, padded, layer->unit_stride, scratch->transposed,
      scratch->list);
  for (size_t u = 0; u < layer->units; u++) {
    const float *dz = scratch->transposed + u * scratch->list;
    vec sum[PARTS];
    for (int p = 0; p < PARTS; p++) sum[p] = splat(0);
    for (size_t s = 0; s < padded; s += MOTE_PAD)
#pragma clang loop unroll(full)
      for (int p = 0; p < PARTS; p++) sum[p] += load(dz + s + p * MOTE_LANES);
    layer->bias_gradient[u] = wide_sum(sum);
    scratch->counts[u] = (uint32_t)list_nonzero(
        dz, padded, scratch->index + u * scratch->list, scratch->value + u * scratch->list);
  }
}

// n vectors of one unit's row of w: gradient over the unit's list, then Adam.
INLINE void update_vectors(
    const int n, const uint16_t *index, const float *value, size_t count, const float *block,
    float *w, float *moments, const mote_adam *adam) {
  vec sum[SUM_VECTORS];
  for (int v = 0; v < SUM_VECTORS; v++) sum[v] = splat(0);
  for (int first = 0; first < n; first += SUM_VECTORS) {
    const int part = n - first < SUM_VECTORS ? n - first : SUM_VECTORS;
    add_listed_rows(
        part, index, value, count, block + first * MOTE_LANES, BLOCK_COLUMNS, sum);
#pragma clang loop unroll(full)
    for (int v = 0; v < part; v++) {
      float *m = moments + (first + v) * MOTE_LANES;
      adam_vector(w + (first + v) * MOTE_LANES, m, m + BLOCK_COLUMNS, sum[v], adam);
      sum[v] = splat(0);
    }
  }
}

static void update(
    const mote_layer *layer, const float *x, size_t x_stride, size_t rows, const mote_adam *adam,
    const mote_scratch *scratch) {
  list_rows(layer, rows, scratch);
  size_t vectors = (layer->inputs + MOTE_LANES - 1) / MOTE_LANES;
  for (size_t first = 0; first < vectors; first += BLOCK_VECTORS) {
    size_t n = vectors - first < BLOCK_VECTORS ? vectors - first : BLOCK_VECTORS;
    size_t column = first * MOTE_LANES;
    for (size_t s = 0; s < rows; s++)
      memcpy(scratch->block + s * BLOCK_COLUMNS, x + s * x_stride + column,
             n * MOTE_LANES * sizeof(float));
    for (size_t u = 0; u < layer->units; u++) {
      const uint16_t *index = scratch->index + u * scratch->list;
      const float *value = scratch->value + u * scratch->list;
      size_t count = scratch->counts[u];
      float *w = layer->w + u * layer->input_stride + column;
      float *moments = layer->moments + 2 * (column * layer->units + u * BLOCK_COLUMNS);
      if (n == BLOCK_VECTORS) {
        update_vectors(
            BLOCK_VECTORS, index, value, count, scratch->block, w, moments, adam);
      } else {
        for (size_t v = 0; v < n; v++) {
          size_t shift = v * MOTE_LANES;
          update_vectors(
              1, index, value, count, scratch->block + shift, w + shift, moments + shift, adam);
        }
      }
    }
  }
  for (size_t u = 0; u < layer->unit_stride; u += MOTE_LANES)
    adam_vector(
        layer->bias + u, layer->bias_moments + u, layer->bias_moments + layer->unit_stride + u,
        load(layer->bias_gradient + u), adam);
  // Padding rows of w are zero, so whole vectors may be turned.
  if (layer->w_transposed)
    transpose(
        layer->w, layer->input_stride, layer->unit_stride,
        (layer->inputs + MOTE_PAD - 1) / MOTE_PAD * MOTE_PAD, layer->w_transposed,
        layer->unit_stride);
}
