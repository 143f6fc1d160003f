#include "flightlog/dataflash_format.h"

#include <math.h>
#include <string.h>

#include "fact/fact.h"

enum { HEAD = 3, TEXT_SHORT = 4, TEXT_MIDDLE = 16, TEXT_LONG = 64 };

enum kind { KIND_NONE, KIND_SIGNED, KIND_UNSIGNED, KIND_REAL, KIND_TEXT, KIND_ARRAY };

static const struct letter {
    uint8_t bytes;
    enum kind kind;
    double divisor;                      /* of the whole number that is stored */
} letters[128] = {
    ['a'] = { 64, KIND_ARRAY, 1 },
    ['b'] = { 1, KIND_SIGNED, 1 }, ['B'] = { 1, KIND_UNSIGNED, 1 }, ['M'] = { 1, KIND_UNSIGNED, 1 },
    ['h'] = { 2, KIND_SIGNED, 1 }, ['H'] = { 2, KIND_UNSIGNED, 1 }, ['c'] = { 2, KIND_SIGNED, 100 }, ['C'] = { 2, KIND_UNSIGNED, 100 },
    ['i'] = { 4, KIND_SIGNED, 1 }, ['I'] = { 4, KIND_UNSIGNED, 1 }, ['e'] = { 4, KIND_SIGNED, 100 }, ['E'] = { 4, KIND_UNSIGNED, 100 },
    ['L'] = { 4, KIND_SIGNED, 1e7 },
    ['q'] = { 8, KIND_SIGNED, 1 }, ['Q'] = { 8, KIND_UNSIGNED, 1 },
    ['g'] = { 2, KIND_REAL, 1 }, ['f'] = { 4, KIND_REAL, 1 }, ['d'] = { 8, KIND_REAL, 1 },
    ['n'] = { TEXT_SHORT, KIND_TEXT, 1 }, ['N'] = { TEXT_MIDDLE, KIND_TEXT, 1 }, ['Z'] = { TEXT_LONG, KIND_TEXT, 1 },
};

static const struct letter *letter_of(char c)
{
    return (unsigned char)c < 128 ? &letters[(unsigned char)c] : &letters[0];
}

static struct text trimmed(struct text t)
{
    while (t.len > 0 && (*t.at == ' ' || *t.at == '\t')) {
        t.at++;
        t.len--;
    }
    while (t.len > 0 && (t.at[t.len - 1] == ' ' || t.at[t.len - 1] == '\t' || t.at[t.len - 1] == '\r'))
        t.len--;
    return t;
}

struct text dataflash_value(struct text *rest)
{
    const char *comma = rest->len ? memchr(rest->at, ',', rest->len) : NULL;
    struct text value = *rest;

    if (comma)
        value.len = (size_t)(comma - rest->at);
    const size_t taken = value.len + (comma ? 1 : 0);
    rest->at += taken;
    rest->len -= taken;
    return trimmed(value);
}

static bool is_name(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if (t.at[i] <= ' ' || (unsigned char)t.at[i] >= 0x7f)
            return false;
    return t.len > 0;
}

bool dataflash_format_set(struct dataflash_format *ret, struct arena *arena, uint8_t type, uint8_t bytes,
                          struct text name,
                          struct text letters_text, struct text columns)
{
    struct dataflash_format f = { .known = true, .type = type };
    struct text rest = arena_text(arena, columns);
    size_t at = 0;

    f.name = arena_text(arena, name);
    f.columns_text = rest;
    if (!text_known(rest) || !text_known(f.name) || !is_name(name) || name.len > DATAFLASH_NAME_MAX ||
        letters_text.len > DATAFLASH_COLUMNS_MAX)
        return false;
    for (; f.count < letters_text.len; f.count++) {
        const struct letter *l = letter_of(letters_text.at[f.count]);
        if (l->kind == KIND_NONE || at > UINT8_MAX)
            return false;
        f.letters[f.count] = letters_text.at[f.count];
        f.offset[f.count] = (uint8_t)at;
        at += l->bytes;
        f.columns[f.count] = dataflash_value(&rest);
        if (!is_name(f.columns[f.count]))
            return false;
    }
    if (rest.len > 0 || at + HEAD > UINT8_MAX || (bytes && at + HEAD != bytes))
        return false;
    f.bytes = (uint8_t)(at + HEAD);
    memset(f.column, -1, sizeof f.column);
    *ret = f;
    return true;
}

int dataflash_column(const struct dataflash_format *format, const char *name)
{
    for (unsigned i = 0; i < format->count; i++)
        if (text_equal(format->columns[i], text_of(name)))
            return (int)i;
    return -1;
}

void dataflash_split(struct dataflash_record *record, struct text behind_name)
{
    const unsigned count = record->format->count;

    record->is_text = true;
    record->value_count = 0;
    while (record->value_count < count && behind_name.len > 0) {
        const bool last = record->value_count + 1 == count;
        record->values[record->value_count++] = last ? trimmed(behind_name) : dataflash_value(&behind_name);
        if (last)
            break;
    }
}

/* IEEE 754 binary16. */
static double half(uint16_t bits)
{
    const int exponent = bits >> 10 & 31, fraction = bits & 1023;
    const double magnitude = exponent == 31 ? (fraction ? FACT_UNKNOWN_REAL : INFINITY)
                           : exponent == 0 ? ldexp(fraction, -24) : ldexp(fraction + 1024, exponent - 25);

    return bits & 0x8000 ? -magnitude : magnitude;
}

static double real_of_bytes(struct cursor *c, char letter)
{
    switch (letter) {
    case 'g': return half(cursor_u16le(c));
    case 'f': return (double)cursor_f32le(c);
    default:  return cursor_f64le(c);
    }
}

static int64_t int_of_bytes(struct cursor *c, const struct letter *l)
{
    const uint64_t value = cursor_uint_le(c, l->bytes);
    const unsigned unused = 64 - 8u * l->bytes;

    if (l->kind == KIND_SIGNED)
        return (int64_t)(value << unused) >> unused;
    return value <= INT64_MAX ? (int64_t)value : FACT_UNKNOWN_INT;
}

static struct cursor at_column(const struct dataflash_record *r, int column)
{
    struct cursor c = cursor_over(bytes_part(r->body, r->format->offset[column], UINT64_MAX));

    c.failed = c.rest.len < letter_of(r->format->letters[column])->bytes;
    return c;
}

double dataflash_real(const struct dataflash_record *r, int column)
{
    double value;

    if (column < 0)
        return FACT_UNKNOWN_REAL;
    if (r->is_text)
        return (unsigned)column < r->value_count && text_to_real(r->values[column], &value) ? value : FACT_UNKNOWN_REAL;
    const char c = r->format->letters[column];
    const struct letter *l = letter_of(c);
    struct cursor at = at_column(r, column);
    if (at.failed || l->kind == KIND_TEXT || l->kind == KIND_ARRAY)
        return FACT_UNKNOWN_REAL;
    if (l->kind == KIND_REAL)
        return real_of_bytes(&at, c);
    const int64_t whole = int_of_bytes(&at, l);
    return fact_known_int(whole) ? (double)whole / l->divisor : FACT_UNKNOWN_REAL;
}

int64_t dataflash_int(const struct dataflash_record *r, int column)
{
    int64_t value;

    if (column < 0)
        return FACT_UNKNOWN_INT;
    if (r->is_text)
        return (unsigned)column < r->value_count && text_to_int(r->values[column], INT64_MIN + 1, INT64_MAX, &value)
                   ? value : FACT_UNKNOWN_INT;
    const struct letter *l = letter_of(r->format->letters[column]);
    struct cursor at = at_column(r, column);
    return at.failed || (l->kind != KIND_SIGNED && l->kind != KIND_UNSIGNED) ? FACT_UNKNOWN_INT : int_of_bytes(&at, l);
}

struct text dataflash_text(const struct dataflash_record *r, int column)
{
    if (column < 0)
        return TEXT_UNKNOWN;
    if (r->is_text)
        return (unsigned)column < r->value_count ? r->values[column] : TEXT_UNKNOWN;
    const struct letter *l = letter_of(r->format->letters[column]);
    return l->kind == KIND_TEXT ? text_of_padded(bytes_part(r->body, r->format->offset[column],
                                                            l->bytes)) : TEXT_UNKNOWN;
}
