// out[j][i] = in[i][j] for i < rows, j < columns, both multiples of 4; 4 x 4 values at a time.

typedef float vec4 __attribute__((vector_size(16)));

INLINE void transpose_4x4(const float *in, size_t in_stride, float *out, size_t out_stride) {
  vec4 a, b, c, d;
  memcpy(&a, in, sizeof a);
  memcpy(&b, in + in_stride, sizeof b);
  memcpy(&c, in + 2 * in_stride, sizeof c);
  memcpy(&d, in + 3 * in_stride, sizeof d);
  vec4 ab = SHUFFLE(a, b, 0, 4, 1, 5), ab2 = SHUFFLE(a, b, 2, 6, 3, 7);
  vec4 cd = SHUFFLE(c, d, 0, 4, 1, 5), cd2 = SHUFFLE(c, d, 2, 6, 3, 7);
  vec4 r0 = SHUFFLE(ab, cd, 0, 1, 4, 5), r1 = SHUFFLE(ab, cd, 2, 3, 6, 7);
  vec4 r2 = SHUFFLE(ab2, cd2, 0, 1, 4, 5), r3 = SHUFFLE(ab2, cd2, 2, 3, 6, 7);
  memcpy(out, &r0, sizeof r0);
  memcpy(out + out_stride, &r1, sizeof r1);
  memcpy(out + 2 * out_stride, &r2, sizeof r2);
  memcpy(out + 3 * out_stride, &r3, sizeof r3);
}

static void transpose(
    const float *in, size_t in_stride, size_t rows, size_t columns, float *out,
    size_t out_stride) {
  for (size_t i = 0; i < rows; i += 4)
    for (size_t j = 0; j < columns; j += 4)
      transpose_4x4(in + i * in_stride + j, in_stride, out + j * out_stride + i, out_stride);
}
