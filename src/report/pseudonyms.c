#include "report/pseudonyms.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/memory.h"

enum { VALUES_MAX = 1 << 20, WORDS_MAX = 16, PREFIX_LONG = 8, PREFIX_SHORT = 4 };

struct entry {
    struct text value, folded, pseudonym; /* folded: letters of ASCII in lower case */
    uint32_t next_value, next_prefix;     /* in their buckets: entry + 1 */
    bool word;                            /* lower-case letters and "_" alone */
};

struct pseudonyms {
    struct arena *arena;
    struct entry *entries;
    size_t count, room;
    uint32_t *by_value, *by_prefix;
    size_t buckets;                       /* a power of two */
    struct { const char *word; size_t count; } words[WORDS_MAX];
    bool full;
};

static char fold(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c; }

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

struct pseudonyms *pseudonyms_new(void)
{
    struct pseudonyms *p = memory_alloc_array(1, sizeof *p);

    p->arena = arena_new(0);
    return p;
}

void pseudonyms_free(struct pseudonyms *p)
{
    if (!p)
        return;
    arena_free(p->arena);
    free(p->entries);
    free(p->by_value);
    free(p->by_prefix);
    free(p);
}

bool pseudonyms_complete(const struct pseudonyms *p) { return !p->full; }

static uint64_t folded_hash(const char *at, size_t len, uint64_t seed)
{
    char folded[256];
    uint64_t hash = seed;

    while (len > 0) {
        const size_t n = len < sizeof folded ? len : sizeof folded;
        for (size_t i = 0; i < n; i++)
            folded[i] = fold(at[i]);
        hash = hash_mix(folded, n, hash);
        at += n;
        len -= n;
    }
    return hash;
}

static size_t prefix_of(size_t len)
{
    return len >= PREFIX_LONG ? PREFIX_LONG : len >= PREFIX_SHORT ? PREFIX_SHORT : 0;
}

static void link_entry(struct pseudonyms *p, uint32_t nth)
{
    struct entry *e = &p->entries[nth];
    const size_t prefix = prefix_of(e->value.len);
    uint32_t *value = &p->by_value[folded_hash(e->value.at, e->value.len, 0) & (p->buckets - 1)];

    e->next_value = *value;
    *value = nth + 1;
    if (prefix == 0)
        return;
    uint32_t *start = &p->by_prefix[folded_hash(e->value.at, prefix, prefix) & (p->buckets - 1)];
    e->next_prefix = *start;
    *start = nth + 1;
}

static void grow(struct pseudonyms *p)
{
    p->room = p->room ? 2 * p->room : 256;
    p->entries = memory_resize_array(p->entries, p->room, sizeof *p->entries);
    free(p->by_value);
    free(p->by_prefix);
    p->buckets = 2 * p->room;
    p->by_value = memory_alloc_array(p->buckets, sizeof *p->by_value);
    p->by_prefix = memory_alloc_array(p->buckets, sizeof *p->by_prefix);
    for (uint32_t i = 0; i < p->count; i++)
        link_entry(p, i);
}

static const struct entry *find(const struct pseudonyms *p, struct text value)
{
    if (p->count == 0 || value.len == 0)
        return NULL;
    for (uint32_t i = p->by_value[folded_hash(value.at, value.len, 0) & (p->buckets - 1)]; i;
         i = p->entries[i - 1].next_value)
        if (text_equal_ignoring_case(p->entries[i - 1].value, value))
            return &p->entries[i - 1];
    return NULL;
}

struct text pseudonyms_find(const struct pseudonyms *p, struct text value)
{
    const struct entry *e = find(p, value);

    return e ? e->pseudonym : TEXT_UNKNOWN;
}

static bool is_word(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if (!(t.at[i] >= 'a' && t.at[i] <= 'z') && t.at[i] != '_')
            return false;
    return true;
}

static void add_entry(struct pseudonyms *p, struct text value, struct text pseudonym)
{
    if (p->count == VALUES_MAX) {
        p->full = true;
        return;
    }
    if (p->count == p->room)
        grow(p);
    char *folded = arena_alloc(p->arena, value.len + 1, 1);
    for (size_t i = 0; i < value.len; i++)
        folded[i] = fold(value.at[i]);
    p->entries[p->count] = (struct entry){ .value = arena_text(p->arena, value),
                                           .folded = { .at = folded, .len = value.len },
                                           .pseudonym = pseudonym, .word = is_word(value) };
    link_entry(p, (uint32_t)p->count++);
}

void pseudonyms_add_alias(struct pseudonyms *p, struct text pseudonym, struct text value)
{
    if (value.len > 0 && !find(p, value))
        add_entry(p, value, pseudonym);
}

static size_t next_number(struct pseudonyms *p, const char *word)
{
    for (size_t i = 0; i < WORDS_MAX; i++) {
        if (!p->words[i].word)
            p->words[i].word = word;
        if (strcmp(p->words[i].word, word) == 0)
            return ++p->words[i].count;
    }
    abort(); /* more words than the table of report/redact_fields.c has */
}

/* 60:60:1f:01:02:03: the same digits as others write them. */
static void add_spellings(struct pseudonyms *p, struct text value, struct text pseudonym)
{
    static const char marks[] = { ':', '-', '\0' };
    char digits[12], spelt[17];
    size_t count = 0;

    if (value.len != 17 && value.len != 12)
        return;
    for (size_t i = 0; i < value.len; i++) {
        const bool mark = value.len == 17 && i % 3 == 2;
        if (mark ? value.at[i] != ':' && value.at[i] != '-' : !is_letter_or_digit(value.at[i]) ||
            fold(value.at[i]) > 'f')
            return;
        if (!mark)
            digits[count++] = fold(value.at[i]);
    }
    for (size_t m = 0; m < sizeof marks; m++) {
        size_t len = 0;
        for (size_t i = 0; i < 12; i++) {
            if (i > 0 && i % 2 == 0 && marks[m])
                spelt[len++] = marks[m];
            spelt[len++] = digits[i];
        }
        pseudonyms_add_alias(p, pseudonym, (struct text){ .at = spelt, .len = len });
    }
}

struct text pseudonyms_add(struct pseudonyms *p, const char *word, struct text value)
{
    const struct entry *known = find(p, value);

    if (known || value.len == 0)
        return known ? known->pseudonym : value;
    const struct text pseudonym = arena_printf(p->arena, "%s-%zu", word, next_number(p, word));
    add_entry(p, value, pseudonym);
    add_spellings(p, value, pseudonym);
    return pseudonym;
}

/* Whether the value stands at `at` of the text. */
static bool stands_at(const struct entry *e, struct text t, size_t at)
{
    if (e->value.len > t.len - at)
        return false;
    for (size_t i = 0; i < e->value.len; i++)
        if (fold(t.at[at + i]) != e->folded.at[i])
            return false;
    if (e->value.len >= PREFIX_LONG)
        return true;
    const size_t end = at + e->value.len;
    const bool before = at > 0 && is_letter_or_digit(t.at[at - 1]) && is_letter_or_digit(t.at[at]);
    return !before && !(end < t.len && is_letter_or_digit(t.at[end]) && is_letter_or_digit(t.at[end - 1]));
}

static const struct entry *longest_at(const struct pseudonyms *p, struct text t, size_t at, bool words_stay)
{
    static const size_t prefixes[] = { PREFIX_LONG, PREFIX_SHORT };
    const struct entry *best = NULL;

    for (size_t k = 0; k < 2 && !best; k++) {
        if (t.len - at < prefixes[k])
            continue;
        for (uint32_t i = p->by_prefix[folded_hash(t.at + at, prefixes[k], prefixes[k]) & (p->buckets - 1)]; i;
             i = p->entries[i - 1].next_prefix) {
            const struct entry *e = &p->entries[i - 1];
            if ((!best || e->value.len > best->value.len) && !(words_stay && e->word) && stands_at(e, t, at))
                best = e;
        }
    }
    return best;
}

bool pseudonyms_replace(const struct pseudonyms *p, struct buffer *into, struct text t, bool words_stay)
{
    size_t plain = 0, at = 0;

    while (p->count > 0 && at < t.len) {
        const struct entry *e = longest_at(p, t, at, words_stay);
        if (!e) {
            at++;
            continue;
        }
        if (!buffer_add(into, t.at + plain, at - plain) || !buffer_add_text(into, e->pseudonym))
            return false;
        at += e->value.len;
        plain = at;
    }
    return buffer_add(into, t.at + plain, t.len - plain);
}

void pseudonyms_each(const struct pseudonyms *p, void (*each)(void *user, struct text value, struct text pseudonym),
                     void *user)
{
    for (size_t i = 0; i < p->count; i++)
        each(user, p->entries[i].value, p->entries[i].pseudonym);
}
