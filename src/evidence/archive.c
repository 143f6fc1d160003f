#include "evidence/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include "base/decompress.h"

enum { MEMBER_BYTES_MAX = 2047 * 1024 * 1024 }; /* SANDBOX_FILE_BYTES_MAX, less a piece */

bool zip_recognise(struct bytes whole)
{
    return bytes_start_with(whole, "PK\3\4", 4) || bytes_start_with(whole, "PK\5\6", 4);
}

/* POSIX.1-1988 ustar, and GNU's variant of the same mark. */
bool tar_recognise(struct bytes whole)
{
    return whole.len >= 512 && memcmp(whole.at + 257, "ustar", 5) == 0;
}

bool gzip_recognise(struct bytes whole) { return decompress_kind_of(whole) == DECOMPRESS_GZIP; }
bool xz_recognise(struct bytes whole)   { return decompress_kind_of(whole) == DECOMPRESS_XZ; }
bool bzip2_recognise(struct bytes whole) { return decompress_kind_of(whole) == DECOMPRESS_BZIP2; }
bool zstd_recognise(struct bytes whole) { return decompress_kind_of(whole) == DECOMPRESS_ZSTD; }

static struct archive *open_archive(struct reading *r, struct bytes whole)
{
    struct archive *a = archive_read_new();

    if (!a)
        return NULL;
    archive_read_support_format_zip(a);
    archive_read_support_format_tar(a);
    if (archive_read_open_memory(a, whole.at, whole.len) != ARCHIVE_OK) {
        const char *why = archive_error_string(a);
        reading_damage(r, 0, (int64_t)whole.len, FACT_UNKNOWN_INT, "cannot be unpacked: %s", why ? why : "damaged");
        archive_read_free(a);
        return NULL;
    }
    return a;
}

struct budget {
    uint64_t given, limit;
};

static bool within(struct budget *b, uint64_t n)
{
    b->given += n;
    return b->given <= b->limit;
}

static uint64_t budget_of(struct bytes whole)
{
    return ARCHIVE_FREE_BYTES + (uint64_t)ARCHIVE_RATIO_MAX * whole.len;
}

/* FLAWED: all of it came out, and its check value or its size says that it is not as it was. */
enum member_result { MEMBER_WHOLE, MEMBER_FLAWED, MEMBER_CUT, MEMBER_BOMB, MEMBER_NO_ROOM };

/* The holes of a sparse file are zeros, and count like other bytes. */
static enum member_result add_zeros(struct reading *r, struct budget *budget, uint64_t n)
{
    static const uint8_t zeros[65536];

    if (n > MEMBER_BYTES_MAX || !within(budget, n))
        return MEMBER_BOMB;
    while (n > 0) {
        const struct bytes piece = { .at = zeros, .len = n < sizeof zeros ? (size_t)n : sizeof zeros };
        if (!r->member_add(r, piece))
            return MEMBER_NO_ROOM;
        n -= piece.len;
    }
    return MEMBER_WHOLE;
}

static enum member_result copy_member(struct reading *r, struct archive *a, struct budget *budget)
{
    const bool tar = (archive_format(a) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR;
    enum member_result result = MEMBER_WHOLE;
    uint64_t member_bytes = 0;

    for (;;) {
        const void *at = NULL;
        size_t len = 0;
        la_int64_t offset = 0;
        const int rc = archive_read_data_block(a, &at, &len, &offset);
        if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN && rc != ARCHIVE_EOF)
            return MEMBER_CUT;
        if (tar && offset > 0 && (uint64_t)offset > member_bytes) {
            const enum member_result filled = add_zeros(r, budget, (uint64_t)offset - member_bytes);
            if (filled != MEMBER_WHOLE)
                return filled;
            member_bytes = (uint64_t)offset;
        }
        if (rc == ARCHIVE_EOF)
            return result;
        if (rc == ARCHIVE_WARN) /* the data is valid all the same; zip tells a wrong CRC so */
            result = MEMBER_FLAWED;
        member_bytes += len;
        if (!within(budget, len) || member_bytes > MEMBER_BYTES_MAX)
            return MEMBER_BOMB;
        if (len > 0 && !r->member_add(r, (struct bytes){ .at = at, .len = len }))
            return MEMBER_NO_ROOM;
    }
}

static struct text member_name(struct reading *r, struct archive_entry *entry)
{
    const char *name = archive_entry_pathname_utf8(entry);

    if (!name)
        name = archive_entry_pathname(entry);
    return arena_text(r->arena, name && name[0] ? text_of(name) : TEXT("(without a name)"));
}

/* False: nothing behind this member is to be read. */
static bool tell_member(struct reading *r, enum member_result result, uint64_t offset, struct text name,
                        const char *why)
{
    switch (result) {
    case MEMBER_WHOLE:
        return true;
    case MEMBER_FLAWED:
        reading_damage(r, offset, FACT_UNKNOWN_INT, 1, "the file \"%.*s\" inside is not as it was packed: %s",
                       (int)name.len, name.at, why ? why : "its check value is wrong");
        return true;
    case MEMBER_CUT:
        reading_damage(r, offset, FACT_UNKNOWN_INT, 1, "the file \"%.*s\" inside could not be read to its end: %s",
                       (int)name.len, name.at, why ? why : "damaged");
        return true;
    case MEMBER_NO_ROOM:
        reading_damage(r, offset, FACT_UNKNOWN_INT, 1,
                       "the file \"%.*s\" inside could not be taken out whole: there was no room for it", (int)name.len, name.at);
        return true;
    case MEMBER_BOMB:
        reading_damage(r, offset, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "unpacks to far more than its size (as a decompression bomb does); reading stopped in \"%.*s\"",
                       (int)name.len, name.at);
        return false;
    }
    return false;
}

enum { DIRECTORY_END_BYTES = 22, COMMENT_BYTES_MAX = 65535 };

/* A zip ends with its directory (APPNOTE 4.3.16), behind which a comment of up to 64 KiB may stand.  The record that
 * ends it, and what is behind; nothing where there is none. */
static struct bytes directory_end(struct bytes whole)
{
    const uint64_t tail = DIRECTORY_END_BYTES + COMMENT_BYTES_MAX;
    const struct bytes end = bytes_part(whole, whole.len > tail ? whole.len - tail : 0, UINT64_MAX);

    for (size_t at = end.len; at >= DIRECTORY_END_BYTES; at--)
        if (memcmp(end.at + at - DIRECTORY_END_BYTES, "PK\5\6", 4) == 0)
            return bytes_part(end, at - DIRECTORY_END_BYTES, UINT64_MAX);
    return (struct bytes){ 0 };
}

/* Offsets in the directory count from where the archive begins.  Where that is later in the file, another stands ahead
 * of it, whole or cut off, that its directory does not name: an item of its own. */
static void look_ahead_of_it(struct reading *r, struct bytes whole)
{
    enum { SIZE_OFFSET = 12 }; /* zip64 has its numbers elsewhere, and all bits here */
    const struct bytes end = directory_end(whole);
    struct cursor c = cursor_over(bytes_part(end, SIZE_OFFSET, DIRECTORY_END_BYTES - SIZE_OFFSET));
    const uint64_t size = cursor_u32le(&c), offset = cursor_u32le(&c), at = end.origin - whole.origin;

    if (c.failed || offset == UINT32_MAX || at <= size + offset)
        return;
    /* Other things may lie between directory and end, as zip64's own end does: it begins where it says, or all this is
     * no sign. */
    if (!bytes_start_with(bytes_part(whole, at - size, 4), "PK\1\2", 4) ||
        !bytes_start_with(bytes_part(whole, at - size - offset, 4), "PK\3\4", 4))
        return;
    const struct bytes ahead = bytes_part(whole, 0, at - size - offset);
    if (!r->member_open(r, TEXT("archive-ahead.zip")))
        return; /* the refusal has its own row */
    if (!r->member_add(r, ahead))
        reading_damage(r, ahead.origin, (int64_t)ahead.len, FACT_UNKNOWN_INT,
                       "another archive ahead of this one could not be taken out: there was no room for it");
    r->member_close(r);
}

static void look_for_directory(struct reading *r, struct bytes whole)
{
    if (directory_end(whole).len > 0) {
        look_ahead_of_it(r, whole);
        return;
    }
    reading_damage(r, whole.len, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                   "the directory at the end of the archive is missing: it was cut off");
}

/* Links have no content of their own; a hard link's is that of another member. */
static bool has_content(struct archive_entry *entry)
{
    return archive_entry_filetype(entry) == AE_IFREG &&
        !(archive_entry_hardlink(entry) && archive_entry_size(entry) <= 0);
}

enum parse_status archive_read_members(struct reading *r, struct bytes whole)
{
    struct budget budget = { .limit = budget_of(whole) };
    struct archive *a = r->member_open ? open_archive(r, whole) : NULL;
    struct archive_entry *entry;
    uint64_t members = 0;
    int rc;

    if (!a)
        return r->member_open ? PARSE_INVALID : PARSE_UNSUPPORTED;
    while ((rc = archive_read_next_header(a, &entry)) == ARCHIVE_OK || rc == ARCHIVE_WARN) {
        if (!has_content(entry))
            continue;
        const struct text name = member_name(r, entry);
        const uint64_t offset = (uint64_t)archive_filter_bytes(a, -1);
        if (++members > ARCHIVE_MEMBERS_MAX) {
            reading_damage(r, offset, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                           "holds more than %d files; the rest was not opened", ARCHIVE_MEMBERS_MAX);
            break;
        }
        if (archive_entry_is_data_encrypted(entry)) {
            reading_damage(r, offset, archive_entry_size_is_set(entry) ? archive_entry_size(entry) : FACT_UNKNOWN_INT,
                           1,
                           "the file \"%.*s\" inside is encrypted and could not be read", (int)name.len, name.at);
            continue;
        }
        if (!r->member_open(r, name))
            continue; /* refused for a limit; the refusal has its own row */
        const enum member_result result = copy_member(r, a, &budget);
        r->member_close(r);
        if (!tell_member(r, result, offset, name, archive_error_string(a)))
            break;
    }
    if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN && rc != ARCHIVE_EOF)
        reading_damage(r, (uint64_t)archive_filter_bytes(a, -1), FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "cannot be read further: %s",
                       archive_error_string(a) ? archive_error_string(a) : "damaged");
    else if (rc == ARCHIVE_EOF && zip_recognise(whole))
        look_for_directory(r, whole);
    archive_read_free(a);
    if (members == 0 && r->damage_count > 0)
        return PARSE_INVALID;
    return PARSE_OK;
}

/* The name in a gzip header (RFC 1952, 2.3), or "data". */
static struct text name_inside(struct reading *r, struct bytes whole)
{
    enum { EXTRA = 4, NAME = 8, NAME_BYTES_MAX = 1024 };
    struct cursor c = cursor_over(whole);

    cursor_skip(&c, 3);
    const uint8_t flags = gzip_recognise(whole) ? cursor_u8(&c) : 0;
    cursor_skip(&c, 6);
    if (flags & EXTRA)
        cursor_skip(&c, cursor_u16le(&c));
    const struct bytes rest = bytes_part(c.rest, 0, NAME_BYTES_MAX);
    const uint8_t *end = flags & NAME && rest.len > 0 ? memchr(rest.at, 0, rest.len) : NULL;
    if (!end || end == rest.at)
        return TEXT("data");
    return arena_text(r->arena, (struct text){ .at = (const char *)rest.at, .len = (size_t)(end - rest.at) });
}

struct unpacking {
    struct reading *r;
    bool no_room;
};

static void add_inflated(void *user, struct bytes out)
{
    struct unpacking *u = user;

    if (!u->no_room && !u->r->member_add(u->r, out))
        u->no_room = true;
}

static bool all_zero(struct bytes b)
{
    while (b.len > 0 && b.at[0] == 0)
        b = bytes_part(b, 1, b.len);
    return b.len == 0;
}

/* What ended the reading of compressed data, when it was not its end; `at`: up to where it was unpacked. */
static void tell_unpacking(struct reading *r, struct bytes whole, enum inflate_status status, uint64_t at)
{
    const struct bytes behind = bytes_part(whole, at, UINT64_MAX);

    if (status == INFLATE_OK)
        reading_damage(r, whole.len, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the compressed data was cut off; what came before is read");
    else if (status == INFLATE_ERROR)
        reading_damage(r, at, (int64_t)behind.len, FACT_UNKNOWN_INT,
                       "the compressed data is damaged here or before, or its check value is wrong; what came out is read");
    else if (!all_zero(behind)) /* tapes pad with zeros */
        reading_damage(r, at, (int64_t)behind.len, FACT_UNKNOWN_INT,
                       "something else stands behind the compressed data");
}

/* Not with libarchive: that looks at no check value of gzip, and gives nothing of the last block
 * of a file that was cut off. */
enum parse_status compressed_read(struct reading *r, struct bytes whole)
{
    enum { FED_AT_ONCE = 64 * 1024 };
    const uint64_t budget = budget_of(whole);
    struct unpacking x = { .r = r };

    if (!r->member_open)
        return PARSE_UNSUPPORTED;
    const struct text name = name_inside(r, whole);
    if (!r->member_open(r, name))
        return PARSE_OK; /* refused for a limit; the refusal has its own row */
    struct decompress *u = decompress_new(decompress_kind_of(whole), (struct inflate_limit){
        .out_bytes_max = budget < MEMBER_BYTES_MAX ? budget : MEMBER_BYTES_MAX });
    enum inflate_status status = INFLATE_OK;
    uint64_t at = 0;
    while (at < whole.len && (status == INFLATE_OK || status == INFLATE_END) && !x.no_room) {
        const struct bytes piece = bytes_part(whole, at, FED_AT_ONCE);
        status = decompress_feed(u, piece, add_inflated, &x);
        at += piece.len;
        if (r->passed)
            r->passed(r, at);
    }
    at -= decompress_unused(u);
    decompress_free(u);
    r->member_close(r);
    if (x.no_room)
        tell_member(r, MEMBER_NO_ROOM, at, name, NULL);
    else if (status == INFLATE_LIMIT)
        tell_member(r, budget < MEMBER_BYTES_MAX ? MEMBER_BOMB : MEMBER_NO_ROOM, at, name, NULL);
    else
        tell_unpacking(r, whole, status, at);
    return PARSE_OK;
}
