// 8 floats per vector, fused multiply-add.
#if defined(__x86_64__)
#define MOTE_LANES 8
#define MOTE_PATH avx2
#define MOTE_PATH_NAME "avx2"
#include "System.h"
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi,bmi2,lzcnt,popcnt"))), apply_to = function)
#include "Kernels.h"
#pragma clang attribute pop
#endif
