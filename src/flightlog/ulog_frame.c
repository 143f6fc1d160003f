#include "flightlog/ulog_frame.h"

#include <string.h>

enum { DATA_ID = 2, NAME_MAX = 128, DOUBT_BYTES = 2 * (ULOG_HEAD + UINT16_MAX) /* a record and the next */ };

/* Lengths that a record of each type can have; most 0: no such type. */
static const struct {
    uint16_t least, most;
} lengths[256] = {
    ['B'] = { 40, 65535 }, ['F'] = { 4, 65535 }, ['I'] = { 4, 65535 }, ['M'] = { 5, 65535 }, ['P'] = { 6, 300 },
    ['Q'] = { 7, 300 }, ['A'] = { 4, 300 }, ['R'] = { 2, 2 }, ['D'] = { 2, 65535 }, ['L'] = { 9, 65535 },
    ['C'] = { 11, 65535 }, ['S'] = { 8, 8 }, ['O'] = { 2, 2 },
};

static const uint8_t sync_mark[8] = { 0x2f, 0x73, 0x13, 0x20, 0x25, 0x0c, 0xbb, 0x12 };

void ulog_walk_init(struct ulog_walk *w, struct bytes whole)
{
    memset(w, 0, sizeof *w);
    memset(w->least, 0xff, sizeof w->least);
    w->area = whole;
    w->at = whole.len < ULOG_HEADER ? whole.len : ULOG_HEADER;
    w->end = whole.len;
    w->parts[0] = whole.len;
    w->part_count = 1;
}

void ulog_walk_expect(struct ulog_walk *w, uint16_t id, uint32_t least, uint32_t most)
{
    const bool none = most == 0 || most > UINT16_MAX - DATA_ID;

    w->least[id] = none ? UINT16_MAX : (uint16_t)(least + DATA_ID);
    w->most[id] = none ? 0 : (uint16_t)(most + DATA_ID);
}

unsigned ulog_walk_appended(struct ulog_walk *w, const uint64_t offsets[ULOG_APPENDED_MAX])
{
    unsigned left_out = 0;
    size_t before = w->at;

    w->part_count = w->part = 0;
    for (int i = 0; i < ULOG_APPENDED_MAX; i++) {
        if (offsets[i] == 0)
            continue;
        if (offsets[i] < before || offsets[i] > w->area.len) {
            left_out++;
            continue;
        }
        w->parts[w->part_count++] = before = (size_t)offsets[i];
    }
    w->parts[w->part_count++] = w->area.len;
    w->end = w->parts[0];
    return left_out;
}

struct head {
    size_t len;
    uint8_t type;
    bool whole;               /* its content lies before the end */
};

static bool head_at(const struct ulog_walk *w, size_t at, struct head *ret)
{
    if (w->end - at < ULOG_HEAD)
        return false;
    const uint8_t *p = w->area.at + at;
    ret->len = (size_t)(p[0] | p[1] << 8);
    ret->type = p[2];
    ret->whole = ret->len <= w->end - at - ULOG_HEAD;
    return ret->len > 0 && ret->len >= lengths[ret->type].least && ret->len <= lengths[ret->type].most;
}

static bool data_fits(const struct ulog_walk *w, size_t at, size_t len)
{
    if (w->end - at < ULOG_HEAD + DATA_ID)
        return false;
    const uint8_t *p = w->area.at + at + ULOG_HEAD;
    const unsigned id = (unsigned)(p[0] | p[1] << 8);
    return len <= w->most[id] && len >= w->least[id];
}

/* The end, or what can be a whole record. */
static bool plausible(const struct ulog_walk *w, size_t at)
{
    struct head h;

    if (at == w->end)
        return true;
    return head_at(w, at, &h) && h.whole && (h.type != 'D' || data_fits(w, at, h.len));
}

/* The first bytes tell: anything may stand here, and nothing is to be read again and again. */
static bool printable(const uint8_t *p, size_t n)
{
    enum { LOOK_BYTES = 32 };

    for (size_t i = 0; i < n && i < LOOK_BYTES; i++)
        if (p[i] < 0x20 || p[i] >= 0x7f)
            return false;
    return true;
}

/* Whether the content is what such a record has, where that can be told. */
static bool content_fits(const uint8_t *p, const struct head *h)
{
    switch (h->type) {
    case 'S': return memcmp(p, sync_mark, sizeof sync_mark) == 0;
    case 'A': return printable(p + 3, h->len - 3);
    case 'F': return printable(p, h->len) && memchr(p, ':', h->len < NAME_MAX ? h->len : NAME_MAX);
    case 'L': return p[0] >= '0' && p[0] <= '7';
    case 'C': return p[0] >= '0' && p[0] <= '7';
    case 'I':
    case 'P': return p[0] > 0 && (size_t)p[0] + 1 < h->len && printable(p + 1, p[0]);
    case 'M':
    case 'Q': return p[1] > 0 && (size_t)p[1] + 2 < h->len && printable(p + 2, p[1]);
    default:  return true;
    }
}

/* Whether a record that carries its own proof begins here: data of its topic's length, a sync mark, or
 * text where text must be. */
static bool proves_itself(const struct ulog_walk *w, size_t at, struct head *ret)
{
    if (!head_at(w, at, ret) || !ret->whole || ret->type == 'R' || ret->type == 'O' || ret->type == 'B')
        return false;
    return ret->type == 'D' ? data_fits(w, at, ret->len) : content_fits(w->area.at + at + ULOG_HEAD, ret);
}

/* Whether a record surely begins here: asked where anything may stand. */
static bool surely(const struct ulog_walk *w, size_t at)
{
    struct head h, next;

    if (!proves_itself(w, at, &h))
        return false;
    at += ULOG_HEAD + h.len;
    return h.type == 'S' || (h.type == 'D' && plausible(w, at)) || at == w->end || proves_itself(w, at, &next);
}

static void give(struct ulog_walk *w, size_t at, const struct head *h, struct ulog_record *ret)
{
    ret->type = h->type;
    ret->misfit = lengths[h->type].most == 0 || (h->type == 'D' && !data_fits(w, at, h->len));
    ret->offset = w->area.origin + at;
    ret->content = bytes_part(w->area, at + ULOG_HEAD, h->len);
    w->at = at + ULOG_HEAD + h->len;
}

/* Whether the record at `at` is one, although nothing in it proves that: what follows it tells.  Where
 * that is no record either, a record that begins inside it shows that its length is wrong. */
static bool believed(const struct ulog_walk *w, size_t at, const struct head *h, bool known)
{
    const size_t next = at + ULOG_HEAD + h->len;

    if (!h->whole)
        return false;
    if (!known) /* a type of a later version, perhaps */
        return ((h->type >= 'A' && h->type <= 'Z') || (h->type >= 'a' && h->type <= 'z')) && surely(w, next);
    if (plausible(w, next))
        return true;
    if ( !content_fits(w->area.at + at + ULOG_HEAD, h))
        return false;
    for (size_t i = at + 1; i < next; i++)
        if (surely(w, i))
            return false;
    return true;
}

/* Whether the next part begins where the header says: with what can be a record and has one behind it, or
 * with one that the file's end cuts. */
static bool next_part_begins(struct ulog_walk *w)
{
    const size_t here = w->end, end = w->parts[w->part + 1];
    struct head h;
    bool begins = here == end;

    w->end = end;
    if (!begins && head_at(w, here, &h)) {
        const size_t content = end - here - ULOG_HEAD;
        const bool shown = h.len <= content || content >= NAME_MAX; /* enough of it to look at */
        begins = (!shown || content_fits(w->area.at + here + ULOG_HEAD, &h)) &&
                 (h.type != 'D' || data_fits(w, here, h.len)) && (!h.whole || plausible(w, here + ULOG_HEAD + h.len));
    }
    w->end = here;
    return begins;
}

/* The header's offsets are those of the log as it was written.  Bytes that are missing, or too many, ahead of a
 * part move it, and the part's end with it: where no record begins there, what is read goes on behind it. */
static bool end_moved(struct ulog_walk *w)
{
    if (w->part + 1 >= w->part_count || next_part_begins(w))
        return false;
    w->end = w->parts[++w->part];
    w->parts_moved++;
    return true;
}

/* Takes the bytes from `from` up to the next sure record, or to the end, as lost. */
static void lose(struct ulog_walk *w, size_t from, bool begins_like_one, struct ulog_record *ret)
{
    size_t at = from + 1;

    do {
        while (at < w->end && !surely(w, at))
            at++;
    } while (at == w->end && end_moved(w));
    ret->lost_at = w->area.origin + from;
    ret->lost_bytes = at - from;
    ret->lost_to_cut = at == w->end && (begins_like_one || w->end - from < ULOG_HEAD);
    w->at = at;
}

/* The next part, with nothing of it read. */
static bool next_part(struct ulog_walk *w, struct ulog_record *ret)
{
    if (w->part + 1 >= w->part_count)
        return false;
    w->end = w->parts[++w->part];
    ret->type = ULOG_PART_BEGINS;
    ret->misfit = false;
    ret->offset = w->area.origin + w->at;
    ret->content = bytes_part(w->area, w->at, 0);
    return true;
}

static bool record_at(const struct ulog_walk *w, struct head *ret)
{
    return head_at(w, w->at, ret) && (ret->type != 'D' || data_fits(w, w->at, ret->len));
}

/* Whether the record itself and what follows it do not show that it is one. */
static bool in_doubt(const struct ulog_walk *w, bool known, const struct head *h)
{
    return !known || !h->whole || !plausible(w, w->at + ULOG_HEAD + h->len);
}

bool ulog_walk_search(struct ulog_walk *w, struct ulog_record *ret)
{
    struct head h = { 0 };

    ret->lost_bytes = 0;
    ret->lost_to_cut = false;
    if (w->at < w->end) {
        bool known = record_at(w, &h);
        while (in_doubt(w, known, &h) && w->end - w->at <= DOUBT_BYTES && end_moved(w))
            known = record_at(w, &h);
        if (w->end - w->at < ULOG_HEAD || !believed(w, w->at, &h, known)) {
            lose(w, w->at, known && !h.whole, ret);
            if (w->at < w->end)
                (void)head_at(w, w->at, &h);
        }
    }
    if (w->at == w->end)
        return next_part(w, ret);
    give(w, w->at, &h, ret);
    return true;
}
