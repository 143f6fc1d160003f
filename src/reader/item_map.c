#include "reader/item_map.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    WINDOW_BYTES = 128 * 1024, /* copied at a time: stays in a core's own cache */
    WINDOW_ALIGN = 4096,       /* the kernel copies to whole pages faster */
};

static uintptr_t page_bytes(void)
{
    return (uintptr_t)sysconf(_SC_PAGESIZE);
}

bool item_map_open(struct item_map *m, int descriptor, uint64_t place, uint64_t len)
{
    const uint64_t before = place % page_bytes();
    struct stat st;

    m->item = (struct bytes){ .at = (const uint8_t *)"" };
    m->window = (struct bytes){ 0 };
    m->descriptor = descriptor;
    m->place = place;
    if (fstat(descriptor, &st) || st.st_size < 0)
        return false;
    const uint64_t bytes = (uint64_t)st.st_size;
    if (place > bytes || (len != UINT64_MAX && len > bytes - place))
        return false;
    len = len == UINT64_MAX ? bytes - place : len;
    if (len == 0)
        return true;
    uint8_t *at = mmap(NULL, len + before, PROT_READ, MAP_PRIVATE, descriptor, (off_t)(place - before));
    if (at == MAP_FAILED)
        return false;
    madvise(at, len + before, MADV_SEQUENTIAL);
    m->item = (struct bytes){ .at = at + before, .len = len };
    return true;
}

void item_map_close(struct item_map *m)
{
    const uint64_t before = m->place % page_bytes();

    if (m->item.len)
        munmap((void *)(uintptr_t)(m->item.at - before), m->item.len + before);
    close(m->descriptor);
    m->item = (struct bytes){ 0 };
    m->descriptor = -1;
}

bool item_map_has(const struct item_map *m, struct bytes part)
{
    const uintptr_t item = (uintptr_t)m->item.at, at = (uintptr_t)part.at;

    return at >= item && part.len <= m->item.len && at - item <= m->item.len - part.len;
}

void item_map_let_go(const struct item_map *m, struct bytes part)
{
    const uintptr_t page = page_bytes(), begin = (uintptr_t)part.at;
    const uintptr_t from = (begin + page - 1) / page * page, until = (begin + part.len) / page * page;

    if (item_map_has(m, part) && until > from)
        madvise((void *)from, until - from, MADV_DONTNEED);
}

struct bytes item_map_once(struct item_map *m, struct bytes part)
{
    const size_t n = part.len < WINDOW_BYTES ? part.len : WINDOW_BYTES;
    const struct bytes old = m->window;

    if (!item_map_has(m, part) || n < 2)
        return part;
    const size_t at = (size_t)(part.at - m->item.at);
    if (at >= old.origin && at - old.origin + 2 <= old.len)
        return bytes_part(bytes_part(old, at - old.origin, UINT64_MAX), 0, part.len);
    m->window = (struct bytes){ 0 };
    if (!m->room)
        m->room = aligned_alloc(WINDOW_ALIGN, WINDOW_BYTES);
    if (!m->room || m->descriptor < 0 || pread(m->descriptor, m->room, n, (off_t)(m->place + at)) != (ssize_t)n)
        return part; /* an error shows where its bytes are looked at */
    m->window = (struct bytes){ .at = m->room, .len = n, .origin = at };
    return m->window;
}
