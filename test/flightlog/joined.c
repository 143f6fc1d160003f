#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "evidence/format.h"

/* Files that hold several logs, one behind the other: each is a flight of its own, as it would be by itself, also where
 * the one before it was cut off. */

static const struct joined { const char *path, *kind; } logs[] = {
    { "ulog/ten-fixes.ulg", "ulog" }, { "dataflash/five-fixes.bin", "dataflash" }, { "dataflash/five-fixes.log", "dataflash-text" },
    { "dji_dat/eight-seconds-with-interrupted-record.dat", "dji-dat" },
    { "csv_log/feet-and-quoted-line-end.csv", "flight-csv" }, { "blackbox/fixes-home-and-end.bbl", "blackbox" },
};

struct outcome {
    struct kept_facts facts;
    struct reading reading;
};

static void read_bytes(struct outcome *o, const void *at, size_t len, const char *kind)
{
    const struct bytes in = exact_copy(at, len);
    const struct format *format = format_identify(in);

    kept_facts_init(&o->facts);
    o->reading = reading_for_test(&o->facts);
    assert_non_null(format);
    assert_string_equal(format->kind, kind);
    (void)format->read(&o->reading, in);
    exact_copy_free(in);
}

static void done(struct outcome *o)
{
    reading_for_test_done(&o->reading);
    kept_facts_done(&o->facts);
}

/* Of the aircraft, of the nth flight. */
static size_t points_of(const struct outcome *o, size_t nth)
{
    const struct fact_flight *flight = kept_facts_row(&o->facts, FACT_FLIGHT, nth);

    assert_non_null(flight);
    return (size_t)flight->points;
}

static struct bytes corpus(const char *path)
{
    char below[256];

    snprintf(below, sizeof below, "test/corpus/flightlog/%s", path);
    return file_bytes(source_path(below));
}

static void each_is_a_flight(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
        const struct bytes one = corpus(logs[i].path);
        struct outcome single, twice;
        struct buffer b;

        print_message("# %s\n", logs[i].path);
        read_bytes(&single, one.at, one.len, logs[i].kind);
        assert_int_equal(kept_facts_count(&single.facts, FACT_FLIGHT), 1);
        buffer_init(&b, 1 << 24);
        buffer_add(&b, one.at, one.len);
        buffer_add(&b, one.at, one.len);
        read_bytes(&twice, b.at, b.len, logs[i].kind);
        assert_int_equal(kept_facts_count(&twice.facts, FACT_FLIGHT), 2);
        assert_int_equal(kept_facts_count(&twice.facts, FACT_POSITION),
                         2 * kept_facts_count(&single.facts, FACT_POSITION));
        assert_int_equal(twice.reading.damage_count, 2 * single.reading.damage_count);
        for (size_t n = 0; n < 2; n++) {
            const struct fact_flight *got = kept_facts_row(&twice.facts, FACT_FLIGHT, n),
                *want = kept_facts_row(&single.facts, FACT_FLIGHT, 0);
            assert_int_equal(got->points, want->points);
            assert_int_equal(got->start, want->start);
            assert_int_equal(got->end, want->end);
            assert_int_equal(got->head.origin.offset, n * one.len);
            assert_int_equal(got->head.origin.length, one.len);
        }
        buffer_done(&b);
        done(&single);
        done(&twice);
        exact_copy_free(one);
    }
}

/* Behind one that was cut off. */
static void the_second_is_whole(void **state)
{
    static const struct { size_t log, numerator; } cuts[] = { { 0, 5 }, { 0, 6 }, { 1, 5 }, { 1, 6 }, { 3, 4 },
                                                              { 3, 6 } };

    (void)state;
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        const struct joined *log = &logs[cuts[i].log];
        const struct bytes one = corpus(log->path);
        const size_t cut = one.len * cuts[i].numerator / 7;
        struct outcome single, joined;
        struct buffer b;

        print_message("# %s, cut at %zu of %zu\n", log->path, cut, one.len);
        read_bytes(&single, one.at, one.len, log->kind);
        buffer_init(&b, 1 << 24);
        buffer_add(&b, one.at, cut);
        buffer_add(&b, one.at, one.len);
        read_bytes(&joined, b.at, b.len, log->kind);
        assert_int_equal(kept_facts_count(&joined.facts, FACT_FLIGHT), 2);
        assert_int_equal(points_of(&joined, 1), points_of(&single, 0));
        assert_true(joined.reading.damage_count > single.reading.damage_count);
        buffer_done(&b);
        done(&single);
        done(&joined);
        exact_copy_free(one);
    }
}

/* Wherever the first ends: a record that was cut off must not swallow the header behind it. */
static void the_second_is_whole_behind_any_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        const struct bytes one = corpus(logs[i].path);
        struct outcome single;

        print_message("# %s\n", logs[i].path);
        read_bytes(&single, one.at, one.len, logs[i].kind);
        for (size_t cut = one.len / 2; cut < one.len; cut += 1 + one.len / 1500) {
            struct outcome joined;
            struct buffer b;
            buffer_init(&b, 1 << 24);
            buffer_add(&b, one.at, cut);
            buffer_add(&b, one.at, one.len);
            read_bytes(&joined, b.at, b.len, logs[i].kind);
            const size_t flights = kept_facts_count(&joined.facts, FACT_FLIGHT); /* one where nothing but layouts stands ahead of the cut */
            if (flights == 0 || points_of(&joined, flights - 1) != points_of(&single, 0))
                fail_msg("cut at %zu", cut);
            buffer_done(&b);
            done(&joined);
        }
        done(&single);
        exact_copy_free(one);
    }
}

/* Of the first log nothing else is there, and all records are the second's. */
static void header_right_behind_a_header(void **state)
{
    enum { HEADER = 256 };
    const struct bytes one = corpus("dji_dat/eight-seconds-with-interrupted-record.dat");
    struct outcome single, joined;
    struct buffer b;

    (void)state;
    read_bytes(&single, one.at, one.len, "dji-dat");
    buffer_init(&b, 1 << 24);
    buffer_add(&b, one.at, HEADER);
    buffer_add(&b, one.at, one.len);
    read_bytes(&joined, b.at, b.len, "dji-dat");
    assert_int_equal(kept_facts_count(&joined.facts, FACT_FLIGHT), 2);
    assert_int_equal(points_of(&joined, 0), 0);
    assert_int_equal(points_of(&joined, 1), points_of(&single, 0));
    assert_int_equal(joined.reading.damage_count, single.reading.damage_count + 1);
    buffer_done(&b);
    done(&single);
    done(&joined);
    exact_copy_free(one);
}

/* Rows of two flights in turn: all are read, and the log is not whole. */
static void rows_in_turn(void **state)
{
    struct outcome o;
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 16);
    buffer_add_text(&b, TEXT("time(millisecond),datetime(utc),latitude,longitude\n"));
    for (int i = 0; i < 20; i++)
        buffer_printf(&b, "%d,2024-05-0%d 09:30:%02d,4%d.5,-5.25\n", i / 2 * 1000, 1 + i % 2, i / 2, 5 + i % 2);
    read_bytes(&o, b.at, b.len, "flight-csv");
    assert_int_equal(points_of(&o, 0), 20);
    assert_int_equal(o.reading.damage_count, 1);
    buffer_done(&b);
    done(&o);
}

/* Subtitles of two days. */
static void subtitles_of_two_days(void **state)
{
    static const char text[] =
        "1\n00:00:00,000 --> 00:00:01,000\n2021-04-19 09:31:07\n[latitude: 41.5] [longitude: -5.25]\n\n"
        "2\n00:00:01,000 --> 00:00:02,000\n2021-04-19 09:31:08\n[latitude: 41.6] [longitude: -5.25]\n\n"
        "1\n00:00:00,000 --> 00:00:01,000\n2021-04-21 09:31:07\n[latitude: 42.5] [longitude: -5.25]\n\n";
    struct outcome o;

    (void)state;
    read_bytes(&o, text, sizeof text - 1, "dji-srt");
    assert_int_equal(kept_facts_count(&o.facts, FACT_FLIGHT), 2);
    assert_int_equal(points_of(&o, 0), 2);
    assert_int_equal(points_of(&o, 1), 1);
    assert_text_equal(((const struct fact_flight *)kept_facts_row(&o.facts, FACT_FLIGHT, 1))->start_local,
                      "2021-04-21T09:31:07");
    done(&o);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_a_flight),
        cmocka_unit_test(the_second_is_whole),
        cmocka_unit_test(the_second_is_whole_behind_any_cut),
        cmocka_unit_test(header_right_behind_a_header),
        cmocka_unit_test(rows_in_turn),
        cmocka_unit_test(subtitles_of_two_days),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
