// Squared Euclidean distances in float64, in Gram form: out[i][j] = max(|x_i|^2 + |y_j|^2 -
// 2 x_i . y_j, 0). x [b, d], y [n, d].
//
// Trick: the register tile of DenseTile.h in float64; y is packed once into panels [d][columns of a
// tile]. Every product is summed in the order of the columns, whatever tile it falls into.
// Order: panel > tile of rows > columns.

typedef double dvec __attribute__((vector_size(MOTE_LANES * 4)));
enum { DISTANCE_LANES = MOTE_LANES / 2, DISTANCE_COLUMNS = 2 * DISTANCE_LANES };

INLINE dvec load_doubles(const double *p) {
  dvec v;
  memcpy(&v, p, sizeof v);
  return v;
}

static void pack_doubles(const double *y, size_t n, size_t d, double *panels) {
  for (size_t j = 0; j < n; j++) {
    double *column = panels + j / DISTANCE_COLUMNS * DISTANCE_COLUMNS * d + j % DISTANCE_COLUMNS;
    for (size_t k = 0; k < d; k++) column[k * DISTANCE_COLUMNS] = y[j * d + k];
  }
  // Columns that do not exist.
  for (size_t j = n; j % DISTANCE_COLUMNS != 0; j++) {
    double *column = panels + j / DISTANCE_COLUMNS * DISTANCE_COLUMNS * d + j % DISTANCE_COLUMNS;
    for (size_t k = 0; k < d; k++) column[k * DISTANCE_COLUMNS] = 0;
  }
}

// Products of r rows with the columns of one panel.
INLINE void float64_tile(
    const int r, const double *panel, size_t d, const double *x, dvec products[][2]) {
  dvec acc[TILE_ROWS][2];
#pragma clang loop unroll(full)
  for (int i = 0; i < r; i++) acc[i][0] = acc[i][1] = (dvec){};
  for (size_t k = 0; k < d; k++) {
    dvec y0 = load_doubles(panel + k * DISTANCE_COLUMNS);
    dvec y1 = load_doubles(panel + k * DISTANCE_COLUMNS + DISTANCE_LANES);
#pragma clang loop unroll(full)
    for (int i = 0; i < r; i++) {
      double value = x[(size_t)i * d + k];
      acc[i][0] += value * y0;
      acc[i][1] += value * y1;
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < r; i++) {
    products[i][0] = acc[i][0];
    products[i][1] = acc[i][1];
  }
}

// Distances of r rows to the columns of one panel, `width` of which exist.
INLINE void distance_tile(
    const int r, const double *panel, size_t d, const double *y_squares, size_t width,
    const double *x, const double *x_squares, double *out, size_t out_stride) {
  dvec acc[TILE_ROWS][2];
  float64_tile(r, panel, d, x, acc);
  for (int i = 0; i < r; i++) {
    double products[DISTANCE_COLUMNS];
    memcpy(products, acc[i], sizeof products);
    for (size_t j = 0; j < width; j++) {
      double distance = x_squares[i] + y_squares[j] - 2 * products[j];
      out[(size_t)i * out_stride + j] = distance > 0 ? distance : 0;
    }
  }
}

static void squared_distances(
    const double *panels, const double *y_squares, size_t n, size_t d, const double *x,
    const double *x_squares, size_t rows, double *out, size_t out_stride) {
  for (size_t first = 0; first < n; first += DISTANCE_COLUMNS) {
    const double *panel = panels + first * d;
    size_t width = n - first < DISTANCE_COLUMNS ? n - first : DISTANCE_COLUMNS;
    size_t s = 0;
#define TILE(r)                                                                              \
  for (; s + r <= rows; s += r)                                                              \
    distance_tile(r, panel, d, y_squares + first, width, x + s * d, x_squares + s,           \
                  out + s * out_stride + first, out_stride);
    TILE(TILE_ROWS) TILE(4) TILE(1)
#undef TILE
  }
}

// out[i][j] = x_i . y_j. Where all values are those of float32, every product is exact, so that all
// paths give the same bits, fused or not.
static void float64_products(
    const double *panels, size_t n, size_t d, const double *x, size_t rows, double *out,
    size_t out_stride) {
  for (size_t first = 0; first < n; first += DISTANCE_COLUMNS) {
    const double *panel = panels + first * d;
    size_t width = n - first < DISTANCE_COLUMNS ? n - first : DISTANCE_COLUMNS;
    size_t s = 0;
#define TILE(r)                                                                              \
  for (; s + r <= rows; s += r) {                                                            \
    dvec acc[TILE_ROWS][2];                                                                  \
    float64_tile(r, panel, d, x + s * d, acc);                                               \
    for (size_t i = 0; i < r; i++)                                                           \
      memcpy(out + (s + i) * out_stride + first, acc[i], width * sizeof(double));            \
  }
    TILE(TILE_ROWS) TILE(4) TILE(1)
#undef TILE
  }
}
