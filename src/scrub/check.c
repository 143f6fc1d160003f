#include "scrub/check.h"

#include <string.h>

#include "base/hash.h"
#include "leak/index.h"
#include "leak/residue.h"
#include "media/jpeg_walk.h"
#include "media/png_pixels.h"
#include "scrub/request.h"

enum { PART_BYTES = 64 << 20, PARTS_MAX = 8 };
#define PART_WORD ", part "

unsigned scrub_check_parts(uint64_t bytes)
{
    const uint64_t parts = bytes / PART_BYTES;

    return parts < 1 ? 1 : parts < PARTS_MAX ? (unsigned)parts : PARTS_MAX;
}

struct text scrub_check_name(struct arena *arena, struct text path, unsigned number, unsigned parts)
{
    return arena_printf(arena, "%.*s" PART_WORD "%u/%u", (int)path.len, path.at, number, parts);
}

/* The two numbers at the end of the name, each of one digit; false: they make no sense. */
static bool part_of(struct text name, unsigned *ret_number, unsigned *ret_parts)
{
    enum { DIGITS = 3 }; /* "0/1" */

    if (name.len < strlen(PART_WORD) + DIGITS || memcmp(name.at + name.len - strlen(PART_WORD) - DIGITS, PART_WORD,
                                                        strlen(PART_WORD)) != 0)
        return false;
    const char *at = name.at + name.len - DIGITS;
    *ret_number = (unsigned)at[0] - '0';
    *ret_parts = (unsigned)at[2] - '0';
    return at[1] == '/' && *ret_parts >= 1 && *ret_parts <= PARTS_MAX && *ret_number < *ret_parts;
}

static bool nothing(struct bytes whole)
{
    (void)whole;
    return false;
}

/* Scans of a JPEG are a coded picture: they are searched as they stand, for each value in each of its forms, and
 * nothing in them is unpacked nor tried for keys, but for their ends, where something could stand behind the picture's
 * last unit. */
static void search_jpeg(const struct leak_index *index, struct reading *r, struct bytes whole)
{
    enum { SCAN_MIN = 512 * 1024, END_BYTES = 64 * 1024 };
    struct leak_index as_it_stands = *index;
    struct jpeg_segment segment;
    struct jpeg_walk w;
    uint64_t done = 0;

    as_it_stands.limits.depth = 0;
    for (bool any = jpeg_walk_init(&w, whole) == PARSE_OK && jpeg_walk_next(&w, &segment); any; ) {
        const bool is_scan = segment.marker == JPEG_SOS;
        const uint64_t from = w.rest.origin - whole.origin;
        any = jpeg_walk_next(&w, &segment);
        const uint64_t until = segment.body.origin - whole.origin; /* of what is behind the next marker */
        if (!any || !is_scan || until - from < SCAN_MIN)
            continue;
        (void)residue_find_part(index, r, whole, done, from);
        done = until - END_BYTES;
        (void)residue_find_understood(&as_it_stands, r, whole, from, done);
    }
    (void)residue_find_part(index, r, whole, done, whole.len);
}

/* Rows of a PNG are pixels, however much they unpack to. */
static void search_png(const struct leak_index *index, struct reading *r, struct bytes whole)
{
    const struct png_pixels px = png_pixels(whole);

    if (!px.whole) {
        (void)residue_find(index, r, whole);
        return;
    }
    const uint64_t from = px.from - whole.origin, until = px.until - whole.origin;
    (void)residue_find_part(index, r, whole, 0, from);
    (void)residue_find_understood(index, r, whole, from, until);
    (void)residue_find_part(index, r, whole, until, whole.len);
}

static void search_whole(const struct leak_index *index, struct reading *r, struct bytes whole)
{
    if (bytes_start_with(whole, "\xff\xd8", 2))
        search_jpeg(index, r, whole);
    else
        search_png(index, r, whole);
}

static enum parse_status search(struct reading *r, struct bytes whole)
{
    const struct scrub_request *request = scrub_request_of(r);
    unsigned number, parts;

    if (!part_of(r->name, &number, &parts))
        return PARSE_INVALID;
    const uint64_t each = whole.len / parts;
    if (request->index && parts == 1)
        search_whole(request->index, r, whole);
    else if (request->index)
        (void)residue_find_part(request->index, r, whole, number * each,
                                number + 1 == parts ? whole.len : (number + 1) * each);
    return PARSE_OK;
}

static enum parse_status sum(struct reading *r, struct bytes whole)
{
    enum { SUMMED_BYTES = 4 << 20 };
    struct sha256 *h = sha256_new();
    uint8_t digest[SHA256_BYTES];
    char hex[SHA256_HEX];
    struct fact_evidence row;

    for (uint64_t at = 0; at < whole.len; at += SUMMED_BYTES) {
        const struct bytes piece = bytes_part(whole, at, SUMMED_BYTES);
        sha256_add(h, piece);
        if (r->passed)
            r->passed(r, at + piece.len);
    }
    sha256_finish(h, digest);
    sha256_free(h);
    hash_hex(digest, sizeof digest, hex);
    fact_init(FACT_EVIDENCE, &row);
    row.sha256 = (struct text){ hex, sizeof hex };
    fact_put(r->facts, FACT_EVIDENCE, &row);
    return PARSE_OK;
}

const struct format scrub_sum = { "sum", PASS_STORED, nothing, sum };
const struct format scrub_check = { "copy", PASS_STORED, nothing, search };
