#include "packet/expected.h"

#include <string.h>

void expected_add(struct expected *e, const struct address *address, uint16_t port, const struct protocol *protocol)
{
    const unsigned i = e->next++ % EXPECTED_MAX;

    if (!e->list[i].protocol)
        e->count++;
    e->list[i].address = *address;
    e->list[i].port = port;
    e->list[i].protocol = protocol;
}

const struct protocol *expected_take(struct expected *e, const struct flow *f)
{
    for (unsigned i = 0; e->count > 0 && i < EXPECTED_MAX; i++)
        for (int end = 0; e->list[i].protocol && end < 2; end++)
            if (f->port[end] == e->list[i].port && memcmp(&f->end[end], &e->list[i].address, sizeof f->end[end]) == 0) {
                const struct protocol *p = e->list[i].protocol;
                e->list[i].protocol = NULL;
                e->count--;
                return p;
            }
    return NULL;
}
