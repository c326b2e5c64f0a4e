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

// Lists of (row, dz) per unit, in row order, and the gradient of the bias.
static void list_active(const mote_layer *layer, size_t rows, const mote_scratch *scratch) {
  size_t words = layer->unit_stride / MOTE_PAD;
  memset(scratch->counts, 0, layer->unit_stride * sizeof *scratch->counts);
  memset(layer->bias_gradient, 0, layer->unit_stride * sizeof(float));
  for (size_t s = 0; s < rows; s++)
    for (size_t g = 0; g < words; g++)
      for (unsigned rest = layer->active[s * words + g]; rest; rest &= rest - 1) {
        size_t u = g * MOTE_PAD + (size_t)__builtin_ctz(rest);
        float value = layer->dz[s * layer->unit_stride + u];
        scratch->pairs[u * scratch->rows + scratch->counts[u]++] = (mote_pair){(uint32_t)s, value};
        layer->bias_gradient[u] += value;
      }
}

INLINE void update_vectors(
    const int n, const mote_pair *pairs, size_t count, const float *block, float *w,
    float *moments, const mote_adam *adam) {
  vec acc[BLOCK_VECTORS];
#pragma clang loop unroll(full)
  for (int v = 0; v < n; v++) acc[v] = splat(0);
  for (size_t i = 0; i < count; i++) {
    const float *x = block + (size_t)pairs[i].row * BLOCK_COLUMNS;
    vec value = splat(pairs[i].value);
#pragma clang loop unroll(full)
    for (int v = 0; v < n; v++) acc[v] += value * load(x + v * MOTE_LANES);
  }
#pragma clang loop unroll(full)
  for (int v = 0; v < n; v++) {
    float *m = moments + v * MOTE_LANES;
    adam_vector(w + v * MOTE_LANES, m, m + BLOCK_COLUMNS, acc[v], adam);
  }
}

static void update(
    const mote_layer *layer, const float *x, size_t x_stride, size_t rows, const mote_adam *adam,
    const mote_scratch *scratch) {
  list_active(layer, rows, scratch);
  size_t vectors = (layer->inputs + MOTE_LANES - 1) / MOTE_LANES;
  for (size_t first = 0; first < vectors; first += BLOCK_VECTORS) {
    size_t n = vectors - first < BLOCK_VECTORS ? vectors - first : BLOCK_VECTORS;
    size_t column = first * MOTE_LANES;
    for (size_t s = 0; s < rows; s++)
      memcpy(scratch->block + s * BLOCK_COLUMNS, x + s * x_stride + column,
             n * MOTE_LANES * sizeof(float));
    for (size_t u = 0; u < layer->units; u++) {
      const mote_pair *pairs = scratch->pairs + u * scratch->rows;
      size_t count = scratch->counts[u];
      float *w = layer->w + u * layer->input_stride + column;
      float *moments = layer->moments + 2 * (column * layer->units + u * BLOCK_COLUMNS);
      if (n == BLOCK_VECTORS) {
        update_vectors(BLOCK_VECTORS, pairs, count, scratch->block, w, moments, adam);
      } else {
        for (size_t v = 0; v < n; v++) {
          size_t shift = v * MOTE_LANES;
          update_vectors(
              1, pairs, count, scratch->block + shift, w + shift, moments + shift, adam);
        }
      }
    }
  }
  for (size_t u = 0; u < layer->unit_stride; u += MOTE_LANES)
    adam_vector(
        layer->bias + u, layer->bias_moments + u, layer->bias_moments + layer->unit_stride + u,
        load(layer->bias_gradient + u), adam);
  if (layer->w_transposed)
    for (size_t u = 0; u < layer->units; u++)
      for (size_t j = 0; j < layer->inputs; j++)
        layer->w_transposed[j * layer->unit_stride + u] = layer->w[u * layer->input_stride + j];
}
