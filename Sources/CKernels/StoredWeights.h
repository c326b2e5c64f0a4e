// Weights as a gallery holds them, float32, float16 or int8 with a scale per unit, as float32 vectors.
//
// Conversions are exact, and an int8 weight is one product q * scale rounded once: the same float32
// numbers as those of the network that comes back from a file.

typedef int8_t byte_vec __attribute__((vector_size(MOTE_LANES)));
typedef uint16_t half_vec __attribute__((vector_size(MOTE_LANES * 2)));

#if MOTE_LANES == 4
// float16 to float32 by bits. Subnormal halves are made by a difference of normal numbers: where
// subnormals are flushed, a product would lose them.
INLINE vec halves_by_bits(half_vec h) {
  typedef uint32_t uvec __attribute__((vector_size(MOTE_LANES * 4)));
  uvec bits = __builtin_convertvector(h, uvec);
  uvec sign = (bits & 0x8000) << 16, rest = (bits & 0x7FFF) << 13;
  uvec normal = rest + (112u << 23);
  uvec special = rest + (224u << 23);  // infinite, or not a number
  uvec small = (uvec)((vec)(rest + (113u << 23)) - 0x1p-14f);
  uvec is_special = (uvec)(rest >= 31u << 23), is_small = (uvec)(rest < 1u << 23);
  uvec value = (special & is_special) | (small & is_small) | (normal & ~is_special & ~is_small);
  return (vec)(value | sign);
}
#endif

// MOTE_LANES weights from element `at` on; `scale` counts for int8 alone.
INLINE vec load_weights(const int format, const void *w, size_t at, vec scale) {
  if (format == MOTE_FLOAT32) return load((const float *)w + at);
  if (format == MOTE_INT8) {
    byte_vec q;
    memcpy(&q, (const int8_t *)w + at, sizeof q);
    return __builtin_convertvector(q, vec) * scale;
  }
  half_vec h;
  memcpy(&h, (const uint16_t *)w + at, sizeof h);
#if MOTE_LANES == 16
  return (vec)_mm512_cvtph_ps((__m256i)h);
#elif MOTE_LANES == 8
  return (vec)_mm256_cvtph_ps((__m128i)h);
#else
  return halves_by_bits(h);
#endif
}

// One weight.
INLINE float load_weight(const int format, const void *w, size_t at, float scale) {
  if (format == MOTE_FLOAT32) return ((const float *)w)[at];
  if (format == MOTE_INT8) return (float)((const int8_t *)w)[at] * scale;
  uint16_t halves[MOTE_LANES] = {((const uint16_t *)w)[at]};
  return load_weights(MOTE_FLOAT16, halves, 0, splat(0))[0];
}

// Scales of MOTE_LANES units.
INLINE vec load_scales(const int format, const float *scales, size_t unit) {
  return format == MOTE_INT8 ? load(scales + unit) : splat(0);
}

// Bytes of a weight.
INLINE size_t weight_bytes(const int format) {
  return format == MOTE_FLOAT32 ? 4 : format == MOTE_FLOAT16 ? 2 : 1;
}
