#ifndef LEASH_BASE_PROTOBUF_H
#define LEASH_BASE_PROTOBUF_H

#include <stdbool.h>

#include "base/cursor.h"

/* The wire form of protocol buffers (protobuf.dev, "Encoding"), without a schema: fields of a number and a
 * wire type.  Whether a field of bytes is a text, a message or neither, only the schema tells. */
enum protobuf_wire { PROTOBUF_VARINT = 0, PROTOBUF_I64 = 1, PROTOBUF_LEN = 2, PROTOBUF_I32 = 5 };

struct protobuf_field {
    uint32_t number;        /* 1 to 2^29 - 1 */
    enum protobuf_wire wire;
    uint64_t value;         /* VARINT; the bits of I64 and I32 */
    struct bytes body;      /* LEN; of the others the bytes of the value */
};

/* A whole number of at most ten bytes of seven bits, the lowest first; 0 with c->failed and nothing left when it is
 * none. */
uint64_t protobuf_take_varint(struct cursor *c);

/* False at the end, with c->failed when what is left is no field. */
bool protobuf_next(struct cursor *c, struct protobuf_field *ret);

/* The value of the first field with that number and wire type; false leaves `ret` alone. */
bool protobuf_find(struct bytes message, uint32_t number, enum protobuf_wire wire, struct protobuf_field *ret);
/* The same along a path of messages: numbers end with 0. */
bool protobuf_find_path(struct bytes message, const uint8_t *numbers, enum protobuf_wire wire,
                        struct protobuf_field *ret);

/* All of it reads as fields, and there is one. */
bool protobuf_is_message(struct bytes b);

double protobuf_double(const struct protobuf_field *f);
float protobuf_float(const struct protobuf_field *f);

#endif
