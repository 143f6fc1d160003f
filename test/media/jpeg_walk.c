#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "media/jpeg_walk.h"

/* Scans are looked through many bytes at a time, in windows of a file or as they are mapped: either must find the
 * marker that a byte at a time finds. */

enum { BYTES_MAX = 4096 };

static uint32_t random_state = 1;

static uint32_t next_random(void)
{
    random_state = random_state * 1664525 + 1013904223;
    return random_state >> 8;
}

/* A copy of its own for each window, so that a byte too many is seen; they overlap as those of a file do. */
static size_t window_bytes;
static uint8_t *window;
static unsigned windows;

static struct bytes window_of(struct reading *r, struct bytes part)
{
    const size_t n = part.len < window_bytes ? part.len : window_bytes;

    (void)r;
    free(window);
    window = malloc(n);
    memcpy(window, part.at, n);
    windows++;
    return (struct bytes){ .at = window, .len = n, .origin = 7 };
}

/* B.1.1.2: a marker that a scan can end with, by itself or with a segment that another marker follows. */
static bool can_be_marker(const uint8_t *at, size_t left)
{
    if (left < 2 || at[0] != 0xff || at[1] == 0 || (at[1] >= JPEG_RST0 && at[1] <= JPEG_RST7))
        return false;
    if (at[1] == JPEG_EOI)
        return true;
    if (at[1] < JPEG_SOF0 || at[1] == 0xff || at[1] == JPEG_SOI || left < 4)
        return false;
    const size_t length = (size_t)at[2] << 8 | at[3];
    return length >= 2 && left > 2 + length && (at[1] == JPEG_SOS || at[2 + length] == 0xff);
}

/* Ends of the scans that begins at 0, or `len`. */
static size_t end_of_scan(const uint8_t *at, size_t len)
{
    size_t i = 0;

    while (i < len && !can_be_marker(at + i, len - i))
        i++;
    return i;
}

static const uint8_t head[] = { 0xff, 0xd8, 0xff, 0xda, 0, 2 };

/* Where the walk finds the marker behind the first scan, counted from the scan's begin. */
static size_t walked(struct bytes picture, struct reading *r)
{
    struct jpeg_segment segment;
    struct jpeg_walk w;

    assert_int_equal(jpeg_walk_init(&w, picture), PARSE_OK);
    w.reading = r;
    assert_true(jpeg_walk_next(&w, &segment) && segment.marker == JPEG_SOS);
    if (!jpeg_walk_next(&w, &segment))
        return picture.len - sizeof head;
    return (size_t)(segment.body.origin - sizeof head) - (segment.marker == JPEG_EOI ? 2 : 4);
}

static void put_scan(uint8_t *to, size_t len, unsigned every)
{
    static const uint8_t behind[] = { 0, 0, 0, 0, 0xd0, 0xd3, 0xd7, 0x37, 0xff, 0xd9, 0xda, 0xfe, 0xc4, 0xd8 };

    for (size_t i = 0; i < len; i++) {
        to[i] = (uint8_t)next_random();
        if (to[i] == 0xff)
            to[i] = 0;
    }
    for (size_t i = 0; i + 1 < len; i++)
        if (next_random() % every == 0) {
            to[i++] = 0xff;
            to[i] = behind[next_random() % sizeof behind];
        }
    if (len > 0 && next_random() % 4 == 0)
        to[len - 1] = 0xff;
}

static void finds_what_a_byte_at_a_time_finds(void **state)
{
    struct reading r = { .once = window_of };

    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        const size_t len = next_random() % (round % 50 ? 300 : BYTES_MAX);
        uint8_t *file = malloc(sizeof head + len);
        const struct bytes picture = { .at = file, .len = sizeof head + len };
        memcpy(file, head, sizeof head);
        put_scan(file + sizeof head, len, 4 + next_random() % 400);
        size_t wanted = end_of_scan(file + sizeof head, len);
        /* any number of FF may stand before a marker */
        while (wanted + 1 < len && file[sizeof head + wanted + 1] == 0xff)
            wanted++;
        window_bytes = 2 + next_random() % 200;
        assert_int_equal(walked(picture, NULL), wanted);
        assert_int_equal(walked(picture, &r), wanted);
        free(file);
    }
    assert_true(windows > 20000);
    free(window);
    window = NULL;
}

/* Each place of a step, and of a window, is looked at. */
static void finds_it_at_every_place(void **state)
{
    struct reading r = { .once = window_of };
    uint8_t file[sizeof head + 300];

    (void)state;
    for (window_bytes = 2; window_bytes < 140; window_bytes += 23) {
        for (size_t at = 0; at < 298; at++) {
            memset(file, 0xd4, sizeof file);
            memcpy(file, head, sizeof head);
            memcpy(file + sizeof head + at, "\xff\xd9", 2);
            assert_int_equal(walked((struct bytes){ .at = file, .len = sizeof file }, NULL), at);
            assert_int_equal(walked((struct bytes){ .at = file, .len = sizeof file }, &r), at);
        }
    }
    free(window);
    window = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_a_byte_at_a_time_finds),
        cmocka_unit_test(finds_it_at_every_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
