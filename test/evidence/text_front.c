#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "evidence/format.h"
#include "evidence/text_front.h"

/* One text of each kind, saved in every form: the same rows come out, and each points at the bytes that say it. */

static const struct sample { const char *kind, *text; } samples[] = {
    { "dji-srt", "1\n00:00:00,000 --> 00:00:01,000\nHOME(-5.2000,41.5000) 2021.04.19 09:31:07\nGPS(-5.2500,41.5000,16) BAROMETER:1.9\n\n"
                 "2\n00:00:01,000 --> 00:00:02,000\nHOME(-5.2000,41.5000) 2021.04.19 09:31:08\nGPS(-5.2600,41.6000,16) BAROMETER:2.9\n\n" },
    { "flight-csv", "time(utc)\tlatitude\tlongitude\tplace\n2021-04-19 09:31:07\t41.5\t-5.25\t\"caf\xc3\xa9 \xf0\x9f\x9a\x81\n\"\n"
                    "2021-04-19 09:31:08\t41.6\t-5.26\t\xe2\x82\xac\n" },
    { "gpx", "<gpx creator='caf\xc3\xa9'><trk><name>\xe2\x82\xac</name><trkseg><trkpt lat='41.5' lon='-5.25'><time>2021-04-19T09:31:07Z</time></trkpt>\n"
             "<trkpt lat='41.6' lon='-5.26'><time>2021-04-19T09:31:08Z</time></trkpt></trkseg></trk></gpx>\n" },
    { "kml", "<kml xmlns='http://www.opengis.net/kml/2.2'><Document><Placemark><name>\xf0\x9f\x9a\x81</name><LineString>\n<coordinates>-5.25,41.5,10 "
             "-5.26,41.6,11</coordinates></LineString></Placemark></Document></kml>\n" },
    { "flight-json", "{\"exchange\":{\"exchange_type\":\"flight_logging\",\"message\":{\"flight_data\":{\"aircraft\":{\"model\":\"\xe2\x82\xac\",\n"
                     "\"serial_number\":\"0TEST0001\"}},\"flight_logging\":{\"logging_start_dtg\":\"2021-04-19T09:31:07Z\",\"flight_logging_keys\":"
                     "[\"timestamp\",\"gps_lon\",\"gps_lat\"],\n\"flight_logging_items\":[[0,-5.25,41.5],[1,-5.26,41.6]]}}}}\n" },
    { "dataflash-text", "FMT, 128, 89, FMT, BBnNZ, Type,Length,Name,Format,Columns\n"
                        "FMT, 130, 50, GPS, QBIHBcLLefffB, TimeUS,Status,GMS,GWk,NSats,HDop,Lat,Lng,Alt,Spd,GCrs,VZ,U\n"
                        "GPS, 1000000, 3, 120667000, 2154, 12, 0.8, 41.5, -5.25, 10.5, 1, 2, 3, 1\n"
                        "GPS, 2000000, 3, 120668000, 2154, 12, 0.8, 41.6, -5.26, 10.5, 1, 2, 3, 1\n" },
};

enum form { LITTLE, BIG, LITTLE_NO_MARK, BIG_NO_MARK, CR, LITTLE_CR, FORMS };

static uint32_t character(const char **at)
{
    const unsigned char *c = (const unsigned char *)*at;
    const size_t n = c[0] < 0x80 ? 1 : c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : 4;
    uint32_t value = n == 1 ? c[0] : c[0] & (0xffu >> (n + 1));

    for (size_t i = 1; i < n; i++)
        value = value << 6 | (c[i] & 0x3f);
    *at += n;
    return value;
}

static void put_unit(struct buffer *b, unsigned unit, bool big)
{
    buffer_add_u8(b, (uint8_t)(big ? unit >> 8 : unit));
    buffer_add_u8(b, (uint8_t)(big ? unit : unit >> 8));
}

static void put_character(struct buffer *b, uint32_t c, enum form form)
{
    const bool big = form == BIG || form == BIG_NO_MARK;

    if (c >= 0x10000)
        put_unit(b, 0xd800 + ((c - 0x10000) >> 10), big);
    put_unit(b, c >= 0x10000 ? 0xdc00 + ((c - 0x10000) & 0x3ff) : c, big);
}

static void save(struct buffer *b, const char *text, enum form form)
{
    buffer_init(b, 1 << 20);
    if (form == LITTLE || form == BIG || form == LITTLE_CR)
        put_unit(b, 0xfeff, form == BIG);
    for (const char *at = text; *at != '\0'; ) {
        const char *const before = at;
        uint32_t c = character(&at);
        if (c == '\n' && (form == CR || form == LITTLE_CR))
            c = '\r';
        if (form != CR)
            put_character(b, c, form);
        else if (c == '\r')
            buffer_add_u8(b, '\r');
        else
            buffer_add(b, before, (size_t)(at - before));
    }
}

struct outcome {
    struct kept_facts facts;
    struct reading reading;
};

static void read_item(struct outcome *o, struct bytes item, const char *kind)
{
    const struct format *format = format_identify(item);

    kept_facts_init(&o->facts);
    o->reading = reading_for_test(&o->facts);
    assert_non_null(format);
    assert_string_equal(format->kind, kind);
    assert_int_equal(format->read(&o->reading, item), PARSE_OK);
    assert_ptr_equal(o->reading.facts, &o->facts.sink);
    for (size_t i = 0; i < FACT_KIND_COUNT; i++)
        assert_int_equal(o->facts.sink.last_number[i], kept_facts_count(&o->facts, (enum fact_kind)i));
}

static void done(struct outcome *o)
{
    reading_for_test_done(&o->reading);
    kept_facts_done(&o->facts);
}

/* The row's bytes in the saved text are what the row's bytes in the plain one become when they are saved. */
static void assert_points_at_the_same(const struct fact_head *plain, const struct fact_head *saved, const char *text,
                                      struct bytes item, enum form form)
{
    struct buffer want;
    char part[2048];

    if (!fact_known_int(plain->origin.offset))
        return;
    assert_true(plain->origin.length >= 0 && (size_t)plain->origin.length < sizeof part);
    memcpy(part, text + plain->origin.offset, (size_t)plain->origin.length);
    part[plain->origin.length] = '\0';
    save(&want, part, form);
    const size_t mark = want.len >= 2 && want.at[0] >= 0xfe ? 2 : 0;
    assert_int_equal(saved->origin.length, want.len - mark);
    assert_true((size_t)(saved->origin.offset + saved->origin.length) <= item.len);
    assert_memory_equal(item.at + saved->origin.offset, want.at + mark, want.len - mark);
    if (form == CR)
        assert_int_equal(saved->origin.steps.count, plain->origin.steps.count);
    else
        assert_text_equal(saved->origin.steps.items[0], "UTF-16 text");
    buffer_done(&want);
}

static void assert_same_rows(const struct outcome *plain, const struct outcome *saved, const char *text,
                             struct bytes item, enum form form)
{
    assert_int_equal(plain->facts.count, saved->facts.count);
    for (size_t i = 0; i < plain->facts.count; i++) {
        const struct kept_row *p = &plain->facts.rows[i], *s = &saved->facts.rows[i];
        assert_int_equal(p->kind, s->kind);
        assert_int_equal(p->number, s->number);
        assert_points_at_the_same(p->row, s->row, text, item, form);
        if (p->kind != FACT_POSITION)
            continue;
        const struct fact_position *a = p->row, *b = s->row;
        assert_true(a->longitude_deg == b->longitude_deg && a->latitude_deg == b->latitude_deg);
        assert_int_equal(a->time, b->time);
    }
}

static void every_form_gives_the_same_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        const struct bytes in = exact_copy(samples[i].text, strlen(samples[i].text));
        struct outcome plain, other;
        read_item(&plain, in, samples[i].kind);
        assert_int_equal(((const struct fact_flight *)kept_facts_row(&plain.facts, FACT_FLIGHT, 0))->points, 2);
        for (enum form form = 0; form < FORMS; form++) {
            struct buffer b;
            save(&b, samples[i].text, form);
            const struct bytes item = exact_copy(b.at, b.len);
            read_item(&other, item, samples[i].kind);
            assert_same_rows(&plain, &other, samples[i].text, item, form);
            assert_int_equal(text_front_is_utf16(item), form != CR);
            done(&other);
            exact_copy_free(item);
            buffer_done(&b);
        }
        done(&plain);
        exact_copy_free(in);
    }
}

/* One byte of UTF-16 that is lost makes halves of all characters behind it. */
static void a_lost_byte_is_told_and_read_behind(void **state)
{
    struct buffer b;
    struct outcome o;

    (void)state;
    for (enum form form = LITTLE; form <= BIG; form++) {
        save(&b, samples[0].text, form);
        const size_t lost = 2 + 2 * (size_t)(strstr(samples[0].text, "BAROMETER:1.9") - samples[0].text) + 5;
        memmove(b.at + lost, b.at + lost + 1, b.len - lost - 1);
        const struct bytes item = exact_copy(b.at, b.len - 1);
        read_item(&o, item, "dji-srt");
        assert_int_equal(((const struct fact_flight *)kept_facts_row(&o.facts, FACT_FLIGHT, 0))->points, 2);
        const struct fact_damage *damage = kept_facts_row(&o.facts, FACT_DAMAGE, 0);
        assert_non_null(damage);
        assert_in_range(damage->head.origin.offset, lost - 1, lost + 1);
        assert_int_equal(damage->bytes_lost, 1);
        done(&o);
        exact_copy_free(item);
        buffer_done(&b);
    }
}

static void cut_everywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct buffer b;
        save(&b, samples[i].text, (enum form)(i % FORMS));
        for (size_t n = 0; n < b.len; n++) {
            const struct bytes item = exact_copy(b.at, n);
            const struct format *format = format_identify(item);
            struct kept_facts facts;
            kept_facts_init(&facts);
            struct reading r = reading_for_test(&facts);
            if (format && format->read)
                (void)format->read(&r, item);
            for (size_t k = 0; k < facts.count; k++) {
                const struct fact_origin *origin = &((const struct fact_head *)facts.rows[k].row)->origin;
                if (fact_known_int(origin->offset))
                    assert_in_range(origin->offset, 0, n);
                if (fact_known_int(origin->offset) && fact_known_int(origin->length))
                    assert_in_range(origin->offset + origin->length, 0, n);
            }
            reading_for_test_done(&r);
            kept_facts_done(&facts);
            exact_copy_free(item);
        }
        buffer_done(&b);
    }
}

static bool any(struct bytes whole) { (void)whole; return true; }

static void others_are_left_as_they_are(void **state)
{
    static const struct { const char *bytes; size_t len; } texts[] = {
        { "", 0 }, { "a", 1 }, { "a\rb\n", 4 }, { "a\n", 2 }, { "a\rb\0", 4 }, { "\0\1\0\2\0\3", 6 }, { "a\0b\0c\0", 6 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct bytes in = exact_copy(texts[i].bytes, texts[i].len);
        assert_false(text_front_is_utf16(in));
        assert_true(text_front_recognise(in, any));
        exact_copy_free(in);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_gives_the_same_rows),
        cmocka_unit_test(a_lost_byte_is_told_and_read_behind),
        cmocka_unit_test(cut_everywhere),
        cmocka_unit_test(others_are_left_as_they_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
