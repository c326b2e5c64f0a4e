// Vectors of MOTE_LANES floats, and the few operations on them that clang has no operator for.
//
// a * b + c is contracted to one fused instruction where the path has it (clang's default within
// an expression), so AVX2 and AVX-512 round once, the x86-64 baseline twice.

typedef float vec __attribute__((vector_size(MOTE_LANES * 4)));
typedef int32_t ivec __attribute__((vector_size(MOTE_LANES * 4)));

#define INLINE static inline __attribute__((always_inline))

INLINE vec load(const float *p) {
  vec v;
  memcpy(&v, p, sizeof v);
  return v;
}
INLINE void store(float *p, vec v) { memcpy(p, &v, sizeof v); }
INLINE vec splat(float x) { return (vec){} + x; }

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

// Sum of the lanes, always in the same tree: halves are added until one lane is left.
INLINE float lane_sum(vec v) {
#if MOTE_LANES == 16
  typedef float half8 __attribute__((vector_size(32)));
  half8 a = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
            __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
#elif MOTE_LANES == 8
  vec a = v;
#endif
  typedef float half4 __attribute__((vector_size(16)));
#if MOTE_LANES >= 8
  half4 b = __builtin_shufflevector(a, a, 0, 1, 2, 3) + __builtin_shufflevector(a, a, 4, 5, 6, 7);
#else
  half4 b = v;
#endif
  return (b[0] + b[2]) + (b[1] + b[3]);
}
