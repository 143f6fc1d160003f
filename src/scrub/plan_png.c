#include "scrub/plan_png.h"

#include <zlib.h>

#include "media/png_pixels.h"
#include "media/png_walk.h"
#include "scrub/mark.h"
#include "scrub/plan_exif.h"
#include "scrub/plan_xmp.h"
#include "scrub/shadow.h"

/* W3C PNG third edition, section 4.7, and the registered extensions: chunks that name nothing, and how long they are at
 * most. */
static const struct harmless {
    char type[5];
    uint32_t length_max;
} harmless[] = {
    { "IHDR", 13 }, { "PLTE", 768 }, { "IDAT", UINT32_MAX }, { "IEND", 0 }, { "gAMA", 4 }, { "cHRM", 32 }, { "sRGB", 1 }, { "iCCP", UINT32_MAX },
    { "sBIT", 4 }, { "bKGD", 6 }, { "hIST", 512 }, { "tRNS", 256 }, { "pHYs", 9 }, { "sPLT", UINT32_MAX }, { "acTL", 8 }, { "fcTL", 26 },
    { "fdAT", UINT32_MAX }, { "cICP", 4 }, { "mDCV", 24 }, { "cLLI", 8 }, { "oFFs", 9 }, { "pCAL", UINT32_MAX }, { "sCAL", 64 }, { "sTER", 1 },
    { "gIFg", 4 }, { "gIFx", UINT32_MAX }, { "gIFt", UINT32_MAX },
};

static const struct harmless *find_harmless(uint32_t type)
{
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
        const char *t = harmless[i].type;
        if (PNG_TYPE(t[0], t[1], t[2], t[3]) == type)
            return &harmless[i];
    }
    return NULL;
}

static void put_sum(struct plan *p, const struct png_chunk *chunk, uint32_t sum)
{
    const uint8_t bytes[4] = { (uint8_t)(sum >> 24), (uint8_t)(sum >> 16), (uint8_t)(sum >> 8), (uint8_t)sum };

    plan_overwrite(p, bytes_part(chunk->whole, 8 + (uint64_t)chunk->body.len, 4), bytes, sizeof bytes, SCRUB_STRUCTURE,
                   "check sum");
}

/* A comment of blanks in its place. */
static void drop_chunk(struct plan *p, const struct png_chunk *chunk, enum scrub_kind kind, const char *what)
{
    static const uint8_t head[] = { 't', 'E', 'X', 't', 'C', 'o', 'm', 'm', 'e', 'n', 't', 0 },
        tiny[] = { 't', 'E', 'X', 't', 'C', 0 };
    const bool roomy = chunk->body.len >= sizeof head - 4;
    const size_t n = roomy ? sizeof head : sizeof tiny;
    uint8_t blanks[4096];

    if (!plan_drops(p, kind) || chunk->body.len < sizeof tiny - 4)
        return;
    plan_overwrite_and_fill(p, bytes_part(chunk->whole, 4, 4 + (uint64_t)chunk->body.len), roomy ? head : tiny, n, ' ',
                            kind, what);
    memset(blanks, ' ', sizeof blanks);
    uLong sum = crc32_z(0, roomy ? head : tiny, n);
    for (size_t left = 4 + chunk->body.len - n; left > 0; ) {
        const size_t piece = left < sizeof blanks ? left : sizeof blanks;
        sum = crc32_z(sum, blanks, piece);
        left -= piece;
    }
    put_sum(p, chunk, (uint32_t)sum);
}

static void drop_unknown(struct plan *p, const struct png_chunk *chunk, const char *what)
{
    if (plan_drops(p, SCRUB_UNKNOWN))
        drop_chunk(p, chunk, SCRUB_UNKNOWN, what);
    else
        plan_left(p, chunk->body, what);
}

/* Scrubs the content in place and sums it up anew. */
static void take_block(struct plan *p, const struct png_chunk *chunk, struct bytes content, bool exif)
{
    struct shadow s;

    shadow_begin(&s, p, bytes_part(chunk->whole, 4, 4 + (uint64_t)chunk->body.len), NULL);
    bool understood = s.bytes != NULL;
    if (understood && exif)
        understood = plan_exif(p, content, "EXIF") == PARSE_OK;
    else if (understood)
        plan_xmp(p, pieces_one(content), "XMP");
    shadow_end(&s);
    if (s.changed)
        put_sum(p, chunk, (uint32_t)crc32_z(0, s.bytes, s.range.len));
    if (!understood) {
        reading_damage(p->r, chunk->body.origin, (int64_t)chunk->body.len, FACT_UNKNOWN_INT,
                       "a chunk of metadata cannot be read");
        drop_chunk(p, chunk, SCRUB_POSITION, "unreadable metadata");
    }
}

/* By the keyword; any other word is followed by what was written for people. */
static enum scrub_kind kind_of_keyword(struct text keyword)
{
    if (text_starts_with(keyword, TEXT("date:")) || text_equal_ignoring_case(keyword, TEXT("Creation Time")))
        return SCRUB_TIME;
    return text_equal_ignoring_case(keyword, TEXT("Software")) ? SCRUB_KIND_COUNT : SCRUB_NAME;
}

/* What a program calls itself may be what another file has for a comment. */
static void take_kept_text(struct plan *p, const struct png_chunk *chunk, struct bytes text)
{
    struct shadow s;

    shadow_begin(&s, p, bytes_part(chunk->whole, 4, 4 + (uint64_t)chunk->body.len), NULL);
    if (s.bytes)
        plan_known_values(p, text, ' ', "text");
    shadow_end(&s);
    if (s.changed)
        put_sum(p, chunk, (uint32_t)crc32_z(0, s.bytes, s.range.len));
}

static void take_text(struct plan *p, const struct png_chunk *chunk)
{
    const uint8_t *nul = chunk->body.len ? memchr(chunk->body.at, 0, chunk->body.len) : NULL;
    const size_t n = nul ? (size_t)(nul - chunk->body.at) : 0;
    const struct text keyword = text_of_bytes(bytes_part(chunk->body, 0, n));

    if (!nul) {
        drop_unknown(p, chunk, "text chunk without a keyword");
        return;
    }
    if (text_equal(keyword, TEXT("XML:com.adobe.xmp")) && chunk->type == PNG_TYPE('i', 'T', 'X', 't')) {
        /* compressed?, method, language, translated keyword */
        struct cursor c = cursor_over(bytes_part(chunk->body, n + 1, UINT64_MAX));
        const uint8_t packed = cursor_u8(&c);
        cursor_skip(&c, 1);
        for (int i = 0; i < 2 && !c.failed; i++) {
            const uint8_t *end = c.rest.len ? memchr(c.rest.at, 0, c.rest.len) : NULL;
            cursor_skip(&c, end ? (size_t)(end - c.rest.at) + 1 : SIZE_MAX);
        }
        if (!c.failed && !packed) {
            take_block(p, chunk, c.rest, false);
            return;
        }
    }
    /* Profiles hold EXIF and XMP as digits, compressed text cannot be changed in place: all of it goes. */
    if (text_starts_with(keyword, TEXT("Raw profile type ")) || text_equal(keyword, TEXT("XML:com.adobe.xmp"))) {
        drop_chunk(p, chunk, SCRUB_POSITION, "packed metadata");
        if (!plan_drops(p, SCRUB_POSITION))
            drop_chunk(p, chunk, SCRUB_SERIAL, "packed metadata");
        return;
    }
    const enum scrub_kind kind = kind_of_keyword(keyword);
    if (kind == SCRUB_KIND_COUNT)
        take_kept_text(p, chunk, bytes_part(chunk->body, n + 1, UINT64_MAX));
    else
        drop_chunk(p, chunk, kind, "text");
}

static void take_chunk(struct plan *p, const struct png_chunk *chunk)
{
    switch (chunk->type) {
    case PNG_TYPE('e', 'X', 'I', 'f'):
        take_block(p, chunk, bytes_part(chunk->body, bytes_start_with(chunk->body, "Exif\0", 5) ? 6 : 0, UINT64_MAX),
                   true);
        break;
    case PNG_TYPE('t', 'E', 'X', 't'): case PNG_TYPE('z', 'T', 'X',
                                                     't'): case PNG_TYPE('i', 'T', 'X', 't'): take_text(p,
                                                                                                        chunk); break;
    case PNG_TYPE('t', 'I', 'M', 'E'): drop_chunk(p, chunk, SCRUB_TIME, "tIME"); break;
    default: {
        const struct harmless *known = find_harmless(chunk->type);
        if (!known)
            drop_unknown(p, chunk, "chunk of unknown kind");
        else if (chunk->body.len > known->length_max)
            plan_left(p, bytes_part(chunk->body, known->length_max, UINT64_MAX), "end of a chunk that is too long");
    }
    }
}

/* Nothing may stand in the image data but rows: a decoder passes over the rest. */
static void take_pixels(struct plan *p, struct bytes whole)
{
    const struct png_pixels px = png_pixels(whole);
    const struct bytes all = bytes_part(whole, px.from - whole.origin, px.until - px.from);

    if (px.missing > 0)
        reading_damage(p->r, all.origin, (int64_t)all.len, FACT_UNKNOWN_INT,
                       "the image data are damaged, or end before the last row");
    if (px.behind_all > 0)
        plan_left(p, px.behind, "bytes behind the image data");
    if (px.surplus > 0 || px.too_large)
        plan_left(p, all, px.surplus ? "image data behind the last row" : "image data, too large to be unpacked");
}

/* A text chunk: length, type, keyword and text, check sum of all but the length. */
static void mark(struct plan *p, struct bytes at)
{
    static const char text[] = "tEXtComment\0" SCRUB_MARK;
    uint8_t *chunk = arena_alloc(p->r->arena, 1, 4 + sizeof text - 1 + 4);

    if (!chunk)
        return;
    chunk[3] = sizeof text - 1 - 4;
    memcpy(chunk + 4, text, sizeof text - 1);
    const uint32_t sum = (uint32_t)crc32_z(0, (const uint8_t *)text, sizeof text - 1);
    for (int i = 0; i < 4; i++)
        chunk[4 + sizeof text - 1 + i] = (uint8_t)(sum >> 8 * (3 - i));
    plan_mark(p, at, chunk, 4 + sizeof text - 1 + 4);
}

enum parse_status plan_png(struct reading *r, struct bytes whole)
{
    struct plan p = plan_begin(r);
    struct png_chunk chunk;
    struct png_walk w;
    bool marked = false;

    if (png_walk_init(&w, whole) != PARSE_OK)
        return PARSE_INVALID;
    while (png_walk_next(&w, &chunk)) {
        if (chunk.missing > 0 || chunk.type_wrong)
            reading_damage(r, chunk.whole.origin, (int64_t)(chunk.missing & INT64_MAX), 1,
                           "a chunk is cut off or has no type");
        else if (!find_harmless(chunk.type) && !png_chunk_sound(&chunk))
            reading_damage(r, chunk.whole.origin, 0, 1, "the check sum of a chunk is wrong");
        if (chunk.missing == 0 && !chunk.type_wrong)
            take_chunk(&p, &chunk);
        if (chunk.type == PNG_TYPE('I', 'H', 'D', 'R') && !marked && plan_marks(&p))
            mark(&p, bytes_part(whole, chunk.whole.origin + chunk.whole.len - whole.origin, 0));
        marked |= chunk.type == PNG_TYPE('I', 'H', 'D', 'R');
    }
    if (!w.ended) {
        reading_damage(r, w.rest.origin, (int64_t)w.rest.len, FACT_UNKNOWN_INT,
                       "the picture has no end: the file was cut off");
        return PARSE_TRUNCATED;
    }
    take_pixels(&p, whole);
    if (plan_drops(&p, SCRUB_PREVIEW))
        plan_remove(&p, w.rest, SCRUB_PREVIEW, "all behind the picture");
    else
        plan_left(&p, w.rest, "all behind the picture");
    return PARSE_OK;
}
