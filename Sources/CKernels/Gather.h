// Copies the rows of a batch together: rows[i] (d floats) to out + i * stride.
//
// Rows are chosen at random among megabytes, so each begins with cache misses that the hardware
// does not foresee; asking for the row after next hides them.

enum { ROWS_AHEAD = 3 };

static void gather(const float *const *rows, size_t n, size_t d, float *out, size_t stride) {
  for (size_t i = 0; i < n; i++) {
    if (i + ROWS_AHEAD < n)
      for (size_t j = 0; j < d; j += 16) __builtin_prefetch(rows[i + ROWS_AHEAD] + j);
    memcpy(out + i * stride, rows[i], d * sizeof(float));
  }
}
