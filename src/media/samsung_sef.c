#include "media/samsung_sef.h"

#include "base/timestamp.h"
#include "media/photo_form.h"

/* All little-endian.
 *
 *   block       u16 0   u16 kind   u32 length of the name   name   data
 *   directory   "SEFH"   u32 version   u32 count   count times: u16 0, u16 kind, u32 how far before "SEFH" the block begins, u32 its size
 *   end         u32 length of the directory   "SEFT" */
enum { HEAD_BYTES = 12, ENTRY_BYTES = 12, END_BYTES = 8, NAME_AT = 8, BLOCKS_MAX = 64 };

static const char block_name[] = "Samsung SEF";

struct directory {
    struct bytes blocks;   /* all that lies before it */
    struct bytes entries;
};

static bool open_directory(struct bytes rest, struct directory *ret)
{
    struct cursor end = cursor_over(bytes_part(rest, rest.len < END_BYTES ? 0 : rest.len - END_BYTES, END_BYTES));
    const uint32_t length = cursor_u32le(&end);

    if (end.failed || !bytes_equal(end.rest, "SEFT", 4) || length < HEAD_BYTES || length > rest.len - END_BYTES)
        return false;
    const uint64_t at = rest.len - END_BYTES - length;
    struct cursor c = cursor_over(bytes_part(rest, at, length));
    const struct bytes mark = cursor_take(&c, 4);
    cursor_skip(&c, 4);
    const uint32_t count = cursor_u32le(&c);
    if (c.failed || !bytes_equal(mark, "SEFH", 4) || count > BLOCKS_MAX || c.rest.len < (uint64_t)count * ENTRY_BYTES)
        return false;
    *ret = (struct directory){ bytes_part(rest, 0, at), bytes_part(c.rest, 0, (uint64_t)count * ENTRY_BYTES) };
    return true;
}

/* Where it says that a block is; empty: outside, or there is none. */
static struct bytes block_at(const struct directory *d, uint64_t entry)
{
    struct cursor c = cursor_over(bytes_part(d->entries, entry, ENTRY_BYTES));

    cursor_skip(&c, 2);
    const uint16_t kind = cursor_u16le(&c);
    const uint32_t before = cursor_u32le(&c), size = cursor_u32le(&c);
    const struct bytes block = before > d->blocks.len
        ? bytes_part(d->blocks, 0, 0) : bytes_part(d->blocks, d->blocks.len - before, size);
    struct cursor head = cursor_over(block);
    cursor_skip(&head, 2);
    return block.len == size && cursor_u16le(&head) == kind && !head.failed ? block : bytes_part(d->blocks, 0, 0);
}

struct bytes samsung_sef(struct bytes rest)
{
    struct bytes all = { 0 };
    struct directory d;
    uint64_t from;

    if (!open_directory(rest, &d))
        return all;
    from = d.blocks.origin + d.blocks.len;
    for (uint64_t at = 0; at < d.entries.len; at += ENTRY_BYTES) {
        const struct bytes block = block_at(&d, at);
        if (block.len > 0 && block.origin < from)
            from = block.origin;
    }
    return bytes_part(rest, from - rest.origin, UINT64_MAX);
}

static bool names_nothing(struct text name)
{
    static const char *const settings[] = {
        "Camera_Capture_Mode_Info", "Camera_Scene_Info", "Color_Display_P3", "Photo_HDR_Info", "MotionPhoto_Version", "MotionPhoto_AutoPlay", "SoundShot_Meta_Info",
    };

    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        if (text_equal(name, text_of(settings[i])))
            return true;
    return false;
}

/* Milliseconds since 1970. */
static void take_time(struct photo *p, struct bytes data)
{
    int64_t ms;

    if (p->exposure_utc_known || !text_to_int(text_of_bytes(data), 1, INT64_MAX / (NS_PER_S / 1000), &ms))
        return;
    p->exposure_utc_known = true;
    p->exposure_utc_ns = ms * (NS_PER_S / 1000);
}

/* True: it is one, and was handed over; not when that were too many. */
static bool take_member(struct photo *p, struct bytes data, unsigned number)
{
    const bool picture = bytes_start_with(data, "\xff\xd8\xff", 3),
        video = bytes_equal(bytes_part(data, 4, 4), "ftyp", 4);

    if (number == 0)
        return false;
    if (video)
        photo_untested(p, TEXT("A video in Samsung's block is untested on real files."));
    if ((picture || video) && p->r->member)
        p->r->member(p->r, arena_printf(p->r->arena, picture ? "samsung-picture-%u.jpg" : "samsung-video-%u.mp4",
                                        number), data);
    return picture || video;
}

/* `number`: of the next member, 0 when there may be none.  True: one was handed over. */
static bool take_block(struct photo *p, struct bytes block, unsigned number)
{
    struct cursor c = cursor_over(bytes_part(block, NAME_AT - 4, UINT64_MAX));
    const struct bytes name_bytes = cursor_take(&c, cursor_u32le(&c)), data = c.rest;
    const struct text name = text_of_bytes(name_bytes);

    if (c.failed) {
        photo_unread(p, block.origin, block.len, "a block of %s without its name", block_name);
    } else if (text_equal(name, TEXT("Image_UTC_Data"))) {
        take_time(p, data);
    } else if (text_equal(name, TEXT("MCC_Data"))) {
        photo_name(p, "place", data, PHOTO_DEVICE_NONE, PHOTO_RANK_VENDOR,
                   photo_where(p, data, block_name, NULL, TEXT("mobile country code")));
    } else if (take_member(p, data, number)) {
        return true;
    } else if (!names_nothing(name) && !bytes_start_with(data, "mpv2", 4)) { /* that says where the video is */
        photo_unread(p, block.origin, block.len, "block %.*s of %s", (int)(name.len < 40 ? name.len : 40), name.at,
                     block_name);
    }
    return false;
}

unsigned samsung_sef_read(struct photo *p, struct bytes sef, unsigned members_max)
{
    unsigned members = 0, lost = 0;
    struct directory d;

    if (!open_directory(sef, &d))
        return 0;
    for (uint64_t at = 0; at < d.entries.len; at += ENTRY_BYTES) {
        const struct bytes block = block_at(&d, at);
        if (block.len == 0)
            lost++;
        else
            members += take_block(p, block, members < members_max ? members + 1 : 0);
    }
    if (lost)
        reading_damage(p->r, d.entries.origin, FACT_UNKNOWN_INT, lost,
                       "%u blocks of %s are not where its directory says", lost, block_name);
    return members;
}
