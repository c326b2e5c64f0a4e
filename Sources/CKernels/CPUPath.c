// Which of the compiled paths this machine can run.
#include "CKernels.h"

extern const mote_kernels mote_kernels_baseline;
#if defined(__x86_64__)
extern const mote_kernels mote_kernels_avx2;
extern const mote_kernels mote_kernels_avx512;
#endif

const mote_kernels *mote_kernels_of_path(int path) {
  switch (path) {
    case 0: return &mote_kernels_baseline;
#if defined(__x86_64__)
    case 1:
      if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
          __builtin_cpu_supports("f16c") && __builtin_cpu_supports("bmi2") &&
          __builtin_cpu_supports("popcnt"))
        return &mote_kernels_avx2;
      return NULL;
    case 2:
      if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
          __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
          __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c") &&
          __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt"))
        return &mote_kernels_avx512;
      return NULL;
#endif
    default: return NULL;
  }
}
