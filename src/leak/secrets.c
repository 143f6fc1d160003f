#include "leak/secrets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fact/fact.h"

/* Eight significant characters is the threshold of the reference, section 7. */
enum { SIGNIFICANT_MIN = 8, DIFFERENT_MIN = 4, POINTS_MAX = 4 << 20 };

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
    free(s->paths);
    free(s->literals);
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

/* A value that many devices or people share says nothing about this one. */
static bool unique_enough(struct text value)
{
    static const char *const fillers[] = {
        "unknown", "undefined", "none", "null", "default",
    };
    bool seen[256] = { false };
    size_t characters = 0, different = 0;

    for (size_t i = 0; i < value.len; i++) {
        const unsigned char c = (unsigned char)value.at[i];
        if (!significant(c))
            continue;
        characters++;
        different += !seen[c];
        seen[c] = true;
    }
    if (characters < SIGNIFICANT_MIN || different < DIFFERENT_MIN || counts_up_or_down(value))
        return false;
    for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++)
        if (text_equal_ignoring_case(value, text_of(fillers[i])))
            return false;
    return true;
}

static struct text trimmed(struct text t)
{
    while (t.len > 0 && (t.at[0] == ' ' || t.at[0] == '\t'))
        t = (struct text){ .at = t.at + 1, .len = t.len - 1 };
    while (t.len > 0 && (unsigned char)t.at[t.len - 1] <= ' ')
        t.len--;
    return t;
}

void secrets_add_literal(struct secrets *s, struct text id, enum secret_kind kind, struct text label,
                         struct text value)
{
    value = trimmed(value);
    if (!text_known(value) || value.len == 0)
        return;
    if (!unique_enough(value)) {
        s->not_unique++;
        return;
    }
    for (size_t i = 0; i < s->literal_count; i++)
        if (text_equal_ignoring_case(s->literals[i].value, value))
            return;
    s->literals = grown(s->literals, s->literal_count, &s->literal_room, sizeof *s->literals);
    s->literals[s->literal_count++] = (struct secret_literal){
        .id = arena_text(s->arena, id),
        .kind = kind,
        .label = arena_text(s->arena, label),
        .value = arena_text(s->arena, value),
    };
}

void secrets_add_text(struct secrets *s, struct text name, struct text value)
{
    secrets_add_literal(s, name, SECRET_TEXT, TEXT("named value"), value);
}

const char *secret_file_what(const char *kind)
{
    static const struct {
        const char *kind, *what;
    } kinds[] = {
        { "jpeg", "media" }, { "tiff", "media" }, { "dng", "media" }, { "png", "media" }, { "mp4", "media" },
        { "dji-txt", "log_file" }, { "dji-dat", "log_file" }, { "ulog", "log_file" }, { "dataflash", "log_file" },
        { "tlog", "log_file" },
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
