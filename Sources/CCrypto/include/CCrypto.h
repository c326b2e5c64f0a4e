// SHA-256 of libcrypto, as an incremental digest.
#ifndef CCRYPTO_H
#define CCRYPTO_H
#include <stddef.h>
#include <stdint.h>
typedef struct mote_sha256 mote_sha256;
// Returns NULL when libcrypto cannot make a context.
mote_sha256 *mote_sha256_create(void);
// Returns 1 on success.
int mote_sha256_update(mote_sha256 *state, const void *bytes, size_t count);
// Writes 32 bytes, frees the state; returns 1 on success.
int mote_sha256_finish(mote_sha256 *state, uint8_t *digest);
#endif
