#ifndef LEASH_BASE_KEY_MAP_H
#define LEASH_BASE_KEY_MAP_H

#include <stdint.h>

#include "base/text.h"

/* Numbers for texts, counted from 0 in the order they came, up to a limit that is set at birth. */
struct key_map {
    struct arena *arena;
    struct text *keys;
    uint32_t *slots;      /* 1 + number, 0: free */
    size_t count, room, limit;
    size_t refused;       /* how often the limit said no */
};

enum { KEY_NONE = -1 };

void key_map_init(struct key_map *m, size_t limit);
void key_map_done(struct key_map *m);
/* The number of the key, new or not; KEY_NONE at the limit. */
int64_t key_map_add(struct key_map *m, struct text key);
/* KEY_NONE when it is not there. */
int64_t key_map_find(const struct key_map *m, struct text key);

#endif
