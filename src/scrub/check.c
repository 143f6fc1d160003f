#include "scrub/check.h"

#include <string.h>

#include "leak/index.h"
#include "leak/residue.h"
#include "media/png.h"
#include "media/png_pixels.h"
#include "scrub/coded.h"
#include "scrub/request.h"

enum { MEDIA_PART_BYTES = 64 << 20, LOG_PART_BYTES = 8 << 20, PARTS_MAX = 8 };
#define PART_WORD ", part "

/* A PNG is understood as a whole, and how much a file's parts may unpack to hangs on their size: those of pictures are
 * larger than they mostly are. */
unsigned scrub_check_parts(const char *kind, uint64_t bytes)
{
    const char *what = secret_file_what(kind);
    const uint64_t parts = bytes / (what && strcmp(what, "log_file") == 0 ? LOG_PART_BYTES : MEDIA_PART_BYTES);

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

static enum parse_status search(struct reading *r, struct bytes whole)
{
    const struct scrub_request *request = scrub_request_of(r);
    struct coded coded;
    unsigned number, parts;

    if (!part_of(r->name, &number, &parts))
        return PARSE_INVALID;
    const uint64_t each = whole.len / parts;
    if (request->index && parts == 1 && png_recognise(whole))
        search_png(request->index, r, whole);
    else if (request->index)
        (void)residue_find_beside(request->index, r, whole, number * each,
                                  number + 1 == parts ? whole.len : (number + 1) * each, coded_begin(&coded, whole));
    return PARSE_OK;
}

const struct format scrub_check = { "copy", PASS_STORED, nothing, search };
