#ifndef LEASH_BASE_ARENA_H
#define LEASH_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* Memory for one unit of work (an evidence item, a flow, a report), given back
 * all at once.  Under the address sanitizer every piece is its own allocation,
 * so that overflows between pieces are seen. */
struct arena;

/* `limit_bytes` bounds what the arena hands out over its life; 0 means no limit of its own. */
struct arena *arena_new(size_t limit_bytes);
/* The same, taking its memory in steps of 1 KiB: where there are thousands of arenas at once. */
struct arena *arena_new_small(size_t limit_bytes);
void arena_free(struct arena *a); /* NULL is fine */
/* Gives all pieces back and keeps the arena. */
void arena_reset(struct arena *a);

/* Zeroed, aligned for any type.  NULL when the limit is reached (input asked for
 * too much: the caller records it and goes on); the program stops when the
 * machine has no memory left. */
__attribute__((malloc, warn_unused_result))
void *arena_alloc(struct arena *a, size_t count, size_t size);

/* Copies that live as long as the arena.  TEXT_UNKNOWN stays unknown and is also
 * the answer at the limit. */
struct text arena_text(struct arena *a, struct text t);
__attribute__((format(printf, 2, 3)))
struct text arena_printf(struct arena *a, const char *format, ...);
struct text_list arena_text_list(struct arena *a, struct text_list list);

size_t arena_used_bytes(const struct arena *a);

#endif
