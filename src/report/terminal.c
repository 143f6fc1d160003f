#include "report/terminal.h"

#include <stdint.h>
#include <stdio.h>

enum { ACCENTS_MAX = 2 }; /* in a row; more are only used to smear over other lines */

struct range {
    uint32_t first, last;
};

/* Unicode 15: marks with no width of their own, those that change the direction, and
 * those that are invisible. */
static const struct range deceptive[] = {
    { 0x00ad, 0x00ad },   /* soft hyphen */
    { 0x034f, 0x034f },   /* combining grapheme joiner */
    { 0x061c, 0x061c },   /* Arabic letter mark */
    { 0x115f, 0x1160 },   /* Hangul fillers */
    { 0x17b4, 0x17b5 },
    { 0x180b, 0x180f },   /* Mongolian separators */
    { 0x2000, 0x200f },   /* odd spaces, zero-width, direction marks */
    { 0x2028, 0x202f },   /* line and paragraph separator, bidi embedding and override */
    { 0x205f, 0x206f },   /* invisible operators, bidi isolates */
    { 0x3164, 0x3164 },
    { 0xfe00, 0xfe0f },   /* variation selectors */
    { 0xfeff, 0xfeff },
    { 0xffa0, 0xffa0 },
    { 0xfff0, 0xffff },   /* specials, non-characters */
    { 0xe000, 0xf8ff },   /* private use */
    { 0x1bca0, 0x1bca3 },
    { 0x1d173, 0x1d17a },
    { 0xe0000, 0x10ffff }, /* tags, more selectors, private planes */
};

static const struct range accent[] = {
    { 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x0591, 0x05bd }, { 0x064b, 0x065f }, { 0x1ab0, 0x1aff },
    { 0x1dc0, 0x1dff }, { 0x20d0, 0x20ff }, { 0x302a, 0x302f }, { 0x3099, 0x309a }, { 0xfe20, 0xfe2f },
};

/* East Asian Width W and F, rounded outwards to whole blocks: a text that turns out
 * narrower than counted does no harm. */
static const struct range wide[] = {
    { 0x1100, 0x115e }, { 0x231a, 0x231b }, { 0x23e9, 0x23f3 }, { 0x25fd, 0x25fe }, { 0x2614, 0x2615 },
    { 0x2648, 0x2653 }, { 0x26a1, 0x26ce }, { 0x2705, 0x2728 }, { 0x274c, 0x2757 }, { 0x2795, 0x27bf },
    { 0x2b1b, 0x2b55 }, { 0x2e80, 0xa4cf }, { 0xa960, 0xa97c }, { 0xac00, 0xd7a3 }, { 0xf900, 0xfaff },
    { 0xfe30, 0xfe6f }, { 0xff01, 0xff60 }, { 0xffe0, 0xffe6 }, { 0x16fe0, 0x18cff }, { 0x1aff0, 0x1b2ff },
    { 0x1f000, 0x1faff }, { 0x20000, 0x3ffff },
};

#define COUNT(ranges) (sizeof(ranges) / sizeof *(ranges))

static bool in_ranges(uint32_t c, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}

static uint32_t code_point(const char *at, size_t len)
{
    static const unsigned char lead_bits[5] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
    uint32_t c = (unsigned char)at[0] & lead_bits[len];

    for (size_t i = 1; i < len; i++)
        c = c << 6 | ((unsigned char)at[i] & 0x3f);
    return c;
}

static void show_escaped(struct terminal_piece *piece, const char *format, uint32_t value)
{
    piece->at = piece->escape;
    piece->len = (size_t)snprintf(piece->escape, sizeof piece->escape, format, value);
    piece->columns = (unsigned)piece->len;
}

static bool looks_like_escape(struct text t)
{
    return t.len > 1 && t.at[0] == '\\' && (t.at[1] == 'x' || t.at[1] == 'u' || t.at[1] == '\\');
}

void terminal_next(struct text t, unsigned *accents, struct terminal_piece *piece)
{
    const size_t len = text_utf8_length(t);

    *piece = (struct terminal_piece){ .taken = len ? len : 1, .at = t.at, .len = len, .columns = 1 };
    const uint32_t c = len ? code_point(t.at, len) : (unsigned char)t.at[0];
    const bool is_accent = len > 1 && in_ranges(c, accent, COUNT(accent));
    *accents = is_accent ? *accents + 1 : 0;

    if (len == 0 || c < 0x20 || c == 0x7f || (c >= 0x80 && c <= 0x9f)) {
        show_escaped(piece, "\\x%02x", c);
    } else if (in_ranges(c, deceptive, COUNT(deceptive)) || *accents > ACCENTS_MAX) {
        show_escaped(piece, "\\u{%x}", c);
    } else if (looks_like_escape(t)) {
        piece->at = "\\\\";
        piece->len = piece->columns = 2;
    } else if (is_accent) {
        piece->columns = 0;
    } else if (in_ranges(c, wide, COUNT(wide))) {
        piece->columns = 2;
    }
}

size_t terminal_columns(struct text t)
{
    struct terminal_piece piece;
    unsigned accents = 0;
    size_t columns = 0;

    for (; t.len > 0; t.at += piece.taken, t.len -= piece.taken) {
        terminal_next(t, &accents, &piece);
        columns += piece.columns;
    }
    return columns;
}

size_t terminal_safe(struct buffer *into, struct text t, size_t columns_max)
{
    static const struct text dots = { .at = "...", .len = 3 };
    const bool fits = columns_max == SIZE_MAX || terminal_columns(t) <= columns_max;
    const size_t room = fits ? columns_max : columns_max > dots.len ? columns_max - dots.len : 0;
    struct terminal_piece piece;
    unsigned accents = 0;
    size_t columns = 0;

    for (; t.len > 0; t.at += piece.taken, t.len -= piece.taken) {
        terminal_next(t, &accents, &piece);
        if (columns + piece.columns > room)
            break;
        if (!buffer_add(into, piece.at, piece.len))
            return columns;
        columns += piece.columns;
    }
    for (size_t i = 0; !fits && i < dots.len && columns < columns_max; i++, columns++)
        (void)buffer_add(into, dots.at, 1);
    return columns;
}
