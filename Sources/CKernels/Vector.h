// Vectors of MOTE_LANES floats, and the few operations on them that clang has no operator for.
//
// a * b + c is contracted to one fused instruction where the path has it (clang's default within
// an expression), so AVX2 and AVX-512 round once, the x86-64 baseline twice. Sums that run across
// lanes are formed in 16 lanes everywhere, PARTS vectors side by side: so AVX2 and AVX-512 give the
// same bits.

typedef float vec __attribute__((vector_size(MOTE_LANES * 4)));
typedef int32_t ivec __attribute__((vector_size(MOTE_LANES * 4)));

enum { PARTS = MOTE_PAD / MOTE_LANES };

#define INLINE static inline __attribute__((always_inline))

INLINE vec load(const float *p) {
  vec v;
  memcpy(&v, p, sizeof v);
  return v;
}
INLINE void store(float *p, vec v) { memcpy(p, &v, sizeof v); }
// x in every lane; `x - (vec){}` would round, and cost an addition.
INLINE vec splat(float x) {
  vec v;
#pragma clang loop unroll(full)
  for (int i = 0; i < MOTE_LANES; i++) v[i] = x;
  return v;
}

// Bits <-> lanes: clang's vectors of bool are mask registers on AVX-512, compares elsewhere.
typedef _Bool lane_mask __attribute__((ext_vector_type(MOTE_LANES)));
#if MOTE_LANES == 16
typedef uint16_t lane_bits;
#else
typedef uint8_t lane_bits;
#endif

// Bit i of the result: x[i] > 0.
INLINE lane_bits positive_bits(vec x) {
#if MOTE_LANES == 16
  return _mm512_cmp_ps_mask((__m512)x, _mm512_setzero_ps(), _CMP_GT_OQ);
#elif MOTE_LANES == 8
  return (lane_bits)_mm256_movemask_ps(_mm256_cmp_ps((__m256)x, _mm256_setzero_ps(), _CMP_GT_OQ));
#elif defined(__SSE2__)
  return (lane_bits)_mm_movemask_ps(_mm_cmpgt_ps((__m128)x, _mm_setzero_ps()));
#else
  lane_bits bits = 0;
  for (int i = 0; i < MOTE_LANES; i++) bits |= (lane_bits)((x[i] > 0) << i);
  return bits;
#endif
}

// x where the bit is set, else 0.
INLINE vec keep_bits(vec x, unsigned bits) {
#if MOTE_LANES == 16
  return (vec)_mm512_maskz_mov_ps((__mmask16)bits, (__m512)x);
#else
  ivec select;
  for (int i = 0; i < MOTE_LANES; i++) select[i] = 1 << i;
  ivec chosen = (select & (int32_t)bits) != 0;
  return (vec)((ivec)x & chosen);
#endif
}

// Sums of the lanes of 4 vectors a, b, c, d, within 128-bit groups: [a b c d] in each group.
#if MOTE_LANES == 16
#define EACH_GROUP(i, j, k, l)                                                                  \
  i, j, k, l, i + 4, j + 4, k + 4, l + 4, i + 8, j + 8, k + 8, l + 8, i + 12, j + 12, k + 12, l + 12
#elif MOTE_LANES == 8
#define EACH_GROUP(i, j, k, l) i, j, k, l, i + 4, j + 4, k + 4, l + 4
#else
#define EACH_GROUP(i, j, k, l) i, j, k, l
#endif
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
INLINE vec group_sums(vec a, vec b, vec c, vec d) {
  enum { B = MOTE_LANES };  // first lane of the second operand
  vec ab = SHUFFLE(a, b, EACH_GROUP(0, B, 1, B + 1)) + SHUFFLE(a, b, EACH_GROUP(2, B + 2, 3, B + 3));
  vec cd = SHUFFLE(c, d, EACH_GROUP(0, B, 1, B + 1)) + SHUFFLE(c, d, EACH_GROUP(2, B + 2, 3, B + 3));
  return SHUFFLE(ab, cd, EACH_GROUP(0, 1, B, B + 1)) + SHUFFLE(ab, cd, EACH_GROUP(2, 3, B + 2, B + 3));
}

// sums[i] = sum of the lanes of v[i], i < MOTE_LANES. The order of additions is the same for all.
INLINE vec lane_sums(const vec v[MOTE_LANES]) {
  vec a = group_sums(v[0], v[1], v[2], v[3]);
#if MOTE_LANES == 4
  return a;
#else
  vec b = group_sums(v[4], v[5], v[6], v[7]);
#if MOTE_LANES == 8
  return SHUFFLE(a, b, 0, 1, 2, 3, 8, 9, 10, 11) + SHUFFLE(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
#else
  vec c = group_sums(v[8], v[9], v[10], v[11]);
  vec d = group_sums(v[12], v[13], v[14], v[15]);
  vec ab = SHUFFLE(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
           SHUFFLE(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  vec cd = SHUFFLE(c, d, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
           SHUFFLE(c, d, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  return SHUFFLE(ab, cd, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
         SHUFFLE(ab, cd, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
#endif
#endif
}

// sums[i] = sum of the 16 lanes of v[i], i < MOTE_LANES, in the same order on every path.
INLINE vec wide_sums(const vec v[MOTE_LANES][PARTS]) {
  vec sums[PARTS];
#pragma clang loop unroll(full)
  for (int p = 0; p < PARTS; p++) {
    vec part[MOTE_LANES];
#pragma clang loop unroll(full)
    for (int i = 0; i < MOTE_LANES; i++) part[i] = v[i][p];
    sums[p] = lane_sums(part);
  }
#if MOTE_LANES == 16
  return sums[0];
#elif MOTE_LANES == 8
  return sums[0] + sums[1];
#else
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
#endif
}

// The sum of the 16 lanes of v.
INLINE float wide_sum(const vec v[PARTS]) {
  vec all[MOTE_LANES][PARTS];
#pragma clang loop unroll(full)
  for (int i = 0; i < MOTE_LANES; i++)
#pragma clang loop unroll(full)
    for (int p = 0; p < PARTS; p++) all[i][p] = v[p];
  return wide_sums(all)[0];
}
