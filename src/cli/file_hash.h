#ifndef LEASH_CLI_FILE_HASH_H
#define LEASH_CLI_FILE_HASH_H

#include "base/hash.h"

/* The SHA-256 of a file in hex.  0 or a negative errno. */
__attribute__((warn_unused_result))
int file_hash(const char *path, char hex[SHA256_HEX]);

#endif
