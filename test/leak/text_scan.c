/* What text may say about a place.  The strings were written by hand or by other programs
 * (python3; latlon-geohash, open-location-code, mgrs, proj4, nodes2ts and @mapbox/polyline
 * from npm) for one point over open sea: 42.49 N, 30.245 W. */
#include "support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "leak/plant.h"
#include "leak/text_scan.h"

#define LATITUDE 42.49
#define LONGITUDE (-30.245)

static const struct geo_box box = { -30.2536, 42.4871, -30.2390, 42.4989 };

enum { KEPT = 512 };

struct collected {
    struct position_pair pairs[KEPT];
    struct place_reference places[KEPT];
    size_t pair_count, place_count, sign_count;
};

static void keep_pair(void *user, const struct position_pair *pair)
{
    struct collected *c = user;

    if (c->pair_count < KEPT)
        c->pairs[c->pair_count] = *pair;
    c->pair_count++;
}

static void keep_place(void *user, const struct place_reference *place)
{
    struct collected *c = user;

    if (c->place_count < KEPT)
        c->places[c->place_count] = *place;
    c->place_count++;
}

static void keep_sign(void *user, enum text_sign sign, size_t at)
{
    (void)sign;
    (void)at;
    ((struct collected *)user)->sign_count++;
}

static void scan(const struct text_index *x, struct bytes b, size_t step, struct collected *c)
{
    const struct text_events events = { c, keep_pair, keep_place, keep_sign };
    struct text_state *state = NULL;

    c->pair_count = c->place_count = c->sign_count = 0;
    for (size_t done = 0; done < b.len; done += step)
        text_scan(x, b.at, b.len, done, done + step < b.len ? done + step : b.len, 0, true, &state, &events);
    text_state_free(state);
}

static double metres_off(const struct position_pair *p)
{
    return 111194.9 * hypot(p->latitude_deg - LATITUDE, (p->longitude_deg - LONGITUDE) * cos(LATITUDE * M_PI / 180));
}

struct text_case {
    const char *text;
    size_t pairs;
    int encoding;
    double metres; /* at most so far off */
};

static const struct text_case cases[] = {
    { "42.4900,-30.2450", 1, POSITION_TEXT_DEGREES, 6 },
    { "-30.2450 42.4900", 1, POSITION_TEXT_DEGREES, 6 },
    { "42.490000000000000,-30.245000000000000", 1, POSITION_TEXT_DEGREES, 0.01 },
    { "42.4900%2C-30.2450", 1, POSITION_TEXT_DEGREES, 6 },
    { "42.4900N, 30.2450W", 1, POSITION_TEXT_DEGREES, 6 },
    { "N42.4900 W30.2450", 1, POSITION_TEXT_DEGREES, 6 },
    { "42.4900\xc2\xb0N 30.2450\xc2\xb0W", 1, POSITION_TEXT_DEGREES, 6 },
    { "+42.4900-030.2450/", 1, POSITION_TEXT_DEGREES, 6 }, /* ISO 6709 */
    { "lat=42.490000&x=1.5&lon=-30.245000", 1, POSITION_TEXT_DEGREES, 1 },
    { "POINT(-30.2450000 42.4900000)", 1, POSITION_TEXT_DEGREES, 1 },
    { "LINESTRING(-30.245000 42.490000)", 1, POSITION_TEXT_DEGREES, 1 },
    { "{\"type\":\"Point\",\"coordinates\":[-30.245000,42.490000]}", 1, POSITION_TEXT_DEGREES, 1 },
    { "<coordinates>-30.245000,42.490000,101.5</coordinates>", 1, POSITION_TEXT_DEGREES, 1 },
    { "<trkpt lat=\"42.490000\" lon=\"-30.245000\">", 1, POSITION_TEXT_DEGREES, 1 },
    { "{\"latitude\":\"42.4900000\",\"longitude\":\"-30.2450000\"}", 1, POSITION_TEXT_DEGREES, 1 },
    { "1905242400;42.49000;-30.24500;120.0", 1, POSITION_TEXT_DEGREES, 1 },
    { "42,490000;-30,245000", 1, POSITION_TEXT_DEGREES, 1 },
    { "42,490000 -30,245000", 1, POSITION_TEXT_DEGREES, 1 },
    { "4.2490000e+01,-3.0245000E1", 1, POSITION_TEXT_DEGREES, 1 },
    { "424900.00e-4,-302450.00e-4", 0, 0, 0 }, /* no writer does that */
    { "4229.40000,N,03014.70000,W", 1, POSITION_TEXT_NMEA, 1 },
    { "$GPRMC,100000.00,A,4229.4000,N,03014.7000,W,0.0,", 1, POSITION_TEXT_NMEA, 1 },
    { "0.741590400,-0.527874833", 1, POSITION_TEXT_RADIANS, 1 },
    { "7.415903991723907e-01 -5.278748322656850e-01", 1, POSITION_TEXT_RADIANS, 1 },
    { "42\xc2\xb0" "29'24.0\"N 30\xc2\xb0" "14'42.0\"W", 1, POSITION_TEXT_SEXAGESIMAL, 2 },
    { "42\xb0 29' 24\" N, 30\xb0 14' 42\" W", 1, POSITION_TEXT_SEXAGESIMAL, 2 },
    { "N 42\xc2\xb0 29.400' W 30\xc2\xb0 14.700'", 1, POSITION_TEXT_SEXAGESIMAL, 2 },
    { "42 deg 29' 24.00\" N, 30 deg 14' 42.00\" W", 1, POSITION_TEXT_SEXAGESIMAL, 2 },
    { "42 29 24.00 N 30 14 42.00 W", 1, POSITION_TEXT_SEXAGESIMAL, 2 },
    { "42:29:24.00,-30:14:42.00", 1, POSITION_TEXT_SEXAGESIMAL, 2 },
    { "42,29.4000N 30,14.7000W", 1, POSITION_TEXT_SEXAGESIMAL, 2 }, /* XMP's GPSCoordinate */
    { "42/1,29/1,2400/100 N 30/1,14/1,4200/100 W", 1, POSITION_TEXT_SEXAGESIMAL, 2 },
    { "at 422924N 0301442W", 1, POSITION_TEXT_SEXAGESIMAL, 2 },
    { "at 422924.00N 0301442.00W", 1, POSITION_TEXT_SEXAGESIMAL, 2 },
    { "{\"lat\":424900000,\"lon\":-302450000}", 1, POSITION_TEXT_SCALED, 1 },
    { "42490000,-30245000", 1, POSITION_TEXT_SCALED, 1 },
    { "4249000 -3024500", 1, POSITION_TEXT_SCALED, 1 },
    { "25N 726411 4707860", 1, POSITION_TEXT_UTM, 3 },
    { "25 T 726411.54 4707860.97", 1, POSITION_TEXT_UTM, 3 },
    { "{\"e\":726411.5410,\"n\":4707860.9686}", 1, POSITION_TEXT_UTM, 3 },
    { "hash=erd3xz060qj6&", 1, POSITION_GEOHASH, 0.1 },
    { "\"erd3xz060\"", 1, POSITION_GEOHASH, 5 },
    { "ERD3XZ06", 1, POSITION_GEOHASH, 20 },
    { "89JFFQR3+2X5", 1, POSITION_PLUS_CODE, 5 },
    { "code=89JFFQR3+2X ", 1, POSITION_PLUS_CODE, 15 },
    { "25TGH2641107860", 1, POSITION_MGRS, 2 },
    { "25T GH 26411 07860", 1, POSITION_MGRS, 2 },
    { "at 25TGH 2641 0786 now", 1, POSITION_MGRS, 15 },
    { "cell=4a732e2ef51cf31f", 1, POSITION_S2_TOKEN, 0.1 },
    { "4A732E2EF51C", 1, POSITION_S2_TOKEN, 10 },
    { "\"s2\":5364682360344081183}", 1, POSITION_S2_ID, 0.1 },
    { "8f351675dae8973", 1, POSITION_H3, 2 },
    { "\"8D351675DAE897F\"", 1, POSITION_H3, 10 },
    { "cell 640445076411943287,", 1, POSITION_H3_ID, 3 },
    { "\x1f\xf3\x1c\xf5\x2e\x2e\x73\x4a", 1, POSITION_S2_ID, 0.1 },
    { "\x07\x4a\x73\x2e\x2e\xf5\x1c\xf3\x1f\x07", 1, POSITION_S2_ID, 0.1 },
    { "x\x08\xf3\x51\x67\x5d\xae\x89\x73", 1, POSITION_H3_ID, 2 },
    { "\x73\x89\xae\x5d\x67\x51\xf3\x08", 1, POSITION_H3_ID, 2 },
    { "42.490,-30.245", 0, 0, 0 }, { "536468236034408118", 0, 0, 0 }, { "53646823603440811834", 0, 0, 0 },
    { "x5364682360344081183", 0, 0, 0 }, { "8f351675dae8973f", 0, 0, 0 }, { "x8f351675dae8973", 0, 0, 0 },

    { "42.490,-30.245", 0, 0, 0 }, { "42.4900.1,-30.2450.1", 0, 0, 0 }, { "142.4900,-30.2450", 0, 0, 0 },
    { "42.4900,30.2450", 0, 0, 0 }, { "v42.4900,-30.2450", 0, 0, 0 }, { "42.4900", 0, 0, 0 },
    { "42.4900                                                                       -30.2450", 0, 0, 0 },
    { ".4900,-30.2450", 0, 0, 0 }, { "42.", 0, 0, 0 }, { "", 0, 0, 0 }, { "4261.00000,N,03014.70000,W", 0, 0, 0 },
    { "42\xc2\xb0" "61'24.0\"N 30\xc2\xb0" "14'42.0\"W", 0, 0, 0 }, { "42\xc2\xb0" "29'N 30\xc2\xb0" "14'W", 0, 0, 0 },
    { "42:29:24.00,30:14:42.00", 0, 0, 0 }, { "42:29:24 and 30 other things", 0, 0, 0 },
    { "424900000424900000,-302450000", 0, 0, 0 }, { "x424900000,-302450000", 0, 0, 0 },
    { "25N 4707860 126411", 0, 0, 0 }, { "xerd3xz060", 0, 0, 0 }, { "erd3xz060qj6x", 0, 0, 0 }, { "gcpvj0duq5", 0, 0, 0 },
    { "25TGH2641107860x", 0, 0, 0 }, { "26TGH2641107860", 0, 0, 0 }, { "x89JFFQR3+2X", 0, 0, 0 }, { "89JFFQR3+2Xo", 0, 0, 0 },
    { "4a732e2ef51cf31f0", 0, 0, 0 }, { "4b732e2ef51c", 0, 0, 0 }, { "192.168.42.49 30.245", 0, 0, 0 },
};

static void all_ways_of_writing(void **state)
{
    struct position_index *positions = position_index_new(&box, 1);
    struct text_index *x = text_index_new(positions, &box, 1);
    static struct collected c, pieces;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct text_case *t = &cases[i];
        const struct bytes in = exact_copy(t->text, strlen(t->text));
        scan(x, in, in.len ? in.len : 1, &c);
        if (c.pair_count != t->pairs)
            fail_msg("%s: %zu", t->text, c.pair_count);
        for (size_t k = 0; k < c.pair_count; k++) {
            if (c.pairs[k].encoding != t->encoding || !(metres_off(&c.pairs[k]) <= t->metres))
                fail_msg("%s: %s, %.2f m off", t->text, position_encoding_name(c.pairs[k].encoding, 0),
                         metres_off(&c.pairs[k]));
            assert_true(c.pairs[k].at + c.pairs[k].length <= in.len);
        }
        /* In steps of any length the same is found. */
        for (size_t step = 1; step < in.len; step++) {
            scan(x, in, step, &pieces);
            assert_int_equal(pieces.pair_count, c.pair_count);
            assert_int_equal(pieces.place_count, c.place_count);
        }
        /* Cut anywhere, what is found is still about that point, or nothing. */
        for (size_t len = 0; len < in.len; len++) {
            const struct bytes cut = exact_copy(t->text, len);
            scan(x, cut, len ? len : 1, &pieces);
            for (size_t k = 0; k < pieces.pair_count; k++)
                assert_true(metres_off(&pieces.pairs[k]) < 2000);
            exact_copy_free(cut);
        }
        exact_copy_free(in);
    }
    text_index_free(x);
    position_index_free(positions);
}

static void places_by_reference(void **state)
{
    static const struct {
        const char *text;
        size_t places;
        enum place_kind kind;
        double bits_min;
    } texts[] = {
        { "GET /15/13631/12103.png HTTP/1.1", 1, PLACE_TILE, 20 },
        { "GET /tiles/15/12103/13631?x=1", 1, PLACE_TILE, 20 },         /* row first */
        { "GET /tms/15/13631/20664.png", 1, PLACE_TILE, 20 },           /* rows from the south */
        { "GET /vt?lyrs=s&x=13631&y=12103&z=15 HTTP/1.1", 1, PLACE_TILE, 20 },
        { "?TileMatrix=17&TileRow=48415&TileCol=54524&f=png", 1, PLACE_TILE, 24 },
        { "GET /a031232302111333.jpeg", 1, PLACE_QUADKEY, 20 },         /* a for aerial */
        { "GET /t1031232302111333.jpeg", 0, PLACE_QUADKEY, 0 },
        { "GET /base031232302111333.jpeg", 0, PLACE_QUADKEY, 0 },
        { "GET /tiles/031232302111333.jpeg", 1, PLACE_QUADKEY, 20 },
        { "quadkey=03123230211133322", 1, PLACE_QUADKEY, 24 },
        { "GET /srtm/N42W031.hgt.zip", 1, PLACE_ELEVATION, 40 },
        { "n43w031.tif", 1, PLACE_ELEVATION, 30 },
        { "&bbox=-30.26,42.48,-30.23,42.50&w=1", 1, PLACE_BOX, 60 },
        { "?BBOX=42.48,-30.26,42.50,-30.23", 1, PLACE_BOX, 60 },
        { "?bbox=-30.26%2C42.48%2C-30.23%2C42.50", 1, PLACE_BOX, 60 },
        { "?crs=EPSG:3857&bbox=-3367971.19,5233154.52,-3365744.80,5236173.78", 1, PLACE_BOX, 60 },
        { "{\"ltlat\":42.5100,\"ltlng\":-30.2700,\"rblat\":42.4700,\"rblng\":-30.2200}", 1, PLACE_BOX, 30 },
        { "{\"n\":42.5100,\"s\":42.4700,\"w\":-30.2700,\"e\":-30.2200}", 1, PLACE_BOX, 30 },
        { "{\"geohash\":\"erd3x\"}", 1, PLACE_CELL, 40 },
        { "s2=4a732e2f", 1, PLACE_CELL, 20 },                           /* level 13 */
        { "\"89351675dafffff\"", 1, PLACE_CELL, 40 },                   /* H3, resolution 9 */
        { "{\"geohash\":\"erdxpb\"}", 0, PLACE_CELL, 0 },
        { "{\"lat\":42.490,\"lng\":-30.245,\"search_radius\":5000}", 1, PLACE_ROUNDED, 60 },
        { "?longitude=-30.25&latitude=42.49", 1, PLACE_ROUNDED, 50 },
        { "z=15&x=13631&y=12103", 1, PLACE_TILE, 36 },                  /* nothing before the first key */
        { "?bbox=329.74,42.48,329.77,42.50", 1, PLACE_BOX, 60 },
        { "{\"lat\":42.490,\"lng\":-31.245}", 0, PLACE_ROUNDED, 0 }, { "{\"lat\":42.4,\"lng\":-30.2}", 0, PLACE_ROUNDED, 0 },
        { "{\"a\":42.490,\"b\":-30.245}", 0, PLACE_ROUNDED, 0 }, { "lat 42.490.1 lon -30.245", 0, PLACE_ROUNDED, 0 },
        { "{\"lat\":-30.245,\"lng\":42.490}", 0, PLACE_ROUNDED, 0 },

        { "GET /15/13640/12103.png", 0, PLACE_TILE, 0 }, { "GET /15/13631/12103/4.png", 0, PLACE_TILE, 0 },
        { "GET /2031/05/17.png", 0, PLACE_TILE, 0 }, { "quadkey=031232302110333", 0, PLACE_QUADKEY, 0 },
        { "N41W031.hgt", 0, PLACE_ELEVATION, 0 }, { "N42W031x.hgt", 0, PLACE_ELEVATION, 0 },
        { "&bbox=-31.26,42.48,-31.23,42.50&w=1", 0, PLACE_BOX, 0 }, { "&bbox=-90,-90,90,90", 0, PLACE_BOX, 0 },
        { "&bbox=-30.26,42.48,-30.23", 0, PLACE_BOX, 0 },
        /* a list of points is no box */
        { "42.5100,-30.2700,42.4700,-30.2200,42.4600,-30.2100", 0, PLACE_BOX, 0 },
    };
    struct position_index *positions = position_index_new(&box, 1);
    struct text_index *x = text_index_new(positions, &box, 1);
    static struct collected c;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct bytes in = exact_copy(texts[i].text, strlen(texts[i].text));
        scan(x, in, in.len, &c);
        if (c.place_count != texts[i].places)
            fail_msg("%s: %zu places", texts[i].text, c.place_count);
        if (c.place_count && (c.places[0].kind != texts[i].kind || c.places[0].bits < texts[i].bits_min))
            fail_msg("%s: %s, %.1f bits", texts[i].text, place_kind_name(c.places[0].kind), c.places[0].bits);
        exact_copy_free(in);
    }
    text_index_free(x);
    position_index_free(positions);
}

/* A geohash without a figure looks like a word: of eight letters it is taken for one, of fewer when something names it. */
static void geohashes_of_letters(void **state)
{
    static const struct geo_box there = { -29.900, 43.548, -29.886, 43.560 };
    static const struct {
        const char *text;
        size_t pairs, places;
    } texts[] = {
        { "at erdxzbbb now", 1, 1 }, { "\"ERDXZBBBK\"", 1, 0 }, { "{\"geohash\":\"erdxzbb\"}", 0, 1 },
        { "at erdxzbb now", 0, 0 }, { "xerdxzbbb", 0, 0 }, { "at erdxzbba now", 0, 0 }, { "at erdxzzzz now", 0, 0 },
    };
    struct position_index *positions = position_index_new(&there, 1);
    struct text_index *x = text_index_new(positions, &there, 1);
    static struct collected c;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct bytes in = exact_copy(texts[i].text, strlen(texts[i].text));
        scan(x, in, in.len, &c);
        if (c.pair_count != texts[i].pairs || c.place_count != texts[i].places)
            fail_msg("%s: %zu pairs, %zu places", texts[i].text, c.pair_count, c.place_count);
        for (size_t k = 0; k < c.pair_count; k++) {
            assert_int_equal(c.pairs[k].encoding, POSITION_GEOHASH);
            assert_true(fabs(c.pairs[k].latitude_deg - 43.55401) < 2e-4 &&
                        fabs(c.pairs[k].longitude_deg + 29.89260) < 2e-4);
        }
        exact_copy_free(in);
    }
    text_index_free(x);
    position_index_free(positions);
}

/* All latitudes, then all longitudes, or the other way round; with other numbers between, and of different length. */
static void columns(void **state)
{
    static const struct {
        const char *text;
        size_t pairs;
        int delta;
    } texts[] = {
        { "{\"lat\":[42.490000, 42.490100, 42.490200, 42.490300],\"lon\":[-30.245000, -30.245100, -30.245200, -30.245300]}", 4, POSITION_COLUMNS },
        { "lon\n-30.245000\n-30.245100\n-30.245200\n-30.245300\nalt\n1.5000\n2.5000\nlat\n42.490000\n42.490100\n42.490200\n42.490300\n", 4,
          -POSITION_COLUMNS },
        { "[424900000,424901000,424902000,424903000,424904000],[-302450000,-302451000]", 2, POSITION_COLUMNS },
        { "[42.490000,42.490100,42.490200],[-30.245000,-30.245100,-30.245200]", 0, 0 }, /* three are no column */
        { "[42.490000,42.490100,42.490200,42.490300],[42.490000,42.490100,42.490200,42.490300]", 0, 0 },
    };
    struct position_index *positions = position_index_new(&box, 1);
    struct text_index *x = text_index_new(positions, &box, 1);
    static struct collected c;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (size_t step = 1; step < 200; step += 11) {
            const struct bytes in = exact_copy(texts[i].text, strlen(texts[i].text));
            size_t found = 0;
            scan(x, in, step, &c);
            for (size_t k = 0; k < c.pair_count; k++) {
                const bool column = abs(c.pairs[k].delta) == POSITION_COLUMNS;
                assert_true(!column || (c.pairs[k].delta == texts[i].delta && metres_off(&c.pairs[k]) < 60));
                found += column;
            }
            if (found != texts[i].pairs)
                fail_msg("%s: %zu", texts[i].text, found);
            exact_copy_free(in);
        }
    text_index_free(x);
    position_index_free(positions);
}

/* Where a coordinate is nearly zero, labels show which whole numbers are meant. */
static void small_whole_numbers(void **state)
{
    static const struct geo_box greenwich = { -0.005, 51.4, 0.006, 51.41 };
    static const struct {
        const char *text;
        size_t pairs;
    } texts[] = {
        { "{\"latE6\":51405000,\"lngE6\":-312}", 1 }, { "\"longitude\": 312, \"latitude\": 51405000", 1 },
        { "lat=514050000&lon=-4120", 1 }, { "{\"latE6\":51405000,\"lngE6\":0}", 0 }, { "{\"latE6\":51405000,\"n\":-312}", 0 },
        { "{\"latE6\":51405000,\"lngE6\":6312}", 0 }, { "lon\"312", 0 }, { "long", 0 }, { "lat", 0 },
    };
    struct position_index *positions = position_index_new(&greenwich, 1);
    struct text_index *x = text_index_new(positions, &greenwich, 1);
    static struct collected c;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (size_t len = 0; len <= strlen(texts[i].text); len++) {
            const struct bytes in = exact_copy(texts[i].text, len);
            scan(x, in, len ? len : 1, &c);
            if (len == strlen(texts[i].text) && c.pair_count != texts[i].pairs)
                fail_msg("%s: %zu", texts[i].text, c.pair_count);
            exact_copy_free(in);
        }
    text_index_free(x);
    position_index_free(positions);
}

/* Bytes dense with what the marks are made of. */
static void vector_and_scalar_agree(void **state)
{
    enum { BYTES = 4096, ROUNDS = 60 };
    static const char dense[] =
        "0123456789..,,//==++--NSEW'\":: %\\\xb0\xc2" "erd3xz25TGH4a732PK\x03\x04 0123456789 0123456789";
    struct position_index *positions = position_index_new(&box, 1);
    struct text_index *plain = text_index_new(positions, &box, 1), *vector = text_index_new(positions, &box, 1);
    static struct collected a, b;
    uint8_t *data = malloc(BYTES);
    uint64_t random = 17;

    (void)state;
    assert_non_null(data);
    assert_true(text_index_use(plain, FILTER_PLAIN));
    for (int round = 0; round < ROUNDS; round++) {
        const size_t len = (size_t)(random_next(&random) % BYTES);
        if (!text_index_use(vector, (enum filter_kernel)(round % FILTER_COUNT)))
            continue;
        for (size_t i = 0; i < len; i++)
            data[i] = (uint8_t)dense[random_next(&random) % (sizeof dense - 1)];
        for (size_t at = 0; at + 80 < len; at += 160) {
            const char *text = cases[random_next(&random) % (sizeof cases / sizeof *cases)].text;
            memcpy(data + at, text, strlen(text) < 80 ? strlen(text) : 80);
        }
        const struct bytes in = exact_copy(data, len);
        scan(plain, in, len ? len : 1, &a);
        scan(vector, in, 1 + random_next(&random) % 200, &b);
        assert_int_equal(a.pair_count, b.pair_count);
        assert_int_equal(a.place_count, b.place_count);
        assert_int_equal(a.sign_count, b.sign_count);
        for (size_t i = 0; i < a.pair_count && i < KEPT; i++)
            assert_memory_equal(&a.pairs[i], &b.pairs[i], sizeof a.pairs[i]);
        exact_copy_free(in);
    }
    free(data);
    text_index_free(plain);
    text_index_free(vector);
    position_index_free(positions);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_ways_of_writing), cmocka_unit_test(geohashes_of_letters),
        cmocka_unit_test(places_by_reference),
        cmocka_unit_test(columns),
        cmocka_unit_test(small_whole_numbers),
        cmocka_unit_test(vector_and_scalar_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
