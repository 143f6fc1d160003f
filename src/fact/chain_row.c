#include "fact/chain_row.h"

#include <sqlite3.h>
#include <string.h>

#include "base/cursor.h"

/* Shifts, which compilers make one instruction of. */
static void store_be(uint8_t *to, uint64_t value, int width)
{
    for (int i = 0; i < width; i++)
        to[i] = (uint8_t)(value >> 8 * (width - 1 - i));
}

static void put_u32(struct buffer *to, uint32_t value)
{
    uint8_t *at = buffer_extend(to, sizeof value);

    if (at)
        store_be(at, value, sizeof value);
}

/* A letter and eight bytes: numbers of both kinds. */
static void put_number(struct buffer *to, char letter, uint64_t value)
{
    uint8_t *at = buffer_extend(to, 1 + sizeof value);

    if (at) {
        *at = (uint8_t)letter;
        store_be(at + 1, value, sizeof value);
    }
}

void canonical_null(struct buffer *to)
{
    buffer_add_u8(to, 'N');
}

void canonical_int(struct buffer *to, int64_t value)
{
    put_number(to, 'I', (uint64_t)value);
}

void canonical_real(struct buffer *to, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    put_number(to, 'R', bits);
}

static void put_bytes(struct buffer *to, char letter, const void *at, size_t len)
{
    uint8_t *to_at = buffer_extend(to, 1 + sizeof(uint32_t) + len);

    if (!to_at)
        return;
    *to_at = (uint8_t)letter;
    store_be(to_at + 1, len, sizeof(uint32_t));
    if (len)
        memcpy(to_at + 1 + sizeof(uint32_t), at, len);
}

void canonical_text(struct buffer *to, struct text t)
{
    put_bytes(to, 'T', t.at, t.len);
}

struct geometry {
    uint32_t srs_id, type, coordinates;
    struct bytes doubles;
    bool little;
};

static uint32_t take_u32(struct cursor *c, bool little)
{
    return little ? cursor_u32le(c) : cursor_u32be(c);
}

/* GeoPackage 1.3, section 2.1.3, and ISO 13249-3 well-known binary: points and lines, with Z and M or
 * without.  False when it is anything else, or not whole. */
static bool read_geometry(struct bytes b, struct geometry *g)
{
    static const uint8_t envelope_bytes[8] = { 0, 32, 48, 48, 64 };
    enum { FLAG_LITTLE = 1, FLAG_EXTENDED = 0x20, POINT = 1, LINE = 2 };
    const uint32_t ewkb_z = 0x80000000, ewkb_m = 0x40000000; /* as PostGIS and older programs say it */
    struct cursor c = cursor_over(b);

    if (cursor_u8(&c) != 'G' || cursor_u8(&c) != 'P' || cursor_u8(&c) != 0)
        return false;
    const uint8_t flags = cursor_u8(&c);
    const unsigned envelope = flags >> 1 & 7;
    if (flags & FLAG_EXTENDED || envelope > 4)
        return false;
    g->srs_id = take_u32(&c, flags & FLAG_LITTLE);
    cursor_skip(&c, envelope_bytes[envelope]);
    g->little = cursor_u8(&c) == 1;
    g->type = take_u32(&c, g->little);
    if (g->type & (ewkb_z | ewkb_m))
        g->type = (g->type & 0xff) + (g->type & ewkb_z ? 1000 : 0) + (g->type & ewkb_m ? 2000 : 0);
    const uint32_t shape = g->type % 1000, dimensions = 2 + (g->type / 1000 + 1) / 2;
    if (c.failed || g->type / 1000 > 3 || (shape != POINT && shape != LINE))
        return false;
    const uint64_t points = shape == LINE ? take_u32(&c, g->little) : 1;
    if (c.failed || points * dimensions * sizeof(double) != c.rest.len)
        return false;
    g->coordinates = (uint32_t)(points * dimensions);
    g->doubles = c.rest;
    return true;
}

void canonical_blob(struct buffer *to, struct bytes b, bool is_geometry)
{
    struct geometry g;

    if (!is_geometry || !read_geometry(b, &g)) {
        put_bytes(to, 'B', b.at, b.len);
        return;
    }
    buffer_add_u8(to, 'G');
    put_u32(to, g.srs_id);
    put_u32(to, g.type);
    put_u32(to, g.coordinates);
    uint8_t *at = buffer_extend(to, g.doubles.len);
    for (size_t i = 0; at && i < g.doubles.len; i += sizeof(uint64_t)) {
        struct cursor c = cursor_over(bytes_part(g.doubles, i, sizeof(uint64_t)));
        store_be(at + i, g.little ? cursor_u64le(&c) : cursor_u64be(&c), sizeof(uint64_t));
    }
}

/* Each value is fetched once: one of a connection that no other thread uses, which is what SQLite asks for here. */
void canonical_row(struct buffer *to, struct sqlite3_stmt *s, int columns, int geometry)
{
    for (int i = 0; i < columns; i++) {
        sqlite3_value *v = sqlite3_column_value(s, i);
        switch (sqlite3_value_type(v)) {
        case SQLITE_INTEGER:
            canonical_int(to, sqlite3_value_int64(v));
            break;
        case SQLITE_FLOAT:
            canonical_real(to, sqlite3_value_double(v));
            break;
        case SQLITE_TEXT: {
            const void *at = sqlite3_value_text(v);
            put_bytes(to, 'T', at, (size_t)sqlite3_value_bytes(v));
            break;
        }
        case SQLITE_BLOB: {
            const uint8_t *at = sqlite3_value_blob(v);
            canonical_blob(to, (struct bytes){ .at = at, .len = (size_t)sqlite3_value_bytes(v) }, i == geometry);
            break;
        }
        default:
            canonical_null(to);
        }
    }
}
