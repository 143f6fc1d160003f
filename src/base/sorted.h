#ifndef LEASH_BASE_SORTED_H
#define LEASH_BASE_SORTED_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* How many of `count` things, sorted by a number, have one that is not above `until`.  `first` is the number of the
 * first thing, `stride` how many bytes each of them takes. */
static inline size_t sorted_until(const int64_t *first, size_t count, size_t stride, int64_t until)
{
    size_t low = 0, high = count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        int64_t number;
        memcpy(&number, (const char *)first + middle * stride, sizeof number);
        if (number <= until)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

#endif
