// zlib for Swift: the library's header, and a function for a macro that Swift cannot import.
#ifndef CZLIB_H
#define CZLIB_H
#include <zlib.h>
// Begins to inflate a stream without header, as members of ZIP archives are; returns Z_OK or an error.
static inline int mote_inflate_raw(z_stream *stream) { return inflateInit2(stream, -MAX_WBITS); }
#endif
