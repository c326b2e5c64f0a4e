// Through a layer to its inputs. dz [b, h] of this layer, w [h, d]; the previous layer's
// dz [b, d] = scale * dz w where its unit is active, else 0 (relu and dropout in one).
//
// Trick: rows of w are added only for units with dz != 0.
// Order: row > vectors of inputs (held in registers) > active units of this layer.

enum { BACKWARD_VECTORS = 8 };

INLINE void backward_vectors(
    const int n, const mote_layer *layer, const mote_layer *previous, size_t s, size_t first,
    float scale) {
  const float *dz = layer->dz + s * layer->unit_stride;
  size_t words = layer->unit_stride / MOTE_PAD;
  const uint16_t *active = layer->active + s * words;
  vec acc[BACKWARD_VECTORS];
#pragma clang loop unroll(full)
  for (int v = 0; v < n; v++) acc[v] = splat(0);
  for (size_t g = 0; g < words; g++)
    for (unsigned rest = active[g]; rest; rest &= rest - 1) {
      size_t k = g * MOTE_PAD + (size_t)__builtin_ctz(rest);
      vec value = splat(dz[k]);
      const float *w = layer->w + k * layer->input_stride + first;
#pragma clang loop unroll(full)
      for (int v = 0; v < n; v++) acc[v] += value * load(w + v * MOTE_LANES);
    }
  float *out = previous->dz + s * previous->unit_stride + first;
#pragma clang loop unroll(full)
  for (int v = 0; v < n; v++) {
    size_t at = s * previous->unit_stride + first + (size_t)v * MOTE_LANES;
    unsigned on = (unsigned)previous->active[at / MOTE_PAD] >> at % MOTE_PAD;
    store(out + v * MOTE_LANES, keep_bits(acc[v] * scale, on));
  }
}

static void backward(
    const mote_layer *layer, const mote_layer *previous, size_t rows, float scale) {
  size_t vectors = previous->unit_stride / MOTE_LANES;
  for (size_t s = 0; s < rows; s++)
    for (size_t first = 0; first < vectors; first += BACKWARD_VECTORS) {
      size_t n = vectors - first < BACKWARD_VECTORS ? vectors - first : BACKWARD_VECTORS;
      size_t column = first * MOTE_LANES;
      switch (n) {
#define CASE(n) \
  case n: backward_vectors(n, layer, previous, s, column, scale); break;
        CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8)
#undef CASE
      }
    }
}
