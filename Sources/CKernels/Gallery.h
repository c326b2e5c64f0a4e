// Scores of many networks for few probes: a pass over a gallery that reads every weight once.
//
// A person's block holds layer after layer. Hidden layers lie transposed, [d][unit_stride], so that
// lanes are units and a layer is one ascending stream; the last layer is a row [d]. For one probe
// weights become float32 in registers; for several they are widened once per person, and the
// first layer goes through the tiles of DenseTile.h.
//
// Every sum runs in the order of dense_forward, next_forward and linear_forward: the scores have
// the same bits as those of a training engine that was loaded with the network.
// Order: person > probe > first layer: chunk of columns (stays in L1) > group of units (its sums
// stay in registers) > columns; then layer > group of units > list of non-zero inputs.

// Vectors of units whose sums are formed at a time, in the first layer and in further ones; columns
// of a chunk; bytes that are asked for ahead of their use, into the first cache and into the second.
enum {
  STREAM_VECTORS = 8, LISTED_VECTORS = 4, CHUNK = 16, BYTES_AHEAD = 2048, BYTES_FAR_AHEAD = 12288
};

// Asks for the bytes that come far after these: unpacking takes too long for what can be asked for
// into the first cache alone.
INLINE void ask_far_ahead(const void *w, size_t bytes) {
  for (size_t line = 0; line < bytes; line += 64)
    __builtin_prefetch((const char *)w + BYTES_FAR_AHEAD + line, 0, 2);
}

// z[n vectors from `unit` on] += columns first ..< last of the layer times x.
INLINE void stream_chunk(
    const int format, const int n, const void *w, const float *scales, size_t stride, size_t unit,
    const float *x, size_t first, size_t last, float *z) {
  vec acc[STREAM_VECTORS], scale[STREAM_VECTORS];
  size_t bytes = weight_bytes(format);
#pragma clang loop unroll(full)
  for (int v = 0; v < n; v++) {
    acc[v] = load(z + unit + (size_t)v * MOTE_LANES);
    scale[v] = load_scales(format, scales, unit + (size_t)v * MOTE_LANES);
  }
  for (size_t k = first; k < last; k++) {
    size_t at = k * stride + unit;
    // The hardware stops at the end of each page.
    for (size_t line = 0; line < (size_t)n * MOTE_LANES * bytes; line += 64)
      __builtin_prefetch((const char *)w + at * bytes + BYTES_AHEAD + line);
    ask_far_ahead((const char *)w + at * bytes, (size_t)n * MOTE_LANES * bytes);
    vec value = splat(x[k]);
#pragma clang loop unroll(full)
    for (int v = 0; v < n; v++)
      acc[v] += value * load_weights(format, w, at + (size_t)v * MOTE_LANES, scale[v]);
  }
#pragma clang loop unroll(full)
  for (int v = 0; v < n; v++) store(z + unit + v * MOTE_LANES, acc[v]);
}

// The first of several layers for one probe: out = relu(x w + bias).
INLINE void stream_first(
    const int format, const mote_gallery_layer *layer, const uint8_t *block, const float *x,
    float *out) {
  const void *w = block + layer->weights;
  const float *scales = (const float *)(block + layer->scales);
  const float *bias = (const float *)(block + layer->bias);
  size_t d = layer->inputs, stride = layer->unit_stride;
  for (size_t unit = 0; unit < stride; unit += MOTE_LANES) store(out + unit, splat(0));
  for (size_t k = 0; k < d; k += CHUNK) {
    size_t end = k + CHUNK < d ? k + CHUNK : d, unit = 0;
    for (; unit + STREAM_VECTORS * MOTE_LANES <= stride; unit += STREAM_VECTORS * MOTE_LANES)
      stream_chunk(format, STREAM_VECTORS, w, scales, stride, unit, x, k, end, out);
    for (; unit < stride; unit += MOTE_PAD)
      stream_chunk(format, PARTS, w, scales, stride, unit, x, k, end, out);
  }
  for (size_t unit = 0; unit < stride; unit += MOTE_LANES) {
    vec value = load(out + unit) + load(bias + unit);
    store(out + unit, keep_bits(value, positive_bits(value)));
  }
}

// n vectors of units of a further hidden layer, as add_listed_rows sums them. `is_streamed`: the block
// comes from memory, and the next one follows.
INLINE void stream_listed(
    const int format, const int is_streamed, const int n, const mote_gallery_layer *layer,
    const uint8_t *block, size_t unit, const uint16_t *index, const float *value, size_t count,
    float *out) {
  const void *w = block + layer->weights;
  const float *scales = (const float *)(block + layer->scales);
  const float *bias = (const float *)(block + layer->bias);
  vec acc[2][LISTED_VECTORS], scale[LISTED_VECTORS];
#pragma clang loop unroll(full)
  for (int v = 0; v < n; v++) {
    acc[0][v] = load(bias + unit + (size_t)v * MOTE_LANES);
    acc[1][v] = splat(0);
    scale[v] = load_scales(format, scales, unit + (size_t)v * MOTE_LANES);
  }
  // About every other input is zero: the layer passes at twice the pace of the list.
  size_t pace = 2 * LIST_STEP * (size_t)n * MOTE_LANES * weight_bytes(format);
  const char *passed = (const char *)w + unit * layer->inputs * weight_bytes(format);
  for (size_t i = 0; i < count; i += LIST_STEP, passed += pace) {
    if (is_streamed) ask_far_ahead(passed, pace);
    vec spreads[LIST_STEP];
    spread(value + i, spreads);
#pragma clang loop unroll(full)
    for (int j = 0; j < LIST_STEP; j++) {
      size_t row = index[i + (size_t)j] * layer->unit_stride + unit;
#pragma clang loop unroll(full)
      for (int v = 0; v < n; v++)
        acc[j % 2][v] +=
            spreads[j] * load_weights(format, w, row + (size_t)v * MOTE_LANES, scale[v]);
    }
  }
#pragma clang loop unroll(full)
  for (int v = 0; v < n; v++) {
    vec sum = acc[0][v] + acc[1][v];
    store(out + unit + v * MOTE_LANES, keep_bits(sum, positive_bits(sum)));
  }
}

// The layers after the first for one row of activations, which it overwrites; returns the logit.
INLINE float stream_further(
    const int format, const int is_streamed, const mote_gallery_layer *layers, size_t count,
    const uint8_t *block, float *row, const mote_gallery_scratch *scratch) {
  float *other = scratch->row;
  for (size_t k = 1;; k++) {
    const mote_gallery_layer *layer = layers + k;
    size_t listed =
        list_nonzero(row, layers[k - 1].unit_stride, scratch->index, scratch->value);
    if (k + 1 == count) {
      const void *w = block + layer->weights;
      float scale = format == MOTE_INT8 ? *(const float *)(block + layer->scales) : 0;
      float acc[2] = {*(const float *)(block + layer->bias), 0};
      for (size_t i = 0; i < listed; i += 2)
#pragma clang loop unroll(full)
        for (size_t j = 0; j < 2; j++)
          acc[j] += scratch->value[i + j] * load_weight(format, w, scratch->index[i + j], scale);
      return acc[0] + acc[1];
    }
    size_t unit = 0;
    for (; unit + LISTED_VECTORS * MOTE_LANES <= layer->unit_stride;
         unit += LISTED_VECTORS * MOTE_LANES)
      stream_listed(
          format, is_streamed, LISTED_VECTORS, layer, block, unit, scratch->index, scratch->value,
          listed, other);
    for (; unit < layer->unit_stride; unit += MOTE_LANES)
      stream_listed(
          format, is_streamed, 1, layer, block, unit, scratch->index, scratch->value, listed, other);
    float *swap = row;
    row = other;
    other = swap;
  }
}

// A person's network in float32, laid out as a float32 gallery would hold it.
INLINE void widen(
    const int format, const mote_gallery *gallery, const uint8_t *block, uint8_t *wide) {
  for (size_t k = 0; k < gallery->layer_count; k++) {
    const mote_gallery_layer *from = gallery->layers + k, *to = gallery->wide_layers + k;
    const void *w = block + from->weights;
    const float *scales = (const float *)(block + from->scales);
    float *out = (float *)(wide + to->weights);
    size_t biases = 1;
    if (k + 1 == gallery->layer_count) {
      for (size_t j = 0; j < from->inputs; j++)
        out[j] = load_weight(format, w, j, format == MOTE_INT8 ? scales[0] : 0);
    } else {
      size_t stride = biases = from->unit_stride;
      for (size_t unit = 0; unit < stride; unit += MOTE_LANES) {
        vec scale = load_scales(format, scales, unit);
        for (size_t at = unit; at < from->inputs * stride; at += stride)
          store(out + at, load_weights(format, w, at, scale));
      }
    }
    memcpy(wide + to->bias, block + from->bias, biases * sizeof(float));
  }
}

// Logits of all probes for one network of several layers; out[i] for probe i.
INLINE void gallery_hidden(
    const int format, const mote_gallery *gallery, const uint8_t *block, const float *x,
    size_t x_stride, size_t probes, float *out, const mote_gallery_scratch *scratch) {
  size_t count = gallery->layer_count;
  // Few probes cost less in the order of the stream than tiles of one row.
  if (probes < 4) {
    for (size_t i = 0; i < probes; i++) {
      stream_first(format, gallery->layers, block, x + i * x_stride, scratch->first);
      out[i] = stream_further(format, 1, gallery->layers, count, block, scratch->first, scratch);
    }
    return;
  }
  if (format != MOTE_FLOAT32) {
    widen(format, gallery, block, scratch->wide);
    block = scratch->wide;
  }
  const mote_gallery_layer *layers = gallery->wide_layers;
  size_t stride = layers[0].unit_stride;
  for (size_t i = 0; i < probes; i += MOTE_GALLERY_ROWS) {
    size_t rows = probes - i < MOTE_GALLERY_ROWS ? probes - i : MOTE_GALLERY_ROWS;
    size_t tiled = rows - rows % TILE_ROWS % 4;
    dense_relu(
        (const float *)(block + layers[0].weights), stride, TILE_UNITS, layers[0].inputs,
        (const float *)(block + layers[0].bias), stride, x + i * x_stride, x_stride, tiled,
        scratch->first);
    for (size_t s = tiled; s < rows; s++)
      stream_first(
          MOTE_FLOAT32, layers, block, x + (i + s) * x_stride, scratch->first + s * stride);
    for (size_t s = 0; s < rows; s++)
      out[i + s] = stream_further(
          MOTE_FLOAT32, 0, layers, count, block, scratch->first + s * stride, scratch);
  }
}

// Logits of all probes for one linear classifier.
INLINE void gallery_linear(
    const int format, const mote_gallery *gallery, const uint8_t *block, const float *x,
    size_t x_stride, size_t probes, float *out, const mote_gallery_scratch *scratch) {
  if (format != MOTE_FLOAT32) {
    widen(format, gallery, block, scratch->wide);
    block = scratch->wide;
  }
  const mote_gallery_layer *stored = gallery->wide_layers;
  mote_layer layer = {
      .inputs = stored->inputs, .units = 1, .unit_stride = 1,
      .w = (float *)(block + stored->weights), .bias = (float *)(block + stored->bias), .out = out};
  linear_forward(&layer, x, x_stride, probes);
}

static void gallery_scores(
    const mote_gallery *gallery, const uint8_t *blocks, size_t persons, const float *x,
    size_t x_stride, size_t probes, float *out, size_t out_stride,
    const mote_gallery_scratch *scratch) {
#define PERSONS(body, format)                                          \
  for (size_t r = 0; r < persons; r++)                                 \
    body(format, gallery, blocks + r * gallery->bytes, x, x_stride, probes, out + r * out_stride, \
         scratch);
#define FORMATS(body)                                                  \
  switch (gallery->format) {                                           \
    case MOTE_FLOAT32: PERSONS(body, MOTE_FLOAT32) break;              \
    case MOTE_FLOAT16: PERSONS(body, MOTE_FLOAT16) break;              \
    default: PERSONS(body, MOTE_INT8) break;                           \
  }
  if (gallery->layer_count == 1) {
    FORMATS(gallery_linear)
  } else {
    FORMATS(gallery_hidden)
  }
#undef FORMATS
#undef PERSONS
}

// Reads memory and does nothing else; what is returned depends on every byte. `bytes` is a multiple
// of 64.
static uint64_t read_lines(const void *memory, size_t bytes) {
  typedef uint64_t line __attribute__((vector_size(64)));
  enum { SETS = 8 };
  line all[SETS] = {};
  const char *p = memory, *end = p + bytes;
  for (; p + 64 * SETS <= end; p += 64 * SETS)
#pragma clang loop unroll(full)
    for (int i = 0; i < SETS; i++) {
      line next;
      __builtin_prefetch(p + BYTES_AHEAD + 64 * i);
      memcpy(&next, p + 64 * i, sizeof next);
      all[i] ^= next;
    }
  for (; p < end; p += 64) {
    line next;
    memcpy(&next, p, sizeof next);
    all[0] ^= next;
  }
  uint64_t word = 0;
  for (int i = 0; i < SETS; i++)
    for (int j = 0; j < 8; j++) word ^= all[i][j];
  return word;
}
