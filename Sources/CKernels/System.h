// System headers of the kernels, included outside of the target attribute.
#include <math.h>
#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif
#include "CKernels.h"
