#include "leak/secrets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "fact/fact.h"

/* Eight significant characters is the threshold of the reference, section 7. */
enum { SIGNIFICANT_MIN = 8, DIFFERENT_MIN = 4, POINTS_MAX = 4 << 20, LITERALS_MAX = 4 << 20, REFUSALS_KEPT = 256 };

struct secrets *secrets_new(void)
{
    struct secrets *s = memory_alloc_array(1, sizeof *s);

    s->arena = arena_new(0);
    s->chunks = chunk_set_new();
    return s;
}

void secrets_free(struct secrets *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->path_count; i++)
        free(s->paths[i].points);
    chunk_set_free(s->chunks);
    free(s->pictures);
    free(s->paths);
    free(s->literals);
    free(s->literal_slots);
    free(s->refusals);
    free(s->files);
    arena_free(s->arena);
    free(s);
}

/* Room for one more element of a list. */
static void *grown(void *list, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return list;
    *room = *room ? *room * 2 : 16;
    return memory_resize_array(list, *room, size);
}

static struct secret_path *path_of(struct secrets *s, struct text id, enum secret_subject subject)
{
    /* Points come flight by flight: the last path is nearly always the one. */
    for (size_t i = s->path_count; i-- > 0;)
        if (s->paths[i].subject == subject && text_equal(s->paths[i].id, id))
            return &s->paths[i];
    s->paths = grown(s->paths, s->path_count, &s->path_room, sizeof *s->paths);
    s->paths[s->path_count] = (struct secret_path){ .id = arena_text(s->arena, id), .subject = subject };
    return &s->paths[s->path_count++];
}

void secrets_add_point(struct secrets *s, struct text id, enum secret_subject subject,
                       double longitude_deg, double latitude_deg, int64_t time_utc_ns)
{
    if (!(fabs(longitude_deg) <= 180) || !(fabs(latitude_deg) <= 90) ||
        (fabs(longitude_deg) < 1e-6 && fabs(latitude_deg) < 1e-6))
        return;
    /* No flight was more than a century from 1970; the difference of two such times always fits. */
    if (time_utc_ns > INT64_MAX / 2 || time_utc_ns < INT64_MIN / 2)
        time_utc_ns = FACT_UNKNOWN_INT;
    struct secret_path *p = path_of(s, id, subject);
    if (p->count >= POINTS_MAX)
        return;
    p->points = grown(p->points, p->count, &p->room, sizeof *p->points);
    p->points[p->count++] = (struct track_point){ longitude_deg, latitude_deg, time_utc_ns };
}

static bool significant(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c >= 0x80;
}

/* "012345678", "abcdefgh", "98765432": typed in where no serial was known, and found in
 * alphabets and tables everywhere. */
static bool counts_up_or_down(struct text value)
{
    size_t up = 0, down = 0;

    for (size_t i = 1; i < value.len; i++) {
        up += value.at[i] == value.at[i - 1] + 1 || (value.at[i - 1] == '9' && value.at[i] == '0');
        down += value.at[i] == value.at[i - 1] - 1 || (value.at[i - 1] == '0' && value.at[i] == '9');
    }
    return value.len > 1 && (up >= value.len - 1 || down >= value.len - 1);
}

/* At most so many bits would be needed to guess it: each character one of its kind. */
static double value_bits(struct text value)
{
    double bits = 0;

    for (size_t i = 0; i < value.len; i++) {
        const unsigned char c = (unsigned char)value.at[i];
        if (significant(c))
            bits += c >= '0' && c <= '9' ? log2(10) : c >= 0x80 ? 6 : log2(26);
    }
    return bits;
}

/* A value that many devices or people share says nothing about this one: why, or NULL. */
static const char *why_common(struct text value)
{
    static const char *const fillers[] = {
        "unknown", "undefined", "none", "null", "default", "not available", "unavailable", "localhost", "android", "anonymous",
        "02:00:00:00:00:00", /* what Android tells apps instead of the address */
        "00000000-0000-0000-0000-000000000000", "9774d56d682e549c", /* an ANDROID_ID that a whole series had */
    };
    bool seen[256] = { false };
    size_t characters = 0, different = 0;

    for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++)
        if (text_equal_ignoring_case(value, text_of(fillers[i])))
            return "many devices have it";
    for (size_t i = 0; i < value.len; i++) {
        const unsigned char c = (unsigned char)value.at[i];
        if (!significant(c))
            continue;
        characters++;
        different += !seen[c];
        seen[c] = true;
    }
    if (characters < SIGNIFICANT_MIN)
        return "too short";
    if (different < DIFFERENT_MIN)
        return "few different characters";
    return counts_up_or_down(value) ? "it only counts" : NULL;
}

static void refuse(struct secrets *s, struct text id, struct text label, struct text value, const char *reason)
{
    s->not_unique++;
    if (s->refusal_count == REFUSALS_KEPT)
        return;
    s->refusals = grown(s->refusals, s->refusal_count, &s->refusal_room, sizeof *s->refusals);
    s->refusals[s->refusal_count++] = (struct secret_refusal){
        .id = arena_text(s->arena, id), .label = arena_text(s->arena,
                                                            label), .reason = reason, .bits = value_bits(value),
    };
}

struct text secrets_refusals(const struct secrets *s, struct arena *arena)
{
    enum { TOLD = 8 };
    struct buffer b;

    if (s->not_unique == 0)
        return TEXT_UNKNOWN;
    buffer_init(&b, 1 << 14);
    buffer_printf(&b, "%zu known value%s not searched for, because others could have sent the same:", s->not_unique,
                  s->not_unique == 1 ? " was" : "s were");
    for (size_t i = 0; i < s->refusal_count && i < TOLD; i++) {
        const struct secret_refusal *r = &s->refusals[i];
        buffer_printf(&b, "%s %.*s of %.*s (%s, at most %.0f bits)", i ? ";" : "", (int)r->label.len, r->label.at,
                      (int)r->id.len, r->id.at, r->reason, r->bits);
    }
    if (s->not_unique > TOLD)
        buffer_printf(&b, "; and others");
    buffer_add_u8(&b, '.');
    const struct text sentence = arena_text(arena, buffer_text(&b));
    buffer_done(&b);
    return sentence;
}

static struct text trimmed(struct text t)
{
    while (t.len > 0 && (t.at[0] == ' ' || t.at[0] == '\t'))
        t = (struct text){ .at = t.at + 1, .len = t.len - 1 };
    while (t.len > 0 && (unsigned char)t.at[t.len - 1] <= ' ')
        t.len--;
    return t;
}

static size_t literal_slot(const struct secrets *s, struct text value)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < value.len; i++) {
        const unsigned char c = (unsigned char)value.at[i];
        hash = (hash ^ (c >= 'A' && c <= 'Z' ? c + 32u : c)) * UINT64_C(0x100000001b3);
    }
    size_t slot = (size_t)(hash ^ hash >> 32) & (s->literal_slot_count - 1);
    while (s->literal_slots[slot] && !text_equal_ignoring_case(s->literals[s->literal_slots[slot] - 1].value, value))
        slot = (slot + 1) & (s->literal_slot_count - 1);
    return slot;
}

static void slots_grow(struct secrets *s)
{
    free(s->literal_slots);
    s->literal_slot_count = s->literal_slot_count ? s->literal_slot_count * 2 : 64;
    s->literal_slots = memory_alloc_array(s->literal_slot_count, sizeof *s->literal_slots);
    for (size_t i = 0; i < s->literal_count; i++)
        s->literal_slots[literal_slot(s, s->literals[i].value)] = (uint32_t)i + 1;
}

void secrets_add_literal(struct secrets *s, struct text id, enum secret_kind kind, struct text label,
                         struct text value)
{
    const char *reason;

    value = trimmed(value);
    if (!text_known(value) || value.len == 0)
        return;
    if ((reason = why_common(value)) || s->literal_count == LITERALS_MAX) {
        refuse(s, id, label, value, reason ? reason : "too many values");
        return;
    }
    if ((s->literal_count + 1) * 2 > s->literal_slot_count)
        slots_grow(s);
    const size_t slot = literal_slot(s, value);
    if (s->literal_slots[slot])
        return;
    s->literals = grown(s->literals, s->literal_count, &s->literal_room, sizeof *s->literals);
    /* Of a long list, ids and labels are those of the one before. */
    const struct secret_literal *last = s->literal_count ? &s->literals[s->literal_count - 1] : NULL;
    const struct secret_literal literal = {
        .id = last && text_equal(last->id, id) ? last->id : arena_text(s->arena, id),
        .kind = kind,
        .label = last && text_equal(last->label, label) ? last->label : arena_text(s->arena, label),
        .value = arena_text(s->arena, value),
    };
    s->literals[s->literal_count++] = literal;
    s->literal_slots[slot] = (uint32_t)s->literal_count;
}

void secrets_add_text(struct secrets *s, struct text name, struct text value)
{
    while (value.len > 0) {
        const char *end = memchr(value.at, '\n', value.len);
        const size_t n = end ? (size_t)(end - value.at) : value.len, past = n + (end != NULL);
        secrets_add_literal(s, name, SECRET_TEXT, TEXT("named value"), (struct text){ value.at, n });
        value = (struct text){ value.at + past, value.len - past };
    }
}

/* DJI_0042.JPG, IMG_20300517.jpg: what cameras count is the same on every card. */
static bool names_like_everybody(struct text name)
{
    enum { OWN_CHARACTERS_MIN = 12 };
    size_t end = name.len, own = 0;

    for (size_t i = 0; i < name.len; i++)
        if (name.at[i] == '.')
            end = i;
    for (size_t i = 0; i < end; i++)
        own += name.at[i] >= '0' && name.at[i] <= '9';
    return own < OWN_CHARACTERS_MIN;
}

void secrets_add_file_name(struct secrets *s, struct text id, struct text path)
{
    size_t from = path.len;

    while (from > 0 && path.at[from - 1] != '/' && path.at[from - 1] != '!' && path.at[from - 1] != '\\')
        from--;
    const struct text name = { path.at + from, path.len - from };
    if (!names_like_everybody(name))
        secrets_add_literal(s, id, SECRET_IDENTIFIER, TEXT("name of a stored file"), name);
}

const char *secret_file_what(const char *kind)
{
    static const struct {
        const char *kind, *what;
    } kinds[] = {
        { "jpeg", "media" }, { "tiff", "media" }, { "dng", "media" }, { "png", "media" }, { "mp4", "media" },
        { "heif", "media" },
        { "dji-txt", "log_file" }, { "dji-dat", "log_file" }, { "ulog", "log_file" }, { "dataflash", "log_file" },
        { "tlog", "log_file" }, { "dji-srt", "log_file" }, { "flight-csv", "log_file" }, { "flight-json", "log_file" },
        { "gpx", "log_file" }, { "kml", "log_file" }, { "blackbox", "log_file" },
        { "dataflash-text", "log_file" },
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return kinds[i].what;
    return NULL;
}

static struct secret_file *file_of(struct secrets *s, struct text id, const char *what, uint64_t bytes,
                                   const uint8_t sha256[SHA256_BYTES])
{
    for (size_t i = 0; i < s->file_count; i++)
        if (memcmp(s->files[i].sha256, sha256, SHA256_BYTES) == 0)
            return &s->files[i];
    s->files = grown(s->files, s->file_count, &s->file_room, sizeof *s->files);
    struct secret_file *f = &s->files[s->file_count++];
    *f = (struct secret_file){ .id = arena_text(s->arena, id), .what = arena_text(s->arena, text_of(what)),
                               .bytes = bytes };
    memcpy(f->sha256, sha256, SHA256_BYTES);
    return f;
}

void secrets_add_file_hash(struct secrets *s, struct text id, const char *what, uint64_t bytes,
                           const uint8_t sha256[SHA256_BYTES])
{
    if (bytes > 0)
        (void)file_of(s, id, what, bytes, sha256);
}

void secrets_add_file(struct secrets *s, struct text id, const char *what, struct bytes content,
                      const uint8_t sha256[SHA256_BYTES])
{
    uint8_t digest[SHA256_BYTES];

    if (content.len == 0)
        return;
    if (!sha256)
        sha256_of(content, digest);
    struct secret_file *f = file_of(s, id, what, content.len, sha256 ? sha256 : digest);
    if (f->content_known)
        return;
    f->content_known = true;
    chunk_set_add(s->chunks, (int32_t)(f - s->files), content);
}

void secrets_add_picture(struct secrets *s, struct text id, struct text item, struct picture_hash hash)
{
    enum { PICTURES_MAX = 1 << 20 };

    if (s->picture_count >= PICTURES_MAX)
        return;
    s->pictures = grown(s->pictures, s->picture_count, &s->picture_room, sizeof *s->pictures);
    s->pictures[s->picture_count++] = (struct secret_picture){ arena_text(s->arena, id), arena_text(s->arena, item),
                                                               hash };
}
