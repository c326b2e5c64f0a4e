// The processor's own mode: MXCSR on x86-64 (flush to zero, denormals are zero), FPCR on arm64.
#include "Subnormals.h"

#if defined(__x86_64__)
#include <immintrin.h>

enum { FLUSH = 1 << 15 | 1 << 6 };

uint64_t mote_flush_subnormals(void) {
  unsigned before = _mm_getcsr();
  _mm_setcsr(before | FLUSH);
  return before;
}

void mote_restore_subnormals(uint64_t before) { _mm_setcsr((unsigned)before); }

#elif defined(__aarch64__)

uint64_t mote_flush_subnormals(void) {
  uint64_t before;
  __asm__ volatile("mrs %0, fpcr" : "=r"(before));
  __asm__ volatile("msr fpcr, %0" : : "r"(before | 1 << 24));
  return before;
}

void mote_restore_subnormals(uint64_t before) {
  __asm__ volatile("msr fpcr, %0" : : "r"(before));
}
#else
#error "no way to flush subnormals on this processor"
#endif
