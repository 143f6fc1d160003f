#include "app/zip.h"

#include <stdlib.h>

#include "base/inflate.h"
#include "base/memory.h"

enum {
    END_BYTES = 22, COMMENT_BYTES_MAX = 65535, DIRECTORY_RECORD_BYTES = 46, LOCAL_HEADER_BYTES = 30,
    DESCRIPTOR_FLAG = 8, ENCRYPTED_FLAG = 1,
    ZIP_FOLDERS_MAX = 32, TOLD_ENTRIES_MAX = 40, /* of one kind of trick; the rest is counted by the damage rows of the reading */
};

static const char *const trick_names[ZIP_TRICK_COUNT] = {
    "duplicate_entry", "overlapping_entries", "encrypted_flag", "unknown_method", "header_mismatch", "false_size",
    "hidden_entry", "bytes_before_entries", "unusable_name", "file_and_folder",
    "bytes_behind_end",
};

const char *zip_trick_name(unsigned bit)
{
    return bit < ZIP_TRICK_COUNT ? trick_names[bit] : "";
}

/* Looks backwards for an end record; `exact`: whose comment ends with the file, else one whose comment lies in it. */
static bool find_end(struct bytes last, bool exact, struct bytes *ret)
{
    for (size_t back = END_BYTES; back <= last.len; back++) {
        const struct bytes candidate = bytes_part(last, last.len - back, UINT64_MAX);
        if (!bytes_start_with(candidate, "PK\5\6", 4))
            continue;
        const size_t comment = candidate.at[20] | (size_t)candidate.at[21] << 8;
        if (exact ? comment == back - END_BYTES : comment <= back - END_BYTES) {
            *ret = candidate;
            return true;
        }
    }
    return false;
}

bool zip_find_end(struct bytes whole, struct bytes *ret)
{
    const uint64_t tail = END_BYTES + COMMENT_BYTES_MAX;
    const struct bytes last = bytes_part(whole, whole.len > tail ? whole.len - tail : 0, UINT64_MAX);

    return find_end(last, true, ret) || find_end(last, false, ret);
}

/* How much stands behind the comment of the end record. */
static size_t bytes_behind(struct bytes end)
{
    return end.len - END_BYTES - (end.at[20] | (size_t)end.at[21] << 8);
}

struct end_record {
    uint16_t disk, directory_disk, disk_entries, entries;
    uint32_t directory_bytes, directory_offset;
};

static struct end_record parse_end(struct bytes end)
{
    struct cursor c = cursor_over(end);
    struct end_record e;

    cursor_skip(&c, 4);
    e.disk = cursor_u16le(&c);
    e.directory_disk = cursor_u16le(&c);
    e.disk_entries = cursor_u16le(&c);
    e.entries = cursor_u16le(&c);
    e.directory_bytes = cursor_u32le(&c);
    e.directory_offset = cursor_u32le(&c);
    return e;
}

/* The directory as a view; empty when it does not lie in front of its end record. */
static struct bytes directory_of(struct bytes whole, struct bytes end, struct end_record record)
{
    const uint64_t end_offset = end.origin - whole.origin;

    if (record.directory_offset > end_offset || record.directory_bytes > end_offset - record.directory_offset)
        return (struct bytes){ .at = whole.at, .origin = whole.origin };
    return bytes_part(whole, record.directory_offset, record.directory_bytes);
}

/* One record of the directory (APPNOTE 4.3.12); false at its end or where it breaks. */
static bool next_record(struct cursor *c, struct zip_entry *e)
{
    struct cursor start = *c;

    e->directory_offset = c->rest.origin;
    if (c->rest.len < DIRECTORY_RECORD_BYTES || !bytes_start_with(c->rest, "PK\1\2", 4))
        return false;
    cursor_skip(c, 8);
    e->flags = cursor_u16le(c);
    e->method = cursor_u16le(c);
    cursor_skip(c, 4); /* time and date */
    e->crc32 = cursor_u32le(c);
    e->packed_bytes = cursor_u32le(c);
    e->bytes = cursor_u32le(c);
    const uint16_t name_bytes = cursor_u16le(c), extra_bytes = cursor_u16le(c), comment_bytes = cursor_u16le(c);
    cursor_skip(c, 8); /* disk, attributes */
    e->local_offset = cursor_u32le(c);
    e->name = text_of_bytes(cursor_take(c, name_bytes));
    cursor_skip(c, (size_t)extra_bytes + comment_bytes);
    if (c->failed)
        *c = start;
    return !start.failed && c->rest.origin > e->directory_offset;
}

/* The directory, where the file begins as an archive that Android takes. */
static bool open_directory(struct bytes whole, struct cursor *ret)
{
    struct bytes end;

    if (!bytes_start_with(whole, "PK", 2) && !bytes_start_with(whole, "dex\n", 4))
        return false;
    if (!zip_find_end(whole, &end))
        return false;
    *ret = cursor_over(directory_of(whole, end, parse_end(end)));
    return true;
}

bool zip_has_entry(struct bytes whole, struct text name)
{
    struct zip_entry e;
    struct cursor c;

    if (!open_directory(whole, &c))
        return false;
    for (size_t i = 0; i < ZIP_ENTRIES_MAX && next_record(&c, &e); i++)
        if (text_equal(e.name, name))
            return true;
    return false;
}

bool zip_has_entry_like(struct bytes whole, bool (*like)(struct text name))
{
    struct zip_entry e;
    struct cursor c;

    if (!open_directory(whole, &c))
        return false;
    for (size_t i = 0; i < ZIP_ENTRIES_MAX && next_record(&c, &e); i++)
        if (like(e.name))
            return true;
    return false;
}

static void trick(struct zip *z, struct reading *r, enum zip_trick kind, uint64_t offset, int64_t lost,
                  const char *what,
                  struct text name)
{
    z->tricks |= kind;
    reading_damage(r, offset, lost, FACT_UNKNOWN_INT, what, (int)(name.len < 200 ? name.len : 200), name.at);
}

/* The entry's own header (APPNOTE 4.3.7): where its content begins, and whether it agrees. */
static void open_entry(struct zip *z, struct reading *r, struct zip_entry *e)
{
    const uint64_t directory_at = z->directory.origin - z->whole.origin;
    const struct bytes front = bytes_part(z->whole, 0, directory_at);
    struct cursor c = cursor_over(bytes_part(front, e->local_offset, UINT64_MAX));
    const bool marked = bytes_start_with(c.rest, "PK\3\4", 4);

    cursor_skip(&c, 6);
    const uint16_t flags = cursor_u16le(&c), method = cursor_u16le(&c);
    cursor_skip(&c, 8);
    const uint32_t packed_bytes = cursor_u32le(&c), bytes = cursor_u32le(&c);
    const uint16_t name_bytes = cursor_u16le(&c), extra_bytes = cursor_u16le(&c);
    const struct text name = text_of_bytes(cursor_take(&c, name_bytes));
    cursor_skip(&c, extra_bytes);
    const bool stored = e->method == ZIP_STORED;
    const struct bytes rest = c.rest, packed = cursor_take(&c, stored ? e->bytes : e->packed_bytes);
    e->unpacked = bytes_part(rest, 0, e->bytes);
    if (!marked || c.failed) {
        reading_damage(r, e->directory_offset, e->bytes, 1, "the entry \"%.*s\" does not lie where the directory says",
                       (int)(e->name.len < 200 ? e->name.len : 200), e->name.at);
        return;
    }
    e->packed = packed;
    e->readable = true;
    if (!text_equal(name, e->name))
        trick(z, r, ZIP_TRICK_HEADER, e->local_offset, 0,
              "the entry \"%.*s\" has another name in its own header: tools that read the file from its beginning see another one", e->name);
    else if (method != e->method)
        trick(z, r, ZIP_TRICK_HEADER, e->local_offset, 0, "the entry \"%.*s\" has another method in its own header",
              e->name);
    else if (!(flags & DESCRIPTOR_FLAG) && (packed_bytes != e->packed_bytes || bytes != e->bytes))
        trick(z, r, ZIP_TRICK_HEADER, e->local_offset, 0, "the entry \"%.*s\" has other sizes in its own header",
              e->name);
    if (stored && e->packed_bytes != e->bytes)
        trick(z, r, ZIP_TRICK_SIZE, e->directory_offset, 0, "the entry \"%.*s\" is stored, and yet has two sizes",
              e->name);
}

static void check_marks(struct zip *z, struct reading *r, const struct zip_entry *e)
{
    if (e->flags & ENCRYPTED_FLAG)
        trick(z, r, ZIP_TRICK_ENCRYPTED, e->directory_offset, 0,
              "the entry \"%.*s\" is marked as encrypted: Android ignores the mark, other tools stop there", e->name);
    if (e->method != ZIP_STORED && e->method != ZIP_DEFLATED)
        trick(z, r, ZIP_TRICK_METHOD, e->directory_offset, 0,
              "the entry \"%.*s\" names an unknown method of compression: Android reads some files all the same, other tools stop there", e->name);
    if (e->name.len == 0 || e->name.len > ZIP_NAME_BYTES_MAX || memchr(e->name.at, 0, e->name.len))
        trick(z, r, ZIP_TRICK_NAME, e->directory_offset, 0,
              "the entry \"%.*s\" has a name that not every tool can open", e->name);
}

static int by_name(const void *a, const void *b)
{
    const struct zip_entry *const *x = a, *const *y = b;
    const int order = text_compare((*x)->name, (*y)->name);

    return order ? order : *x < *y ? -1 : *x > *y;
}

static int by_place(const void *a, const void *b)
{
    const struct zip_entry *const *x = a, *const *y = b;

    if ((*x)->local_offset != (*y)->local_offset)
        return (*x)->local_offset < (*y)->local_offset ? -1 : 1;
    return *x < *y ? -1 : *x > *y;
}

/* Unpacked onto a disk, one of the two is lost; Android does not unpack. */
static void find_folders(struct zip *z, struct reading *r)
{
    for (size_t i = 0; i < z->count; i++) {
        const struct text name = z->entries[i].name;
        for (size_t n = 1, depth = 0; n < name.len && depth < ZIP_FOLDERS_MAX; n++) {
            const struct text folder = { .at = name.at, .len = n };
            if (name.at[n] != '/')
                continue;
            depth++;
            if (zip_find(z, folder))
                trick(z, r, ZIP_TRICK_FOLDER, z->entries[i].directory_offset, 0,
                      "there is a file \"%.*s\" and a folder of that name: tools that unpack the package lose one of them", folder);
        }
    }
}

static void find_duplicates(struct zip *z, struct reading *r, struct zip_entry **sorted)
{
    qsort(sorted, z->count, sizeof *sorted, by_name);
    for (size_t i = 1; i < z->count; i++) {
        if (!text_equal(sorted[i]->name, sorted[i - 1]->name))
            continue;
        sorted[i]->shadowed = true;
        trick(z, r, ZIP_TRICK_DUPLICATE, sorted[i]->directory_offset, sorted[i]->bytes,
              "the entry \"%.*s\" is there more than once: which one runs depends on the reader", sorted[i]->name);
    }
}

/* The signing block lies between the entries and the directory; padding may be anywhere. */
static void look_between(struct zip *z, struct reading *r, uint64_t from, uint64_t to)
{
    struct bytes gap = bytes_part(bytes_part(z->whole, 0, to), from, UINT64_MAX);

    if (gap.len > 24 && memcmp(gap.at + gap.len - 16, "APK Sig Block 42", 16) == 0)
        return;
    while (gap.len >= LOCAL_HEADER_BYTES) {
        const uint8_t *mark = memmem(gap.at, gap.len, "PK\3\4", 4);
        if (!mark)
            return;
        gap = bytes_part(gap, (uint64_t)(mark - gap.at), UINT64_MAX);
        struct cursor c = cursor_over(gap);
        cursor_skip(&c, 26);
        const uint16_t name_bytes = cursor_u16le(&c);
        cursor_skip(&c, 2);
        const struct text name = text_of_bytes(cursor_take(&c, name_bytes));
        if (!c.failed && name.len > 0) {
            trick(z, r, ZIP_TRICK_HIDDEN, gap.origin, (int64_t)gap.len,
                  "there is an entry \"%.*s\" that the directory does not name", name);
            return;
        }
        gap = bytes_part(gap, 4, UINT64_MAX);
    }
}

static void check_places(struct zip *z, struct reading *r, struct zip_entry **sorted)
{
    const uint64_t directory_at = z->directory.origin - z->whole.origin;
    uint64_t end = 0;
    int told = 0;

    qsort(sorted, z->count, sizeof *sorted, by_place);
    for (size_t i = 0; i < z->count; i++) {
        const struct zip_entry *e = sorted[i];
        if (!e->readable)
            continue;
        if (end == 0 && e->local_offset > 0)
            trick(z, r, ZIP_TRICK_PREFIX, 0, (int64_t)e->local_offset,
                  "something stands before the first entry \"%.*s\": the file can be two things at once", e->name);
        else if (e->local_offset < end && told++ < TOLD_ENTRIES_MAX)
            trick(z, r, ZIP_TRICK_OVERLAP, e->local_offset, 0, "the entry \"%.*s\" lies over another one", e->name);
        else if (e->local_offset > end)
            look_between(z, r, end, e->local_offset);
        const uint64_t entry_end = e->packed.origin - z->whole.origin + e->packed.len;
        if (entry_end > end)
            end = entry_end;
    }
    if (end > 0 && end < directory_at)
        look_between(z, r, end, directory_at);
}

static size_t read_records(struct zip *z, struct reading *r, struct zip_entry *entries, size_t room)
{
    struct cursor c = cursor_over(z->directory);
    size_t count = 0;

    while (count < room) {
        struct zip_entry e = { 0 };
        if (!next_record(&c, &e))
            break;
        if (entries)
            entries[count] = e;
        count++;
    }
    if (entries && c.rest.len > 0)
        reading_damage(r, c.rest.origin, (int64_t)c.rest.len, FACT_UNKNOWN_INT,
                       count == room ? "holds more than %zu entries; the rest was not opened"
                                     : "the directory breaks off after %zu entries", count);
    return count;
}

enum parse_status zip_open(struct reading *r, struct bytes whole, struct zip *ret)
{
    struct zip z = { .whole = whole };

    if (!zip_find_end(whole, &z.end)) {
        reading_damage(r, whole.len, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the directory at the end of the package is missing or cut off");
        return PARSE_TRUNCATED;
    }
    const struct end_record record = parse_end(z.end);
    z.directory = directory_of(whole, z.end, record);
    z.count = read_records(&z, r, NULL, ZIP_ENTRIES_MAX);
    z.entries = arena_alloc(r->arena, z.count + 1, sizeof *z.entries);
    z.by_name = arena_alloc(r->arena, z.count + 1, sizeof *z.by_name);
    if (!z.entries || !z.by_name || (z.count == 0 && record.entries > 0)) {
        reading_damage(r, z.end.origin, FACT_UNKNOWN_INT, record.entries,
                       "the end of the package points at no directory");
        return PARSE_INVALID;
    }
    read_records(&z, r, z.entries, z.count);
    if ((uint16_t)z.count != record.entries || record.disk || record.directory_disk)
        reading_damage(r, z.end.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the end of the package announces %u entries, its directory has %zu", record.entries, z.count);
    if (bytes_behind(z.end) > 0) {
        z.tricks |= ZIP_TRICK_TAIL;
        reading_damage(r, whole.len - bytes_behind(z.end), (int64_t)bytes_behind(z.end), FACT_UNKNOWN_INT,
                       "something stands behind the end of the package: Android refuses the file, other tools open it");
    }
    struct zip_entry **sorted = memory_alloc_array(z.count + 1, sizeof *sorted);
    for (size_t i = 0; i < z.count; i++) {
        sorted[i] = z.by_name[i] = &z.entries[i];
        open_entry(&z, r, &z.entries[i]);
        check_marks(&z, r, &z.entries[i]);
    }
    find_duplicates(&z, r, z.by_name);
    find_folders(&z, r);
    check_places(&z, r, sorted);
    free(sorted);
    *ret = z;
    return PARSE_OK;
}

const struct zip_entry *zip_find(const struct zip *z, struct text name)
{
    size_t low = 0, high = z->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (text_compare(z->by_name[middle]->name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < z->count && text_equal(z->by_name[low]->name, name); low++)
        if (z->by_name[low]->readable)
            return z->by_name[low];
    return NULL;
}

static void add_piece(void *user, struct bytes piece)
{
    buffer_add(user, piece.at, piece.len);
}

/* At once where the directory says how much it is, which it nearly always does; else in pieces, as far as it goes. */
static enum inflate_status unpack(const struct zip_entry *e, struct buffer *into)
{
    if (e->bytes > 0 && e->bytes / INFLATE_RATIO_POSSIBLE <= e->packed.len) {
        uint8_t *at = buffer_extend(into, e->bytes);
        if (at && inflate_whole(e->packed, at, e->bytes))
            return INFLATE_END;
        buffer_clear(into);
    }
    struct inflate *f = inflate_new(INFLATE_RAW, (struct inflate_limit){ .out_bytes_max = into->limit });
    const enum inflate_status status = inflate_feed(f, e->packed, add_piece, into);
    inflate_free(f);
    return status;
}

static enum zip_content_status content_as_it_lies(struct zip *z, struct bytes content, struct bytes *ret)
{
    z->unpacked_bytes += content.len;
    *ret = content;
    return ZIP_CONTENT_OK;
}

struct bytes zip_begins_with(const struct zip_entry *e, struct buffer *into)
{
    enum { BEGIN_BYTES = 512 };

    buffer_clear(into);
    if (!e->readable || e->method != ZIP_DEFLATED)
        return bytes_part(e->packed, 0, BEGIN_BYTES);
    struct inflate *f = inflate_new(INFLATE_RAW, (struct inflate_limit){ .out_bytes_max = BEGIN_BYTES });
    const enum inflate_status status = inflate_feed(f, e->packed, add_piece, into);
    inflate_free(f);
    (void)status; /* whatever came out */
    return (struct bytes){ .at = into->at ? into->at : e->packed.at, .len = into->len, .origin = e->packed.origin };
}

enum zip_content_status zip_content(struct zip *z, const struct zip_entry *e, struct reading *r, struct buffer *into,
                                    struct bytes *ret)
{
    const int name_len = (int)(e->name.len < 200 ? e->name.len : 200);

    buffer_clear(into);
    into->overflowed = false;
    *ret = (struct bytes){ .at = e->packed.at, .origin = e->packed.origin };
    if (!e->readable)
        return ZIP_CONTENT_DAMAGED;
    if (z->unpacked_bytes > ZIP_UNPACKED_BYTES_MAX + 4 * (uint64_t)z->whole.len) {
        if (r && !z->exhausted)
            reading_damage(r, e->packed.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                           "unpacks to far more than its size (as a decompression bomb does); reading stopped at the entry \"%.*s\"", name_len, e->name.at);
        z->exhausted = true;
        return ZIP_CONTENT_TOO_LARGE;
    }
    if (e->method == ZIP_STORED)
        return content_as_it_lies(z, e->packed, ret);
    const enum inflate_status status = unpack(e, into);
    /* The platform takes what it does not know for not compressed (AssetManager), or for deflated (older versions). */
    if (e->method != ZIP_DEFLATED && (status != INFLATE_END || into->len != e->bytes) && e->unpacked.len == e->bytes)
        return content_as_it_lies(z, e->unpacked, ret);
    z->unpacked_bytes += into->len;
    *ret = (struct bytes){ .at = into->at ? into->at : e->packed.at, .len = into->len, .origin = e->packed.origin };
    if (status == INFLATE_LIMIT || into->overflowed) {
        if (r)
            reading_damage(r, e->packed.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                           "the entry \"%.*s\" unpacks to more than leash reads; the rest of it was not looked at", name_len, e->name.at);
        return ZIP_CONTENT_TOO_LARGE;
    }
    if (status != INFLATE_END) {
        if (r)
            reading_damage(r, e->packed.origin, FACT_UNKNOWN_INT, 1,
                           "the entry \"%.*s\" could not be unpacked to its end", name_len, e->name.at);
        return ZIP_CONTENT_DAMAGED;
    }
    if (ret->len != e->bytes) {
        z->tricks |= ZIP_TRICK_SIZE;
        if (r)
            reading_damage(r, e->directory_offset, 0, FACT_UNKNOWN_INT,
                           "the entry \"%.*s\" unpacks to %zu bytes and announces %u",
                           name_len, e->name.at, ret->len, e->bytes);
    } else if (r && inflate_crc32(*ret) != e->crc32) {
        reading_damage(r, e->packed.origin, 0, 1,
                       "the entry \"%.*s\" is not as it was packed: its check value is wrong", name_len, e->name.at);
    }
    return ZIP_CONTENT_OK;
}
