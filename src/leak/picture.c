#include "leak/picture.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "evidence/reading.h"
#include "media/jpeg.h"

enum { MAGIC_BYTES = 3, FIRST_ROOM = 16 * 1024, ARENA_BYTES = 4 << 20 };

/* The walk (ITU-T T.81, annex B): segments with a length up to a scan, then coded bytes up to the next marker. */
struct picture_grab {
    uint8_t *bytes;
    size_t len, room;
    size_t next;    /* where the walk goes on; may lie behind `len` */
    bool scan;      /* in coded bytes */
};

enum walk { WALK_MORE, WALK_END, WALK_NONSENSE };

static enum walk walk_on(struct picture_grab *g)
{
    while (g->next + 2 <= g->len) {
        const uint8_t *at = g->bytes + g->next;
        if (g->scan) {
            const uint8_t *mark = memchr(at, 0xff, g->len - 1 - g->next);
            if (!mark) {
                g->next = g->len - 1;
                return WALK_MORE;
            }
            g->next = (size_t)(mark - g->bytes);
            if (mark[1] == 0 || (mark[1] >= 0xd0 && mark[1] <= 0xd7)) {
                g->next += 2;
                continue;
            }
            g->scan = false;
            continue;
        }
        if (at[0] != 0xff)
            return WALK_NONSENSE;
        if (at[1] == 0xd9) {
            g->next += 2;
            return WALK_END;
        }
        if (at[1] == 0xff) { /* fill */
            g->next++;
            continue;
        }
        if (at[1] == 0xd8 || at[1] == 0x01) {
            g->next += 2;
            continue;
        }
        if (g->next + 4 > g->len)
            return WALK_MORE;
        const size_t length = (size_t)at[2] << 8 | at[3];
        if (length < 2 || at[1] < 0xc0)
            return WALK_NONSENSE;
        g->scan = at[1] == 0xda;
        g->next += 2 + length;
    }
    return WALK_MORE;
}

void picture_stop(struct picture_state *s, struct picture_budget *budget)
{
    s->magic = 0;
    if (!s->grab)
        return;
    budget->open--;
    budget->bytes -= s->grab->room;
    free(s->grab->bytes);
    free(s->grab);
    s->grab = NULL;
}

static bool make_room(struct picture_grab *g, struct picture_budget *budget, size_t more)
{
    size_t room = g->room ? g->room : FIRST_ROOM;

    while (room - g->len < more)
        room *= 2;
    if (room == g->room)
        return true;
    const size_t all = budget->bytes_max ? budget->bytes_max : PICTURES_BYTES_MAX;
    if (room > PICTURE_BYTES_MAX || room - g->room > all - budget->bytes)
        return false;
    budget->bytes += room - g->room;
    g->bytes = memory_resize_array(g->bytes, room, 1);
    g->room = room;
    return true;
}

static bool begin(struct picture_state *s, struct picture_budget *budget)
{
    static const uint8_t magic[MAGIC_BYTES] = { 0xff, 0xd8, 0xff };

    s->magic = 0;
    if (budget->open >= PICTURES_OPEN_MAX) {
        budget->left_out++;
        return false;
    }
    s->grab = memory_alloc_array(1, sizeof *s->grab);
    budget->open++;
    if (!make_room(s->grab, budget, MAGIC_BYTES)) {
        budget->left_out++;
        picture_stop(s, budget);
        return false;
    }
    memcpy(s->grab->bytes, magic, MAGIC_BYTES);
    s->grab->len = MAGIC_BYTES;
    s->grab->next = MAGIC_BYTES - 1;
    return true;
}

enum { STEP = 128 };

/* How many whole steps from at[0] on have no FF D8 that begins in them; one byte more may be read. */
__attribute__((always_inline))
static inline size_t steps_without(const uint8_t *at, size_t steps, const size_t part)
{
    typedef uint8_t bytes_16 __attribute__((vector_size(16)));
    typedef uint8_t bytes_32 __attribute__((vector_size(32)));
    typedef uint64_t words_16 __attribute__((vector_size(16)));
    typedef uint64_t words_32 __attribute__((vector_size(32)));
#define ANY_IN_STEP(bytes, words)                                                \
    bytes any = { 0 }, first, second;                                            \
    for (size_t k = 0; k < STEP; k += sizeof any) {                              \
        memcpy(&first, at + k, sizeof first);                                    \
        memcpy(&second, at + k + 1, sizeof second);                              \
        any |= (bytes)(first == 0xff) & (bytes)(second == 0xd8);                 \
    }                                                                            \
    const words sum = (words)any;

    for (size_t n = 0; n < steps; n++, at += STEP) {
        if (part == 32) {
            ANY_IN_STEP(bytes_32, words_32)
            if (sum[0] | sum[1] | sum[2] | sum[3])
                return n;
        } else {
            ANY_IN_STEP(bytes_16, words_16)
            if (sum[0] | sum[1])
                return n;
        }
    }
#undef ANY_IN_STEP
    return steps;
}

static size_t steps_without_16(const uint8_t *at, size_t steps) { return steps_without(at, steps, 16); }
#if defined(__x86_64__)
__attribute__((target("avx2"))) static size_t steps_without_32(const uint8_t *at, size_t steps)
{
    return steps_without(at, steps, 32);
}
static bool wide_works(void) { return __builtin_cpu_supports("avx2"); }
#else
#define steps_without_32 steps_without_16
static bool wide_works(void) { return false; }
#endif

/* Where FF D8 begins; `len` when nowhere.  A search for FF alone would stop at each that packed bytes have. */
static size_t find_pair(const uint8_t *at, size_t len)
{
    const size_t steps = len > STEP ? (len - 1) / STEP : 0;

    size_t i = STEP * (wide_works() ? steps_without_32(at, steps) : steps_without_16(at, steps));

    for (const uint8_t *ff; i + 1 < len && (ff = memchr(at + i, 0xff, len - 1 - i)); i++) {
        i = (size_t)(ff - at);
        if (at[i + 1] == 0xd8)
            return i;
    }
    return len;
}

/* Bytes of `at` up to and with the third one of FF D8 FF, which may have begun before; `len` when it is not there. */
static size_t find_magic(struct picture_state *s, const uint8_t *at, size_t len, bool *ret_found)
{
    size_t i = 0;

    *ret_found = false;
    while (i < len) {
        if (s->magic == 0) {
            const size_t n = find_pair(at + i, len - i);
            if (n == len - i) {
                s->magic = at[len - 1] == 0xff;
                return len;
            }
            i += n + 2;
            s->magic = 2;
        } else if (s->magic == 1) {
            s->magic = at[i] == 0xd8 ? 2 : at[i] == 0xff ? 1 : 0;
            i++;
        } else {
            *ret_found = at[i] == 0xff;
            s->magic = 0;
            i += *ret_found;
            if (*ret_found)
                return i;
        }
    }
    return len;
}

void picture_feed(struct picture_state *s, struct picture_budget *budget, const uint8_t *at, size_t len,
                  void (*found)(void *user, struct bytes jpeg), void *user)
{
    while (len > 0) {
        bool began;
        if (!s->grab) {
            const size_t n = find_magic(s, at, len, &began);
            at += n;
            len -= n;
            if (!began || !begin(s, budget))
                continue;
        }
        struct picture_grab *g = s->grab;
        if (!make_room(g, budget, len)) {
            budget->left_out++;
            picture_stop(s, budget);
            continue;
        }
        memcpy(g->bytes + g->len, at, len);
        g->len += len;
        const enum walk walk = walk_on(g);
        if (walk == WALK_MORE)
            return;
        /* What lies behind its end, or behind a wrong beginning, is looked at again. */
        const size_t used = walk == WALK_END && g->len - g->next < len ? len - (g->len - g->next) : 0;
        if (walk == WALK_END) {
            budget->looked_at++;
            found(user, (struct bytes){ .at = g->bytes, .len = g->next });
        }
        picture_stop(s, budget);
        at += used;
        len -= used;
    }
}

/* Where it was taken: the rows of the reader of stored photos, of which all but the place are let go. */
struct place_sink {
    struct fact_sink sink; /* first */
    double longitude_deg, latitude_deg;
    bool known;
};

static void take_place(struct fact_sink *sink, enum fact_kind kind, const void *row, int64_t number)
{
    struct place_sink *s = (struct place_sink *)sink;

    (void)number;
    if (kind != FACT_MEDIA)
        return;
    const struct fact_media *media = row;
    s->known = fact_known_real(media->longitude_deg) && fact_known_real(media->latitude_deg);
    s->longitude_deg = media->longitude_deg;
    s->latitude_deg = media->latitude_deg;
}

bool picture_taken_at(struct bytes jpeg, double *ret_longitude_deg, double *ret_latitude_deg)
{
    static const struct reading_options options;
    struct place_sink sink = { .sink = { .put = take_place } };
    struct reading r = { .facts = &sink.sink, .arena = arena_new(ARENA_BYTES), .options = &options };

    const enum parse_status status = jpeg_read(&r, jpeg);
    arena_free(r.arena);
    if ((status != PARSE_OK && status != PARSE_TRUNCATED) || !sink.known)
        return false;
    *ret_longitude_deg = sink.longitude_deg;
    *ret_latitude_deg = sink.latitude_deg;
    return true;
}
