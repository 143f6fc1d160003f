#ifndef LEASH_APP_DEX_CODE_H
#define LEASH_APP_DEX_CODE_H

#include "app/dex.h"

/* The instructions of a DEX file, as far as to see which method calls which.
 * Source: Android's public documents "Dalvik executable format" (class_data_item, code_item) and
 * "Dalvik bytecode". */

typedef void dex_call(void *user, uint32_t caller_method, uint32_t called_method, uint64_t offset);

/* Calls `call` for every invoke instruction in the code of a class, and `get`, which may be NULL, with the field
 * instead of the called method, for every one that reads a static field.  Gives false when some of the code could not
 * be followed. */
bool dex_class_calls(struct dex *d, const struct dex_class *c, dex_call *call, dex_call *get, void *user);

#endif
