#include "support/support.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fact/wire.h"
#include "reader/held_rows.h"

enum { ALL_IN_MEMORY = 8 * 1024 * 1024, LONG_TEXT = 1000 };

struct seen {
    int64_t rows, sum;
};

static int count(void *user, enum fact_kind kind, void *row)
{
    struct seen *seen = user;

    assert_int_equal(kind, FACT_FLOW);
    seen->rows++;
    seen->sum += ((const struct fact_head *)row)->number;
    return 0;
}

/* Rows of a kilobyte each with the numbers 1 to `rows`. */
static struct buffer stream_of(int64_t rows)
{
    static char host[LONG_TEXT];
    struct fact_flow flow;
    struct buffer wire;

    memset(host, 'h', sizeof host);
    buffer_init(&wire, SIZE_MAX / 2);
    fact_init(FACT_FLOW, &flow);
    flow.host = (struct text){ host, sizeof host };
    for (int64_t number = 1; number <= rows; number++)
        assert_true(wire_encode(&wire, FACT_FLOW, &flow, number));
    return wire;
}

/* Added in pieces that cut rows. */
static void hold(struct held_rows *h, struct held_room *room, const struct buffer *stream)
{
    enum { PIECE = 60001 };
    const struct bytes all = { .at = stream->at, .len = stream->len };

    for (size_t at = 0; at < all.len; at += PIECE)
        assert_int_equal(held_rows_add(h, room, bytes_part(all, at, PIECE), "/tmp"), 0);
}

static void drain_all(struct held_rows *h, struct held_room *room, int64_t rows)
{
    struct arena *arena = arena_new(0);
    struct seen seen = { 0, 0 };

    assert_int_equal(held_rows_drain(h, room, arena, count, &seen), 0);
    assert_int_equal(seen.rows, rows);
    assert_int_equal(seen.sum, rows * (rows + 1) / 2);
    arena_free(arena);
}

static void rows_come_back_from_memory_and_file(void **state)
{
    static const int64_t rows[] = { 0, 1, 500, 9000 }; /* the last are nine megabytes */
    struct held_room room = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buffer stream = stream_of(rows[i]);
        struct held_rows h;
        held_rows_init(&h);
        hold(&h, &room, &stream);
        assert_int_equal(h.file >= 0, rows[i] == 9000);
        assert_int_equal(room.bytes + h.file_bytes, stream.len);
        drain_all(&h, &room, rows[i]);
        assert_int_equal(room.bytes, 0);
        assert_int_equal(h.file, -1);
        assert_null(h.memory.at); /* drained rows keep no memory */
        held_rows_done(&h, &room);
        buffer_done(&stream);
    }
    assert_true(room.spares > 0);
    held_room_done(&room);
}

/* However many wait, and each with less than would go to a file alone. */
static void all_that_wait_share_their_memory(void **state)
{
    enum { ITEMS = 24, ROWS = 1500 };
    struct buffer stream = stream_of(ROWS);
    struct held_room room = { 0 };
    struct held_rows items[ITEMS];

    (void)state;
    for (int i = 0; i < ITEMS; i++) {
        held_rows_init(&items[i]);
        hold(&items[i], &room, &stream);
        assert_true(room.bytes <= ALL_IN_MEMORY + stream.len);
    }
    assert_true(items[0].file < 0);
    assert_true(items[ITEMS - 1].file >= 0);
    for (int i = 0; i < ITEMS; i++)
        drain_all(&items[i], &room, ROWS);
    assert_int_equal(room.bytes, 0);
    for (int i = 0; i < ITEMS; i++)
        held_rows_done(&items[i], &room);
    held_room_done(&room);
    buffer_done(&stream);
}

static void a_row_cut_between_two_streams_is_handed_out_once(void **state)
{
    struct arena *arena = arena_new(0);
    struct buffer stream = stream_of(3);
    struct held_room room = { 0 };
    struct seen seen = { 0, 0 };
    struct held_rows h;
    const struct bytes all = { .at = stream.at, .len = stream.len };
    const size_t cut = stream.len / 2;

    (void)state;
    held_rows_init(&h);
    assert_int_equal(held_rows_pass(&h, &room, bytes_part(all, 0, cut), "/tmp", arena, count, &seen), 0);
    assert_int_equal(seen.rows, 1);
    assert_true(room.bytes > 0);
    assert_int_equal(held_rows_pass(&h, &room, bytes_part(all, cut, UINT64_MAX), "/tmp", arena, count, &seen), 0);
    assert_int_equal(seen.rows, 3);
    assert_int_equal(seen.sum, 6);
    assert_int_equal(room.bytes, 0);
    held_rows_done(&h, &room);
    held_room_done(&room);
    buffer_done(&stream);
    arena_free(arena);
}

static void a_stream_without_sense_is_not_kept(void **state)
{
    static const uint8_t none[] = { 2, 0, 0, 0, 0xff, 0xff };
    struct arena *arena = arena_new(0);
    struct held_room room = { 0 };
    struct seen seen = { 0, 0 };
    struct held_rows h;

    (void)state;
    held_rows_init(&h);
    assert_int_equal(held_rows_add(&h, &room, (struct bytes){ .at = none, .len = sizeof none }, "/tmp"), 0);
    assert_int_equal(held_rows_drain(&h, &room, arena, count, &seen), -EBADMSG);
    assert_int_equal(room.bytes, 0);
    assert_int_equal(seen.rows, 0);
    held_rows_done(&h, &room);
    held_room_done(&room);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_back_from_memory_and_file),
        cmocka_unit_test(all_that_wait_share_their_memory),
        cmocka_unit_test(a_row_cut_between_two_streams_is_handed_out_once),
        cmocka_unit_test(a_stream_without_sense_is_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
