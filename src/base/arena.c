#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_PIECES_APART 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_PIECES_APART 1
#endif
#endif
#ifndef ARENA_PIECES_APART
#define ARENA_PIECES_APART 0
#endif

enum { BLOCK_BYTES = 64 * 1024, SMALL_BLOCK_BYTES = 1024 };

struct block {
    struct block *next;
    size_t used, room;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *blocks;
    size_t limit_bytes, used_bytes, block_bytes;
};

struct arena *arena_new(size_t limit_bytes)
{
    struct arena *a = memory_alloc_array(1, sizeof *a);

    a->limit_bytes = limit_bytes;
    a->block_bytes = BLOCK_BYTES;
    return a;
}

struct arena *arena_new_small(size_t limit_bytes)
{
    struct arena *a = arena_new(limit_bytes);

    a->block_bytes = SMALL_BLOCK_BYTES;
    return a;
}

void arena_reset(struct arena *a)
{
    /* One ordinary block is kept: most units of work fit in it. */
    struct block *kept = NULL;

    while (a->blocks) {
        struct block *b = a->blocks;
        a->blocks = b->next;
        if (!kept && !ARENA_PIECES_APART && b->room == a->block_bytes) {
            kept = b;
            kept->next = NULL;
            kept->used = 0;
        } else {
            free(b);
        }
    }
    a->blocks = kept;
    a->used_bytes = 0;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    while (a->blocks) {
        struct block *b = a->blocks;
        a->blocks = b->next;
        free(b);
    }
    free(a);
}

static struct block *block_with_room(struct arena *a, size_t size)
{
    if (!ARENA_PIECES_APART && a->blocks && a->blocks->room - a->blocks->used >= size)
        return a->blocks;

    const size_t room = ARENA_PIECES_APART || size > a->block_bytes ? size : a->block_bytes;
    struct block *b = memory_alloc(sizeof *b + room);
    b->used = 0;
    b->room = room;
    if (room > a->block_bytes && a->blocks) {
        /* A big piece goes behind the block that still has room. */
        b->next = a->blocks->next;
        a->blocks->next = b;
    } else {
        b->next = a->blocks;
        a->blocks = b;
    }
    return b;
}

void *arena_alloc(struct arena *a, size_t count, size_t size)
{
    const size_t align = alignof(max_align_t);
    size_t total, used;

    if (__builtin_mul_overflow(count, size, &total) || total > SIZE_MAX - align)
        return NULL;
    if (!ARENA_PIECES_APART || total == 0)
        total = (total + align - 1) / align * align;
    if (__builtin_add_overflow(a->used_bytes, total, &used))
        return NULL;
    if (a->limit_bytes && used > a->limit_bytes)
        return NULL;

    struct block *b = block_with_room(a, total);
    void *piece = b->bytes + b->used;
    b->used += total;
    a->used_bytes = used;
    memset(piece, 0, total);
    return piece;
}

struct text arena_text(struct arena *a, struct text t)
{
    if (!text_known(t))
        return TEXT_UNKNOWN;
    char *copy = arena_alloc(a, t.len + 1, 1); /* +1: an empty text is still known */
    if (!copy)
        return TEXT_UNKNOWN;
    if (t.len)
        memcpy(copy, t.at, t.len);
    return (struct text){ .at = copy, .len = t.len };
}

struct text arena_printf(struct arena *a, const char *format, ...)
{
    va_list arguments, again;

    va_start(arguments, format);
    va_copy(again, arguments);
    const int len = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);

    char *at = len < 0 ? NULL : arena_alloc(a, (size_t)len + 1, 1);
    if (at)
        vsnprintf(at, (size_t)len + 1, format, again);
    va_end(again);
    return at ? (struct text){ .at = at, .len = (size_t)len } : TEXT_UNKNOWN;
}

struct text_list arena_text_list(struct arena *a, struct text_list list)
{
    struct text_list none = { NULL, 0 };

    if (!list.items)
        return none;
    struct text *items = arena_alloc(a, list.count + 1, sizeof *items);
    if (!items)
        return none;
    for (size_t i = 0; i < list.count; i++)
        items[i] = arena_text(a, list.items[i]);
    return (struct text_list){ .items = items, .count = list.count };
}

size_t arena_used_bytes(const struct arena *a)
{
    return a->used_bytes;
}
