#include "media/mpf.h"

#include "media/tiff_directory.h"

enum { TAG_ENTRIES = 0xb002, ENTRY_BYTES = 16 };

static void take_entries(const struct tiff_block *t, struct bytes entries, struct mpf_picture *pictures, size_t *count)
{
    for (uint64_t at = ENTRY_BYTES; at + ENTRY_BYTES <= entries.len && *count < MPF_PICTURES_MAX; at += ENTRY_BYTES) {
        struct cursor c = cursor_over(bytes_part(entries, at, ENTRY_BYTES));
        cursor_skip(&c, 4);
        const uint32_t length = t->big_endian ? cursor_u32be(&c) : cursor_u32le(&c);
        const uint32_t offset = t->big_endian ? cursor_u32be(&c) : cursor_u32le(&c);
        if (length == 0 || offset == 0)
            continue;
        pictures[*count].offset = t->bytes.origin + offset;
        pictures[(*count)++].length = length;
    }
}

void mpf_read(struct photo *p, struct bytes index, struct mpf_picture pictures[MPF_PICTURES_MAX], size_t *count)
{
    struct tiff_block t;
    struct tiff_directory d;

    if (tiff_block_init(&t, index) != PARSE_OK || tiff_directory_open(&t, t.first_directory, &d) != PARSE_OK) {
        reading_damage(p->r, index.origin, (int64_t)index.len, FACT_UNKNOWN_INT,
                       "the index of further pictures (MPF) cannot be read");
        return;
    }
    for (uint32_t i = 0; i < d.entry_count; i++) {
        const struct tiff_entry e = tiff_entry_at(&t, &d, i);
        if (e.tag == TAG_ENTRIES && e.outside)
            reading_damage(p->r, d.entries.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                           "the index of further pictures (MPF) is cut off");
        else if (e.tag == TAG_ENTRIES)
            take_entries(&t, e.value, pictures, count);
        if (e.tag == TAG_ENTRIES)
            return; /* there is one; more would only cost time */
    }
}
