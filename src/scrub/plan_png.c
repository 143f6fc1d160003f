#include "scrub/plan_png.h"

#include <zlib.h>

#include "media/png_pixels.h"
#include "media/png_walk.h"
#include "scrub/mark.h"
#include "scrub/plan_exif.h"
#include "scrub/plan_xmp.h"
#include "scrub/repack.h"
#include "scrub/shadow.h"

/* W3C PNG third edition, section 4.7, and the registered extensions: chunks that name nothing, and how long they are at
 * most. */
static const struct harmless {
    char type[5];
    uint32_t length_max;
    bool wordy; /* has names in it, or what a program put there: pixels and how they are packed have none */
} harmless[] = {
    { "IHDR", 13, false }, { "PLTE", 768, false }, { "IDAT", UINT32_MAX, false }, { "IEND", 0, false }, { "gAMA", 4, false }, { "cHRM", 32, false },
    { "sRGB", 1, false }, { "iCCP", UINT32_MAX, true }, { "sBIT", 4, false }, { "bKGD", 6, false }, { "hIST", 512, false }, { "tRNS", 256, false },
    { "pHYs", 9, false }, { "sPLT", UINT32_MAX, true }, { "acTL", 8, false }, { "fcTL", 26, false }, { "fdAT", UINT32_MAX, false }, { "cICP", 4, false },
    { "mDCV", 24, false }, { "cLLI", 8, false }, { "oFFs", 9, false }, { "pCAL", UINT32_MAX, true }, { "sCAL", 64, true }, { "sTER", 1, false },
    { "gIFg", 4, false }, { "gIFx", UINT32_MAX, true }, { "gIFt", UINT32_MAX, true },
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

/* Words that end with a zero each. */
static void skip_words(struct cursor *c, int count)
{
    for (int i = 0; i < count && !c->failed; i++) {
        const uint8_t *end = c->rest.len ? memchr(c->rest.at, 0, c->rest.len) : NULL;
        cursor_skip(c, end ? (size_t)(end - c->rest.at) + 1 : SIZE_MAX);
    }
}

/* Bytes that say something without which the picture is the same, but for what a known value stands in. */
static void take_words(struct plan *p, const struct png_chunk *chunk, struct bytes words, uint8_t fill)
{
    struct shadow s;

    shadow_begin(&s, p, bytes_part(chunk->whole, 4, 4 + (uint64_t)chunk->body.len), NULL);
    if (s.bytes)
        plan_known_values(p, words, fill, "text");
    shadow_end(&s);
    if (s.changed)
        put_sum(p, chunk, (uint32_t)crc32_z(0, s.bytes, s.range.len));
}

enum packed_text { PACKED_CLEAR, PACKED_BLANKED, PACKED_TIGHT, PACKED_UNREAD };

/* What is compressed is packed anew, in its old length, so that nothing behind it moves. */
static enum packed_text take_packed(struct plan *p, const struct png_chunk *chunk, struct bytes packed, uint8_t fill,
                                    enum scrub_kind *ret_kind)
{
    struct shadow s;
    size_t plain_bytes, packed_bytes;
    uint8_t *plain;

    if (!repack_open(p->r->arena, packed, &plain, &plain_bytes, &packed_bytes) || packed_bytes < packed.len)
        return PACKED_UNREAD;
    *ret_kind = plan_blank_known(p, plain, plain_bytes, fill);
    if (*ret_kind == SCRUB_KIND_COUNT)
        return PACKED_CLEAR;
    const uint8_t *again = repack_close(p->r->arena, (struct bytes){ .at = plain, .len = plain_bytes }, packed.len);
    if (!again)
        return PACKED_TIGHT;
    shadow_begin(&s, p, bytes_part(chunk->whole, 4, 4 + (uint64_t)chunk->body.len), NULL);
    for (size_t at = 0; s.bytes && at < packed.len; at += EDIT_PIECE_BYTES) {
        const struct bytes piece = bytes_part(packed, at, EDIT_PIECE_BYTES);
        plan_overwrite(p, piece, again + at, piece.len, *ret_kind, "packed text");
    }
    shadow_end(&s);
    if (s.changed)
        put_sum(p, chunk, (uint32_t)crc32_z(0, s.bytes, s.range.len));
    return s.bytes ? PACKED_BLANKED : PACKED_TIGHT;
}

static void take_packed_text(struct plan *p, const struct png_chunk *chunk, struct bytes packed)
{
    enum scrub_kind kind;

    switch (take_packed(p, chunk, packed, ' ', &kind)) {
    case PACKED_UNREAD: drop_unknown(p, chunk, "packed text that cannot be unpacked"); break;
    case PACKED_TIGHT: drop_chunk(p, chunk, kind, "packed text"); break;
    default: break;
    }
}

/* A text that stays: what a program calls itself may be what another file has for a comment. */
static void take_kept_text(struct plan *p, const struct png_chunk *chunk, struct bytes keyword, struct bytes behind)
{
    struct cursor c = cursor_over(behind);
    bool packed = chunk->type == PNG_TYPE('z', 'T', 'X', 't');

    if (packed) {
        cursor_skip(&c, 1);
    } else if (chunk->type == PNG_TYPE('i', 'T', 'X', 't')) {
        packed = cursor_u8(&c) != 0;
        cursor_skip(&c, 1);
        skip_words(&c, 2);
    }
    if (c.failed) {
        drop_unknown(p, chunk, "text chunk that ends too early");
        return;
    }
    take_words(p, chunk, keyword, 'x'); /* blanks are no keyword */
    if (packed)
        take_packed_text(p, chunk, c.rest);
    else
        take_words(p, chunk, behind, ' ');
}

/* The third edition, 11.3.2.3: a name, the method, what is compressed.  Without it, the colours would be others. */
static void take_profile(struct plan *p, const struct png_chunk *chunk)
{
    struct cursor c = cursor_over(chunk->body);
    enum scrub_kind kind;

    skip_words(&c, 1);
    const struct bytes name = bytes_part(chunk->body, 0, c.rest.origin - chunk->body.origin);
    cursor_skip(&c, 1);
    if (c.failed || take_packed(p, chunk, c.rest, 0, &kind) == PACKED_UNREAD)
        plan_left(p, chunk->body, "colour profile that cannot be unpacked");
    else
        take_words(p, chunk, name, 'x');
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
        skip_words(&c, 2);
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
    if (kind == SCRUB_KIND_COUNT || !plan_drops(p, kind))
        take_kept_text(p, chunk, bytes_part(chunk->body, 0, n), bytes_part(chunk->body, n + 1, UINT64_MAX));
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
        else if (chunk->type == PNG_TYPE('i', 'C', 'C', 'P'))
            take_profile(p, chunk);
        else if (known->wordy)
            take_words(p, chunk, chunk->body, 0);
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
