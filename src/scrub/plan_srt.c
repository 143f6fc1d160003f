#include "scrub/plan_log.h"

#include "flightlog/dji_srt_cue.h"
#include "scrub/coordinate.h"

enum { LINE_MAX_BYTES = 16 * 1024, PASSED_STEP = 1 << 20 };

struct srt_plan {
    struct plan plan;
    enum dji_srt_order proven;     /* by the numbers of any subtitle */
    struct names_met names;
};

static struct name_meaning meaning_of(struct text name)
{
    return (struct name_meaning){ scrub_kind_of_name(name), scrub_axis_of_name(name) };
}

static struct bytes next_line(struct bytes whole, size_t *at)
{
    const uint8_t *end = memchr(whole.at + *at, '\n', whole.len - *at);
    const struct bytes line = bytes_part(whole, *at, end ? (uint64_t)(end - whole.at) - *at : UINT64_MAX);

    *at += line.len + (end ? 1 : 0);
    return line;
}

/* What a character can be part of: each one of a file is asked. */
enum { LETTER = 1, DIGIT = 2, SIGN = 4, POINT = 8 };
#define L LETTER
#define D DIGIT
static const uint8_t parts[256] = {
    ['+'] = SIGN, ['-'] = SIGN, ['.'] = POINT, ['0'] = D, D, D, D, D, D, D, D, D, D,
    ['A'] = L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, ['_'] = L,
    ['a'] = L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
};
#undef L
#undef D

static bool is_letter(uint8_t c) { return parts[c] == LETTER; }
static bool is_digit(uint8_t c) { return parts[c] == DIGIT; }

/* A decimal number at the start. */
static struct bytes number_at(struct bytes b)
{
    size_t n = b.len > 0 && parts[b.at[0]] == SIGN;
    const size_t sign = n;

    while (n < b.len && parts[b.at[n]] & (DIGIT | POINT))
        n++;
    return bytes_part(b, 0, n > sign ? n : 0);
}

static struct bytes behind_blanks(struct bytes b)
{
    size_t n = 0;

    while (n < b.len && (b.at[n] == ' ' || b.at[n] == '\t'))
        n++;
    return bytes_part(b, n, UINT64_MAX);
}

/* So many decimals only coordinates have: of a label that was hit, or of none. */
static void take_unnamed(struct plan *p, struct bytes number)
{
    enum { DECIMALS_MIN = 4 };
    const uint8_t *point = number.len ? memchr(number.at, '.', number.len) : NULL;
    const size_t behind = point ? (size_t)(number.at + number.len - point) - 1 : 0;

    if (behind >= DECIMALS_MIN && !memchr(point + 1, '.', behind)) /* a date has two */
        (void)plan_unknown(p, number, '0', "number with decimals that nothing names");
}

/* "name: number", as between brackets, or "latitude 52.1".  Gives what is behind them, or behind the name. */
static struct bytes take_labelled(struct srt_plan *s, struct text name, struct bytes rest)
{
    struct plan *p = &s->plan;
    const struct bytes next = behind_blanks(rest);
    const bool colon = next.len > 0 && (next.at[0] == ':' || next.at[0] == '=');

    if (!colon && !(next.len < rest.len && number_at(next).len > 0))
        return rest;
    const struct name_meaning meaning = scrub_name_met(&s->names, name, meaning_of);
    const enum axis axis = meaning.axis;
    const bool is_half = axis == AXIS_LATITUDE || axis == AXIS_LONGITUDE;
    if (!colon && !is_half)
        return rest;
    const struct bytes value = behind_blanks(bytes_part(next, colon, UINT64_MAX)), number = number_at(value);
    if (number.len > 0 && is_half)
        plan_coordinate_text(p, number, axis, meaning.kind, "subtitle");
    else if (axis == AXIS_NONE && !text_ends_with(name, TEXT("ratio")))
        take_unnamed(p, number);
    return bytes_part(value, number.len, UINT64_MAX);
}

/* "GPS(1.5,2.5,10)" and "HOME (W: 1.5, N: 2.5)": the first two numbers, in the order given; not known: they go.  Gives
 * what is behind them. */
static struct bytes take_pair(struct srt_plan *s, struct bytes rest, enum scrub_kind kind, enum dji_srt_order order)
{
    struct plan *p = &s->plan;
    unsigned numbers = 0;

    while (rest.len > 0 && rest.at[0] != ')' && numbers < 2) {
        const uint8_t letter = rest.at[0];
        const struct bytes number = number_at(rest);
        if (letter == 'N' || letter == 'S' || letter == 'W' || letter == 'E')
            order = (letter == 'N' || letter == 'S') == (numbers == 0) ? LATITUDE_FIRST : LONGITUDE_FIRST;
        if (number.len == 0) {
            rest = bytes_part(rest, 1, UINT64_MAX);
            continue;
        }
        const enum axis axis = (order == LATITUDE_FIRST) == (numbers == 0) ? AXIS_LATITUDE : AXIS_LONGITUDE;
        if (p->request->shift && order == ORDER_UNKNOWN)
            plan_zero_text(p, number, kind, "subtitle");
        else
            plan_coordinate_text(p, number, axis, kind, "subtitle");
        numbers++;
        rest = bytes_part(rest, number.len, UINT64_MAX);
    }
    return rest;
}

/* A line, and what the reader of such lines takes it for, once that was asked. */
struct srt_line {
    struct bytes at;
    bool asked;
    struct dji_srt_cue cue;
};

/* In which order its pair of a home or of the aircraft is written. */
static enum dji_srt_order order_of(const struct srt_plan *s, struct srt_line *line, bool home)
{
    struct log_clock_day day = { 0 };

    if (!line->asked) {
        dji_srt_cue_init(&line->cue);
        dji_srt_cue_line(&line->cue, &day, text_of_bytes(line->at));
        line->asked = true;
    }
    const struct dji_srt_pair *pair = home ? &line->cue.home : &line->cue.gps;
    const enum dji_srt_order proven = pair->known ? dji_srt_pair_proves(pair) : ORDER_UNKNOWN;

    return proven != ORDER_UNKNOWN ? proven : s->proven != ORDER_UNKNOWN ? s->proven : line->cue.order_of_form;
}

/* "2019-09-27 10:28:08,438,904" and "2017.8.5 14:11:51": the digits of a line, or of the rest of one, that begins
 * so. */
static void take_date(struct plan *p, struct bytes line, size_t at)
{
    struct bytes rest = bytes_part(line, at, 29);
    unsigned digits = 0;
    size_t n = 0;

    while (n < rest.len && (is_digit(rest.at[n]) || memchr("-.:, /", rest.at[n], 6)))
        digits += is_digit(rest.at[n++]);
    rest.len = n;
    if (digits < 10 || (rest.at[0] != '1' && rest.at[0] != '2') || !is_digit(rest.at[3]) || is_digit(rest.at[4]))
        return;
    for (size_t i = 0; i < n; i++)
        if (is_digit(rest.at[i]))
            plan_fill(p, bytes_part(rest, i, 1), '0', SCRUB_TIME, "clock of a subtitle");
}

static void take_line(struct srt_plan *s, struct bytes line)
{
    struct srt_line asked;

    asked.at = line;
    asked.asked = false;
    for (size_t i = 0; i < line.len; ) {
        if (!parts[line.at[i]]) {
            i++;
            continue;
        }
        if (!is_letter(line.at[i])) {
            if (plan_drops(&s->plan, SCRUB_TIME) && is_digit(line.at[i]) &&
                (i == 0 || line.at[i - 1] == ' ' || line.at[i - 1] == '>') && i + 15 <= line.len)
                take_date(&s->plan, line, i);
            const struct bytes number = number_at(bytes_part(line, i, UINT64_MAX));
            take_unnamed(&s->plan, number);
            i += number.len > 0 ? number.len : 1;
            continue;
        }
        size_t end = i;
        while (end < line.len && parts[line.at[end]] & (LETTER | DIGIT))
            end++;
        const struct text word = text_of_bytes(bytes_part(line, i, end - i));
        const struct bytes rest = bytes_part(line, end, UINT64_MAX), open = behind_blanks(rest);
        const bool home = text_equal(word, TEXT("HOME")), gps = text_equal(word, TEXT("GPS"));
        if ((home || gps) && open.len > 0 && open.at[0] == '(') {
            const struct bytes behind = take_pair(s, bytes_part(open, 1, UINT64_MAX),
                                                  home ? SCRUB_OPERATOR : SCRUB_POSITION,
                                                  order_of(s, &asked, home));
            end = line.len - behind.len;
        } else {
            end = line.len - take_labelled(s, word, rest).len;
        }
        i = end;
    }
}

/* The order shows when one number is no latitude; once shown, it holds for the file. */
static void look_for_order(struct srt_plan *s, struct bytes whole)
{
    struct log_clock_day day = { 0 };
    size_t at = 0;

    while (at < whole.len && s->proven == ORDER_UNKNOWN) {
        const struct bytes line = next_line(whole, &at);
        struct dji_srt_cue cue;
        dji_srt_cue_init(&cue);
        if (line.len < LINE_MAX_BYTES)
            dji_srt_cue_line(&cue, &day, text_of_bytes(line));
        if (cue.gps.known)
            s->proven = dji_srt_pair_proves(&cue.gps);
    }
}

void plan_srt_cue(struct plan *p, struct bytes text)
{
    struct srt_plan s = { .plan = *p, .proven = ORDER_UNKNOWN };
    size_t at = 0;

    s.plan.fixed_length = true;
    while (at < text.len && text.len < LINE_MAX_BYTES)
        take_line(&s, next_line(text, &at));
    if (text.len >= LINE_MAX_BYTES)
        plan_fill(p, text, ' ', SCRUB_POSITION, "subtitle");
}

enum parse_status plan_srt(struct reading *r, struct bytes whole)
{
    struct srt_plan s = { .plan = plan_begin(r), .proven = ORDER_UNKNOWN };
    size_t at = 0, passed = 0;

    if (s.plan.request->shift)
        look_for_order(&s, whole);
    while (at < whole.len) {
        const struct bytes line = next_line(whole, &at);
        if (line.len >= LINE_MAX_BYTES) {
            reading_damage(r, line.origin, (int64_t)line.len, 1, "a line that is too long for a subtitle");
            (void)plan_unknown(&s.plan, line, ' ', "line that is too long");
        } else {
            take_line(&s, line);
        }
        if (r->passed && at - passed >= PASSED_STEP) {
            passed = at;
            r->passed(r, whole.origin + passed);
        }
    }
    return PARSE_OK;
}
