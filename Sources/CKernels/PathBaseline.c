// The path every machine runs: 4 floats per vector (SSE2 on x86-64, NEON on arm64).
#define MOTE_LANES 4
#define MOTE_PATH baseline
#define MOTE_PATH_NAME "baseline"
#include "System.h"
#include "Kernels.h"
