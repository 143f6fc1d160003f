#include "app/app.h"

enum { RUN_UNITS_MIN = 8, RUN_UNITS_MAX = 4096 };

static bool printable(const uint8_t *at)
{
    return at[0] >= 0x20 && at[0] < 0x7f && at[1] == 0;
}

/* Four printable characters, of which each has a zero behind it; looked at together, because nearly always they are
 * none. */
static bool four_wide(const uint8_t *at)
{
    const uint64_t ones = UINT64_C(0x0001000100010001), high = UINT64_C(0x0080008000800080);
    uint64_t word;

    memcpy(&word, at, sizeof word);
    if (word & ~(ones * 0x7f)) /* a high byte, or a bit that no such character has */
        return false;
    return ((word + ones * 0x60) & high) == high; /* each 0x20 and more */
}

/* The next run of such characters from `*at` on, as narrow text in `into`; false at the end. */
static bool next_run(struct bytes b, size_t *at, char into[RUN_UNITS_MAX], size_t *ret_begin, size_t *ret_len)
{
    for (size_t i = *at; i + 9 <= b.len; i += 8) {
        const size_t odd = !four_wide(b.at + i);
        if (odd && !four_wide(b.at + i + 1))
            continue;
        size_t begin = i + odd, end = begin, len = 0;
        while (begin >= *at + 2 && printable(b.at + begin - 2))
            begin -= 2;
        for (end = begin; end + 2 <= b.len && len < RUN_UNITS_MAX && printable(b.at + end); end += 2)
            into[len++] = (char)b.at[end];
        if (len < RUN_UNITS_MIN)
            continue;
        *ret_begin = begin;
        *ret_len = len;
        *at = end;
        return true;
    }
    return false;
}

void app_search_wide_texts(struct app *a, struct bytes content, const struct zip_entry *e)
{
    size_t at = 0, begin, len;
    char text[RUN_UNITS_MAX];

    while (next_run(content, &at, text, &begin, &len)) {
        const struct bytes narrow = { .at = (const uint8_t *)text, .len = len };
        app_search_hosts(a, narrow, e, begin, 2);
        app_search_keys(a, narrow, e, begin, 2);
    }
}
