/* A file searched in parts: what is found is what is found in the whole. */
#include "support/support.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/buffer.h"
#include "leak/residue.h"

enum { BEFORE = 200000, INSIDE = 400000, BEHIND = 300000, FILE_BYTES_MAX = 4 << 20 };

static struct secrets *secrets;
static struct leak_index *known;

static int prepare(void **state)
{
    (void)state;
    secrets = secrets_new();
    secrets_add_literal(secrets, TEXT("device-1"), SECRET_SERIAL, TEXT("serial number"), TEXT("1ZNBX9K00C00Q7"));
    known = leak_index_new(secrets, NULL);
    return 0;
}

static int put_away(void **state)
{
    (void)state;
    leak_index_free(known);
    secrets_free(secrets);
    return 0;
}

static uint32_t noise(void)
{
    static uint64_t state = 88172645463325252;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 20);
}

static void add_noise(struct buffer *b, size_t n, bool text)
{
    uint8_t *to = buffer_extend(b, n);

    assert_non_null(to);
    for (size_t i = 0; i < n; i++)
        to[i] = text ? (uint8_t)("0123456789abcdef"[noise() & 15]) : (uint8_t)noise();
}

static size_t found_by(const struct leak_index *index, struct bytes whole, uint64_t from, uint64_t until,
                       int64_t *ret_not_decoded)
{
    struct kept_facts kept;

    kept_facts_init(&kept);
    struct reading r = reading_for_test(&kept);
    const size_t count = residue_find_part(index, &r, whole, from, until);
    assert_int_equal(kept_facts_count(&kept, FACT_LEAK), count);
    assert_int_equal(kept_facts_count(&kept, FACT_SEARCH), 1);
    const struct fact_search *searched = kept_facts_row(&kept, FACT_SEARCH, 0);
    assert_int_equal(searched->bytes_searched, until - from);
    *ret_not_decoded = searched->bytes_not_decoded;
    reading_for_test_done(&r);
    kept_facts_done(&kept);
    return count;
}

static size_t found_in(struct bytes whole, uint64_t from, uint64_t until)
{
    int64_t not_decoded;
    const size_t count = found_by(known, whole, from, until, &not_decoded);

    assert_int_equal(not_decoded, 0);
    return count;
}

/* `stream` lies behind noise, and noise behind it. */
static void check(const struct buffer *stream, size_t cut_in_stream)
{
    struct buffer b;
    const size_t cut = BEFORE + cut_in_stream;

    buffer_init(&b, FILE_BYTES_MAX);
    add_noise(&b, BEFORE, false);
    assert_true(buffer_add(&b, stream->at, stream->len));
    add_noise(&b, BEHIND, false);
    const struct bytes in = exact_copy(b.at, b.len);
    assert_true(found_in(in, 0, in.len) >= 1);
    assert_true(found_in(in, 0, cut) + found_in(in, cut, in.len) >= 1);
    assert_true(found_in(in, 0, cut / 2) + found_in(in, cut / 2, cut) + found_in(in, cut, in.len) >= 1);
    /* Where it cannot be, it is not: what goes on behind a part is followed, what begins there is not. */
    assert_int_equal(found_in(in, BEFORE + stream->len + BEHIND / 2, in.len), 0);
    assert_int_equal(found_in(in, 0, BEFORE / 2), 0);
    exact_copy_free(in);
    buffer_done(&b);
}

static void across_a_cut(void **state)
{
    struct buffer stream;

    (void)state;
    buffer_init(&stream, FILE_BYTES_MAX);
    buffer_add_text(&stream, TEXT("serial=1ZNBX9K00C00Q7;"));
    for (size_t cut = 0; cut <= stream.len; cut++)
        check(&stream, cut);
    buffer_done(&stream);
}

static void pack(struct buffer *plain, struct buffer *packed)
{
    z_stream z = { 0 };

    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = plain->at;
    z.avail_in = (uInt)plain->len;
    const size_t room = deflateBound(&z, plain->len);
    z.next_out = buffer_extend(packed, room);
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    packed->len -= z.avail_out;
    deflateEnd(&z);
}

/* What becomes more than the limits allow is not passed over in silence; the same within the limits is searched. */
static void packed_too_well(void **state)
{
    enum { ZEROS = 1 << 20 };
    const struct leak_limits narrow = { .decoded_per_view = ZEROS / 4, .decoded_ratio = 1,
                                        .decoded_total = UINT64_C(1) << 30, .depth = 5,
                                        .hits_bytes = 1 << 20 };
    struct leak_index *limited = leak_index_new(secrets, &narrow);
    struct buffer plain, packed;
    int64_t not_decoded;

    (void)state;
    buffer_init(&plain, FILE_BYTES_MAX);
    buffer_init(&packed, FILE_BYTES_MAX);
    memset(buffer_extend(&plain, ZEROS), 0, ZEROS);
    buffer_add_text(&plain, TEXT("serial=1ZNBX9K00C00Q7;"));
    pack(&plain, &packed);
    const struct bytes in = exact_copy(packed.at, packed.len);
    assert_true(found_by(known, in, 0, in.len, &not_decoded) >= 1);
    assert_int_equal(not_decoded, 0);
    assert_int_equal(found_by(limited, in, 0, in.len, &not_decoded), 0);
    assert_true(not_decoded > 0);
    exact_copy_free(in);
    buffer_done(&plain);
    buffer_done(&packed);
    leak_index_free(limited);
}

/* The value stands at the end of a stream that begins long before the cut: only who has read it from there can unpack
 * it. */
static void in_a_compressed_stream(void **state)
{
    struct buffer plain, packed;

    (void)state;
    buffer_init(&plain, FILE_BYTES_MAX);
    buffer_init(&packed, FILE_BYTES_MAX);
    add_noise(&plain, INSIDE, true);
    buffer_add_text(&plain, TEXT("serial=1ZNBX9K00C00Q7;"));
    pack(&plain, &packed);
    assert_true(packed.len > 150000);
    check(&packed, 20000);
    check(&packed, packed.len / 2);
    buffer_done(&plain);
    buffer_done(&packed);
}

static void in_base64(void **state)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct buffer plain, text;

    (void)state;
    buffer_init(&plain, FILE_BYTES_MAX);
    buffer_init(&text, FILE_BYTES_MAX);
    add_noise(&plain, INSIDE / 3 * 3 - 15, false);
    buffer_add_text(&plain, TEXT("1ZNBX9K00C00Q7;"));
    for (size_t i = 0; i + 2 < plain.len; i += 3) {
        const uint32_t three = (uint32_t)plain.at[i] << 16 | (uint32_t)plain.at[i + 1] << 8 | plain.at[i + 2];
        for (int k = 18; k >= 0; k -= 6)
            assert_true(buffer_add(&text, &digits[three >> k & 63], 1));
    }
    check(&text, 20000);
    check(&text, text.len - 5);
    buffer_done(&plain);
    buffer_done(&text);
}

struct stretches {
    uint64_t from[2], until[2];
};

static bool next_stretch(void *user, uint64_t at, uint64_t *ret_from, uint64_t *ret_until)
{
    const struct stretches *s = user;

    for (size_t i = 0; i < 2; i++)
        if (s->until[i] > at) {
            *ret_from = s->from[i];
            *ret_until = s->until[i];
            return true;
        }
    return false;
}

/* `what` at `place` of noise with two coded stretches: how often it is found, in each of the two halves of the file. */
static size_t found_beside(const struct buffer *what, size_t place)
{
    enum { FILE_BYTES = 1000000 };
    struct stretches s = { { 100000, 500000 }, { 400000, 900000 } };
    struct buffer b;
    struct kept_facts kept;

    buffer_init(&b, FILE_BYTES_MAX);
    add_noise(&b, FILE_BYTES, false);
    memcpy(b.at + place, what->at, what->len);
    const struct bytes in = exact_copy(b.at, b.len);
    kept_facts_init(&kept);
    struct reading r = reading_for_test(&kept);
    const struct residue_coded coded = { .next = next_stretch, .user = &s };
    const size_t whole = residue_find_beside(known, &r, in, 0, in.len, coded);
    const size_t cut = residue_find_beside(known, &r, in, 0, in.len / 2, coded) +
        residue_find_beside(known, &r, in, in.len / 2, in.len, coded);
    assert_true((whole > 0) == (cut > 0));
    reading_for_test_done(&r);
    kept_facts_done(&kept);
    exact_copy_free(in);
    buffer_done(&b);
    return whole;
}

/* In coded stretches values are found as they stand, and nothing is unpacked that begins there; what began before, and
 * what begins behind, is. */
static void in_coded_pictures(void **state)
{
    struct buffer text, plain, packed;

    (void)state;
    buffer_init(&text, FILE_BYTES_MAX);
    buffer_add_text(&text, TEXT("serial=1ZNBX9K00C00Q7;"));
    buffer_init(&plain, FILE_BYTES_MAX);
    buffer_init(&packed, FILE_BYTES_MAX);
    add_noise(&plain, 20000, true);
    buffer_add_text(&plain, TEXT("serial=1ZNBX9K00C00Q7;"));
    pack(&plain, &packed);
    assert_true(packed.len > 9000 && packed.len < 20000);
    for (size_t at = 99900; at < 101200; at += 97)
        assert_true(found_beside(&text, at) >= 1);
    assert_true(found_beside(&text, 300000) >= 1);
    assert_true(found_beside(&text, 399990) >= 1);
    assert_true(found_beside(&text, 499995) >= 1);
    assert_true(found_beside(&packed, 50000) >= 1);
    assert_true(found_beside(&packed, 100000 - packed.len / 2) >= 1);
    assert_true(found_beside(&packed, 99998) >= 1);
    assert_int_equal(found_beside(&packed, 200000), 0);
    assert_int_equal(found_beside(&packed, 520000), 0);
    assert_true(found_beside(&packed, 400000) >= 1);
    assert_true(found_beside(&packed, 900000) >= 1);
    buffer_done(&text);
    buffer_done(&plain);
    buffer_done(&packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(across_a_cut),
        cmocka_unit_test(in_a_compressed_stream),
        cmocka_unit_test(in_base64),
        cmocka_unit_test(packed_too_well),
        cmocka_unit_test(in_coded_pictures),
    };
    return cmocka_run_group_tests(tests, prepare, put_away);
}
