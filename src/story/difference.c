#include "story/difference.h"

#include <math.h>
#include <stdio.h>

#include "base/timestamp.h"

static int time_rank(const struct source *x)
{
    static const char *const bases[] = { "utc", "derived", "device_clock", "zone_unknown" };

    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++)
        if (text_known(x->time_basis) && text_equal(x->time_basis, text_of(bases[i])))
            return (int)i;
    return sizeof bases / sizeof *bases;
}

/* What is made of other files: tables, tracks, maps; and subtitles, which repeat what the aircraft's log has. */
static bool is_export(const struct source *x)
{
    static const char *const exports[] = { "flight-csv", "gpx", "kml", "dji-srt" };

    for (size_t i = 0; i < sizeof exports / sizeof *exports; i++)
        if (text_known(x->format) && text_equal(x->format, text_of(exports[i])))
            return true;
    return x->media;
}

static double span_s(const struct source *x)
{
    return fact_known_int(x->from_ns) && fact_known_int(x->to_ns) ? time_between_s(x->from_ns, x->to_ns) : 0;
}

static double rate_hz(const struct source *x)
{
    const double s = span_s(x);

    return s > 0 ? (double)x->points / s : 0;
}

static int rate_class(const struct source *x)
{
    const double hz = rate_hz(x);

    return hz > 0 ? (int)lrint(log2(hz)) : -100;
}

int compare_tracks(const struct source *a, const struct source *b, double longest_s, enum criterion *ret_by)
{
    const int by[] = {
        [BY_PATH] = (b->track.count >= 2) - (a->track.count >= 2),
        [BY_TIME] = time_rank(a) - time_rank(b),
        [BY_SPAN] = (span_s(b) >= 0.9 * longest_s) - (span_s(a) >= 0.9 * longest_s),
        [BY_DAMAGE] = (a->damage > 0) - (b->damage > 0),
        [BY_LOG] = is_export(a) - is_export(b),
        [BY_RATE] = rate_class(b) - rate_class(a),
        [BY_POINTS] = (b->points > a->points) - (b->points < a->points),
        [BY_ID] = text_compare(a->id, b->id),
    };

    for (size_t i = 0; i < sizeof by / sizeof *by; i++)
        if (by[i]) {
            *ret_by = (enum criterion)i;
            return by[i];
        }
    *ret_by = BY_ID;
    return 0;
}

struct text best_reason(const struct source *best, const struct source *second, double longest_s, struct arena *arena)
{
    static const char *const why[] = {
        [BY_PATH] = "it has a path that can be read", [BY_TIME] = "its times are surer", [BY_SPAN] = "it covers more of the flight",
        [BY_DAMAGE] = "nothing in it was damaged", [BY_LOG] = "it was written in flight, and is no export",
        [BY_RATE] = "it has more positions a second", [BY_POINTS] = "it has more positions",
        [BY_ID] = "one had to be chosen: by every criterion they are equal",
    };
    const struct text basis = text_known(best->time_basis) ? best->time_basis : TEXT("unknown");
    enum criterion by = BY_PATH;

    const struct text figures = arena_printf(arena, "%lld positions, %.1f a second, over %.0f s of %.0f s; time basis %.*s; %s",
        (long long)best->points, rate_hz(best), span_s(best), longest_s, (int)basis.len, basis.at,
        best->damage ? "parts of its file are damaged" : "no damage");
    if (!second)
        return arena_printf(arena, "The only one with a path: %.*s.", (int)figures.len, figures.at);
    compare_tracks(best, second, longest_s, &by);
    return arena_printf(arena, "Before %.*s because %s: %.*s.", (int)second->id.len, second->id.at, why[by],
                        (int)figures.len, figures.at);
}

struct telling {
    const struct source *best, *other;
    struct arena *arena;
    tell_difference *tell;
    void *user;
};

#define TELL(t, kind, amount, unit, ...) (t)->tell((t)->user, kind, amount, unit, arena_printf((t)->arena, __VA_ARGS__))

/* The shift that brings the other's path over the best one's, where moving shows it; 0 where it does not.  A slow flight
 * shows it by less: it counts where the paths of what one receiver wrote then are the same. */
static int64_t clock_shift(const struct source *best, const struct source *other)
{
    enum { RANGE_S = 120, POINTS = 96, MOVED_M = 30, GAIN_M = 3 };
    const double exact_m = 0.5, exact_gain_m = 0.5;
    const int64_t at_ns = other->offset_ns;

    if (best->track.count < 2 || other->track.count < 2 || other->local ||
        timeline_extent_m(&best->track, best->from_ns, best->to_ns) < MOVED_M)
        return 0;
    const int64_t shift_ns = timeline_best_shift(&best->track, &other->track, RANGE_S * NS_PER_S);
    const struct timeline_fit as_is = timeline_compare(&best->track, &other->track, at_ns, POINTS);
    const struct timeline_fit moved = timeline_compare(&best->track, &other->track, shift_ns, POINTS);
    const double gain_m = as_is.median_m - moved.median_m;
    return moved.points && as_is.points && (gain_m >= GAIN_M || (moved.far_m <= exact_m && gain_m >= exact_gain_m)) &&
        2 * moved.median_m <= as_is.median_m ? shift_ns : 0;
}

static void tell_clock(const struct telling *t, int64_t shift_ns)
{
    const double shift_s = time_between_s(0, shift_ns);

    if (t->other->local && fact_known_int(t->other->offset_ns))
        TELL(t, "clock_offset", time_between_s(0, t->other->offset_ns), "s", "Its clock has no zone: with %+.1f s its positions lie on the path "
             "of the flight, so it was set to UTC%+.2f h, %.1f s beside.", time_between_s(0, t->other->offset_ns),
             -round(time_between_s(0, t->other->offset_ns) / 900) / 4, fabs(remainder(time_between_s(0, t->other->offset_ns), 900)));
    else if (fabs(shift_s) >= STORY_TELL_CLOCK_S)
        TELL(t, "clock_offset", shift_s, "s", "Its clock is %.1f s %s: so moved, the two paths agree best.", fabs(shift_s),
             shift_s > 0 ? "behind" : "ahead");
}

static void tell_serial(const struct telling *t, const struct sources *s)
{
    if (t->other->media) {
        if (sources_share_serial(s, t->best, t->other) == 0)
            TELL(t, "serial", NAN, NULL, "The serial numbers in the picture are none of those that the log names.");
    } else if (text_known(t->best->serial) && text_known(t->other->serial) &&
               !text_equal(t->best->serial, t->other->serial)) {
        TELL(t, "serial", NAN, NULL, "Other serial number of the aircraft: %.*s, and %.*s here.", (int)t->best->serial.len, t->best->serial.at,
             (int)t->other->serial.len, t->other->serial.at);
    }
}

static void tell_places(const struct telling *t, int64_t shift_ns)
{
    const struct source *a = t->best, *b = t->other;
    const bool one_place = b->media && b->points <= 1;
    const struct timeline_fit fit = one_place ? b->fit : timeline_compare(&a->track, &b->track, shift_ns, 1024);

    if (fit.points && fit.median_m >= STORY_TELL_POSITION_M)
        TELL(t, "position", fit.median_m, "m", one_place ? "Its place lies %.1f m from where the aircraft was then." :
             "Its positions lie %.1f m apart (median), 95 of 100 within %.1f m, at %zu moments.", fit.median_m, fit.far_m, fit.points);
    const bool same_ref = text_known(a->alt_ref) && text_known(b->alt_ref) && text_equal(a->alt_ref, b->alt_ref);
    if (!isnan(fit.higher_m) && (!same_ref || fabs(fit.higher_m) >= STORY_TELL_ALTITUDE_M)) {
        const struct text one = text_known(a->alt_ref) ? a->alt_ref : TEXT("unknown"),
            two = text_known(b->alt_ref) ? b->alt_ref : TEXT("unknown");
        TELL(t, "altitude", fit.higher_m, "m", "Altitudes count from: %.*s there, %.*s here; its are %+.1f m (median).", (int)one.len, one.at,
             (int)two.len, two.at, fit.higher_m);
    }
}

static void tell_takeoff(const struct telling *t)
{
    const struct source *a = t->best, *b = t->other;
    const bool homes = fact_known_real(a->home_longitude_deg) && fact_known_real(b->home_longitude_deg);
    const double begin_s = time_between_s(a->from_ns, source_utc_ns(b, b->from_ns));
    double apart;

    if (b->media)
        return;
    if (homes)
        apart = place_distance_m(a->home_longitude_deg, a->home_latitude_deg, b->home_longitude_deg,
                                 b->home_latitude_deg);
    else if (fabs(begin_s) <= STORY_ENDS_S)
        apart = place_distance_m(a->longitude_deg, a->latitude_deg, b->longitude_deg, b->latitude_deg);
    else
        return;
    if (apart >= STORY_TELL_TAKEOFF_M)
        TELL(t, "takeoff", apart, "m", homes ? "Its home point lies %.0f m from that of the best track." :
             "Its path begins %.0f m from where the best track begins at that time.", apart);
}

/* Seconds in gaps of one track within which the other has positions, by the clock of `a`. */
static double missing_s(const struct timeline *a, const struct timeline *b, int64_t b_shift_ns, double *ret_longest_s)
{
    double sum = 0;

    *ret_longest_s = 0;
    for (size_t i = 1; i < a->count; i++) {
        const double gap_s = time_between_s(a->at[i - 1].time_ns, a->at[i].time_ns);
        struct timeline_sample there;
        if (gap_s * (double)NS_PER_S <= (double)timeline_gap_ns(a) ||
            !timeline_at(b, time_add(a->at[i - 1].time_ns, (a->at[i].time_ns - a->at[i - 1].time_ns) / 2 - b_shift_ns),
                         &there))
            continue;
        sum += gap_s;
        *ret_longest_s = fmax(*ret_longest_s, gap_s);
    }
    return sum;
}

static void tell_time_in_air(const struct telling *t, int64_t shift_ns)
{
    const struct source *a = t->best, *b = t->other;
    double longest_s;

    if (b->media && b->points <= 1)
        return;
    double sum_s = missing_s(&b->track, &a->track, -shift_ns, &longest_s);
    if (sum_s > 0)
        TELL(t, "gap", sum_s, "s", "It has no positions for %.0f s (the longest gap is %.0f s) in which the best track has some.", sum_s, longest_s);
    sum_s = missing_s(&a->track, &b->track, shift_ns, &longest_s);
    if (sum_s > 0)
        TELL(t, "in_air", sum_s, "s", "It has positions for %.0f s (%.0f s at once) in which the best track has none.", sum_s, longest_s);
    if (!fact_known_int(a->from_ns) || !fact_known_int(source_utc_ns(b, b->from_ns)))
        return;
    const double before_s = time_between_s(time_add(b->from_ns, shift_ns), a->from_ns),
        after_s = time_between_s(a->to_ns, time_add(b->to_ns, shift_ns));
    if (before_s > STORY_TELL_GAP_S)
        TELL(t, "in_air", before_s, "s", "It begins %.0f s before the best track.", before_s);
    if (after_s > STORY_TELL_GAP_S)
        TELL(t, "in_air", after_s, "s", "It goes on for %.0f s after the best track.", after_s);
}

static void tell_encryption(const struct telling *t)
{
    if (t->other->encrypted > 0 && t->other->track.count < 2 && t->best->track.count >= 2)
        TELL(t, "encryption", (double)t->other->encrypted, "records", "The same path is stored twice, once under encryption and once in clear.");
}

void differences_tell(const struct sources *s, const struct source *best, const struct source *other,
                      tell_difference *tell, void *user)
{
    const struct telling t = { best, other, s->arena, tell, user };
    const int64_t shift_ns = other->local
        ? (fact_known_int(other->offset_ns) ? other->offset_ns : 0) : clock_shift(best, other);

    tell_serial(&t, s);
    tell_clock(&t, shift_ns);
    tell_takeoff(&t);
    tell_places(&t, shift_ns);
    tell_time_in_air(&t, shift_ns);
    tell_encryption(&t);
}
