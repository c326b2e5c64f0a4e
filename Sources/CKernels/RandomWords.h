// Philox 4x32-10, 16 blocks at a time; word for word the numbers of CounterRNG.words(at:).
//
// Block i of a stream has the counter (i low, i high, step, subject). A chunk is blocks 16c to
// 16c+15; its 64 words are written word-major: out[word][block].

typedef uint32_t u32x16 __attribute__((vector_size(64)));
typedef int32_t i32x16 __attribute__((vector_size(64)));
typedef uint64_t u64x16 __attribute__((vector_size(128)));
typedef float f32x16 __attribute__((vector_size(64)));

// The low and high halves of a * b, lane by lane.
INLINE u32x16 multiply_wide(u32x16 a, uint32_t b, u32x16 *high) {
  u64x16 product = __builtin_convertvector(a, u64x16) * (uint64_t)b;
  *high = __builtin_convertvector(product >> 32, u32x16);
  return a * b;
}

INLINE void philox_chunk(mote_stream stream, uint64_t chunk, u32x16 c[4]) {
  u32x16 lane;
  for (int i = 0; i < 16; i++) lane[i] = (uint32_t)i;
  u32x16 zero = lane - lane;
  uint64_t first = chunk * 16;  // a multiple of 16: the low word never wraps inside a chunk
  c[0] = lane + (uint32_t)first;
  c[1] = zero + (uint32_t)(first >> 32);
  c[2] = zero + stream.step;
  c[3] = zero + stream.subject;
  uint32_t k0 = stream.key0, k1 = stream.key1;
#pragma clang loop unroll(full)
  for (int round = 0; round < 10; round++) {
    u32x16 high0, high1;
    u32x16 low0 = multiply_wide(c[0], 0xD2511F53u, &high0);
    u32x16 low1 = multiply_wide(c[2], 0xCD9E8D57u, &high1);
    c[0] = high1 ^ c[1] ^ k0;
    c[1] = low1;
    c[2] = high0 ^ c[3] ^ k1;
    c[3] = low0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
}

static void random_words(
    mote_stream stream, uint64_t first_chunk, size_t chunks, uint32_t *out) {
  for (size_t i = 0; i < chunks; i++) {
    u32x16 c[4];
    philox_chunk(stream, first_chunk + i, c);
    memcpy(out + i * 64, c, sizeof c);
  }
}
