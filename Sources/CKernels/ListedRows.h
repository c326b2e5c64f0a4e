// The one product of all sparse passes: sum_i value[i] * row[index[i]], over the entries of a list.
//
// In training two thirds of all activations and gradients are exactly 0 (dropout and relu). Each
// pass first lists the non-zero ones, without branches, then adds only the rows they belong to.

// Entries are taken LIST_STEP at a time into two alternating sets of accumulators, SUM_VECTORS each;
// lists are filled up with value 0.
enum { LIST_STEP = 4, SUM_VECTORS = MOTE_LANES == 16 ? 8 : 4 };

// Lists the non-zero values among the first n (a multiple of 16); returns the number of entries
// with the filling. index and value have room for n + LIST_STEP entries.
INLINE size_t list_nonzero(const float *values, size_t n, uint16_t *index, float *value) {
  size_t count = 0;
#if MOTE_LANES == 16
  // Compressed in registers: compressing to memory is microcoded on some machines.
  const __m512i iota = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  for (size_t j = 0; j < n; j += 16) {
    __m512 v = _mm512_loadu_ps(values + j);
    __mmask16 bits = _mm512_cmp_ps_mask(v, _mm512_setzero_ps(), _CMP_NEQ_UQ);
    __m512i at = _mm512_maskz_compress_epi32(bits, _mm512_add_epi32(iota, _mm512_set1_epi32((int)j)));
    _mm256_storeu_si256((__m256i *)(index + count), _mm512_cvtepi32_epi16(at));
    _mm512_storeu_ps(value + count, _mm512_maskz_compress_ps(bits, v));
    count += (size_t)__builtin_popcount(bits);
  }
#else
  for (size_t j = 0; j < n; j++) {
    index[count] = (uint16_t)j;
    value[count] = values[j];
    count += values[j] != 0;
  }
#endif
  while (count % LIST_STEP != 0) {
    index[count] = 0;
    value[count++] = 0;
  }
  return count;
}

// LIST_STEP values, each in all lanes. Read by one load and spread by shuffles: the loop is bound
// by loads (0.80 ns an entry of 4 vectors, against 0.90 with a broadcast load per entry).
INLINE void spread(const float *value, vec out[LIST_STEP]) {
#if MOTE_LANES == 16
  __m512 all = _mm512_broadcast_f32x4(_mm_loadu_ps(value));
  out[0] = (vec)_mm512_permute_ps(all, 0x00);
  out[1] = (vec)_mm512_permute_ps(all, 0x55);
  out[2] = (vec)_mm512_permute_ps(all, 0xAA);
  out[3] = (vec)_mm512_permute_ps(all, 0xFF);
#else
#pragma clang loop unroll(full)
  for (int j = 0; j < LIST_STEP; j++) out[j] = splat(value[j]);
#endif
}

// sum[v] += the listed rows of `rows` (stride floats apart), n vectors wide.
INLINE void add_listed_rows(
    const int n, const uint16_t *index, const float *value, size_t count, const float *rows,
    size_t stride, vec sum[SUM_VECTORS]) {
  // One chain of multiply-adds per vector would leave half of the units waiting.
  vec acc[2][SUM_VECTORS];
#pragma clang loop unroll(full)
  for (int v = 0; v < n; v++) {
    acc[0][v] = sum[v];
    acc[1][v] = splat(0);
  }
  for (size_t i = 0; i < count; i += LIST_STEP) {
    uint64_t four;
    memcpy(&four, index + i, sizeof four);
    vec spreads[LIST_STEP];
    spread(value + i, spreads);
#pragma clang loop unroll(full)
    for (int j = 0; j < LIST_STEP; j++) {
      const float *row = rows + (four >> 16 * j & 0xFFFF) * stride;
#pragma clang loop unroll(full)
      for (int v = 0; v < n; v++) acc[j % 2][v] += spreads[j] * load(row + v * MOTE_LANES);
    }
  }
#pragma clang loop unroll(full)
  for (int v = 0; v < n; v++) sum[v] = acc[0][v] + acc[1][v];
}

// Runs BODY(n) with n, at most SUM_VECTORS, as a constant.
#if MOTE_LANES == 16
#define WITH_CONSTANT_VECTORS(n, BODY)                                                       \
  switch (n) {                                                                               \
    case 1: BODY(1); break;                                                                  \
    case 2: BODY(2); break;                                                                  \
    case 3: BODY(3); break;                                                                  \
    case 4: BODY(4); break;                                                                  \
    case 5: BODY(5); break;                                                                  \
    case 6: BODY(6); break;                                                                  \
    case 7: BODY(7); break;                                                                  \
    default: BODY(8); break;                                                                 \
  }
#else
#define WITH_CONSTANT_VECTORS(n, BODY)                                                       \
  switch (n) {                                                                               \
    case 1: BODY(1); break;                                                                  \
    case 2: BODY(2); break;                                                                  \
    case 3: BODY(3); break;                                                                  \
    default: BODY(4); break;                                                                 \
  }
#endif
