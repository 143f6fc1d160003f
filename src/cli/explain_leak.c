#include "cli/explain_leak.h"

#include <inttypes.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "leak/track.h"

enum { SENT_MAX = 8, DECODED_MAX = 64 };
#define METRES_PER_DEGREE 111194.9

struct sent {
    double latitude_deg, longitude_deg;
    long long packet, offset, length;
    char text[128];
    bool position;              /* else `text` names a box, or a masked value, or nothing */
    size_t decoded_len;
    uint8_t decoded[DECODED_MAX];
    /* the nearest known point */
    double nearest_m, known_latitude_deg, known_longitude_deg;
    char known_id[200], known_time[40], subject[24];
};

static void copy_column(char *into, size_t size, sqlite3_stmt *row, int column)
{
    const char *at = (const char *)sqlite3_column_text(row, column);

    snprintf(into, size, "%s", at ? at : "");
}

static double apart_m(const struct sent *s, double longitude_deg, double latitude_deg)
{
    double dlon = fabs(s->longitude_deg - longitude_deg);

    if (dlon > 180)
        dlon = 360 - dlon;
    return hypot(dlon * cos(latitude_deg * M_PI / 180), s->latitude_deg - latitude_deg) * METRES_PER_DEGREE;
}

static int hex_digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; }

static size_t from_hex(const char *hex, uint8_t into[DECODED_MAX])
{
    size_t n = 0;

    for (; hex && n < DECODED_MAX && hex_digit(hex[0]) >= 0 && hex_digit(hex[1]) >= 0; hex += 2)
        into[n++] = (uint8_t)(hex_digit(hex[0]) << 4 | hex_digit(hex[1]));
    return n;
}

static size_t read_sent(sqlite3 *db, const char *id, struct sent sent[SENT_MAX])
{
    sqlite3_stmt *s = NULL;
    size_t n = 0;

    if (sqlite3_prepare_v2(db, "SELECT json_extract(h.value, '$.text'), json_extract(h.value, '$.packet'), json_extract(h.value, '$.offset'),"
                               " json_extract(h.value, '$.length'), json_extract(h.value, '$.decoded') FROM leak, json_each(leak.hits) h WHERE leak.id = ? AND json_valid(leak.hits)",
                           -1, &s, NULL) == SQLITE_OK) {
        sqlite3_bind_text(s, 1, id, -1, SQLITE_STATIC);
        while (n < SENT_MAX && sqlite3_step(s) == SQLITE_ROW) {
            struct sent *p = &sent[n];
            copy_column(p->text, sizeof p->text, s, 0);
            p->position = !strstr(p->text, " to ") &&
                sscanf(p->text, "%lf,%lf", &p->latitude_deg, &p->longitude_deg) == 2;
            p->decoded_len = from_hex((const char *)sqlite3_column_text(s, 4), p->decoded);
            p->packet = sqlite3_column_int64(s, 1);
            p->offset = sqlite3_column_int64(s, 2);
            p->length = sqlite3_column_int64(s, 3);
            p->nearest_m = INFINITY;
            n++;
        }
    }
    sqlite3_finalize(s);
    return n;
}

static enum datum datum_of(sqlite3 *db, const char *id)
{
    enum datum datum = DATUM_WGS84;
    sqlite3_stmt *s = NULL;

    if (sqlite3_prepare_v2(db, "SELECT datum FROM leak WHERE id = ?", -1, &s, NULL) == SQLITE_OK) {
        sqlite3_bind_text(s, 1, id, -1, SQLITE_STATIC);
        if (sqlite3_step(s) == SQLITE_ROW && sqlite3_column_text(s, 0))
            for (int d = 0; d < DATUM_COUNT; d++)
                if (strcmp((const char *)sqlite3_column_text(s, 0), datum_name((enum datum)d)) == 0)
                    datum = (enum datum)d;
    }
    sqlite3_finalize(s);
    return datum;
}

/* All points of the flight or photo go by once. */
static void find_nearest(sqlite3 *db, const char *id, enum datum datum, struct sent *sent, size_t count)
{
    static const char sql[] =
        "SELECT p.longitude_deg, p.latitude_deg, p.id, p.time, p.subject FROM position p, leak l WHERE l.id = ?1 AND (p.flight = l.secret OR p.media = l.secret)"
        " UNION ALL SELECT f.home_longitude_deg, f.home_latitude_deg, f.id, f.start, 'home' FROM flight f, leak l WHERE l.id = ?1 AND f.id = l.secret"
        " UNION ALL SELECT m.longitude_deg, m.latitude_deg, m.id, m.taken, 'camera' FROM media m, leak l WHERE l.id = ?1 AND m.id = l.secret";
    sqlite3_stmt *s = NULL;

    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK) {
        sqlite3_bind_text(s, 1, id, -1, SQLITE_STATIC);
        while (sqlite3_step(s) == SQLITE_ROW) {
            double longitude_deg = sqlite3_column_double(s, 0), latitude_deg = sqlite3_column_double(s, 1);
            if (sqlite3_column_type(s, 0) == SQLITE_NULL || sqlite3_column_type(s, 1) == SQLITE_NULL ||
                !datum_shift(datum, &longitude_deg, &latitude_deg))
                continue;
            for (size_t i = 0; i < count; i++) {
                struct sent *p = &sent[i];
                const double m = apart_m(p, longitude_deg, latitude_deg);
                if (!(m < p->nearest_m))
                    continue;
                p->nearest_m = m;
                p->known_longitude_deg = longitude_deg;
                p->known_latitude_deg = latitude_deg;
                copy_column(p->known_id, sizeof p->known_id, s, 2);
                copy_column(p->known_time, sizeof p->known_time, s, 3);
                copy_column(p->subject, sizeof p->subject, s, 4);
            }
        }
    }
    sqlite3_finalize(s);
}

/* What stood there, decoded, under the first of its lines. */
static void put_decoded(const struct sent *p)
{
    enum { PER_LINE = 16 };

    for (size_t line = 0; line < p->decoded_len; line += PER_LINE) {
        printf("  %-6s", line ? "" : "bytes");
        for (size_t i = line; i < line + PER_LINE; i++)
            if (i < p->decoded_len)
                printf(" %02x", p->decoded[i]);
            else
                fputs("   ", stdout);
        fputs("  ", stdout);
        for (size_t i = line; i < p->decoded_len && i < line + PER_LINE; i++)
            putchar(p->decoded[i] >= 0x20 && p->decoded[i] < 0x7f ? p->decoded[i] : '.');
        putchar('\n');
    }
    if ((long long)p->decoded_len < p->length && p->decoded_len)
        printf("         ... and %lld more\n", p->length - (long long)p->decoded_len);
}

static void put_place(const struct sent *p)
{
    printf("packet %lld, offset %lld, %lld bytes\n", p->packet, p->offset, p->length);
}

static void put_positions(const struct sent *sent, size_t count, enum datum datum)
{
    printf("\nThe first positions that were sent, beside the nearest known ones (latitude, longitude; %s)\n",
           datum_name(datum));
    for (size_t i = 0; i < count; i++) {
        const struct sent *p = &sent[i];
        if (!p->position)
            continue;
        printf("  sent   %.7f, %.7f   ", p->latitude_deg, p->longitude_deg);
        put_place(p);
        if (isfinite(p->nearest_m))
            printf("  known  %.7f, %.7f   %s%s%s%s%s: %.2f m apart\n", p->known_latitude_deg, p->known_longitude_deg,
                   p->known_id,
                   p->subject[0] ? ", " : "", p->subject, p->known_time[0] ? ", " : "", p->known_time, p->nearest_m);
        put_decoded(p);
    }
    if (datum != DATUM_WGS84)
        puts("  The known positions are shifted as Chinese map services do; their rows have them in WGS-84.");
}

/* Boxes, values, pieces of files: where each stands. */
static void put_others(const struct sent *sent, size_t count)
{
    puts("\nThe first places where it was found");
    for (size_t i = 0; i < count; i++) {
        const struct sent *p = &sent[i];
        fputs("  sent   ", stdout);
        if (p->text[0]) {
            print_safe(text_of(p->text));
            fputs("   ", stdout);
        }
        put_place(p);
        put_decoded(p);
    }
}

/* An identifier is masked in the hits, because reports are shared; who has the case has its row.  Of what else is
 * known (a file, a flight, a value of --secret) the name is enough to find it. */
static void put_known_value(sqlite3 *db, const char *id)
{
    sqlite3_stmt *s = NULL;

    if (sqlite3_prepare_v2(db, "SELECT ifnull(i.kind, 'row'), ifnull(i.value, ''), l.secret FROM leak l LEFT JOIN identifier i ON i.id = l.secret WHERE l.id = ?1", -1, &s, NULL) == SQLITE_OK) {
        sqlite3_bind_text(s, 1, id, -1, SQLITE_STATIC);
        if (sqlite3_step(s) == SQLITE_ROW) {
            fputs("  known  ", stdout);
            for (int column = 0; column < 3; column++) {
                const char *at = (const char *)sqlite3_column_text(s, column);
                if (at && *at)
                    print_safe(text_of(at));
                fputs(column == 2 ? "\n" : at && *at ? "   " : "", stdout);
            }
        }
    }
    sqlite3_finalize(s);
}

void explain_leak(struct fact_case *c, const char *id)
{
    struct sent sent[SENT_MAX] = { { 0 } };
    sqlite3 *db = case_db(c);
    const size_t count = read_sent(db, id, sent);
    const enum datum datum = datum_of(db, id);
    size_t positions = 0;

    for (size_t i = 0; i < count; i++)
        positions += sent[i].position;
    if (positions) {
        find_nearest(db, id, datum, sent, count);
        put_positions(sent, count, datum);
    } else if (count) {
        put_others(sent, count);
        put_known_value(db, id);
    }
}
