// A layer after the first. Inputs are the previous layer's activations a [b, d]; out [b, h] =
// scale * relu(w a + bias) where kept, or w a + bias in the last layer.
//
// Trick: out is a sum of columns of w (rows of w_transposed), one per non-zero input.
// Order: row > list of its non-zero inputs > vectors of units (held in registers).

INLINE void forward_vectors(
    const int n, const mote_layer *layer, size_t s, size_t first, float scale, int uses_dropout,
    int is_linear, size_t count, const mote_scratch *scratch) {
  vec sum[SUM_VECTORS];
#pragma clang loop unroll(full)
  for (int v = 0; v < n; v++) sum[v] = load(layer->bias + first + v * MOTE_LANES);
  add_listed_rows(
      n, scratch->index, scratch->value, count, layer->w_transposed + first, layer->unit_stride,
      sum);
  size_t at = s * layer->unit_stride + first;
#pragma clang loop unroll(full)
  for (int v = 0; v < n; v++, at += MOTE_LANES) {
    vec value = sum[v];
    if (!is_linear) {
      unsigned on = positive_bits(value);
      if (uses_dropout) on &= (unsigned)layer->kept[at / MOTE_PAD] >> at % MOTE_PAD;
      value = keep_bits(value * scale, on);
    }
    store(layer->out + at, value);
  }
}

static void next_forward(
    const mote_layer *layer, const mote_layer *previous, size_t rows, float scale,
    int uses_dropout, int is_linear, const mote_scratch *scratch) {
  size_t vectors = layer->unit_stride / MOTE_LANES;
  for (size_t s = 0; s < rows; s++) {
    size_t count = list_nonzero(
        previous->out + s * previous->unit_stride, previous->unit_stride, scratch->index,
        scratch->value);
    for (size_t v = 0; v < vectors; v += SUM_VECTORS) {
      size_t n = vectors - v < SUM_VECTORS ? vectors - v : SUM_VECTORS;
      size_t first = v * MOTE_LANES;
#define BODY(n) \
  forward_vectors(n, layer, s, first, scale, uses_dropout, is_linear, count, scratch)
      WITH_CONSTANT_VECTORS(n, BODY)
#undef BODY
    }
  }
}
