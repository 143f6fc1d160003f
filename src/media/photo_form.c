#include "media/photo_form.h"

#include "base/buffer.h"

/* Prefixes under which the files of the collections in doc/formats.md told numbers, names and places. */
static const char *const tried[] = {
    "rdf", "xmp", "xap", "xmpMM", "xapMM", "xmpRights", "xapRights", "stRef", "stEvt", "dc", "exif", "exifEX", "tiff", "aux", "crs", "photoshop",
    "drone-dji", "Iptc4xmpCore", "Iptc4xmpExt", "art", "dwc", "pdf", "x",
};

void photo_untested(struct photo *p, struct text sentence)
{
    for (size_t i = 0; i < p->untested_count; i++)
        if (text_equal(p->untested[i], sentence))
            return;
    if (text_known(sentence) && p->untested_count < PHOTO_UNTESTED_MAX)
        p->untested[p->untested_count++] = sentence;
}

void photo_untested_tag(struct photo *p, const char *tag, const char *maker)
{
    photo_untested(p, arena_printf(p->r->arena, "%s in %s's maker note is untested on real files.", tag, maker));
}

static bool is_tried(struct text prefix)
{
    if (!text_known(prefix) || prefix.len == 0)
        return true;
    for (size_t i = 0; i < sizeof tried / sizeof *tried; i++)
        if (text_equal_ignoring_case(prefix, text_of(tried[i])))
            return true;
    return false;
}

/* The packet chose the word. */
static bool is_plain(struct text prefix)
{
    enum { PREFIX_MAX = 32 };

    for (size_t i = 0; i < prefix.len; i++) {
        const char c = prefix.at[i];
        if (!((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_')
            return false;
    }
    return prefix.len <= PREFIX_MAX;
}

void photo_form_of_schema(struct photo *p, struct text prefix)
{
    if (is_tried(prefix))
        return;
    photo_untested(p, is_plain(prefix) ? arena_printf(p->r->arena, "XMP of the schema \"%.*s\" is untested on real files.", (int)prefix.len, prefix.at)
                                       : TEXT("XMP of a schema that is not known is untested on real files."));
}

void photo_form_of_place(struct photo *p, struct text prefix, bool camera_or_shown)
{
    photo_form_of_schema(p, prefix);
    if (!camera_or_shown)
        photo_untested(p, TEXT("Places in XMP other than the camera's are untested on real files."));
}

struct text photo_form_note(const struct photo *p)
{
    enum { NOTE_MAX = 4096 };
    struct buffer b;

    if (p->untested_count == 0)
        return TEXT_UNKNOWN;
    buffer_init(&b, NOTE_MAX);
    for (size_t i = 0; i < p->untested_count; i++) {
        (void)buffer_add(&b, " ", i > 0);
        (void)buffer_add_text(&b, p->untested[i]);
    }
    const struct text note = arena_text(p->r->arena, buffer_text(&b));
    buffer_done(&b);
    return note;
}
