#include "support/support.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>
#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include "base/buffer.h"
#include "evidence/archive.h"

/* Archives written with libarchive and zlib, members taken into memory. */

enum { MEMBERS_MAX = 64, ARCHIVE_ROOM = 1 << 20 };

struct taken {
    struct kept_facts facts;
    struct reading reading;
    enum parse_status status;
    struct text names[MEMBERS_MAX];
    struct buffer contents[MEMBERS_MAX];
    size_t count;
    bool refuse;          /* member_open says no */
    uint64_t room;        /* member_add says no behind so many bytes */
};

static struct taken *taken_of(struct reading *r) { return r->owner; }

static bool open_member(struct reading *r, struct text name)
{
    struct taken *t = taken_of(r);

    if (t->refuse || t->count == MEMBERS_MAX)
        return false;
    buffer_init(&t->contents[t->count], 128 << 20);
    t->names[t->count++] = name;
    return true;
}

static bool add_to_member(struct reading *r, struct bytes piece)
{
    struct taken *t = taken_of(r);

    if (piece.len > t->room)
        return false;
    t->room -= piece.len;
    return buffer_add(&t->contents[t->count - 1], piece.at, piece.len);
}

static void close_member(struct reading *r) { (void)r; }

static bool is_compressed(struct bytes b)
{
    return gzip_recognise(b) || bzip2_recognise(b) || xz_recognise(b) || zstd_recognise(b);
}

static void take(struct taken *t, struct bytes archive, bool refuse, uint64_t room)
{
    const struct bytes copy = exact_copy(archive.at, archive.len);

    *t = (struct taken){ .refuse = refuse, .room = room };
    kept_facts_init(&t->facts);
    t->reading = reading_for_test(&t->facts);
    t->reading.member_open = open_member;
    t->reading.member_add = add_to_member;
    t->reading.member_close = close_member;
    t->reading.owner = t;
    t->status = is_compressed(copy) ? compressed_read(&t->reading, copy) : archive_read_members(&t->reading, copy);
    exact_copy_free(copy);
}

static void done(struct taken *t)
{
    for (size_t i = 0; i < t->count; i++)
        buffer_done(&t->contents[i]);
    reading_for_test_done(&t->reading);
    kept_facts_done(&t->facts);
}

static bool says(struct taken *t, const char *words)
{
    const struct fact_damage *d;

    for (size_t i = 0; (d = kept_facts_row(&t->facts, FACT_DAMAGE, i)); i++)
        if (memmem(d->statement.at, d->statement.len, words, strlen(words)))
            return true;
    return false;
}

static bool holds(const struct taken *t, size_t i, const char *content)
{
    return i < t->count && t->contents[i].len == strlen(content) &&
        memcmp(t->contents[i].at, content, strlen(content)) == 0;
}

struct written {
    uint8_t *at;
    size_t len;
};

static struct bytes view(const struct written *w) { return (struct bytes){ .at = w->at, .len = w->len }; }

static void add_entry(struct archive *a, const char *name, unsigned type, const char *content)
{
    struct archive_entry *e = archive_entry_new();

    archive_entry_set_pathname(e, name);
    archive_entry_set_filetype(e, type);
    archive_entry_set_perm(e, 0600);
    archive_entry_set_size(e, content ? (la_int64_t)strlen(content) : 0);
    if (type == AE_IFLNK)
        archive_entry_set_symlink(e, "/etc/passwd");
    assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
    if (content)
        assert_int_equal(archive_write_data(a, content, strlen(content)), strlen(content));
    archive_entry_free(e);
}

/* Two files, one of them with a way out in its name; in a tar a link and a pipe besides. */
static struct written write_archive(bool zip)
{
    struct written w = { .at = malloc(ARCHIVE_ROOM) };
    struct archive *a = archive_write_new();

    assert_non_null(w.at);
    zip ? archive_write_set_format_zip(a) : archive_write_set_format_ustar(a);
    assert_int_equal(archive_write_open_memory(a, w.at, ARCHIVE_ROOM, &w.len), ARCHIVE_OK);
    add_entry(a, "first", AE_IFREG, "the first file");
    if (!zip) {
        add_entry(a, "link", AE_IFLNK, NULL);
        add_entry(a, "pipe", AE_IFIFO, NULL);
    }
    add_entry(a, "../../second", AE_IFREG, "the second file, which is a little longer");
    archive_write_close(a);
    archive_write_free(a);
    return w;
}

static struct written gzip(const void *content, size_t len)
{
    struct written w = { .at = malloc(ARCHIVE_ROOM) };
    z_stream z = { 0 };

    assert_non_null(w.at);
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)content;
    z.avail_in = (uInt)len;
    z.next_out = w.at;
    z.avail_out = ARCHIVE_ROOM;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    w.len = z.total_out;
    deflateEnd(&z);
    return w;
}

static struct written zstd(const void *content, size_t len)
{
    struct written w = { .at = malloc(ARCHIVE_ROOM) };
    ZSTD_CCtx *c = ZSTD_createCCtx();

    assert_non_null(w.at);
    ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
    w.len = ZSTD_compress2(c, w.at, ARCHIVE_ROOM, content, len);
    assert_false(ZSTD_isError(w.len));
    ZSTD_freeCCtx(c);
    return w;
}

static struct written xz(const void *content, size_t len)
{
    struct written w = { .at = malloc(ARCHIVE_ROOM) };

    assert_non_null(w.at);
    assert_int_equal(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, NULL, content, len, w.at, &w.len, ARCHIVE_ROOM),
                     LZMA_OK);
    return w;
}

static struct written bzip2(const void *content, size_t len)
{
    struct written w = { .at = malloc(ARCHIVE_ROOM) };
    unsigned out_len = ARCHIVE_ROOM;

    assert_non_null(w.at);
    assert_int_equal(BZ2_bzBuffToBuffCompress((char *)w.at, &out_len, (char *)(uintptr_t)content, (unsigned)len, 1, 0,
                                              0), BZ_OK);
    w.len = out_len;
    return w;
}

static const struct {
    struct written (*write)(const void *content, size_t len);
    size_t check_value_at; /* from the end */
} compressors[] = { { gzip, 6 }, { zstd, 2 }, { xz, 6 }, { bzip2, 3 } };
enum { COMPRESSORS = sizeof compressors / sizeof *compressors };

static void members_come_out_with_their_names(void **state)
{
    struct taken t;

    (void)state;
    for (int zip = 0; zip < 2; zip++) {
        struct written w = write_archive(zip);
        take(&t, view(&w), false, UINT64_MAX);
        assert_int_equal(t.status, PARSE_OK);
        assert_int_equal(kept_facts_count(&t.facts, FACT_DAMAGE), 0);
        assert_int_equal(t.count, 2); /* links and pipes have no content */
        assert_text_equal(t.names[1], "../../second");
        assert_true(holds(&t, 0, "the first file") && holds(&t, 1, "the second file, which is a little longer"));
        done(&t);
        take(&t, view(&w), true, 0);
        assert_int_equal(t.status, PARSE_OK); /* who refuses has told why */
        assert_int_equal(t.count, 0);
        done(&t);
        take(&t, view(&w), false, 20);
        assert_true(says(&t, "no room"));
        assert_true(holds(&t, 0, "the first file"));
        done(&t);
        free(w.at);
    }
}

/* Where cutting leaves the files whole: the padding of a tar. */
static void cut_at_every_length(void **state)
{
    struct taken t;

    (void)state;
    for (int zip = 0; zip < 2; zip++) {
        struct written w = write_archive(zip);
        const size_t content_ends = zip ? w.len : 5 * 512;
        for (size_t n = zip ? 4 : 512; n < content_ends; n++) {
            take(&t, (struct bytes){ .at = w.at, .len = n }, false, UINT64_MAX);
            if (kept_facts_count(&t.facts, FACT_DAMAGE) == 0 && !(!zip && n % 512 == 0))
                fail_msg("%s cut at %zu of %zu: nothing was said", zip ? "zip" : "tar", n, w.len);
            done(&t);
        }
        free(w.at);
    }
}

static void flipped_bits(void **state)
{
    struct taken t;

    (void)state;
    for (int zip = 0; zip < 2; zip++) {
        struct written w = write_archive(zip);
        for (size_t bit = 0; bit < 8 * (w.len < 3000 ? w.len : 3000); bit += 3) {
            w.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
            take(&t, view(&w), false, UINT64_MAX);
            done(&t);
            w.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        /* a file's bytes: zip has a check value, and it counts */
        if (zip) {
            uint8_t *content = memmem(w.at, w.len, "first", 5);
            content[5 + 3] ^= 1;
            take(&t, view(&w), false, UINT64_MAX);
            assert_true(kept_facts_count(&t.facts, FACT_DAMAGE) > 0);
            done(&t);
        }
        free(w.at);
    }
}

static void a_zip_without_its_directory(void **state)
{
    struct taken t;
    struct written w = write_archive(true);

    (void)state;
    const uint8_t *directory = memmem(w.at, w.len, "PK\1\2", 4);
    assert_non_null(directory);
    take(&t, (struct bytes){ .at = w.at, .len = (size_t)(directory - w.at) + 30 }, false, UINT64_MAX);
    assert_int_equal(t.count, 2);
    assert_true(says(&t, "directory at the end") || says(&t, "further"));
    done(&t);
    free(w.at);
}

/* The last one's directory says nothing of the first, of which all is taken out as an archive of its own. */
static void zips_one_behind_the_other(void **state)
{
    struct written w = write_archive(true);

    (void)state;
    for (size_t cut = 0; cut < 2; cut++) {
        const size_t first = cut ? w.len / 2 : w.len;
        struct taken t;
        struct buffer b;
        buffer_init(&b, 1 << 22);
        buffer_add(&b, w.at, first);
        buffer_add(&b, w.at, w.len);
        take(&t, (struct bytes){ .at = b.at, .len = b.len }, false, UINT64_MAX);
        assert_int_equal(t.count, 3);
        assert_text_equal(t.names[2], "archive-ahead.zip");
        assert_int_equal(t.contents[2].len, first);
        assert_memory_equal(t.contents[2].at, w.at, first);
        done(&t);
        buffer_done(&b);
    }
    free(w.at);
}

static void put_number(struct buffer *b, uint64_t value, size_t width)
{
    for (size_t i = 0; i < width; i++)
        buffer_add_u8(b, (uint8_t)(value >> (8 * i)));
}

/* APPNOTE 4.3.14 and 4.3.15: what zip64 has between the directory and its end is no archive ahead. */
static void a_zip_with_the_end_of_zip64(void **state)
{
    enum { SIZE_AT = 12, OFFSET_AT = 16, RECORD_LEFT = 44, VERSION = 45 };
    struct written w = write_archive(true);
    const uint8_t *end = memmem(w.at, w.len, "PK\5\6", 4);
    struct taken t;
    struct buffer b;

    (void)state;
    assert_non_null(end);
    const uint64_t at = (uint64_t)(end - w.at);
    struct cursor c = cursor_over((struct bytes){ .at = end + SIZE_AT, .len = OFFSET_AT - SIZE_AT + 4 });
    const uint32_t size = cursor_u32le(&c), offset = cursor_u32le(&c);
    buffer_init(&b, 1 << 22);
    buffer_add(&b, w.at, at);
    buffer_add(&b, "PK\6\6", 4);
    put_number(&b, RECORD_LEFT, 8), put_number(&b, VERSION, 2), put_number(&b, VERSION, 2), put_number(&b, 0, 8);
    put_number(&b, 2, 8), put_number(&b, 2, 8), put_number(&b, size, 8), put_number(&b, offset, 8);
    buffer_add(&b, "PK\6\7", 4);
    put_number(&b, 0, 4), put_number(&b, at, 8), put_number(&b, 1, 4);
    buffer_add(&b, end, w.len - at);
    take(&t, (struct bytes){ .at = b.at, .len = b.len }, false, UINT64_MAX);
    assert_int_equal(t.count, 2);
    done(&t);
    buffer_done(&b);
    free(w.at);
}

/* Cut off; with a wrong check value; with something behind it; with padding. */
static void gives_what_comes_before_damage(int which)
{
    static char text[600000];
    const size_t check_value_at = compressors[which].check_value_at;
    struct taken t;

    for (uint32_t i = 0, random = 1; i < sizeof text - 1; i++) {
        random = random * 1103515245 + 12345;
        text[i] = (char)('a' + (random >> 16) % 26);
    }
    struct written w = compressors[which].write(text, sizeof text - 1);
    take(&t, view(&w), false, UINT64_MAX);
    assert_int_equal(t.status, PARSE_OK);
    assert_int_equal(kept_facts_count(&t.facts, FACT_DAMAGE), 0);
    assert_text_equal(t.names[0], "data");
    assert_true(holds(&t, 0, text));
    done(&t);
    for (size_t n = 18; n < w.len; n += 9973) {
        take(&t, (struct bytes){ .at = w.at, .len = n }, false, UINT64_MAX);
        assert_true(says(&t, "cut off"));
        assert_memory_equal(t.contents[0].at ? (const void *)t.contents[0].at : "", text, t.contents[0].len);
        assert_true(n < w.len / 2 || t.contents[0].len > sizeof text / 3);
        done(&t);
    }
    w.at[w.len - check_value_at] ^= 1;
    take(&t, view(&w), false, UINT64_MAX);
    assert_true(says(&t, "check value"));
    assert_true(holds(&t, 0, text));
    done(&t);
    w.at[w.len - check_value_at] ^= 1;
    memcpy(w.at + w.len, "behind it", 9);
    w.len += 9;
    take(&t, view(&w), false, UINT64_MAX);
    const struct fact_damage *d = kept_facts_row(&t.facts, FACT_DAMAGE, 0);
    assert_true(says(&t, "behind the compressed data"));
    assert_int_equal(d->head.origin.offset, w.len - 9);
    done(&t);
    memset(w.at + w.len - 9, 0, 8); /* padding */
    w.len--;
    take(&t, view(&w), false, UINT64_MAX);
    assert_int_equal(kept_facts_count(&t.facts, FACT_DAMAGE), 0);
    done(&t);
    free(w.at);
}

static void compressed_gives_what_comes_before_damage(void **state)
{
    for (int i = 0; i < COMPRESSORS; i++)
        gives_what_comes_before_damage(i);
}

/* As cat joins them; the boundary lies at every place of what is fed at once. */
static void compressed_files_joined_are_one(void **state)
{
    static char many[70000 * 4];
    struct taken t;

    for (int i = 0; i < COMPRESSORS; i++) {
        uint8_t *all = malloc(2 * ARCHIVE_ROOM);
        size_t len = 0, content = 0;
        assert_non_null(all);
        for (uint32_t k = 0, random = 1; k < 40; k++) {
            char piece[6000];
            const size_t n = 1 + 149 * k;
            for (size_t m = 0; m < n; m++)
                random = random * 1103515245 + 12345, piece[m] = (char)('a' + (random >> 16) % 26);
            struct written w = compressors[i].write(piece, n);
            memcpy(all + len, w.at, w.len);
            len += w.len;
            memcpy(many + content, piece, n);
            content += n;
            free(w.at);
        }
        many[content] = '\0';
        take(&t, (struct bytes){ .at = all, .len = len }, false, UINT64_MAX);
        assert_int_equal(kept_facts_count(&t.facts, FACT_DAMAGE), 0);
        assert_true(holds(&t, 0, many));
        done(&t);
        free(all);
    }
}

static void gzip_has_a_name_and_members(void **state)
{
    struct taken t;
    struct written a = gzip("one, ", 5), b = gzip("two", 3);
    uint8_t both[400];
    size_t len = 0;

    (void)state;
    memcpy(both, a.at, 10);
    both[3] = 4 | 8; /* an extra field and a name */
    memcpy(both + 10, "\3\0xyzlog.txt", 5 + 8);
    len = 10 + 5 + 8;
    memcpy(both + len - 0, a.at + 10, a.len - 10);
    both[10 + 5 + 7] = '\0';
    len += a.len - 10;
    memcpy(both + len, b.at, b.len);
    len += b.len;
    take(&t, (struct bytes){ .at = both, .len = len }, false, UINT64_MAX);
    assert_int_equal(kept_facts_count(&t.facts, FACT_DAMAGE), 0);
    assert_text_equal(t.names[0], "log.txt");
    assert_true(holds(&t, 0, "one, two"));
    done(&t);
    free(a.at);
    free(b.at);
}

static void a_bomb_is_stopped(void **state)
{
    enum { PIECE = 1 << 20, PIECES = 90 };
    static uint8_t zeros[PIECE];
    struct written w = { .at = malloc(ARCHIVE_ROOM) };
    z_stream z = { 0 };
    struct taken t;

    (void)state;
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_out = w.at;
    z.avail_out = ARCHIVE_ROOM;
    for (int i = 0; i <= PIECES; i++) {
        z.next_in = zeros;
        z.avail_in = i < PIECES ? PIECE : 0;
        assert_int_not_equal(deflate(&z, i < PIECES ? Z_NO_FLUSH : Z_FINISH), Z_STREAM_ERROR);
    }
    w.len = z.total_out;
    deflateEnd(&z);
    /* the ratio of gzip alone is not enough; half a stream has half the bytes for its budget */
    const uint64_t budget = ARCHIVE_FREE_BYTES + (uint64_t)ARCHIVE_RATIO_MAX * w.len;
    take(&t, view(&w), false, UINT64_MAX);
    assert_true(t.contents[0].len <= budget);
    assert_int_equal(says(&t, "far more than its size"), (uint64_t)PIECE * PIECES > budget);
    done(&t);
    free(w.at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_come_out_with_their_names),
        cmocka_unit_test(cut_at_every_length),
        cmocka_unit_test(flipped_bits),
        cmocka_unit_test(a_zip_without_its_directory),
        cmocka_unit_test(zips_one_behind_the_other),
        cmocka_unit_test(a_zip_with_the_end_of_zip64),
        cmocka_unit_test(compressed_gives_what_comes_before_damage),
        cmocka_unit_test(compressed_files_joined_are_one),
        cmocka_unit_test(gzip_has_a_name_and_members),
        cmocka_unit_test(a_bomb_is_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
