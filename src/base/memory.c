#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

static void *or_stop(void *p)
{
    if (!p) {
        fputs("leash: out of memory\n", stderr);
        _Exit(4); /* the contract's status for "leash itself failed" */
    }
    return p;
}

void *memory_alloc(size_t size)
{
    return or_stop(malloc(size ? size : 1));
}

void *memory_alloc_array(size_t count, size_t size)
{
    return or_stop(calloc(count ? count : 1, size ? size : 1));
}

void *memory_resize_array(void *old, size_t count, size_t size)
{
    size_t total;

    if (__builtin_mul_overflow(count, size, &total))
        return or_stop(NULL);
    return or_stop(realloc(old, total ? total : 1));
}

void memory_free_at(void *pointer_variable)
{
    free(*(void **)pointer_variable);
}
