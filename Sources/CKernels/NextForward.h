// A layer after the first. Inputs are the previous layer's activations a [b, d], two thirds of
// which are exactly 0 in training; out [b, h] = scale * relu(w a + bias) where kept, or w a + bias
// in the last layer.
//
// Trick: out is a sum of columns of w (rows of w_transposed), one per active input; the others are
// skipped by walking the set bits.
// Order: row > vectors of units (held in registers) > active inputs.

enum { FORWARD_VECTORS = 8 };

INLINE void forward_vectors(
    const int n, const mote_layer *layer, const mote_layer *previous, size_t s, size_t first,
    float scale, int uses_dropout, int is_linear) {
  const float *a = previous->out + s * previous->unit_stride;
  size_t words = previous->unit_stride / MOTE_PAD;
  const uint16_t *active = previous->active + s * words;
  vec acc[FORWARD_VECTORS];
#pragma clang loop unroll(full)
  for (int v = 0; v < n; v++) acc[v] = load(layer->bias + first + v * MOTE_LANES);
  for (size_t g = 0; g < words; g++)
    for (unsigned rest = active[g]; rest; rest &= rest - 1) {
      size_t j = g * MOTE_PAD + (size_t)__builtin_ctz(rest);
      vec value = splat(a[j]);
      const float *w = layer->w_transposed + j * layer->unit_stride + first;
#pragma clang loop unroll(full)
      for (int v = 0; v < n; v++) acc[v] += value * load(w + v * MOTE_LANES);
    }

  float *out = layer->out + s * layer->unit_stride + first;
  size_t bit = s * layer->unit_stride + first;
#pragma clang loop unroll(full)
  for (int v = 0; v < n; v++) {
    size_t at = bit + (size_t)v * MOTE_LANES;
    if (is_linear) {
      store(out + v * MOTE_LANES, acc[v]);
      continue;
    }
    unsigned lanes = (1u << MOTE_LANES) - 1, shift = at % MOTE_PAD;
    unsigned on = positive_bits(acc[v]);
    if (uses_dropout) on &= (layer->kept[at / MOTE_PAD] >> shift) & lanes;
    store(out + v * MOTE_LANES, keep_bits(acc[v] * scale, on));
    uint16_t word = shift == 0 ? 0 : layer->active[at / MOTE_PAD];
    layer->active[at / MOTE_PAD] = (uint16_t)(word | on << shift);
  }
}

static void next_forward(
    const mote_layer *layer, const mote_layer *previous, size_t rows, float scale,
    int uses_dropout, int is_linear) {
  size_t vectors = layer->unit_stride / MOTE_LANES;
  for (size_t s = 0; s < rows; s++)
    for (size_t first = 0; first < vectors; first += FORWARD_VECTORS) {
      size_t n = vectors - first < FORWARD_VECTORS ? vectors - first : FORWARD_VECTORS;
      size_t column = first * MOTE_LANES;
      switch (n) {
#define CASE(n) \
  case n: forward_vectors(n, layer, previous, s, column, scale, uses_dropout, is_linear); break;
        CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8)
#undef CASE
      }
    }
}
