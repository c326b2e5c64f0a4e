// A network without hidden layers, in training and in evaluation. x [b, d], w [1, d]; out [b, 0] =
// w x + bias.
//
// Every row is summed alone and in one order: training and evaluation give the same logit, and it
// does not depend on how rows are cut. x is read up to d, whatever lies behind it.
// Order: row > four vectors of columns at a time > single vectors > single columns.

static void linear_forward(const mote_layer *layer, const float *x, size_t x_stride, size_t rows) {
  enum { SETS = 4 };
  size_t d = layer->inputs;
  const float *w = layer->w;
  for (size_t s = 0; s < rows; s++, x += x_stride) {
    vec acc[SETS];
    for (int j = 0; j < SETS; j++) acc[j] = splat(0);
    size_t k = 0;
    for (; k + SETS * MOTE_LANES <= d; k += SETS * MOTE_LANES)
#pragma clang loop unroll(full)
      for (int j = 0; j < SETS; j++)
        acc[j] += load(w + k + j * MOTE_LANES) * load(x + k + j * MOTE_LANES);
    for (; k + MOTE_LANES <= d; k += MOTE_LANES) acc[0] += load(w + k) * load(x + k);
    vec sums[MOTE_LANES];
    sums[0] = (acc[0] + acc[1]) + (acc[2] + acc[3]);
    for (int i = 1; i < MOTE_LANES; i++) sums[i] = sums[0];
    float z = lane_sums(sums)[0];
    for (; k < d; k++) z += w[k] * x[k];
    layer->out[s * layer->unit_stride] = z + layer->bias[0];
  }
}
