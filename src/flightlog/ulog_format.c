#include "flightlog/ulog_format.h"

#include <string.h>

#include "fact/fact.h"

/* PX4 has some 250 topics with up to 100 fields; records are at most 65,535 bytes long, by their
 * length's width. */
enum { FORMATS_MAX = 2048, FIELDS_MAX = 1024, RECORD_BYTES_MAX = 65535, DEPTH_MAX = 8 };

static const struct {
    const char *name;
    uint8_t bytes;
} types[] = {
    [ULOG_NESTED] = { "", 0 },
    [ULOG_I8] = { "int8_t", 1 }, [ULOG_U8] = { "uint8_t", 1 },
    [ULOG_I16] = { "int16_t", 2 }, [ULOG_U16] = { "uint16_t", 2 },
    [ULOG_I32] = { "int32_t", 4 }, [ULOG_U32] = { "uint32_t", 4 },
    [ULOG_I64] = { "int64_t", 8 }, [ULOG_U64] = { "uint64_t", 8 },
    [ULOG_FLOAT] = { "float", 4 }, [ULOG_DOUBLE] = { "double", 8 },
    [ULOG_BOOL] = { "bool", 1 }, [ULOG_CHAR] = { "char", 1 },
};

struct ulog_field {
    struct text name, type_name;
    enum ulog_type type;
    uint32_t count;
};

enum size_state { SIZE_NOT_ASKED, SIZE_BEING_ASKED, SIZE_KNOWN };

struct ulog_format {
    struct text name;
    struct ulog_field *fields;
    uint32_t field_count;
    enum size_state state;
    uint32_t bytes;
};

struct ulog_formats {
    struct arena *arena;
    struct ulog_format *items[FORMATS_MAX];
    size_t count;
};

size_t ulog_type_bytes(enum ulog_type type)
{
    return types[type].bytes;
}

enum ulog_type ulog_type_find(struct text name)
{
    for (size_t i = 1; i < sizeof types / sizeof *types; i++)
        if (text_equal(name, text_of(types[i].name)))
            return (enum ulog_type)i;
    return ULOG_NESTED;
}

struct ulog_formats *ulog_formats_new(struct arena *arena)
{
    struct ulog_formats *formats = arena_alloc(arena, 1, sizeof *formats);

    if (formats)
        formats->arena = arena;
    return formats;
}

/* The part before `mark`, which is taken away with it; all when there is no mark. */
static struct text cut_before(struct text *rest, char mark)
{
    struct text part = *rest;
    const char *at = rest->len ? memchr(rest->at, mark, rest->len) : NULL;

    if (at)
        part.len = (size_t)(at - rest->at);
    const size_t taken = part.len + (at ? 1 : 0);
    rest->at += taken;
    rest->len -= taken;
    return part;
}

/* "type name" or "type[n] name". */
static bool parse_field(struct text t, struct ulog_field *ret)
{
    struct text name = t;
    struct text type = cut_before(&name, ' ');
    struct text count = type;
    int64_t n = 1;

    type = cut_before(&count, '[');
    if (count.len > 0 && (!text_ends_with(count, TEXT("]")) ||
                          !text_to_int((struct text){ count.at, count.len - 1 }, 1, RECORD_BYTES_MAX, &n)))
        return false;
    if (type.len == 0 || name.len == 0)
        return false;
    *ret = (struct ulog_field){ .name = name, .type_name = type, .type = ulog_type_find(type), .count = (uint32_t)n };
    return true;
}

bool ulog_formats_add(struct ulog_formats *formats, struct bytes body)
{
    struct text rest = arena_text(formats->arena, text_of_bytes(body));
    struct ulog_format *format = arena_alloc(formats->arena, 1, sizeof *format);
    uint32_t most = 0;

    if (!text_known(rest) || !format || formats->count == FORMATS_MAX)
        return false;
    format->name = cut_before(&rest, ':');
    for (size_t i = 0; i < rest.len; i++)
        most += rest.at[i] == ';';
    if (format->name.len == 0 || most == 0 || most > FIELDS_MAX)
        return false;
    if (ulog_formats_find(formats, format->name))
        return true;
    format->fields = arena_alloc(formats->arena, most, sizeof *format->fields);
    if (!format->fields)
        return false;
    for (uint32_t i = 0; i < most; i++)
        if (!parse_field(cut_before(&rest, ';'), &format->fields[format->field_count++]))
            return false;
    formats->items[formats->count++] = format;
    return true;
}

struct ulog_format *ulog_formats_find(struct ulog_formats *formats, struct text name)
{
    for (size_t i = 0; i < formats->count; i++)
        if (text_equal(formats->items[i]->name, name))
            return formats->items[i];
    return NULL;
}

static uint32_t format_bytes(struct ulog_formats *formats, struct ulog_format *format, int depth);

/* 0 when it cannot be told. */
static uint32_t field_bytes(struct ulog_formats *formats, const struct ulog_field *field, int depth)
{
    uint64_t each = ulog_type_bytes(field->type);

    if (field->type == ULOG_NESTED) {
        struct ulog_format *nested = ulog_formats_find(formats, field->type_name);
        each = nested ? format_bytes(formats, nested, depth + 1) : 0;
    }
    each *= field->count;
    return each > RECORD_BYTES_MAX ? 0 : (uint32_t)each;
}

static uint32_t format_bytes(struct ulog_formats *formats, struct ulog_format *format, int depth)
{
    uint32_t sum = 0;

    if (format->state == SIZE_KNOWN)
        return format->bytes;
    if (format->state == SIZE_BEING_ASKED || depth > DEPTH_MAX)
        return 0;
    format->state = SIZE_BEING_ASKED;
    for (uint32_t i = 0; i < format->field_count; i++) {
        const uint32_t bytes = field_bytes(formats, &format->fields[i], depth);
        if (bytes == 0 || sum + bytes > RECORD_BYTES_MAX) {
            sum = 0;
            break;
        }
        sum += bytes;
    }
    format->state = SIZE_KNOWN;
    format->bytes = sum;
    return sum;
}

uint32_t ulog_format_bytes(struct ulog_formats *formats, struct ulog_format *format)
{
    return format_bytes(formats, format, 0);
}

uint32_t ulog_format_filling(struct ulog_formats *formats, struct ulog_format *format)
{
    uint32_t sum = 0;

    for (uint32_t i = format->field_count; i > 0; i--) {
        const struct ulog_field *field = &format->fields[i - 1];
        if (!text_starts_with(field->name, TEXT("_padding")))
            break;
        sum += field_bytes(formats, field, 0);
    }
    return sum;
}

struct text ulog_format_name(const struct ulog_format *format)
{
    return format->name;
}

struct ulog_place ulog_format_place(struct ulog_formats *formats, struct ulog_format *format, const char *path)
{
    struct ulog_place place = { .known = false };
    struct text rest = text_of(path);

    for (int depth = 0; format && depth <= DEPTH_MAX && ulog_format_bytes(formats, format) > 0; depth++) {
        const struct text name = cut_before(&rest, '.');
        const struct ulog_field *field = NULL;
        for (uint32_t i = 0; i < format->field_count && !field; i++) {
            if (text_equal(format->fields[i].name, name))
                field = &format->fields[i];
            else
                place.offset += field_bytes(formats, &format->fields[i], 0);
        }
        if (!field)
            break;
        if (rest.len == 0) {
            place.known = field->type != ULOG_NESTED;
            place.type = field->type;
            place.count = field->count;
            return place;
        }
        format = field->type == ULOG_NESTED ? ulog_formats_find(formats, field->type_name) : NULL;
    }
    return place;
}

struct each_place {
    struct ulog_formats *formats;
    void (*each)(void *user, struct text name, struct ulog_place place);
    void *user;
    uint32_t offset, left;
};

/* The size of the format is known, so that nothing holds itself. */
static void each_of_format(struct each_place *e, struct ulog_format *format, int depth)
{
    for (uint32_t i = 0; i < format->field_count; i++) {
        const struct ulog_field *field = &format->fields[i];
        struct ulog_format *nested = field->type == ULOG_NESTED
            ? ulog_formats_find(e->formats, field->type_name) : NULL;
        for (uint32_t k = 0; nested && k < field->count && depth < DEPTH_MAX && e->left > 0; k++)
            each_of_format(e, nested, depth + 1);
        if (nested || e->left == 0)
            continue;
        e->left--;
        e->each(e->user, field->name, (struct ulog_place){ .known = true, .type = field->type, .offset = e->offset,
                                                           .count = field->count });
        e->offset += field_bytes(e->formats, field, 0);
    }
}

void ulog_format_each(struct ulog_formats *formats, struct ulog_format *format,
                      void (*each)(void *user, struct text name, struct ulog_place place), void *user)
{
    struct each_place e = { .formats = formats, .each = each, .user = user, .left = ULOG_PLACES_MAX };

    if (ulog_format_bytes(formats, format) > 0)
        each_of_format(&e, format, 0);
}

static struct cursor at_place(struct bytes record, struct ulog_place place)
{
    struct cursor c = cursor_over(bytes_part(record, place.offset, UINT64_MAX));

    c.failed = !place.known || c.rest.len < ulog_type_bytes(place.type);
    return c;
}

int64_t ulog_int(struct bytes record, struct ulog_place place)
{
    struct cursor c = at_place(record, place);

    if (c.failed)
        return FACT_UNKNOWN_INT;
    switch (place.type) {
    case ULOG_I8:   return (int8_t)cursor_u8(&c);
    case ULOG_BOOL:
    case ULOG_CHAR:
    case ULOG_U8:   return cursor_u8(&c);
    case ULOG_I16:  return cursor_i16le(&c);
    case ULOG_U16:  return cursor_u16le(&c);
    case ULOG_I32:  return cursor_i32le(&c);
    case ULOG_U32:  return cursor_u32le(&c);
    case ULOG_I64:  return cursor_i64le(&c);
    case ULOG_U64: {
        const uint64_t value = cursor_u64le(&c);
        return value <= INT64_MAX ? (int64_t)value : FACT_UNKNOWN_INT;
    }
    default:        return FACT_UNKNOWN_INT;
    }
}

double ulog_real(struct bytes record, struct ulog_place place)
{
    struct cursor c = at_place(record, place);

    if (c.failed)
        return FACT_UNKNOWN_REAL;
    if (place.type == ULOG_DOUBLE)
        return cursor_f64le(&c);
    if (place.type == ULOG_FLOAT)
        return (double)cursor_f32le(&c);
    const int64_t value = ulog_int(record, place);
    return fact_known_int(value) ? (double)value : FACT_UNKNOWN_REAL;
}

struct text ulog_text(struct bytes record, struct ulog_place place)
{
    if (!place.known || place.type != ULOG_CHAR)
        return TEXT_UNKNOWN;
    return text_of_padded(bytes_part(record, place.offset, place.count));
}
