#ifndef LEASH_RADIO_LANES_H
#define LEASH_RADIO_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Eight numbers that the same is done with.  Every hot loop of src/radio/ is written once, as a body over
 * these, and compiled twice: for any processor of the architecture, and for those with AVX2 and FMA.
 * Which one runs is chosen when the search for frames begins, so that both can be compared. */
enum { LANES = 8 };

typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

/* One complex number in each lane. */
struct lane_complex {
    lanes re, im;
};

struct sample {                /* a complex sample of a recording */
    float re, im;
};

#define LANE_BODY static inline __attribute__((always_inline))
#if defined(__x86_64__)
#define LANE_WIDE __attribute__((target("avx2,fma")))
static inline bool lanes_wide(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#else
#define LANE_WIDE
static inline bool lanes_wide(void) { return false; }
#endif

/* The larger of both in each lane.  By address, because vectors are no arguments that all processors know. */
LANE_BODY void lanes_larger(lanes *ret, const lanes *a, const lanes *b)
{
    typedef int32_t masks __attribute__((vector_size(LANES * sizeof(int32_t))));
    const masks mask = *a > *b;

    *ret = (lanes)(((masks)*a & mask) | ((masks)*b & ~mask));
}

/* Zeroed and aligned memory; free() frees it. */
void *lanes_alloc(size_t bytes);

#endif
