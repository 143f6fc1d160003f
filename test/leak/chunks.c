/* Pieces of files: the same ones come out however the stream is split and wherever the part
 * begins; what is common to files tells none of them. */
#include "leak/plant.h"

#include <stdlib.h>
#include <string.h>

#include "leak/chunks.h"

enum { PIECES_MAX = 4096 };

struct pieces {
    uint64_t hashes[PIECES_MAX];
    size_t count;
};

static void keep(void *user, uint64_t hash, uint32_t len, size_t end)
{
    struct pieces *p = user;

    (void)end;
    assert_in_range(len, CHUNK_MIN, CHUNK_MAX);
    assert_true(p->count < PIECES_MAX);
    p->hashes[p->count++] = hash;
}

static void cut_in(const uint8_t *at, size_t len, size_t split, struct pieces *p)
{
    struct chunk_cutter c = { 0 };

    p->count = 0;
    for (size_t from = 0; from < len; from += split) {
        const size_t n = len - from < split ? len - from : split;
        const struct bytes exact = exact_copy(at + from, n);
        chunk_cut(&c, exact.at, n, keep, p);
        exact_copy_free(exact);
    }
}

static void any_split_gives_the_same_pieces(void **state)
{
    enum { BYTES = 60000 };
    static const size_t splits[] = { 1, 2, 3, 7, 8, 9, 63, 1448, 16384 };
    static struct pieces whole, split;
    uint64_t random = 3;
    uint8_t *at = malloc(BYTES);

    (void)state;
    random_fill(&random, at, BYTES);
    cut_in(at, BYTES, BYTES, &whole);
    assert_in_range(whole.count, 30, 80); /* a kilobyte each */
    for (size_t i = 0; i < sizeof splits / sizeof *splits; i++) {
        cut_in(at, BYTES, splits[i], &split);
        assert_int_equal(split.count, whole.count);
        assert_memory_equal(split.hashes, whole.hashes, whole.count * sizeof *whole.hashes);
    }
    free(at);
}

static void a_part_gives_the_pieces_that_lie_in_it(void **state)
{
    enum { BYTES = 40000 };
    static struct pieces whole, part;
    uint64_t random = 4;
    uint8_t *at = malloc(BYTES);

    (void)state;
    random_fill(&random, at, BYTES);
    cut_in(at, BYTES, BYTES, &whole);
    for (size_t from = 0; from < BYTES; from += 997) {
        cut_in(at + from, BYTES - from, 1448, &part);
        /* All but those that begin before it, and the one in which it begins. */
        assert_true(part.count <= whole.count);
        assert_memory_equal(part.hashes, whole.hashes + whole.count - part.count, part.count * sizeof *part.hashes);
        assert_true((whole.count - part.count) * 1024 <= from + 12 * 1024);
    }
    free(at);
}

static void lines_of_text_are_cut_too(void **state)
{
    static struct pieces p;
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 20);
    for (int i = 0; i < 500; i++)
        buffer_printf(&b, "%d,%.7f,%.7f,%.1f\n", i * 100, 45.5 + i * 1e-5, -30.25 - i * 3e-6, 40 + i % 7 * 0.1);
    cut_in(b.at, b.len, b.len, &p);
    assert_true(p.count > 30);
    buffer_done(&b);
}

static void known_and_shared(void **state)
{
    enum { BYTES = 200000, COMMON = 60000 };
    static struct pieces first;
    uint64_t random = 5;
    uint8_t *one = malloc(BYTES), *other = malloc(BYTES);
    struct chunk_set *s = chunk_set_new();
    uint32_t counts[2] = { 0 };
    size_t shared = 0, own = 0, unknown = 0;

    (void)state;
    random_fill(&random, one, BYTES);
    random_fill(&random, other, BYTES);
    memcpy(other, one, COMMON);
    chunk_set_add(s, 0, (struct bytes){ .at = one, .len = BYTES });
    chunk_set_add(s, 1, (struct bytes){ .at = other, .len = BYTES });
    chunk_set_count_by_file(s, counts, 2);
    cut_in(one, BYTES, BYTES, &first);
    for (size_t i = 0; i < first.count; i++) {
        const struct known_chunk *k = chunk_set_find(s, first.hashes[i]);
        unknown += !k;
        shared += k && k->file == CHUNK_SHARED;
        own += k && k->file == 0;
    }
    assert_int_equal(unknown, 0);
    assert_int_equal(own, counts[0]);
    assert_in_range(shared, COMMON / 1024 / 2, COMMON / 1024 * 2);
    assert_int_equal(chunk_set_count(s), counts[0] + counts[1] + shared);
    assert_null(chunk_set_find(s, 12345));
    chunk_set_free(s);
    free(one);
    free(other);
}

/* A large file keeps a sample of its pieces, and so does a set of many. */
static void large_files_are_sampled(void **state)
{
    enum { BYTES = 24 << 20 };
    uint64_t random = 6;
    uint8_t *at = malloc(BYTES);
    struct chunk_set *s = chunk_set_new();

    (void)state;
    random_fill(&random, at, BYTES);
    chunk_set_add(s, 0, (struct bytes){ .at = at, .len = BYTES });
    assert_in_range(chunk_set_count(s), CHUNKS_PER_FILE / 4, CHUNKS_PER_FILE * 2);
    chunk_set_free(s);

    s = chunk_set_new();
    chunk_set_expect(s, UINT64_C(24) << 30); /* one megabyte of four is looked at */
    chunk_set_add(s, 0, (struct bytes){ .at = at, .len = 8 << 20 });
    assert_in_range(chunk_set_count(s), 2 * 256, 2 * 1500);
    chunk_set_free(s);
    free(at);
}

/* Zeros, one line feed after another, nothing at all. */
static void dull_content_is_no_piece(void **state)
{
    enum { BYTES = 100000 };
    uint8_t *at = calloc(1, BYTES);
    struct chunk_set *s = chunk_set_new();

    (void)state;
    chunk_set_add(s, 0, (struct bytes){ .at = at, .len = BYTES });
    memset(at, '\n', BYTES);
    chunk_set_add(s, 1, (struct bytes){ .at = at, .len = BYTES });
    for (size_t i = 0; i < BYTES; i++)
        at[i] = i % 400 == 399 ? '\n' : "ABCD"[i % 4];
    chunk_set_add(s, 2, (struct bytes){ .at = at, .len = BYTES });
    chunk_set_add(s, 3, (struct bytes){ .at = at, .len = 0 });
    assert_int_equal(chunk_set_count(s), 0);
    chunk_set_free(s);
    free(at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_split_gives_the_same_pieces),
        cmocka_unit_test(a_part_gives_the_pieces_that_lie_in_it),
        cmocka_unit_test(lines_of_text_are_cut_too),
        cmocka_unit_test(known_and_shared),
        cmocka_unit_test(large_files_are_sampled),
        cmocka_unit_test(dull_content_is_no_piece),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
