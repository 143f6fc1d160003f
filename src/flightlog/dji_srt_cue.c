/* The forms, each seen in real files unless said otherwise (samples of JuanIrache/dji_srt_parser,
 * CallMarcus/dji-drone-metadata-embedder):
 *
 *   Phantom 3/4, Mavic Pro   HOME(149.0251,-20.2532) 2017.8.5 14:11:51      longitude, latitude
 *                            GPS(149.0251,-20.2533,16) Hb:1.9 Hs:1.9        third: satellites
 *                            GPS(149.0251,-20.2533,16) BAROMETER:1.9        without a fix GPS(N/A,N/A,3)
 *   Matrice 300              2022.06.21 16:06:17
 *                            GPS(36.6146,-6.1120,0.0M) BAROMETER:0.3M       latitude, longitude, height
 *   Avata 2 (made up only)   GPS(39.906217,116.391305,69.800) BAROMETER(91.2) HOME(39.9,116.4)   latitude, longitude
 *   Phantom 4 Pro, RTK, Mini F/2.8, SS 206.14, ISO 150, EV 0, GPS (-82.6669, 27.7716, 10), HOME (...), D 2.80m, H
 * 0.00m ...
 *   Mavic 2 and later        2019-09-27 10:28:08,438,904
 *                            [iso : 100] [latitude : 31.45] [longtitude : 74.39] [altitude: 213.98]   misspelt so
 *                            [latitude: 45.6] [longitude: 13.7] [rel_alt: 0.000 abs_alt: 113.900]
 *                            also without the colon: [latitude 45.6] [rel_alt 57.2 abs_alt 204.6]   read in other programs
 *   Dock 2, Matrice 4E       FrameCnt: 0 2025-11-26 10:58:25.417             read in other programs, which quote it
 *   Autel (the converter of Cheng-Wei Sun, who had such files)   HOME(W: 82.6669, N: 27.7716) GPS(W: 82.6669, N: 27.7716, 10.5m)
 */
#include "flightlog/dji_srt_cue.h"

#include <endian.h>
#include <math.h>
#include <string.h>


void dji_srt_cue_init(struct dji_srt_cue *c)
{
    *c = (struct dji_srt_cue){ .latitude_deg = FACT_UNKNOWN_REAL, .longitude_deg = FACT_UNKNOWN_REAL,
                               .height_m = FACT_UNKNOWN_REAL,
                               .altitude_m = FACT_UNKNOWN_REAL, .clock_local_ns = FACT_UNKNOWN_INT };
}

static inline void skip(struct text *t, size_t n)
{
    n = n < t->len ? n : t->len;
    t->at += n;
    t->len -= n;
}

static inline bool is_one_of(char c, const char *of)
{
    for (; *of != '\0'; of++)
        if (c == *of)
            return true;
    return false;
}

static void skip_any(struct text *t, const char *of)
{
    while (t->len > 0 && is_one_of(t->at[0], of))
        skip(t, 1);
}

static inline void skip_blanks(struct text *t)
{
    while (t->len > 0 && t->at[0] == ' ') {
        t->at++;
        t->len--;
    }
}

static inline bool take_char(struct text *t, const char *one_of)
{
    if (t->len == 0 || !is_one_of(t->at[0], one_of))
        return false;
    skip(t, 1);
    return true;
}

static bool take_clock(struct log_clock_day *day, struct text *t, int64_t *ret_local_ns)
{
    struct log_clock clock;

    if (t->len < 15 || t->at[0] < '1' || t->at[0] > '2' || !log_clock_take_near(day, t, &clock) || !clock.has_date ||
        !clock.has_time)
        return false;
    *ret_local_ns = clock.ns;
    return true;
}

/* Labelled fields */

enum label { LABEL_OTHER, LABEL_LATITUDE, LABEL_LONGITUDE, LABEL_HEIGHT, LABEL_ALTITUDE, LABEL_ABSOLUTE };

static enum label label_of(struct text name)
{
    switch (name.len) {
    case sizeof "rel_alt" - 1:
        return text_equal_ignoring_case(name, TEXT("rel_alt")) ? LABEL_HEIGHT :
               text_equal_ignoring_case(name, TEXT("abs_alt")) ? LABEL_ABSOLUTE : LABEL_OTHER;
    case sizeof "latitude" - 1:
        return text_equal_ignoring_case(name, TEXT("latitude")) ? LABEL_LATITUDE :
               text_equal_ignoring_case(name, TEXT("altitude")) ? LABEL_ALTITUDE : LABEL_OTHER;
    case sizeof "longitude" - 1:
        return text_equal_ignoring_case(name, TEXT("longitude")) ? LABEL_LONGITUDE : LABEL_OTHER;
    case sizeof "longtitude" - 1:
        return text_equal_ignoring_case(name, TEXT("longtitude")) ? LABEL_LONGITUDE : LABEL_OTHER;
    default:
        return LABEL_OTHER;
    }
}

static void keep_labelled(struct dji_srt_cue *c, enum label label, double value)
{
    switch (label) {
    case LABEL_LATITUDE:  c->latitude_deg = value; break;
    case LABEL_LONGITUDE: c->longitude_deg = value; break;
    case LABEL_HEIGHT:    c->height_m = value; break;
    case LABEL_ALTITUDE:  c->altitude_m = value; break;
    case LABEL_ABSOLUTE:
        if (isnan(c->altitude_m))
            c->altitude_m = value;
        break;
    case LABEL_OTHER: break;
    }
}

/* A value behind a label.  "45,500003" is one number with a decimal comma, for a digit follows it and no point came
 * before; what separates values is followed by a blank. */
static bool take_value(struct text *t, double *ret)
{
    enum { VALUE_MAX = 40 };
    char pointed[VALUE_MAX];
    const char *const begin = t->at;

    if (!text_take_real(t, ret))
        return false;
    const size_t before = (size_t)(t->at - begin);
    if (t->len < 2 || t->at[0] != ',' || t->at[1] < '0' || t->at[1] > '9' || memchr(begin, '.', before))
        return true;
    size_t end = 1;
    while (end < t->len && t->at[end] >= '0' && t->at[end] <= '9')
        end++;
    if (before + end > sizeof pointed)
        return false;
    memcpy(pointed, begin, before + end);
    pointed[before] = '.';
    skip(t, end);
    return text_to_real((struct text){ .at = pointed, .len = before + end }, ret);
}

/* "rel_alt: 5.0 abs_alt: 105.0", what stands between brackets; in some files without the colons. */
static void read_bracket(struct dji_srt_cue *c, struct text inner)
{
    const char *end = memchr(inner.at, ':', inner.len);
    const char mark = end ? ':' : ' ';

    while (inner.len > 0 && (end || (end = memchr(inner.at, mark, inner.len)))) {
        struct text name = { .at = inner.at, .len = (size_t)(end - inner.at) };
        while (name.len > 0 && name.at[name.len - 1] == ' ')
            name.len--;
        skip(&inner, (size_t)(end - inner.at) + 1);
        end = NULL;
        skip_blanks(&inner);
        const enum label label = label_of(name);
        if (label == LABEL_OTHER) /* most, and their values are texts of all kinds */
            return;
        c->without_colon |= mark == ' ';
        double value;
        const bool whole = take_value(&inner, &value) && (inner.len == 0 || is_one_of(inner.at[0], " ,mM"));
        if (whole)
            keep_labelled(c, label, value);
        else
            c->cut |= label == LABEL_LATITUDE || label == LABEL_LONGITUDE;
        skip_any(&inner, " ,mM");
    }
}

/* None of our labels begins with another letter. */
static inline bool begins_label(char c)
{
    c |= 0x20;
    return c == 'l' || c == 'r' || c == 'a';
}

/* Behind the next bracket that a label of ours can follow; NULL: there is none.  Most brackets hold the camera's
 * settings: looking at sixteen places at once passes over them without a decision for each. */
static const char *label_bracket(struct text line)
{
    typedef uint8_t block __attribute__((vector_size(16)));
    size_t n = 0;

    for (block at, next; n + sizeof at < line.len; n += sizeof at) {
        uint64_t found[2];
        memcpy(&at, line.at + n, sizeof at);
        memcpy(&next, line.at + n + 1, sizeof next);
        next |= 0x20;
        const block label = (block)(at == '[') & ((block)(next == 'l') | (block)(next == 'r') | (block)(next == 'a'));
        memcpy(found, &label, sizeof found);
        if (found[0] | found[1])
            return line.at + n + sizeof(uint64_t) * !found[0] +
                   (size_t)__builtin_ctzll(le64toh(found[0] ? found[0] : found[1])) / 8 + 1;
    }
    for (; n + 1 < line.len; n++)
        if (line.at[n] == '[' && begins_label(line.at[n + 1]))
            return line.at + n + 1;
    return NULL;
}

static void read_brackets(struct dji_srt_cue *c, struct text line)
{
    const char *inner;

    c->cut |= line.at[line.len - 1] == '[';
    while ((inner = label_bracket(line))) {
        skip(&line, (size_t)(inner - line.at));
        const char *close = memchr(line.at, ']', line.len);
        c->cut |= !close;
        read_bracket(c, (struct text){ .at = line.at, .len = close ? (size_t)(close - line.at) : 0 });
    }
}

/* Fields that look like functions */

/* "W: 82.6669": the letter says which it is, and which half of the globe. */
static bool take_hemisphere(struct text *t, char *letter)
{
    if (t->len < 2 || !memchr("NSEWnsew", t->at[0], 8))
        return false;
    *letter = (char)(t->at[0] & ~0x20);
    skip(t, 1);
    skip_any(t, ": ");
    return true;
}

static bool take_pair_number(struct text *t, char *letter, double *ret)
{
    skip_blanks(t);
    *letter = 0;
    take_hemisphere(t, letter);
    if (!text_take_real(t, ret))
        return false;
    if (*letter == 'S' || *letter == 'W')
        *ret = -fabs(*ret);
    skip_blanks(t);
    return true;
}

/* "(149.0251,-20.2533,16)".  False: it is cut, or no pair of numbers.  "(N/A,N/A,3)" is none, and whole. */
static bool read_pair(struct text t, struct dji_srt_pair *p, bool *third_in_metres)
{
    char first, second;

    *third_in_metres = false;
    if (t.len > 3 && (memcmp(t.at, "N/A", 3) == 0 || memcmp(t.at, "n/a", 3) == 0))
        return memchr(t.at, ')', t.len) != NULL;
    if (!take_pair_number(&t, &first, &p->first) || !take_char(&t, ",") || !take_pair_number(&t, &second, &p->second))
        return false;
    p->third = FACT_UNKNOWN_REAL;
    if (take_char(&t, ",")) {
        skip_blanks(&t);
        if (text_take_real(&t, &p->third))
            *third_in_metres = take_char(&t, "Mm");
        skip_blanks(&t);
    }
    if (!take_char(&t, ")"))
        return false;
    p->known = true;
    p->labelled = first && second;
    if (p->labelled && (first == 'E' || first == 'W')) {
        const double longitude = p->first;
        p->first = p->second;
        p->second = longitude;
    }
    return true;
}

/* What follows `name` in the line, behind the blanks; false when it is not there. */
static bool find_word(struct text line, struct text name, struct text *ret)
{
    const char *at = line.len >= name.len ? memmem(line.at, line.len, name.at, name.len) : NULL;

    if (!at)
        return false;
    skip(&line, (size_t)(at - line.at) + name.len);
    skip_blanks(&line);
    *ret = line;
    return true;
}

static void read_height(struct dji_srt_cue *c, struct text line)
{
    struct text rest;
    double value;

    if (find_word(line, TEXT("BAROMETER"), &rest)) {
        if (take_char(&rest, "(")) {
            c->order_of_form = LATITUDE_FIRST;
            c->made_up = true;
            if (text_take_real(&rest, &value))
                c->altitude_m = value;
        } else if (take_char(&rest, ":")) {
            skip_blanks(&rest);
            if (text_take_real(&rest, &value))
                c->height_m = value;
        }
    } else if (find_word(line, TEXT("Hb:"), &rest) || find_word(line, TEXT(", H "), &rest)) {
        if (text_take_real(&rest, &value))
            c->height_m = value;
    }
}

static void read_functions(struct dji_srt_cue *c, struct text line)
{
    bool metres = false;
    struct text rest;

    if (find_word(line, TEXT("GPS"), &rest) && take_char(&rest, "(")) {
        c->telemetry = true;
        c->order_of_form = LONGITUDE_FIRST;
        c->says_position = read_pair(rest, &c->gps, &metres);
        c->cut |= !c->says_position;
        if (metres) {
            c->order_of_form = LATITUDE_FIRST;
            c->altitude_m = c->gps.third; /* counts where the subtitle has no barometer's */
        }
    }
    if (find_word(line, TEXT("HOME"), &rest) && take_char(&rest, "(")) {
        c->telemetry = true;
        c->cut |= !read_pair(rest, &c->home, &metres);
        rest.len = 0;
    }
    read_height(c, line);
}

static bool says_camera(struct text line)
{
    static const struct text words[] = { TEXT_INIT("FrameCnt"), TEXT_INIT("SrtCnt"), TEXT_INIT("[iso"),
                                         TEXT_INIT("[latitude") };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_starts_with(line, words[i])) /* mostly, and memmem would prepare a table for it */
            return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (line.len >= words[i].len && memmem(line.at, line.len, words[i].at, words[i].len))
            return true;
    return false;
}

static void skip_tag(struct text *line)
{
    const char *end = line->len > 0 && line->at[0] == '<' ? memchr(line->at, '>', line->len) : NULL;

    if (end)
        skip(line, (size_t)(end - line->at) + 1);
}

/* "FrameCnt: 0 2025-11-26 10:58:25.417"; mostly the clock has a line of its own. */
static void read_counter_line(struct dji_srt_cue *c, struct log_clock_day *day, struct text line)
{
    size_t n = line.at[0] == 'F' ? sizeof "FrameCnt" - 1 : sizeof "SrtCnt" - 1;
    int64_t clock;

    while (n < line.len && (line.at[n] == ' ' || line.at[n] == ':'))
        n++;
    while (n < line.len && line.at[n] >= '0' && line.at[n] <= '9')
        n++;
    if (n >= line.len || line.at[n] != ' ') /* mostly it is a comma */
        return;
    skip(&line, n + 1);
    if (take_clock(day, &line, &clock)) {
        c->clock_local_ns = clock;
        c->clock_by_counter = true;
    }
}

void dji_srt_cue_line(struct dji_srt_cue *c, struct log_clock_day *day, struct text line)
{
    int64_t clock;

    skip_tag(&line);
    if (line.len == 0)
        return;
    if (!c->telemetry)
        c->telemetry = says_camera(line);
    if (take_clock(day, &line, &clock))
        c->clock_local_ns = clock;
    else if (text_starts_with(line, TEXT("FrameCnt")) || text_starts_with(line, TEXT("SrtCnt")))
        read_counter_line(c, day, line);
    if (line.len > 0 && memchr(line.at, '[', line.len)) {
        read_brackets(c, line);
        c->says_position |= fact_known_real(c->latitude_deg) && fact_known_real(c->longitude_deg);
        return;
    }
    if (line.len == 0 || !memchr(line.at, '(', line.len))
        return;
    const char *close = memchr(line.at, ')', line.len);
    read_functions(c, line);
    if (close) { /* HOME(149.0251,-20.2532) 2017.8.5 14:11:51 */
        skip(&line, (size_t)(close - line.at) + 1);
        skip_blanks(&line);
        if (take_clock(day, &line, &clock))
            c->clock_local_ns = clock;
    }
}

enum dji_srt_order dji_srt_pair_proves(const struct dji_srt_pair *p)
{
    if (!p->known)
        return ORDER_UNKNOWN;
    if (p->labelled)
        return ORDER_LABELLED;
    if (fabs(p->first) > 90 && fabs(p->second) <= 90)
        return LONGITUDE_FIRST;
    if (fabs(p->second) > 90 && fabs(p->first) <= 90)
        return LATITUDE_FIRST;
    return ORDER_UNKNOWN;
}

struct flight_point dji_srt_pair_point(const struct dji_srt_pair *p, enum dji_srt_order order)
{
    if (p->labelled || order == LATITUDE_FIRST)
        return (struct flight_point){ .longitude_deg = p->second, .latitude_deg = p->first,
                                      .altitude_m = FACT_UNKNOWN_REAL };
    return (struct flight_point){ .longitude_deg = p->first, .latitude_deg = p->second,
                                  .altitude_m = FACT_UNKNOWN_REAL };
}
