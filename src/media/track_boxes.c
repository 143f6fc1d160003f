#include "media/track_boxes.h"

/* Where what stands; `holds`: it is walked into; `once`: a second one is not known for what it is, as readers take the
 * first or the last. */
static const struct kind {
    char in[5], type[5];
    enum track_box what;
    bool holds, once;
} kinds[] = {
    { "trak", "mdia", TRACK_BOX_NAMELESS, true, true }, { "mdia", "minf", TRACK_BOX_NAMELESS, true, true },
    { "minf", "dinf", TRACK_BOX_NAMELESS, true, true }, { "minf", "stbl", TRACK_BOX_NAMELESS, true, true },
    { "trak", "tkhd", TRACK_BOX_TIMES, false, true }, { "mdia", "mdhd", TRACK_BOX_TIMES, false, true },
    { "trak", "edts", TRACK_BOX_NAMELESS, false, true }, { "trak", "tref", TRACK_BOX_NAMELESS, false, true },
    { "trak", "load", TRACK_BOX_NAMELESS, false, true }, { "trak", "clip", TRACK_BOX_NAMELESS, false, true },
    { "trak", "matt", TRACK_BOX_NAMELESS, false, true }, { "trak", "imap", TRACK_BOX_NAMELESS, false, true },
    { "trak", "txas", TRACK_BOX_NAMELESS, false, true }, { "trak", "tapt", TRACK_BOX_NAMELESS, false, true },
    { "trak", "trgr", TRACK_BOX_NAMELESS, false, true },
    { "mdia", "hdlr", TRACK_BOX_NAMELESS, false, true }, { "mdia", "elng", TRACK_BOX_NAMELESS, false, true },
    { "minf", "vmhd", TRACK_BOX_NAMELESS, false, true }, { "minf", "smhd", TRACK_BOX_NAMELESS, false, true },
    { "minf", "hmhd", TRACK_BOX_NAMELESS, false, true }, { "minf", "nmhd", TRACK_BOX_NAMELESS, false, true },
    { "minf", "sthd", TRACK_BOX_NAMELESS, false, true }, { "minf", "gmhd", TRACK_BOX_NAMELESS, false, true },
    { "minf", "hdlr", TRACK_BOX_NAMELESS, false, true }, { "dinf", "dref", TRACK_BOX_NAMELESS, false, true },
    { "stbl", "stsd", TRACK_BOX_NAMELESS, false, true }, { "stbl", "stts", TRACK_BOX_NAMELESS, false, true },
    { "stbl", "stsc", TRACK_BOX_NAMELESS, false, true }, { "stbl", "stsz", TRACK_BOX_NAMELESS, false, true },
    { "stbl", "stz2", TRACK_BOX_NAMELESS, false, true }, { "stbl", "stco", TRACK_BOX_NAMELESS, false, true },
    { "stbl", "co64", TRACK_BOX_NAMELESS, false, true }, { "stbl", "ctts", TRACK_BOX_NAMELESS, false, true },
    { "stbl", "cslg", TRACK_BOX_NAMELESS, false, true }, { "stbl", "stss", TRACK_BOX_NAMELESS, false, true },
    { "stbl", "stsh", TRACK_BOX_NAMELESS, false, true }, { "stbl", "stps", TRACK_BOX_NAMELESS, false, true },
    { "stbl", "sdtp", TRACK_BOX_NAMELESS, false, true }, { "stbl", "padb", TRACK_BOX_NAMELESS, false, true },
    { "stbl", "stdp", TRACK_BOX_NAMELESS, false, true }, { "stbl", "sbgp", TRACK_BOX_NAMELESS, false, false },
    { "stbl", "sgpd", TRACK_BOX_NAMELESS, false, false }, { "stbl", "subs", TRACK_BOX_NAMELESS, false, false },
    { "stbl", "saiz", TRACK_BOX_NAMELESS, false, false }, { "stbl", "saio", TRACK_BOX_NAMELESS, false, false },
    { "", "udta", TRACK_BOX_USER_DATA, false, false }, { "", "meta", TRACK_BOX_META, false, false }, { "", "uuid", TRACK_BOX_UUID, false, false },
    { "", "free", TRACK_BOX_FREE, false, false }, { "", "skip", TRACK_BOX_FREE, false, false }, { "", "wide", TRACK_BOX_NAMELESS, false, false },
};
_Static_assert(sizeof kinds / sizeof *kinds <= 64, "seen has a bit for each");

static bool is_type(const char *letters, uint32_t type)
{
    return BOX_TYPE(letters[0], letters[1], letters[2], letters[3]) == type;
}

void track_box_walk_init(struct track_box_walk *w, struct bytes trak_body)
{
    *w = (struct track_box_walk){ .in = { BOX_TYPE('t', 'r', 'a', 'k') }, .depth = 1 };
    box_walk_init(&w->walks[0], trak_body);
}

bool track_box_next(struct track_box_walk *w, struct box *ret, enum track_box *ret_what)
{
    while (w->depth > 0) {
        const uint32_t in = w->in[w->depth - 1];
        size_t i = 0;
        if (!box_walk_next(&w->walks[w->depth - 1], ret)) {
            w->depth--;
            continue;
        }
        while (i < sizeof kinds / sizeof *kinds &&
               !(is_type(kinds[i].type, ret->type) && (!kinds[i].in[0] || is_type(kinds[i].in, in))))
            i++;
        const struct kind *kind = i < sizeof kinds / sizeof *kinds ? &kinds[i] : NULL;
        const bool again = kind && kind->once && (w->seen >> i & 1);
        if (kind)
            w->seen |= UINT64_C(1) << i;
        if (kind && kind->holds && !again && w->depth < TRACK_BOX_DEPTH) {
            w->in[w->depth] = ret->type;
            box_walk_init(&w->walks[w->depth++], ret->body);
            continue;
        }
        *ret_what = kind && !again ? kind->what : TRACK_BOX_UNKNOWN;
        return true;
    }
    return false;
}
