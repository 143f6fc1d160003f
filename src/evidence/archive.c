#include "evidence/archive.h"

#include <archive.h>
#include <archive_entry.h>

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

bool gzip_recognise(struct bytes whole)
{
    return bytes_start_with(whole, "\x1f\x8b\x08", 3) && whole.len >= 18 && (whole.at[3] & 0xe0) == 0; /* RFC 1952 */
}

bool xz_recognise(struct bytes whole)
{
    return bytes_start_with(whole, "\xfd\x37\x7a\x58\x5a\x00", 6);
}

bool zstd_recognise(struct bytes whole)
{
    return bytes_start_with(whole, "\x28\xb5\x2f\xfd", 4); /* RFC 8878 */
}

static struct archive *open_archive(struct bytes whole)
{
    struct archive *a = archive_read_new();

    if (!a)
        return NULL;
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_zstd(a);
    archive_read_support_format_zip(a);
    archive_read_support_format_tar(a);
    archive_read_support_format_raw(a); /* a single compressed file */
    if (archive_read_open_memory(a, whole.at, whole.len) != ARCHIVE_OK) {
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

enum member_result { MEMBER_WHOLE, MEMBER_CUT, MEMBER_BOMB };

static enum member_result copy_member(struct reading *r, struct archive *a, struct budget *budget)
{
    uint64_t member_bytes = 0;

    for (;;) {
        const void *at;
        size_t len;
        la_int64_t offset;
        const int rc = archive_read_data_block(a, &at, &len, &offset);
        if (rc == ARCHIVE_EOF)
            return MEMBER_WHOLE;
        if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
            return MEMBER_CUT;
        /* Holes of sparse files are not made up: what follows one is joined on, and told. */
        member_bytes += len;
        if (!within(budget, len) || member_bytes > MEMBER_BYTES_MAX)
            return MEMBER_BOMB;
        if (len > 0 && !r->member_add(r, (struct bytes){ .at = at, .len = len }))
            return MEMBER_BOMB;
    }
}

static struct text member_name(struct reading *r, struct archive_entry *entry)
{
    const char *name = archive_entry_pathname_utf8(entry);

    if (!name)
        name = archive_entry_pathname(entry);
    return arena_text(r->arena, name && name[0] ? text_of(name) : TEXT("(without a name)"));
}

enum parse_status archive_read_members(struct reading *r, struct bytes whole)
{
    struct budget budget = { .limit = ARCHIVE_FREE_BYTES + (uint64_t)ARCHIVE_RATIO_MAX * whole.len };
    struct archive *a = r->member_open ? open_archive(whole) : NULL;
    struct archive_entry *entry;
    uint64_t members = 0;
    int rc;

    if (!a)
        return r->member_open ? PARSE_INVALID : PARSE_UNSUPPORTED;
    while ((rc = archive_read_next_header(a, &entry)) == ARCHIVE_OK || rc == ARCHIVE_WARN) {
        if (archive_entry_filetype(entry) != AE_IFREG)
            continue; /* folders, links and devices have no content of their own */
        const struct text name = member_name(r, entry);
        const uint64_t offset = (uint64_t)archive_filter_bytes(a, -1);
        if (++members > ARCHIVE_MEMBERS_MAX) {
            reading_damage(r, offset, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                           "holds more than %d files; the rest was not opened", ARCHIVE_MEMBERS_MAX);
            break;
        }
        if (archive_entry_is_data_encrypted(entry)) {
            reading_damage(r, offset, archive_entry_size_is_set(entry) ? archive_entry_size(entry) : FACT_UNKNOWN_INT, 1,
                           "the file \"%.*s\" inside is encrypted and could not be read", (int)name.len, name.at);
            continue;
        }
        if (!r->member_open(r, name))
            continue; /* refused for a limit; the refusal has its own row */
        const enum member_result result = copy_member(r, a, &budget);
        r->member_close(r);
        if (result == MEMBER_CUT)
            reading_damage(r, offset, FACT_UNKNOWN_INT, 1, "the file \"%.*s\" inside could not be read to its end: %s",
                           (int)name.len, name.at, archive_error_string(a) ? archive_error_string(a) : "damaged");
        if (result == MEMBER_BOMB) {
            reading_damage(r, offset, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                           "unpacks to far more than its size (as a decompression bomb does); reading stopped in \"%.*s\"",
                           (int)name.len, name.at);
            break;
        }
    }
    if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN && rc != ARCHIVE_EOF)
        reading_damage(r, (uint64_t)archive_filter_bytes(a, -1), FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, "cannot be read further: %s",
                       archive_error_string(a) ? archive_error_string(a) : "damaged");
    archive_read_free(a);
    if (members == 0 && r->damage_count > 0)
        return PARSE_INVALID;
    return PARSE_OK;
}
