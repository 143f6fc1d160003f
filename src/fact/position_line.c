#include "fact/position_line.h"

#include <string.h>

#include "base/json.h"
#include "base/real_text.h"
#include "base/timestamp.h"

enum { KEY = 12, TEXTS = 5, DIGEST_MAX = 64, LOCAL_MAX = 40, PIECE_TEXTS_MAX = 300, PIECE_STEP = 32 };
enum { NUMBER_STEP = 32 }; /* no number has more than 24 characters: a sign, 17 digits, a point, an exponent */

_Static_assert(POSITION_PIECE_MAX % PIECE_STEP == 0, "pieces are copied in whole steps");

void position_line_init(struct position_line *l)
{
    for (int i = 0; i < POSITION_FORMS; i++)
        l->forms[i].made = false;
    for (int i = 0; i < POSITION_NUMBERS; i++)
        l->numbers[i].len = 0;
    l->newest = 0;
    l->second.known = false;
}

static bool is_plain(struct text t)
{
    return json_plain_length(t) == t.len;
}

static inline char *put(char *to, const char *literal, size_t len)
{
    return (char *)memcpy(to, literal, len) + len;
}
#define PUT(to, literal) put((to), (literal), sizeof(literal) - 1)

/* In steps of a known length, which are moves and no calls; what is written behind the piece is written over. */
static inline char *put_piece(char *to, const struct position_piece *piece)
{
    for (size_t i = 0; i < piece->len; i += PIECE_STEP)
        memcpy(to + i, piece->at + i, PIECE_STEP);
    return to + piece->len;
}

static char *put_text(char *to, struct text t)
{
    if (!text_known(t))
        return PUT(to, "null");
    *to++ = '"';
    to = put(to, t.at, t.len);
    *to++ = '"';
    return to;
}

static char *put_reference(char *to, const char *kind, const char key[KEY], int64_t number)
{
    if (!fact_known_int(number))
        return PUT(to, "null");
    *to++ = '"';
    to = put(to, kind, strlen(kind));
    *to++ = '-';
    to = put(to, key, KEY);
    *to++ = '-';
    to += text_put_int(to, number);
    *to++ = '"';
    return to;
}

static inline char *put_real(char *to, double value)
{
    return isfinite(value) ? to + real_text_put(to, value) : PUT(to, "null");
}

/* A number that is often the one of the row before. */
static inline char *put_again(struct position_line *l, enum position_number_of which, char *to, double value)
{
    struct position_number *const kept = &l->numbers[which];
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    if (bits != kept->bits || kept->len == 0) {
        kept->bits = bits;
        kept->len = (uint64_t)(put_real(kept->at, value) - kept->at);
    }
    memcpy(to, kept->at, NUMBER_STEP);
    return to + kept->len;
}

static inline char *put_int(char *to, int64_t value)
{
    return to + text_put_small(to, value);
}

static char *put_time(struct position_line *l, char *to, int64_t time_utc_ns)
{
    if (!fact_known_int(time_utc_ns))
        return PUT(to, "null");
    *to++ = '"';
    to += timestamp_text_near(&l->second, time_utc_ns, to).len;
    *to++ = '"';
    return to;
}

/* The texts that hardly ever change; a row with more than one decoding step has its steps written as one by hand. */
static size_t texts_of(const struct fact_position *row, struct text into[TEXTS])
{
    into[0] = row->subject;
    into[1] = row->time_basis;
    into[2] = row->alt_ref;
    into[3] = row->head.evidence;
    into[4] = row->head.origin.steps.count > 0 ? row->head.origin.steps.items[0] : TEXT_UNKNOWN;
    return TEXTS;
}

#define UNKNOWN_LENGTH SIZE_MAX

/* Whether the pieces were made for such a row. */
static inline bool fits(const struct position_form *f, const struct fact_position *row, const struct text texts[TEXTS],
                        const char key[KEY])
{
    const char *copy = f->texts;

    if (!f->made || row->flight != f->flight || row->media != f->media || !bytes_same(key, f->key, KEY))
        return false;
    for (size_t i = 0; i < TEXTS; i++) {
        if (f->lengths[i] != (text_known(texts[i]) ? texts[i].len : UNKNOWN_LENGTH))
            return false;
        if (text_known(texts[i])) {
            if (!bytes_same(copy, texts[i].at, texts[i].len))
                return false;
            copy += texts[i].len;
        }
    }
    return true;
}

static bool remember(struct position_form *f, const struct fact_position *row, const struct text texts[TEXTS],
                     const char key[KEY])
{
    char *copy = f->texts;
    size_t sum = 0;

    for (size_t i = 0; i < TEXTS; i++) {
        sum += texts[i].len < PIECE_TEXTS_MAX ? texts[i].len : PIECE_TEXTS_MAX;
        if (sum > PIECE_TEXTS_MAX || !is_plain(texts[i]))
            return false;
    }
    for (size_t i = 0; i < TEXTS; i++) {
        f->lengths[i] = text_known(texts[i]) ? texts[i].len : UNKNOWN_LENGTH;
        if (texts[i].len > 0)
            copy = put(copy, texts[i].at, texts[i].len);
    }
    memcpy(f->key, key, KEY);
    f->flight = row->flight;
    f->media = row->media;
    return true;
}

static bool make_pieces(struct position_form *f, const struct fact_position *row, const struct text texts[TEXTS],
                        const char key[KEY])
{
    char *to;

    f->made = false;
    if (!remember(f, row, texts, key))
        return false;
    to = PUT(f->begin.at, "{\"fact\":\"position\",\"id\":\"position-");
    to = put(to, key, KEY);
    *to++ = '-';
    f->begin.len = (size_t)(to - f->begin.at);

    to = PUT(f->evidence.at, "\",\"evidence\":");
    to = put_text(to, row->head.evidence);
    to = PUT(to, ",\"origin\":{\"offset\":");
    f->evidence.len = (size_t)(to - f->evidence.at);

    to = f->steps.at;
    if (row->head.origin.steps.count > 0) {
        to = PUT(to, ",\"steps\":[");
        to = put_text(to, row->head.origin.steps.items[0]);
        *to++ = ']';
    }
    *to++ = '}';
    to = PUT(to, ",\"flight\":");
    to = put_reference(to, "flight", key, row->flight);
    to = PUT(to, ",\"media\":");
    to = put_reference(to, "media", key, row->media);
    to = PUT(to, ",\"subject\":");
    to = put_text(to, row->subject);
    to = PUT(to, ",\"time\":");
    f->steps.len = (size_t)(to - f->steps.at);

    to = PUT(f->basis.at, ",\"time_basis\":");
    to = put_text(to, row->time_basis);
    to = PUT(to, ",\"longitude_deg\":");
    f->basis.len = (size_t)(to - f->basis.at);

    to = PUT(f->reference.at, ",\"alt_ref\":");
    to = put_text(to, row->alt_ref);
    to = PUT(to, ",\"time_local\":");
    f->reference.len = (size_t)(to - f->reference.at);
    f->made = true;
    return true;
}

/* The form whose pieces are those of the row; made where no row before it had them, NULL where they cannot be. */
static const struct position_form *form_of(struct position_line *l, const struct fact_position *row,
                                           const char key[KEY])
{
    struct text texts[TEXTS];

    texts_of(row, texts);
    if (fits(&l->forms[l->newest], row, texts, key))
        return &l->forms[l->newest];
    for (unsigned i = 0; i < POSITION_FORMS; i++)
        if (i != l->newest && fits(&l->forms[i], row, texts, key)) {
            l->newest = i;
            return &l->forms[i];
        }
    l->newest = (l->newest + 1) % POSITION_FORMS;
    return make_pieces(&l->forms[l->newest], row, texts, key) ? &l->forms[l->newest] : NULL;
}

static char *put_attitude(struct position_line *l, char *to, const struct fact_position *row)
{
    if (!fact_known_real(row->pitch_deg) && !fact_known_real(row->roll_deg) && !fact_known_real(row->yaw_deg))
        return PUT(to, ",\"attitude\":null}\n");
    to = PUT(to, ",\"attitude\":{\"pitch_deg\":");
    to = put_again(l, POSITION_PITCH, to, row->pitch_deg);
    to = PUT(to, ",\"roll_deg\":");
    to = put_again(l, POSITION_ROLL, to, row->roll_deg);
    to = PUT(to, ",\"yaw_deg\":");
    to = put_again(l, POSITION_YAW, to, row->yaw_deg);
    return PUT(to, "}}\n");
}

size_t position_line_put(struct position_line *l, const struct fact_position *row, const char key[KEY],
                         char into[POSITION_LINE_MAX])
{
    const struct fact_origin *origin = &row->head.origin;
    char *to = into;

    if (fact_known_int(origin->packet_first) || origin->steps.count > 1 || origin->rows.count > 0 ||
        !fact_known_int(origin->offset) || !fact_known_int(origin->length) ||
        row->time_local.len > LOCAL_MAX || !is_plain(row->time_local) || row->head.evidence.len > DIGEST_MAX)
        return 0;
    const struct position_form *form = form_of(l, row, key);
    if (!form)
        return 0;
    to = put_piece(to, &form->begin);
    to = put_int(to, row->head.number);
    to = put_piece(to, &form->evidence);
    to = put_int(to, origin->offset);
    to = PUT(to, ",\"length\":");
    to = put_int(to, origin->length);
    to = put_piece(to, &form->steps);
    to = put_time(l, to, row->time);
    to = put_piece(to, &form->basis);
    to = put_real(to, row->longitude_deg);
    to = PUT(to, ",\"latitude_deg\":");
    to = put_real(to, row->latitude_deg);
    to = PUT(to, ",\"altitude_m\":");
    to = put_again(l, POSITION_ALTITUDE, to, row->altitude_m);
    to = put_piece(to, &form->reference);
    to = put_text(to, row->time_local);
    to = put_attitude(l, to, row);
    return (size_t)(to - into);
}
