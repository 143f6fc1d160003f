#include "media/jpeg_trailer.h"

#include "media/insta360.h"
#include "media/jpeg_walk.h"
#include "media/samsung_sef.h"

/* Pictures looked for in one trailer; also bounds how often the rest is walked. */
enum { MEMBERS_MAX = 32 };

struct trailer {
    struct photo *photo;
    struct bytes rest;
    unsigned members;
};

static bool begins_picture(struct bytes b)
{
    return bytes_start_with(b, "\xff\xd8\xff", 3);
}

/* ISO base media: a box named ftyp. */
static bool begins_video(struct bytes b)
{
    return b.len >= 12 && memcmp(b.at + 4, "ftyp", 4) == 0;
}

static bool is_filler(struct bytes b)
{
    return b.len == 0 || memcmp(b.at, b.at + 1, b.len - 1) == 0;
}

static void hand_over(struct trailer *t, uint64_t length, const char *kind, const char *ending)
{
    struct reading *r = t->photo->r;

    t->members++;
    if (r->member)
        r->member(r, arena_printf(r->arena, "%s-%u.%s", kind, t->members, ending), bytes_part(t->rest, 0, length));
    t->rest = bytes_part(t->rest, length, UINT64_MAX);
}

/* The picture that the index announces nearest behind `origin`. */
static const struct mpf_picture *next_announced(const struct mpf_picture *announced, size_t count, uint64_t origin)
{
    const struct mpf_picture *next = NULL;

    for (size_t i = 0; i < count; i++)
        if (announced[i].offset >= origin && (!next || announced[i].offset < next->offset))
            next = &announced[i];
    return next;
}

/* Reads the stretch up to `end`, where an announced picture begins or the file ends. */
static void read_stretch(struct trailer *t, uint64_t end)
{
    while (t->rest.origin < end) {
        struct bytes stretch = bytes_part(t->rest, 0, end - t->rest.origin);
        if (is_filler(stretch)) {
            t->rest = bytes_part(t->rest, stretch.len, UINT64_MAX);
            return;
        }
        if (t->members < MEMBERS_MAX && begins_picture(stretch)) {
            const uint64_t length = jpeg_length(stretch, t->photo->r);
            hand_over(t, length ? length : stretch.len, "second-picture", "jpg");
            continue;
        }
        if (t->members < MEMBERS_MAX && begins_video(stretch)) {
            hand_over(t, stretch.len, "embedded-video", "mp4");
            continue;
        }
        const uint8_t *picture = t->members < MEMBERS_MAX && stretch.len > 1 ?
                                 memmem(stretch.at + 1, stretch.len - 1, "\xff\xd8\xff", 3) : NULL;
        if (picture)
            stretch.len = (size_t)(picture - stretch.at);
        if (!is_filler(stretch))
            photo_unread(t->photo, stretch.origin, stretch.len, "data behind the end of the picture");
        t->rest = bytes_part(t->rest, stretch.len, UINT64_MAX);
    }
}

static bool is_there(struct photo *p, struct bytes whole, struct bytes trailer, const struct mpf_picture *a)
{
    struct bytes picture = bytes_part(whole, a->offset - whole.origin, a->length);
    const uint64_t end = whole.origin + whole.len;

    if (a->offset >= end || picture.len < a->length)
        reading_damage(p->r, a->offset < end ? a->offset : end, (int64_t)(a->length - picture.len), FACT_UNKNOWN_INT,
                       "the file announces a further picture of %llu bytes at %llu and ends before %s",
                       (unsigned long long)a->length, (unsigned long long)a->offset, picture.len ? "its end" : "it");
    else if (!begins_picture(picture))
        reading_damage(p->r, a->offset, 0, 0, "the file announces a further picture at %llu, and there is none",
                       (unsigned long long)a->offset);
    else if (a->offset < trailer.origin)
        reading_damage(p->r, a->offset, 0, 0, "the file announces a further picture at %llu, inside the first",
                       (unsigned long long)a->offset);
    return begins_picture(picture) && a->offset >= trailer.origin;
}

void jpeg_trailer_read(struct photo *p, struct bytes whole, struct bytes trailer,
                       const struct mpf_picture *announced, size_t announced_count)
{
    const struct bytes insta360 = insta360_trailer(trailer),
        sef = samsung_sef(bytes_part(trailer, 0, trailer.len - insta360.len));
    const uint64_t end = whole.origin + whole.len - insta360.len - sef.len;
    struct trailer t = { .photo = p, .rest = bytes_part(trailer, 0, trailer.len - insta360.len - sef.len) };
    struct mpf_picture there[MPF_PICTURES_MAX];
    const struct mpf_picture *next;
    size_t count = 0;

    for (size_t i = 0; i < announced_count; i++)
        if (is_there(p, whole, trailer, &announced[i]))
            there[count++] = announced[i];
    while ((next = next_announced(there, count, t.rest.origin)) != NULL && t.members < MEMBERS_MAX) {
        read_stretch(&t, next->offset);
        hand_over(&t, next->length, "second-picture", "jpg");
    }
    read_stretch(&t, end);
    if (sef.len > 0)
        t.members += samsung_sef_read(p, sef, MEMBERS_MAX - t.members);
    if (insta360.len > 0) {
        insta360_read(p, insta360);
        insta360_read_place(p, insta360);
    }
}
