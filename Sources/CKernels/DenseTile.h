// Dense products x w^T, for evaluation (no dropout) and for cosine scores. x [b, d], w [h, d].
//
// Trick: the usual register tile. w is packed into panels [d][TILE_UNITS], or lies transposed in a
// gallery, [d][w_stride]; a tile of TILE_ROWS rows by 2 vectors of units is accumulated over all of
// d: 2 loads of w and one broadcast of x per row and step. Every output is summed in the order of the columns whatever tile it falls into, so
// results do not depend on how rows are cut.
// Order: panel > tile of rows > columns.

#if MOTE_LANES == 16 || defined(__aarch64__)
enum { TILE_ROWS = 12 };
#else
enum { TILE_ROWS = 6 };
#endif
enum { TILE_UNITS = 2 * MOTE_LANES };

static void pack(const float *w, size_t w_stride, size_t units, size_t d, float *panels) {
  for (size_t first = 0; first < units; first += TILE_UNITS, panels += d * TILE_UNITS) {
    size_t whole = units - first < TILE_UNITS ? 0 : d / 4 * 4;
    transpose(w + first * w_stride, w_stride, TILE_UNITS, whole, panels, TILE_UNITS);
    for (size_t k = whole; k < d; k++)
      for (size_t u = 0; u < TILE_UNITS; u++)
        panels[k * TILE_UNITS + u] = first + u < units ? w[(first + u) * w_stride + k] : 0;
  }
}

// z[row][TILE_UNITS] of `n` rows.
INLINE void tile(
    const int n, const float *w, size_t w_stride, size_t d, const float *x, size_t x_stride,
    vec z[][2]) {
  vec acc[TILE_ROWS][2];
#pragma clang loop unroll(full)
  for (int i = 0; i < n; i++) acc[i][0] = acc[i][1] = splat(0);
  for (size_t k = 0; k < d; k++) {
    vec w0 = load(w + k * w_stride), w1 = load(w + k * w_stride + MOTE_LANES);
#pragma clang loop unroll(full)
    for (int i = 0; i < n; i++) {
      vec value = splat(x[(size_t)i * x_stride + k]);
      acc[i][0] += value * w0;
      acc[i][1] += value * w1;
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < n; i++) {
    z[i][0] = acc[i][0];
    z[i][1] = acc[i][1];
  }
}

// As many rows as a tile takes of those left; returns their number.
INLINE size_t next_tile(
    const float *w, size_t w_stride, size_t d, const float *x, size_t x_stride, size_t rows,
    vec z[][2]) {
  if (rows >= TILE_ROWS) {
    tile(TILE_ROWS, w, w_stride, d, x, x_stride, z);
    return TILE_ROWS;
  }
  if (rows >= 4) {
    tile(4, w, w_stride, d, x, x_stride, z);
    return 4;
  }
  tile(1, w, w_stride, d, x, x_stride, z);
  return 1;
}

// out [rows, unit_stride] = relu(x w^T + bias); tile t of the units lies at w + t * tile_stride.
INLINE void dense_relu(
    const float *w, size_t w_stride, size_t tile_stride, size_t d, const float *bias,
    size_t unit_stride, const float *x, size_t x_stride, size_t rows, float *out) {
  for (size_t first = 0; first < unit_stride; first += TILE_UNITS, w += tile_stride) {
    for (size_t s = 0; s < rows;) {
      vec z[TILE_ROWS][2];
      size_t n = next_tile(w, w_stride, d, x + s * x_stride, x_stride, rows - s, z);
      for (size_t i = 0; i < n; i++, s++)
        for (size_t v = 0; v < 2; v++) {
          size_t unit = first + v * MOTE_LANES;
          if (unit >= unit_stride) break;
          vec value = z[i][v] + load(bias + unit);
          store(out + s * unit_stride + unit, keep_bits(value, positive_bits(value)));
        }
    }
  }
}

static void dense_forward(
    const mote_layer *layer, const float *panels, const float *x, size_t x_stride, size_t rows) {
  dense_relu(
      panels, TILE_UNITS, layer->inputs * TILE_UNITS, layer->inputs, layer->bias,
      layer->unit_stride, x, x_stride, rows, layer->out);
}

static void dense_products(
    const float *panels, size_t columns, size_t d, const float *x, size_t x_stride, size_t rows,
    float *out, size_t out_stride) {
  for (size_t first = 0; first < columns; first += TILE_UNITS) {
    const float *panel = panels + first * d;
    size_t width = columns - first < TILE_UNITS ? columns - first : TILE_UNITS;
    for (size_t s = 0; s < rows;) {
      vec z[TILE_ROWS][2];
      size_t n = next_tile(panel, TILE_UNITS, d, x + s * x_stride, x_stride, rows - s, z);
      for (size_t i = 0; i < n; i++, s++)
        memcpy(out + s * out_stride + first, z[i], width * sizeof(float));
    }
  }
}
