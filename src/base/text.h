#ifndef LEASH_BASE_TEXT_H
#define LEASH_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"

/* Characters that somebody else owns; not NUL-terminated.  `at == NULL` means
 * unknown, which is not the same as empty.  The bytes may be anything: text
 * from evidence is made safe where it leaves the program, not before. */
struct text {
    const char *at;
    size_t len;
};

struct text_list {
    const struct text *items;
    size_t count;
};

#define TEXT(literal) ((struct text){ .at = (literal), .len = sizeof(literal) - 1 })
/* The same where the language wants a constant: initialisers of static objects. */
#define TEXT_INIT(literal) { .at = (literal), .len = sizeof(literal) - 1 }
#define TEXT_UNKNOWN  ((struct text){ .at = NULL, .len = 0 })

struct text text_of(const char *nul_terminated); /* NULL gives TEXT_UNKNOWN */
static inline struct text text_of_bytes(struct bytes b)
{
    return (struct text){ .at = b.len ? (const char *)b.at : "", .len = b.len };
}

static inline bool text_known(struct text t) { return t.at != NULL; }

static inline bool text_equal(struct text a, struct text b)
{
    return a.len == b.len && !a.at == !b.at && bytes_same(a.at, b.at, a.len);
}

bool text_equal_ignoring_case(struct text a, struct text b); /* ASCII only */
static inline bool text_starts_with(struct text t, struct text prefix)
{
    return t.len >= prefix.len && bytes_same(t.at, prefix.at, prefix.len);
}
bool text_ends_with(struct text t, struct text suffix);
/* Byte order; unknown sorts before empty.  For qsort-like use. */
int text_compare(struct text a, struct text b);

/* A fixed-width field as found in binary records: up to the first NUL, without
 * blanks at the end.  TEXT_UNKNOWN when nothing is left. */
struct text text_of_padded(struct bytes field);

/* The length of the well-formed UTF-8 character at the start of `t`, 0 if it is none. */
size_t text_utf8_length(struct text t);

/* A whole decimal number in [min, max] and nothing else; false leaves `ret` alone. */
bool text_to_int(struct text t, int64_t min, int64_t max, int64_t *ret);
/* The decimal digits of a number, with its sign and no NUL; gives how many characters. */
enum { TEXT_INT_MAX = 20 };
size_t text_put_int(char into[TEXT_INT_MAX], int64_t value);
/* The same, for numbers that are of one digit or two mostly: those without a call. */
static inline size_t text_put_small(char into[TEXT_INT_MAX], int64_t value)
{
    if (value < 0 || value >= 100)
        return text_put_int(into, value);
    const unsigned tens = (unsigned)value * 103 >> 10, ones = (unsigned)value - 10 * tens;
    const bool two = tens > 0;
    into[0] = (char)('0' + tens);
    into[two] = (char)('0' + ones);
    return 1 + (size_t)two;
}
/* How many characters at the start of `t` are printable ASCII: from the blank to the tilde. */
size_t text_printable_prefix(struct text t);
/* Two decimal digits; `value` is below 100. */
void text_put_pair(char into[2], unsigned value);
/* A decimal number with optional sign, fraction and exponent, locale-independent. */
bool text_to_real(struct text t, double *ret);
/* The same for a number at the start of `t`, which is moved behind it; false leaves both alone.
 * An exponent counts only when it is whole: "1e" is 1, and "e" stays. */
bool text_take_real(struct text *t, double *ret);

#endif
