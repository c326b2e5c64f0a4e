// 16 floats per vector, 32 registers, mask registers.
#if defined(__x86_64__)
#define MOTE_LANES 16
#define MOTE_PATH avx512
#define MOTE_PATH_NAME "avx512"
#include "System.h"
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c,bmi,bmi2,lzcnt,popcnt"))), apply_to = function)
#include "Kernels.h"
#pragma clang attribute pop
#endif
