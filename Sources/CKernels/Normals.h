// Standard normal numbers by Box and Muller (1958), 64 per chunk of the generator.
//
// Words 0 and 1 of a block give one pair, words 2 and 3 the other: with u = (w + 1/2) / 2^32 and
// the angle 2 pi w' / 2^32, the pair is sqrt(-2 ln u) * (cos, sin). out[q][block]: q = 0, 1 from
// words 0, 1; q = 2, 3 from words 2, 3. Largest magnitude 6.77 (u = 2^-33).
// Polynomials: Cephes logf, sinf, cosf (Moshier), about 1 unit in the last place.

// ln u for u in (0, 1].
INLINE f32x16 natural_log(f32x16 u) {
  i32x16 bits;
  memcpy(&bits, &u, sizeof bits);
  i32x16 exponent = (bits >> 23) - 126;
  bits = (bits & 0x007FFFFF) | 0x3F000000;  // mantissa in [1/2, 1)
  f32x16 m;
  memcpy(&m, &bits, sizeof m);
  i32x16 small = m < 0.707106781186547524f;  // -1 where true
  f32x16 e = __builtin_convertvector(exponent + small, f32x16);
  i32x16 mbits;
  memcpy(&mbits, &m, sizeof mbits);
  mbits &= small;
  f32x16 extra;
  memcpy(&extra, &mbits, sizeof extra);
  f32x16 f = m + extra - 1.0f;
  f32x16 f2 = f * f;
  f32x16 p = f * 7.0376836292E-2f + -1.1514610310E-1f;
  p = p * f + 1.1676998740E-1f;
  p = p * f + -1.2420140846E-1f;
  p = p * f + 1.4249322787E-1f;
  p = p * f + -1.6668057665E-1f;
  p = p * f + 2.0000714765E-1f;
  p = p * f + -2.4999993993E-1f;
  p = p * f + 3.3333331174E-1f;
  p = p * f * f2;
  p = p + e * -2.12194440e-4f;
  p = p - f2 * 0.5f;
  return f + p + e * 0.693359375f;
}

// Radius from one word, direction from the other.
INLINE void normal_pair(u32x16 w0, u32x16 w1, f32x16 *first, f32x16 *second) {
  f32x16 u = __builtin_convertvector(w0, f32x16) * 0x1p-32f + 0x1p-33f;
  f32x16 square = natural_log(u) * -2.0f;
  i32x16 sign = square < 0;  // ln of a u rounded to 1 must not become a negative zero's root
  i32x16 squareBits;
  memcpy(&squareBits, &square, sizeof squareBits);
  squareBits &= ~sign;
  memcpy(&square, &squareBits, sizeof square);
  f32x16 radius = __builtin_elementwise_sqrt(square);

  // Nearest quarter turn and the rest, within an eighth of a turn.
  u32x16 quarter = (w1 + 0x20000000u) >> 30;
  i32x16 rest;
  u32x16 restBits = w1 - (quarter << 30);
  memcpy(&rest, &restBits, sizeof rest);
  f32x16 a = __builtin_convertvector(rest, f32x16) * 1.4629180792671596e-9f;  // 2 pi / 2^32
  f32x16 a2 = a * a;
  f32x16 s = a2 * -1.9515295891E-4f + 8.3321608736E-3f;
  s = s * a2 + -1.6666654611E-1f;
  s = s * a2 * a + a;
  f32x16 c = a2 * 2.443315711809948E-5f + -1.388731625493765E-3f;
  c = c * a2 + 4.166664568298827E-2f;
  c = c * a2 * a2 - a2 * 0.5f + 1.0f;

  // Quarters 1 and 3 swap sine and cosine; the signs follow from the quarter.
  i32x16 odd = (i32x16)((quarter & 1) != 0);
  u32x16 sb, cb;
  memcpy(&sb, &s, sizeof sb);
  memcpy(&cb, &c, sizeof cb);
  u32x16 oddBits = (u32x16)odd;
  u32x16 cosine = (cb & ~oddBits) | (sb & oddBits);
  u32x16 sine = (sb & ~oddBits) | (cb & oddBits);
  cosine ^= ((quarter + 1) & 2) << 30;
  sine ^= (quarter & 2) << 30;
  memcpy(&c, &cosine, sizeof c);
  memcpy(&s, &sine, sizeof s);
  *first = radius * c;
  *second = radius * s;
}

static void normals(mote_stream stream, uint64_t first_chunk, size_t chunks, float *out) {
  for (size_t i = 0; i < chunks; i++) {
    u32x16 c[4];
    f32x16 z[4];
    philox_chunk(stream, first_chunk + i, c);
    normal_pair(c[0], c[1], &z[0], &z[1]);
    normal_pair(c[2], c[3], &z[2], &z[3]);
    memcpy(out + i * 64, z, sizeof z);
  }
}
