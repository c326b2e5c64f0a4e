// out[i] = ln sum_j exp(-distances[j] * scales[i]): the kernel density sums of one held-out row for
// all bandwidths, in float64.
//
// The smallest distance is taken out of the sum, so the largest term is 1. Terms below e^-48 are
// left out: 30 million of them would not move the last digit. For small bandwidths that is nearly
// all of them, so most vectors cost one comparison.

typedef double f64x8 __attribute__((vector_size(64)));
typedef int64_t i64x8 __attribute__((vector_size(64)));

// exp(x) for -708 <= x <= 0: x = n ln 2 + r, |r| <= ln2/2, Taylor polynomial of degree 12 in r
// (remainder below 2^-56), exponent added to the bits.
INLINE f64x8 exp_negative(f64x8 x) {
  f64x8 shifted = x * 1.4426950408889634 + 0x1.8p52;  // round to nearest in the low bits
  f64x8 n = shifted - 0x1.8p52;
  f64x8 r = x - n * 0x1.62e42fee00000p-1;
  r = r - n * 0x1.a39ef35793c76p-33;
  f64x8 p = r * (1.0 / 479001600) + 1.0 / 39916800;
  p = p * r + 1.0 / 3628800;
  p = p * r + 1.0 / 362880;
  p = p * r + 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  i64x8 bits, result;
  memcpy(&bits, &shifted, sizeof bits);
  memcpy(&result, &p, sizeof result);
  result += bits << 52;
  memcpy(&p, &result, sizeof p);
  return p;
}

static void log_sum_exp(
    const double *distances, size_t n, const double *scales, size_t scale_count, double *out) {
  double smallest = distances[0];
  for (size_t j = 1; j < n; j++) smallest = distances[j] < smallest ? distances[j] : smallest;
  for (size_t i = 0; i < scale_count; i++) {
    double scale = scales[i], reach = 48 / scale;
    f64x8 sum = {};
    for (size_t j = 0; j < n; j += 8) {
      f64x8 excess;
      if (j + 8 <= n) {
        memcpy(&excess, distances + j, sizeof excess);
        excess = excess - smallest;
      } else {
        for (size_t l = 0; l < 8; l++)
          excess[l] = j + l < n ? distances[j + l] - smallest : INFINITY;
      }
      i64x8 near = excess <= reach;  // -1 where the term counts
      if (__builtin_reduce_or(near) == 0) continue;
      i64x8 bits;
      f64x8 capped;
      memcpy(&bits, &excess, sizeof bits);
      bits &= near;  // far terms become exp(0) and are masked again below
      memcpy(&capped, &bits, sizeof capped);
      f64x8 term = exp_negative(capped * -scale);
      memcpy(&bits, &term, sizeof bits);
      bits &= near;
      memcpy(&term, &bits, sizeof term);
      sum += term;
    }
    double total = ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
    out[i] = log(total) - smallest * scale;
  }
}
