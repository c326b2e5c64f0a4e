// Through a layer to its inputs. dz [b, h] of this layer, w [h, d]; the previous layer's
// dz [b, d] = scale * dz w where its unit is active (its output is positive), else 0: relu and
// dropout in one.
//
// Trick: rows of w are added only for units with dz != 0.
// Order: row > list of its non-zero dz > vectors of inputs (held in registers).

INLINE void backward_vectors(
    const int n, const mote_layer *layer, const mote_layer *previous, size_t s, size_t first,
    float scale, size_t count, const mote_scratch *scratch) {
  vec sum[SUM_VECTORS];
#pragma clang loop unroll(full)
  for (int v = 0; v < n; v++) sum[v] = splat(0);
  add_listed_rows(
      n, scratch->index, scratch->value, count, layer->w + first, layer->input_stride, sum);
  size_t at = s * previous->unit_stride + first;
#pragma clang loop unroll(full)
  for (int v = 0; v < n; v++, at += MOTE_LANES)
    store(previous->dz + at, keep_bits(sum[v] * scale, positive_bits(load(previous->out + at))));
}

static void backward(
    const mote_layer *layer, const mote_layer *previous, size_t rows, float scale,
    const mote_scratch *scratch) {
  size_t vectors = previous->unit_stride / MOTE_LANES;
  for (size_t s = 0; s < rows; s++) {
    size_t count = list_nonzero(
        layer->dz + s * layer->unit_stride, layer->unit_stride, scratch->index, scratch->value);
    for (size_t v = 0; v < vectors; v += SUM_VECTORS) {
      size_t n = vectors - v < SUM_VECTORS ? vectors - v : SUM_VECTORS;
      size_t first = v * MOTE_LANES;
#define BODY(n) backward_vectors(n, layer, previous, s, first, scale, count, scratch)
      WITH_CONSTANT_VECTORS(n, BODY)
#undef BODY
    }
  }
}
