#include "CCrypto.h"
#include <openssl/evp.h>

mote_sha256 *mote_sha256_create(void) {
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  if (context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
    EVP_MD_CTX_free(context);
    context = NULL;
  }
  return (mote_sha256 *)context;
}

int mote_sha256_update(mote_sha256 *state, const void *bytes, size_t count) {
  return EVP_DigestUpdate((EVP_MD_CTX *)state, bytes, count);
}

int mote_sha256_finish(mote_sha256 *state, uint8_t *digest) {
  unsigned length = 0;
  int ok = EVP_DigestFinal_ex((EVP_MD_CTX *)state, digest, &length);
  EVP_MD_CTX_free((EVP_MD_CTX *)state);
  return ok == 1 && length == 32;
}
