#include "scrub/mark.h"

bool plan_marks(const struct plan *p)
{
    return p->request->shift && !p->fixed_length && p->depth == 0;
}

void plan_mark(struct plan *p, struct bytes at, const void *bytes, size_t n)
{
    plan_exchange(p, bytes_part(at, 0, 0), (struct text){ bytes, n }, SCRUB_STRUCTURE, "mark");
}
