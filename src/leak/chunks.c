#include "leak/chunks.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* A cut lies behind a line feed when two bits of a hash of the eight bytes before it are
 * zero.  One byte in 256 of compressed data is a line feed, so that cuts are a kilobyte
 * apart there, and memchr finds them at the speed of memory; a rolling hash looks at each
 * byte and would halve the speed of the whole search. */
enum { CUT_BYTE = '\n', CUT_BITS = 2, WORD = 8 };
#define LOOK_BYTES (UINT64_C(8) << 30)
#define WINDOW_BYTES (UINT64_C(1) << 20)
#define MIX UINT64_C(0xd6e8feb86659fd93)

/* Little-endian; compilers make one load of it. */
static uint64_t load64(const uint8_t *at)
{
    uint64_t word = 0;

    for (int i = 0; i < WORD; i++)
        word |= (uint64_t)at[i] << 8 * i;
    return word;
}

static uint64_t mixed(uint64_t h, uint64_t word)
{
    const uint64_t product = (h ^ word) * MIX;

    return product << 29 | product >> 35;
}

static void hash_on(struct chunk_cutter *c, const uint8_t *at, size_t len)
{
    while (len > 0 && c->len % WORD) {
        c->word |= (uint64_t)*at++ << 8 * (c->len++ % WORD);
        len--;
        if (c->len % WORD == 0) {
            c->hash = mixed(c->hash, c->word);
            c->word = 0;
        }
    }
    for (; len >= WORD; len -= WORD, at += WORD, c->len += WORD)
        c->hash = mixed(c->hash, load64(at));
    for (; len > 0; len--)
        c->word |= (uint64_t)*at++ << 8 * (c->len++ % WORD);
}

static uint64_t hash_end(const struct chunk_cutter *c)
{
    uint64_t h = mixed(mixed(c->hash, c->word), c->len);

    h ^= h >> 32;
    h = h * MIX ^ h >> 29;
    return h ? h : 1;
}

/* Bytes of the piece that is being cut; too long ones are not hashed to their end. */
static void go_on(struct chunk_cutter *c, const uint8_t *at, size_t len)
{
    if (!c->cut || c->len > CHUNK_MAX)
        return;
    if (len > CHUNK_MAX - c->len) {
        c->len = CHUNK_MAX + 1;
        return;
    }
    hash_on(c, at, len);
}

/* The eight bytes up to and with at[i]. */
static uint64_t window_at(const struct chunk_cutter *c, const uint8_t *at, size_t i)
{
    uint64_t window = c->window;

    if (i >= WORD - 1)
        return load64(at + i - (WORD - 1));
    for (size_t k = 0; k <= i; k++)
        window = window >> 8 | (uint64_t)at[k] << 56;
    return window;
}

void chunk_cut(struct chunk_cutter *c, const uint8_t *at, size_t len,
               void (*each)(void *user, uint64_t hash, uint32_t chunk_len, size_t end), void *user)
{
    size_t from = 0, look = 0;

    while (look < len) {
        const uint8_t *found = memchr(at + look, CUT_BYTE, len - look);
        if (!found)
            break;
        const size_t end = (size_t)(found - at) + 1;
        look = end;
        if (window_at(c, at, end - 1) * MIX >> (64 - CUT_BITS))
            continue;
        go_on(c, at + from, end - from);
        if (c->cut && c->len >= CHUNK_MIN && c->len <= CHUNK_MAX)
            each(user, hash_end(c), c->len, end);
        c->hash = c->word = c->len = 0;
        c->cut = true;
        from = end;
    }
    go_on(c, at + from, len - from);
    if (len > 0)
        c->window = window_at(c, at, len - 1);
}

/* The set: open addressing, rooms a power of two. */

struct chunk_set {
    struct known_chunk *entries;
    size_t room, count;
    unsigned bits;           /* only hashes with so many zeros on top are kept */
    uint64_t stride;         /* one window out of so many is looked at; 0 is 1 */
    /* while a file is added */
    const uint8_t *content;
    uint64_t head_bytes, window_from;
    unsigned file_bits;
    int32_t file;
    uint16_t nth;
};

struct chunk_set *chunk_set_new(void)
{
    return memory_alloc_array(1, sizeof(struct chunk_set));
}

void chunk_set_free(struct chunk_set *s)
{
    if (!s)
        return;
    free(s->entries);
    free(s);
}

static bool sampled(uint64_t hash, unsigned bits)
{
    return bits == 0 || hash >> (64 - bits) == 0;
}

static struct known_chunk *slot_of(const struct chunk_set *s, uint64_t hash)
{
    size_t at = (size_t)hash & (s->room - 1);

    while (s->entries[at].hash && s->entries[at].hash != hash)
        at = (at + 1) & (s->room - 1);
    return &s->entries[at];
}

/* Into a table of `room`, without what is not sampled any more. */
static void rebuild(struct chunk_set *s, size_t room)
{
    struct known_chunk *old = s->entries;
    const size_t old_room = s->room;

    s->entries = memory_alloc_array(room, sizeof *s->entries);
    s->room = room;
    s->count = 0;
    for (size_t i = 0; i < old_room; i++)
        if (old[i].hash && sampled(old[i].hash, s->bits)) {
            *slot_of(s, old[i].hash) = old[i];
            s->count++;
        }
    free(old);
}

/* Padding and tables of few different bytes are in other files too. */
static bool telling(const uint8_t *at, size_t len)
{
    enum { TELLING_MIN = 14 };
    bool seen[256] = { false };
    int different = 0;

    for (size_t i = 0; i < len && different < TELLING_MIN; i++) {
        different += !seen[at[i]];
        seen[at[i]] = true;
    }
    return different >= TELLING_MIN;
}

static void add_chunk(void *user, uint64_t hash, uint32_t len, size_t end)
{
    struct chunk_set *s = user;

    if (!sampled(hash, s->file_bits) || !sampled(hash, s->bits) || s->nth >= CHUNK_NTH_MAX ||
        !telling(s->content + end - len, len))
        return;
    if (s->count + 1 > s->room / 4 * 3) {
        if (s->count >= CHUNKS_IN_ALL)
            s->bits++;
        rebuild(s, s->count >= CHUNKS_IN_ALL ? s->room : s->room ? s->room * 2 : 1024);
        if (!sampled(hash, s->bits))
            return;
    }
    struct known_chunk *entry = slot_of(s, hash);
    if (!entry->hash) {
        *entry = (struct known_chunk){ .hash = hash, .file = s->file, .nth = s->nth++,
                                       .head = s->window_from + end - len < s->head_bytes };
        s->count++;
    } else if (entry->file != s->file) {
        entry->file = CHUNK_SHARED;
    }
}

void chunk_set_expect(struct chunk_set *s, uint64_t total_bytes)
{
    s->stride = total_bytes / LOOK_BYTES + 1;
}

void chunk_set_add(struct chunk_set *s, int32_t file, struct bytes content)
{
    enum { USUAL_BYTES = 1024, HEAD_BYTES_MAX = 128 * 1024, HEAD_SHARE = 4 };
    struct chunk_cutter cutter;

    s->file = file;
    s->nth = 0;
    s->head_bytes = content.len / HEAD_SHARE < HEAD_BYTES_MAX ? content.len / HEAD_SHARE : HEAD_BYTES_MAX;
    const uint64_t expected = content.len / USUAL_BYTES / (s->stride > 1 ? s->stride : 1);
    for (s->file_bits = 0; expected >> s->file_bits > CHUNKS_PER_FILE;)
        s->file_bits++;
    const uint64_t stride = s->stride > 1 ? s->stride * WINDOW_BYTES : content.len;
    for (uint64_t from = 0; from < content.len; from += stride) {
        const struct bytes window = bytes_part(content, from, s->stride > 1 ? WINDOW_BYTES : content.len);
        cutter = (struct chunk_cutter){ 0 };
        s->content = window.at;
        s->window_from = from;
        chunk_cut(&cutter, window.at, window.len, add_chunk, s);
        if (content.len - from <= stride)
            break;
    }
    s->content = NULL;
}

const struct known_chunk *chunk_set_find(const struct chunk_set *s, uint64_t hash)
{
    if (s->room == 0 || !sampled(hash, s->bits))
        return NULL;
    const struct known_chunk *entry = slot_of(s, hash);
    return entry->hash ? entry : NULL;
}

size_t chunk_set_count(const struct chunk_set *s)
{
    return s->count;
}

void chunk_set_count_by_file(const struct chunk_set *s, uint32_t *counts, size_t files)
{
    for (size_t i = 0; i < s->room; i++)
        if (s->entries[i].hash && s->entries[i].file >= 0 && (size_t)s->entries[i].file < files)
            counts[s->entries[i].file]++;
}

uint64_t chunk_set_sampling(const struct chunk_set *s)
{
    return UINT64_C(1) << s->bits;
}
