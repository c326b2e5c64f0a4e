// A network without hidden layers, in training and in evaluation. x [b, d], w [1, d]; out [b, 0] =
// w x + bias.
//
// Every row is summed alone and in one order: training and evaluation give the same logit, and it
// does not depend on how rows are cut. x is read up to d, whatever lies behind it.
// Order: row > four times 16 columns at a time > 16 columns > single columns.

static void linear_forward(const mote_layer *layer, const float *x, size_t x_stride, size_t rows) {
  enum { SETS = 4 };
  size_t d = layer->inputs;
  const float *w = layer->w;
  for (size_t s = 0; s < rows; s++, x += x_stride) {
    vec acc[SETS][PARTS];
    for (int j = 0; j < SETS; j++)
      for (int p = 0; p < PARTS; p++) acc[j][p] = splat(0);
    size_t k = 0;
    for (; k + SETS * MOTE_PAD <= d; k += SETS * MOTE_PAD)
#pragma clang loop unroll(full)
      for (int j = 0; j < SETS; j++)
#pragma clang loop unroll(full)
        for (int p = 0; p < PARTS; p++) {
          size_t column = k + j * MOTE_PAD + p * MOTE_LANES;
          acc[j][p] += load(w + column) * load(x + column);
        }
    for (; k + MOTE_PAD <= d; k += MOTE_PAD)
#pragma clang loop unroll(full)
      for (int p = 0; p < PARTS; p++)
        acc[0][p] += load(w + k + p * MOTE_LANES) * load(x + k + p * MOTE_LANES);
    for (int p = 0; p < PARTS; p++)
      acc[0][p] = (acc[0][p] + acc[1][p]) + (acc[2][p] + acc[3][p]);
    float z = wide_sum(acc[0]);
    for (; k < d; k++) z += w[k] * x[k];
    layer->out[s * layer->unit_stride] = z + layer->bias[0];
  }
}
