#include "BlockDistances.h"

#if defined(__x86_64__) && defined(__linux__)
#define MOTE_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define MOTE_CLONES
#endif

// A full strip of eight columns keeps its sums in registers.
enum { strip = 8 };

MOTE_CLONES
void mote_block_distances(const double *reference, const double *probe, size_t n, size_t width,
                          double *squared, double *distances) {
  for (size_t i = 0; i < n; i++) {
    const double *r = reference + i * width;
    size_t j = 0;
    for (; j + strip <= n; j += strip) {
      double sums[strip] = {0};
      for (size_t c = 0; c < width; c++) {
        const double *p = probe + c * n + j;
        for (size_t k = 0; k < strip; k++) {
          double e = r[c] - p[k];
          sums[k] += e * e;
        }
      }
      for (size_t k = 0; k < strip; k++) {
        squared[i * n + j + k] = sums[k];
        distances[i * n + j + k] = __builtin_elementwise_sqrt(sums[k]);
      }
    }
    for (; j < n; j++) {
      double sum = 0;
      for (size_t c = 0; c < width; c++) {
        double e = r[c] - probe[c * n + j];
        sum += e * e;
      }
      squared[i * n + j] = sum;
      distances[i * n + j] = __builtin_elementwise_sqrt(sum);
    }
  }
}
