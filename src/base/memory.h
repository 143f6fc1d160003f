#ifndef LEASH_BASE_MEMORY_H
#define LEASH_BASE_MEMORY_H

#include <stddef.h>

/* malloc, calloc and realloc that stop the program in one place when there is no
 * memory: leash never goes on with half a result.  Sizes that come from input
 * are bounded before they get here. */
__attribute__((malloc, warn_unused_result)) void *memory_alloc(size_t size);
__attribute__((malloc, warn_unused_result)) void *memory_alloc_array(size_t count, size_t size); /* zeroed */
__attribute__((warn_unused_result)) void *memory_resize_array(void *old, size_t count, size_t size);

/* Frees what a pointer variable points at: `__attribute__((cleanup(memory_free_at)))`. */
void memory_free_at(void *pointer_variable);

#endif
