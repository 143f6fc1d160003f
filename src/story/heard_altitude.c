#include "story/heard_altitude.h"

#include <math.h>
#include <stdio.h>

static const struct { const char *kind, *agrees, *name; } levels[HEARD_LEVELS] = {
    [HEARD_ALTITUDE] = { "broadcast_altitude", "broadcast_altitude_agrees", "altitude" },
    [HEARD_PRESSURE_ALTITUDE] = { "broadcast_pressure_altitude", "broadcast_pressure_altitude_agrees", "pressure altitude" },
    [HEARD_HEIGHT] = { "broadcast_height", "broadcast_height_agrees", "height" },
};

static const struct { struct text ref; const char *says; } refs[] = {
    { TEXT_INIT("ellipsoid"), "above the ellipsoid" }, { TEXT_INIT("msl"), "above sea level" },
    { TEXT_INIT("takeoff"), "above take-off" }, { TEXT_INIT("pressure"), "in the standard atmosphere" },
};

/* By how much one level's numbers are higher than the other's, anywhere on earth. */
static const struct { struct text broadcast, log; double least_m, most_m; } bases[] = {
    { TEXT_INIT("ellipsoid"), TEXT_INIT("ellipsoid"), 0, 0 }, { TEXT_INIT("msl"), TEXT_INIT("msl"), 0, 0 },
    { TEXT_INIT("takeoff"), TEXT_INIT("takeoff"), 0, 0 },
    { TEXT_INIT("ellipsoid"), TEXT_INIT("msl"), -107, 86 }, { TEXT_INIT("msl"), TEXT_INIT("ellipsoid"), -86, 107 },
    { TEXT_INIT("pressure"), TEXT_INIT("msl"), -700, 800 }, { TEXT_INIT("pressure"), TEXT_INIT("ellipsoid"), -786, 907 },
};

void heard_altitudes_init(struct heard_altitudes *h, size_t samples_max)
{
    h->ref = TEXT_UNKNOWN;
    for (int i = 0; i < HEARD_LEVELS; i++)
        timeline_init(&h->of[i], samples_max);
}

void heard_altitudes_end(struct heard_altitudes *h)
{
    for (int i = 0; i < HEARD_LEVELS; i++)
        timeline_end(&h->of[i]);
}

void heard_altitudes_done(struct heard_altitudes *h)
{
    for (int i = 0; i < HEARD_LEVELS; i++)
        timeline_done(&h->of[i]);
}

static void add(struct timeline *t, sqlite3_stmt *row, int column, struct timeline_sample s)
{
    const int type = sqlite3_column_type(row, column);

    if (type != SQLITE_FLOAT && type != SQLITE_INTEGER)
        return;
    s.altitude_m = sqlite3_column_double(row, column);
    timeline_add(t, s);
}

void heard_altitudes_add(struct heard_altitudes *h, sqlite3_stmt *row, int column, struct timeline_sample place)
{
    const char *at = (const char *)sqlite3_column_text(row, column + 1);
    struct text ref = TEXT_UNKNOWN;

    for (size_t i = 0; at && i < 2; i++) /* the first two are those of altitudes */
        if (text_equal(refs[i].ref, text_of(at)))
            ref = refs[i].ref;
    if (text_known(ref) && (!text_known(h->ref) || text_equal(h->ref, ref))) {
        h->ref = ref;
        add(&h->of[HEARD_ALTITUDE], row, column, place);
    }
    add(&h->of[HEARD_PRESSURE_ALTITUDE], row, column + 2, place);
    add(&h->of[HEARD_HEIGHT], row, column + 3, place);
}

static const char *says(struct text ref)
{
    for (size_t i = 0; i < sizeof refs / sizeof *refs; i++)
        if (text_equal(refs[i].ref, ref))
            return refs[i].says;
    return "from a level that it does not tell";
}

bool heard_altitude_compare(const struct heard_altitudes *h, enum heard_level level, struct text id,
                            const struct timeline *log,
                            struct text log_ref, int64_t shift_ns, struct heard_altitude *ret)
{
    enum { POINTS_MAX = 1024 };
    const struct text ref = level == HEARD_ALTITUDE ? h->ref : level == HEARD_HEIGHT
        ? TEXT("takeoff") : TEXT("pressure");
    const struct timeline_heights fit = timeline_compare_heights(log, &h->of[level], shift_ns, POINTS_MAX);
    double least_m = -INFINITY, most_m = INFINITY;
    int n;

    if (fit.points < HEARD_ALTITUDE_POINTS)
        return false;
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++)
        if (text_equal(bases[i].broadcast, ref) && text_equal(bases[i].log, log_ref)) {
            least_m = bases[i].least_m - HEARD_ALTITUDE_M;
            most_m = bases[i].most_m + HEARD_ALTITUDE_M;
        }
    const bool follows = fit.half_m <= HEARD_ALTITUDE_M && fit.far_m <= HEARD_ALTITUDE_FAR_M,
        near = fit.higher_m >= least_m && fit.higher_m <= most_m;
    const bool known = isfinite(least_m), same = known && most_m - least_m <= 2 * HEARD_ALTITUDE_M;
    ret->kind = follows && near ? levels[level].agrees : levels[level].kind;
    ret->amount_m = fit.higher_m;
    n = snprintf(ret->sentence, sizeof ret->sentence, "The %s broadcast as %.*s (%s) ", levels[level].name, (int)id.len,
                 id.at, says(ref));
    if (n < 0 || (size_t)n >= sizeof ret->sentence)
        return false;
    char *const at = ret->sentence + n;
    const size_t room = sizeof ret->sentence - (size_t)n;
    const char *const higher = fit.higher_m < 0 ? "lower" : "higher";
    const double apart_m = fabs(fit.higher_m);
    if (!follows)
        snprintf(at, room, "does not go up and down as this log's (%s) does: it is %.0f m %s (median), half of %zu moments within %.0f m of that, 95 of 100 within %.0f m.",
                 says(log_ref), apart_m, higher, fit.points, fit.half_m, fit.far_m);
    else if (!near)
        snprintf(at, room, "is %.0f m %s than this log's (%s), at %zu moments; these levels and their errors explain %.0f to %.0f m.",
                 apart_m, higher, says(log_ref), fit.points, least_m, most_m);
    else if (same)
        snprintf(at, room,
                 "agrees with this log's: %.0f m %s (median), 95 of 100 within %.0f m of that, at %zu moments.",
                 apart_m, higher, fit.far_m, fit.points);
    else
        snprintf(at, room, "goes up and down as this log's (%s) does, %.0f m %s (median), 95 of 100 within %.0f m of that, at %zu moments; %s",
                 says(log_ref), apart_m, higher, fit.far_m, fit.points,
                 known ? "the two levels may be that far apart." : "how far the two levels are apart is not known.");
    return true;
}
