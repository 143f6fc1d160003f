#include "support/support.h"

#include <string.h>

#include "report/map_tile.h"
#include "report/pmtiles.h"

/* A file in memory. */
struct memory { const uint8_t *at; size_t len; };

static bool read_memory(void *user, uint64_t offset, void *into, size_t len)
{
    const struct memory *m = user;

    if (offset > m->len || len > m->len - offset)
        return false;
    memcpy(into, m->at + offset, len);
    return true;
}

static void put(struct buffer *b, uint64_t value, size_t width)
{
    for (size_t i = 0; i < width; i++)
        assert_true(buffer_add_u8(b, (uint8_t)(value >> (8 * i))));
}

static void put_varint(struct buffer *b, uint64_t value)
{
    for (; value > 127; value >>= 7)
        assert_true(buffer_add_u8(b, (uint8_t)(value & 127) | 128));
    assert_true(buffer_add_u8(b, (uint8_t)value));
}

struct entry { uint64_t id, run, length, offset; };

static void put_directory(struct buffer *b, const struct entry *entries, size_t count)
{
    put_varint(b, count);
    for (size_t i = 0; i < count; i++)
        put_varint(b, entries[i].id - (i ? entries[i - 1].id : 0));
    for (size_t i = 0; i < count; i++)
        put_varint(b, entries[i].run);
    for (size_t i = 0; i < count; i++)
        put_varint(b, entries[i].length);
    for (size_t i = 0; i < count; i++)
        put_varint(b, i && entries[i].offset == entries[i - 1].offset + entries[i - 1].length ? 0 : entries[i].offset +
                   1);
}

/* Nothing packed: two tiles and a run of three in the first directory, one below a leaf. */
static struct buffer made_file(uint8_t version, uint8_t packed, uint8_t kind)
{
    static const struct entry leaf[] = { { 30, 1, 4, 12 } };
    const char data[] = "TWO!" "RUNS" "NINE" "LEAF";
    struct buffer root, leaves, b;

    buffer_init(&root, 4096);
    buffer_init(&leaves, 4096);
    buffer_init(&b, 65536);
    put_directory(&leaves, leaf, 1);
    const struct entry entries[] = { { 2, 1, 4, 0 }, { 5, 3, 4, 4 }, { 9, 1, 4, 8 }, { 20, 0, leaves.len, 0 } };
    put_directory(&root, entries, 4);
    assert_true(buffer_add(&b, "PMTiles", 7));
    put(&b, version, 1);
    const size_t lengths[] = { root.len, 2, leaves.len, sizeof data - 1 };
    for (size_t i = 0, at = PMTILES_HEADER_BYTES; i < 4; at += lengths[i++]) {
        put(&b, at, 8);
        put(&b, lengths[i], 8);
    }
    put(&b, 0, 8), put(&b, 0, 8), put(&b, 0, 8);
    put(&b, 1, 1), put(&b, packed, 1), put(&b, packed, 1), put(&b, kind, 1), put(&b, 0, 1), put(&b, 15, 1);
    put(&b, 0, 8), put(&b, 0, 8), put(&b, 0, 8), put(&b, 0, 1);
    assert_int_equal(b.len, PMTILES_HEADER_BYTES);
    assert_true(buffer_add(&b, root.at, root.len) && buffer_add(&b, "{}", 2) && buffer_add(&b, leaves.at, leaves.len) &&
                buffer_add(&b, data, sizeof data - 1));
    buffer_done(&root);
    buffer_done(&leaves);
    return b;
}

static void tiles_have_numbers_along_a_curve(void **state)
{
    static const struct { unsigned zoom; uint32_t x, y; uint64_t id; } known[] = { /* of the specification and its tests */
        { 0, 0, 0, 0 }, { 1, 0, 0, 1 }, { 1, 0, 1, 2 }, { 1, 1, 1, 3 }, { 1, 1, 0, 4 }, { 2, 0, 0, 5 }, { 12, 3423, 1763, 19078479 },
        { 24, (1 << 24) - 1, 0, UINT64_C(375299968947540) },
    };

    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_int_equal(pmtiles_id(known[i].zoom, known[i].x, known[i].y), known[i].id);
    /* neighbours on the curve are neighbours on the map, and none is twice */
    uint8_t seen[64] = { 0 };
    for (uint32_t y = 0; y < 8; y++)
        for (uint32_t x = 0; x < 8; x++) {
            const uint64_t id = pmtiles_id(3, x, y) - 21;
            assert_true(id < 64);
            assert_int_equal(seen[id]++, 0);
        }
}

static void tiles_are_found(void **state)
{
    static const struct { uint64_t id; const char *content; } wanted[] = {
        { 0, NULL }, { 1, NULL }, { 2, "TWO!" }, { 3, NULL }, { 5, "RUNS" }, { 6, "RUNS" }, { 7, "RUNS" }, { 8, NULL }, { 9, "NINE" },
        { 10, NULL }, { 20, NULL }, { 29, NULL }, { 30, "LEAF" }, { 31, NULL }, { UINT64_MAX, NULL },
    };
    struct buffer file = made_file(3, 1, 1), into;
    struct memory memory = { file.at, file.len };
    struct pmtiles p;

    (void)state;
    assert_int_equal(pmtiles_header((struct bytes){ .at = file.at, .len = file.len }, &p), PARSE_OK);
    p.read = read_memory;
    p.user = &memory;
    assert_int_equal(p.kind, PMTILES_VECTOR);
    assert_int_equal(p.max_zoom, 15);
    buffer_init(&into, 4096);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        buffer_clear(&into);
        assert_int_equal(pmtiles_tile(&p, wanted[i].id, &into), wanted[i].content ? PARSE_OK : PARSE_TRUNCATED);
        assert_text_equal(buffer_text(&into), wanted[i].content ? wanted[i].content : "");
    }
    buffer_clear(&into);
    assert_int_equal(pmtiles_metadata(&p, &into), PARSE_OK);
    assert_text_equal(buffer_text(&into), "{}");
    pmtiles_done(&p);
    /* Cut anywhere: no tile that the whole does not have, and none that is another. */
    for (size_t len = 0; len < file.len; len++) {
        struct bytes copy = exact_copy(file.at, len);
        memory = (struct memory){ copy.at, len };
        if (pmtiles_header(copy, &p) == PARSE_OK) {
            p.read = read_memory;
            p.user = &memory;
            for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
                buffer_clear(&into);
                if (pmtiles_tile(&p, wanted[i].id, &into) == PARSE_OK)
                    assert_text_equal(buffer_text(&into), wanted[i].content);
            }
            pmtiles_done(&p);
        }
        exact_copy_free(copy);
    }
    buffer_done(&into);
    buffer_done(&file);
}

static void other_files_are_refused(void **state)
{
    static const struct { uint8_t version, packed, kind; enum parse_status status; } cases[] = {
        { 3, 1, 1, PARSE_OK }, { 3, 2, 2, PARSE_OK }, { 3, 4, 9, PARSE_OK }, { 2, 1, 1, PARSE_UNSUPPORTED }, { 3, 3, 1, PARSE_UNSUPPORTED },
        { 3, 0, 1, PARSE_UNSUPPORTED },
    };
    struct pmtiles p;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buffer file = made_file(cases[i].version, cases[i].packed, cases[i].kind);
        assert_int_equal(pmtiles_header((struct bytes){ .at = file.at, .len = file.len }, &p), cases[i].status);
        if (cases[i].status == PARSE_OK)
            pmtiles_done(&p);
        buffer_done(&file);
    }
    assert_int_equal(pmtiles_header((struct bytes){ .at = (const uint8_t *)"PMTile", .len = 6 }, &p), PARSE_INVALID);
    assert_int_equal(pmtiles_header((struct bytes){ .at = (const uint8_t *)"SQLite format 3", .len = 15 }, &p),
                     PARSE_INVALID);
}

/* A leaf that points at itself ends. */
static void directories_in_directories_end(void **state)
{
    static const struct entry self[] = { { 0, 0, 0, 0 } };
    struct buffer file = made_file(3, 1, 1), leaf, into;
    struct pmtiles p;

    (void)state;
    buffer_init(&leaf, 64);
    buffer_init(&into, 64);
    put_directory(&leaf, self, 1);
    leaf.at[3] = (uint8_t)leaf.len; /* its length */
    struct memory memory = { leaf.at, leaf.len };
    assert_int_equal(pmtiles_header((struct bytes){ .at = file.at, .len = file.len }, &p), PARSE_OK);
    p.root = p.leaves = (struct pmtiles_part){ 0, leaf.len };
    p.read = read_memory;
    p.user = &memory;
    assert_int_equal(pmtiles_tile(&p, 7, &into), PARSE_INVALID);
    pmtiles_done(&p);
    buffer_done(&leaf);
    buffer_done(&into);
    buffer_done(&file);
}

/* A message inside another, and a number. */
static void put_bytes(struct buffer *b, unsigned number, const void *content, size_t len)
{
    put_varint(b, number << 3 | 2);
    put_varint(b, len);
    assert_true(buffer_add(b, content, len));
}

static void put_number(struct buffer *b, unsigned number, uint64_t value)
{
    put_varint(b, number << 3);
    put_varint(b, value);
}

enum { POINT = 1, LINE = 2, POLYGON = 3 };
#define MOVE(n) ((n) << 3 | 1)
#define GO(n) ((n) << 3 | 2)
#define CLOSE (1 << 3 | 7)
#define Z(n) ((uint32_t)((n) < 0 ? -2 * (n) - 1 : 2 * (n)))

/* A feature with the tags key 0 = value 0, key 1 = value 1 ... */
static void put_feature(struct buffer *layer, unsigned type, size_t tags, const uint32_t *geometry, size_t count)
{
    struct buffer f, words;

    buffer_init(&f, 65536);
    buffer_init(&words, 65536);
    for (size_t i = 0; i < tags; i++) {
        put_varint(&words, i);
        put_varint(&words, i);
    }
    put_bytes(&f, 2, words.at, words.len);
    buffer_clear(&words);
    for (size_t i = 0; i < count; i++)
        put_varint(&words, geometry[i]);
    put_number(&f, 3, type);
    put_bytes(&f, 4, words.at, words.len);
    put_bytes(layer, 2, f.at, f.len);
    buffer_done(&f);
    buffer_done(&words);
}
#define FEATURE(layer, type, tags, ...) \
    put_feature((layer), (type), (tags), (const uint32_t[]){ __VA_ARGS__ }, sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

static void put_value(struct buffer *layer, const char *key, const char *value)
{
    struct buffer v;

    buffer_init(&v, 4096);
    put_bytes(&v, 1, value, strlen(value));
    put_bytes(layer, 3, key, strlen(key));
    put_bytes(layer, 4, v.at, v.len);
    buffer_done(&v);
}

static void end_layer(struct buffer *tile, struct buffer *layer, const char *name, uint64_t extent)
{
    put_bytes(layer, 1, name, strlen(name));
    put_number(layer, 5, extent);
    put_bytes(tile, 3, layer->at, layer->len);
    buffer_clear(layer);
}

/* A pond with an island and a ring that is too small to see; a large road, a small one; a house; a stream; a park; a
 * border; two names; a layer of no known schema; points where the schema has none.  Extent 2048: two of its units are
 * one of ours. */
static struct buffer made_tile(void)
{
    struct buffer tile, layer;

    buffer_init(&tile, 65536);
    buffer_init(&layer, 65536);
    FEATURE(&layer, POLYGON, 0, MOVE(1), Z(20), Z(20), GO(3), Z(200), Z(0), Z(0), Z(200), Z(-200), Z(0), CLOSE,
            MOVE(1), Z(20), Z(-40), GO(3), Z(0), Z(-60), Z(60), Z(0), Z(0), Z(60), CLOSE,
            MOVE(1), Z(0), Z(0), GO(3), Z(1), Z(0), Z(0), Z(1), Z(-1), Z(0), CLOSE);
    FEATURE(&layer, POINT, 0, MOVE(1), Z(5), Z(5));
    end_layer(&tile, &layer, "water", 2048);
    FEATURE(&layer, LINE, 1, MOVE(1), Z(0), Z(100), GO(2), Z(2048), Z(0), Z(0), Z(-50));
    FEATURE(&layer, LINE, 0, MOVE(1), Z(0), Z(0), GO(1), Z(40), Z(40), MOVE(1), Z(60), Z(0), GO(1), Z(-20), Z(20));
    FEATURE(&layer, POLYGON, 0, MOVE(1), Z(0), Z(0), GO(2), Z(40), Z(40), Z(60), Z(0), CLOSE);
    put_value(&layer, "class", "primary");
    end_layer(&tile, &layer, "transportation", 2048);
    FEATURE(&layer, POLYGON, 1, MOVE(1), Z(0), Z(0), GO(2), Z(100), Z(0), Z(0), Z(100), CLOSE);
    FEATURE(&layer, POLYGON, 0, MOVE(1), Z(0), Z(0), GO(2), Z(100), Z(0), Z(0), Z(100), CLOSE);
    put_value(&layer, "pmap:kind", "park");
    end_layer(&tile, &layer, "landuse", 2048);
    FEATURE(&layer, POINT, 3, MOVE(1), Z(1024), Z(512));
    FEATURE(&layer, POINT, 3, MOVE(1), Z(-8), Z(512)); /* the tile beside has it */
    FEATURE(&layer, POINT, 0, MOVE(1), Z(8), Z(512));  /* without a name */
    put_value(&layer, "name", "Plain");
    put_value(&layer, "name:es", "Llano");
    put_value(&layer, "class", "town");
    end_layer(&tile, &layer, "place", 2048);
    FEATURE(&layer, POLYGON, 0, MOVE(1), Z(0), Z(0), GO(2), Z(100), Z(0), Z(0), Z(100), CLOSE);
    end_layer(&tile, &layer, "poi", 2048);
    buffer_done(&layer);
    return tile;
}

static struct text path(const struct map_tile *t, enum map_shape shape)
{
    return buffer_text(&t->paths[shape]);
}

static void shapes_are_drawn(void **state)
{
    static const struct { enum map_shape shape; const char *path; } wanted[] = {
        { MAP_WATER, "M10 10l100 0 0 100-100 0zM20 90l0-30 30 0 0 30z" }, { MAP_STREAM, "" }, { MAP_ROAD_LARGE, "M0 50l1024 0 0-25" },
        { MAP_ROAD, "M0 0l20 20M50 20l-10 10" }, { MAP_GREEN, "M0 0l50 0 0 50z" }, { MAP_BUILT, "" }, { MAP_BUILDING, "" }, { MAP_BORDER, "" },
    };
    static const struct { const char *language, *name; } languages[] = { { "en", "Plain" }, { "es", "Llano" },
                                                                         { "much too long a word", "Plain" } };
    struct buffer made = made_tile();
    struct map_tile t;

    (void)state;
    for (size_t k = 0; k < sizeof languages / sizeof *languages; k++) {
        map_tile_init(&t);
        assert_int_equal(map_tile_read((struct bytes){ .at = made.at, .len = made.len }, text_of(languages[k].language),
                                       &t), PARSE_OK);
        for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
            assert_text_equal(path(&t, wanted[i].shape), wanted[i].path);
        assert_int_equal(t.name_count, 1);
        assert_text_equal(((struct text){ t.names[0].name, t.names[0].len }), languages[k].name);
        assert_int_equal(t.names[0].rank, 1);
        assert_int_equal(t.names[0].x, 512);
        assert_int_equal(t.names[0].y, 256);
        assert_false(t.cut);
        map_tile_done(&t);
    }
    buffer_done(&made);
}

/* More than a page can hold is cut, and it is said. */
static void limits_hold(void **state)
{
    struct buffer tile, layer;
    struct map_tile t;

    (void)state;
    buffer_init(&tile, 1 << 24);
    buffer_init(&layer, 1 << 24);
    for (int i = 0; i < MAP_NAMES_MAX + 20; i++)
        FEATURE(&layer, POINT, 1, MOVE(1), Z(10 + i), Z(10));
    put_value(&layer, "name", "A");
    end_layer(&tile, &layer, "places", 4096);
    FEATURE(&layer, LINE, 0, MOVE(1), Z(0), Z(0), GO(1), Z(1 << 23), Z(0)); /* beyond all tiles */
    FEATURE(&layer, LINE, 0, MOVE(1), Z(0), Z(0), GO(1u << 28), Z(9), Z(9)); /* promises points that are not there */
    end_layer(&tile, &layer, "roads", 4096);
    map_tile_init(&t);
    assert_int_equal(map_tile_read((struct bytes){ .at = tile.at, .len = tile.len }, TEXT("en"), &t), PARSE_INVALID);
    assert_int_equal(t.name_count, MAP_NAMES_MAX);
    assert_true(t.cut);
    map_tile_done(&t);
    buffer_done(&tile);
    buffer_done(&layer);
}

/* Whatever is cut or turned over: what comes out is a path of numbers, and it ends. */
static void cuts_and_flips_are_harmless(void **state)
{
    struct buffer made = made_tile();
    struct map_tile t;

    (void)state;
    for (size_t len = 0; len <= made.len; len++)
        for (int bit = -1; bit < 8; bit++) {
            struct bytes copy = exact_copy(made.at, len);
            if (bit >= 0 && len > 0)
                ((uint8_t *)(uintptr_t)copy.at)[len / 2] ^= (uint8_t)(1 << bit);
            map_tile_init(&t);
            const enum parse_status status = map_tile_read(copy, TEXT("es"), &t);
            if (bit < 0 && len > 0 && len < made.len && status == PARSE_OK)
                assert_true(t.name_count <= 1); /* between two layers a cut cannot be seen */
            for (int i = 0; i < MAP_SHAPES; i++) {
                const struct text drawn = path(&t, (enum map_shape)i);
                for (size_t k = 0; k < drawn.len; k++)
                    assert_non_null(memchr("Mlz- 0123456789", drawn.at[k], 15));
            }
            map_tile_done(&t);
            exact_copy_free(copy);
        }
    buffer_done(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiles_have_numbers_along_a_curve),
        cmocka_unit_test(tiles_are_found),
        cmocka_unit_test(other_files_are_refused),
        cmocka_unit_test(directories_in_directories_end),
        cmocka_unit_test(shapes_are_drawn),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(cuts_and_flips_are_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
