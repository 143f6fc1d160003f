#include "flightlog/flight_pace.h"

#include <inttypes.h>

#include "base/timestamp.h"

enum { REGULAR_MIN = 16, PAUSE_STEPS = 3, DAMAGE_STEPS = 2 };

#define LEAP_NS (60 * NS_PER_S)

/* Longer than flights pause. */
#define PAUSE_MAX_NS (6 * 3600 * NS_PER_S)

void flight_pace_init(struct flight_pace *p)
{
    *p = (struct flight_pace){ .last_ns = FACT_UNKNOWN_INT, .step_ns = FACT_UNKNOWN_INT };
}

static double seconds(int64_t ns)
{
    return (double)ns / (double)NS_PER_S;
}

static void take_pause(struct flight_pace *p, struct reading *r, int64_t step_ns, uint64_t origin)
{
    const int64_t missing = (step_ns + p->step_ns / 2) / p->step_ns - 1;
    int64_t sum_ns;

    if (step_ns > PAUSE_MAX_NS) {
        p->jumps++;
        p->longest_jump_ns = step_ns > p->longest_jump_ns ? step_ns : p->longest_jump_ns;
        if (r->damage_count != p->damage_before)
            reading_damage(r, origin, 0, FACT_UNKNOWN_INT,
                           "the clock goes on by %.0f s behind the damage, longer than flights pause: it is damaged, "
                           "or another recording follows", seconds(step_ns));
        return;
    }
    if (r->damage_count != p->damage_before) {
        reading_damage(r, origin, 0, FACT_UNKNOWN_INT,
                       "%.3f s pass from the position ahead of the damage to this one, and "
                       "%.3f s are usual: about %" PRId64 " positions are missing", seconds(step_ns), seconds(p->step_ns), missing);
        return;
    }
    if (__builtin_add_overflow(p->pause_ns, step_ns, &sum_ns)) /* times of damaged logs may lie centuries apart */
        return;
    p->pause_ns = sum_ns;
    p->pauses++;
    p->missing += missing;
    p->longest_ns = step_ns > p->longest_ns ? step_ns : p->longest_ns;
}

/* The pace is learned from a few steps of about one length, and followed where it becomes faster or slightly slower. */
static void take_step(struct flight_pace *p, struct reading *r, int64_t step_ns, uint64_t origin)
{
    const int64_t limit_steps = r->damage_count != p->damage_before ? DAMAGE_STEPS : PAUSE_STEPS;

    if (!fact_known_int(p->step_ns) || step_ns < p->step_ns / 2) {
        p->step_ns = step_ns;
        p->regular = 0;
    } else if (step_ns < p->step_ns / 2 * 3) {
        p->regular++;
    } else if (p->regular < REGULAR_MIN) {
        p->step_ns = step_ns;
        p->regular = 0;
    } else if (step_ns / limit_steps >= p->step_ns - p->step_ns / 8) {
        take_pause(p, r, step_ns, origin);
    }
}

void flight_pace_take(struct flight_pace *p, struct reading *r, int64_t now_ns, uint64_t origin)
{
    int64_t step_ns;

    if (fact_known_int(now_ns)) {
        if (fact_known_int(p->last_ns) && !__builtin_sub_overflow(now_ns, p->last_ns, &step_ns)) {
            if (step_ns > 0)
                take_step(p, r, step_ns, origin);
            if (step_ns > LEAP_NS)
                p->forth++;
            else if (step_ns < -LEAP_NS)
                p->back++;
        }
        p->last_ns = now_ns;
    }
    p->damage_before = p->damage_count;
    p->damage_count = r->damage_count;
}

void flight_pace_note(const struct flight_pace *p, struct buffer *note)
{
    if (p->jumps > 0)
        buffer_printf(note, " The clock goes on by more than six hours %" PRId64 " times, at most by %.0f s: it was set, or several recordings "
                      "were put together.", p->jumps, seconds(p->longest_jump_ns));
    if (p->pauses == 0)
        return;
    buffer_printf(note,
                  " Positions follow one another every %.3f s; %" PRId64 " times it is %d times that or more, at most "
                  "%.3f s: %.3f s in which about %" PRId64 " positions would stand. It paused there, or they are missing.",
                  seconds(p->step_ns), p->pauses, PAUSE_STEPS, seconds(p->longest_ns), seconds(p->pause_ns), p->missing);
}
