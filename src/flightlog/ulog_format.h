#ifndef LEASH_FLIGHTLOG_ULOG_FORMAT_H
#define LEASH_FLIGHTLOG_ULOG_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/cursor.h"
#include "base/text.h"

/* How the data records of a ULog are laid out, as the log itself says (records F):
 * docs.px4.io, ULog File Format, "Format Message".  Types may hold each other. */

enum ulog_type {
    ULOG_NESTED, ULOG_I8, ULOG_U8, ULOG_I16, ULOG_U16, ULOG_I32, ULOG_U32, ULOG_I64, ULOG_U64, ULOG_FLOAT, ULOG_DOUBLE,
    ULOG_BOOL, ULOG_CHAR,
};

/* Bytes of one value of a basic type, 0 for ULOG_NESTED. */
size_t ulog_type_bytes(enum ulog_type type);
/* ULOG_NESTED where it is none of the basic types. */
enum ulog_type ulog_type_find(struct text name);

struct ulog_format;
struct ulog_formats;

/* NULL at the arena's limit. */
struct ulog_formats *ulog_formats_new(struct arena *arena);

/* Takes the content of a record F.  False where it makes no sense or there are too many; a name that
 * was defined before keeps its first meaning. */
bool ulog_formats_add(struct ulog_formats *formats, struct bytes body);
/* NULL when there is none. */
struct ulog_format *ulog_formats_find(struct ulog_formats *formats, struct text name);

/* Bytes of a whole record of the format; 0 when a type in it is not defined, holds itself, or the
 * record would be larger than any can be. */
uint32_t ulog_format_bytes(struct ulog_formats *formats, struct ulog_format *format);
/* Of these, filling at the end, which writers leave out. */
uint32_t ulog_format_filling(struct ulog_formats *formats, struct ulog_format *format);
struct text ulog_format_name(const struct ulog_format *format);

/* Where a field of a basic type lies in a record.  `known` is false where there is none. */
struct ulog_place {
    bool known;
    enum ulog_type type;
    uint32_t offset;
    uint32_t count;        /* values in the array; 1 for a field that is none */
};

/* The path of a field in a nested type has points: "current.lat". */
struct ulog_place ulog_format_place(struct ulog_formats *formats, struct ulog_format *format, const char *path);

/* Calls `each` for every field of a basic type, also those of nested types (each element of an array of them), with its
 * own name, in their order.  At most ULOG_PLACES_MAX. */
enum { ULOG_PLACES_MAX = 4096 };
void ulog_format_each(struct ulog_formats *formats, struct ulog_format *format,
                      void (*each)(void *user, struct text name, struct ulog_place place), void *user);

/* The (first) value there: unknown where the place is not known or behind the end of the record, or
 * of another type; whole numbers beyond 63 bits are unknown. */
int64_t ulog_int(struct bytes record, struct ulog_place place);
double ulog_real(struct bytes record, struct ulog_place place);
/* The text of a char array, without what follows its first NUL. */
struct text ulog_text(struct bytes record, struct ulog_place place);

#endif
