#include "radio/recording.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/timestamp.h"
#include "broadcast/announce_ocusync.h"
#include "broadcast/radio.h"
#include "radio/iq_name.h"
#include "radio/scan.h"
#include "radio/sigmf.h"
#include "radio/wav.h"

enum { RATES_MAX = 12 };

/* What is known before the first sample is looked at. */
struct source {
    struct iq iq;
    double rates_hz[RATES_MAX];    /* to be tried, in this order */
    size_t rate_count;
    bool rate_is_said;             /* by the user, or the recording's own description: no other is tried */
    double frequency_hz;           /* of the recording's centre, or NaN */
    int64_t at_utc_ns;             /* of its first sample, or unknown */
};

struct recording {
    struct reading *reading;
    const struct source *source;
    double rate_hz;
    struct radios *radios;
    uint64_t unreadable, unreadable_at;
    struct text step;              /* what the recording's bytes are */
    char step_room[64];
    struct announcement announcement;
};

static const struct text sigmf_data = TEXT_INIT(".sigmf-data");

bool recording_recognise(struct bytes whole)
{
    struct wav w;

    return wav_parse(whole, &w) || iq_looks_like_f32(whole);
}

bool recording_recognise_named(struct bytes whole, struct text name)
{
    if (text_known(name) && text_ends_with(name, sigmf_data))
        return whole.len > 0;
    return iq_type_of_name(name) != IQ_UNKNOWN && whole.len >= iq_sample_bytes(iq_type_of_name(name));
}

static void try_rate(struct source *s, double rate_hz)
{
    for (size_t i = 0; i < s->rate_count; i++)
        if (s->rates_hz[i] == rate_hz)
            return;
    if (s->rate_count < RATES_MAX)
        s->rates_hz[s->rate_count++] = rate_hz;
}

/* What receivers are mostly set to when DroneID is recorded, the usual first. */
static void try_usual_rates(struct source *s)
{
    static const double usual_hz[] = { 15.36e6, 50e6, 20e6, 30.72e6, 40e6, 25e6, 61.44e6, 56e6, 100e6 };

    for (size_t i = 0; i < sizeof usual_hz / sizeof *usual_hz; i++)
        try_rate(s, usual_hz[i]);
}

/* False, with a statement, when the description tells of samples that are none of a band. */
static bool take_sigmf(struct reading *r, struct bytes whole, struct source *s)
{
    struct sigmf m;

    if (r->companion.len == 0) {
        reading_damage(r, 0, (int64_t)whole.len, FACT_UNKNOWN_INT,
                       "a recording without the .sigmf-meta that tells what its numbers are");
        return false;
    }
    (void)sigmf_parse(r->companion, &m);
    if (m.type == IQ_UNKNOWN || m.is_real || m.channels != 1) {
        reading_damage(r, 0, (int64_t)whole.len, FACT_UNKNOWN_INT, "its .sigmf-meta tells of %s, which are not read",
                       !m.any ? "no samples" : m.is_real
                           ? "real samples" : m.channels != 1 ? "several channels" : "samples of another kind");
        return false;
    }
    s->iq = (struct iq){ .samples = bytes_part(whole, (uint64_t)m.header, UINT64_MAX), .type = m.type,
                         .big_endian = m.big_endian };
    s->iq.samples.len = s->iq.samples.len > (uint64_t)m.trailing ? s->iq.samples.len - (uint64_t)m.trailing : 0;
    s->frequency_hz = m.frequency_hz;
    s->at_utc_ns = m.at_utc_ns;
    if (m.rate_hz > 0) {
        try_rate(s, m.rate_hz);
        s->rate_is_said = true;
    }
    return true;
}

static bool find_source(struct reading *r, struct bytes whole, struct source *s)
{
    struct wav w;

    *s = (struct source){ .frequency_hz = FACT_UNKNOWN_REAL, .at_utc_ns = FACT_UNKNOWN_INT };
    if (r->options->sample_rate_hz > 0) {
        try_rate(s, r->options->sample_rate_hz);
        s->rate_is_said = true;
    }
    if (wav_parse(whole, &w)) {
        s->iq = w.iq;
        if (w.cut)
            reading_damage(r, whole.len, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                           "the recording is cut: it ends before its header says so");
        if (s->rate_count == 0)
            try_rate(s, w.rate_hz);
        s->rate_is_said = true;
    } else if (text_known(r->name) && text_ends_with(r->name, sigmf_data)) {
        const bool asked = s->rate_is_said;
        if (!take_sigmf(r, whole, s))
            return false;
        s->rate_count = asked ? 1 : s->rate_count;
    } else {
        s->iq = (struct iq){ .samples = whole, .type = iq_type_of_name(r->name) };
        if (s->iq.type == IQ_UNKNOWN)
            s->iq.type = IQ_F32; /* recognised by content */
    }
    if (!s->rate_is_said) {
        const double hint_hz = iq_rate_of_name(r->name);
        if (hint_hz >= SCAN_RATE_MIN_HZ && hint_hz <= SCAN_RATE_MAX_HZ)
            try_rate(s, hint_hz);
        try_usual_rates(s);
    }
    return true;
}

/* What samples from all over the recording look like.  */
struct condition {
    uint64_t looked_at, not_numbers, at_limit, same;
};

static struct condition condition_of(const struct iq *q)
{
    enum { PLACES = 64, AT_ONE = 1024 };
    struct condition c = { 0 };
    struct sample samples[AT_ONE];
    const uint64_t all = iq_count(q), count = all < AT_ONE ? all : AT_ONE;
    float largest = 0;

    for (int pass = 0; pass < 2; pass++)
        for (uint64_t k = 0; k < PLACES; k++) {
            const size_t bad = iq_take(q, (all - count) / (PLACES - 1) * k, (size_t)count, samples);
            c.not_numbers += pass ? bad : 0;
            for (size_t i = 0; i < count; i++) {
                const float re = fabsf(samples[i].re), im = fabsf(samples[i].im);
                if (pass == 0) {
                    largest = re > largest ? re : largest;
                    largest = im > largest ? im : largest;
                    continue;
                }
                c.looked_at++;
                c.at_limit += re >= largest * 0.999f || im >= largest * 0.999f;
                c.same += i == 0 || (samples[i].re == samples[i - 1].re && samples[i].im == samples[i - 1].im);
            }
        }
    return c;
}

/* False: there is nothing to be searched. */
static bool tell_condition(struct reading *r, const struct source *s, struct bytes whole)
{
    const struct condition c = condition_of(&s->iq);
    const size_t pair = iq_sample_bytes(s->iq.type);

    if (s->iq.samples.len % pair)
        reading_damage(r, whole.len - s->iq.samples.len % pair, (int64_t)(s->iq.samples.len % pair), FACT_UNKNOWN_INT,
                       "the recording ends within a sample");
    if (c.looked_at == 0) {
        reading_damage(r, 0, (int64_t)whole.len, FACT_UNKNOWN_INT, "the recording has no samples");
        return false;
    }
    if (c.not_numbers * 8 > c.looked_at) {
        reading_damage(r, 0, (int64_t)whole.len, FACT_UNKNOWN_INT,
                       "these are no %s samples: %llu of %llu values looked at are no numbers of a receiver", iq_type_name(s->iq.type),
                       (unsigned long long)c.not_numbers, (unsigned long long)c.looked_at * 2);
        return false;
    }
    if (c.same == c.looked_at) {
        reading_damage(r, 0, (int64_t)whole.len, FACT_UNKNOWN_INT,
                       "the recording holds one value only: nothing was received");
        return false;
    }
    if (c.at_limit * 20 > c.looked_at)
        reading_damage(r, 0, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the receiver was overdriven: %llu of 100 samples are at their limit; bursts may be missed",
                       (unsigned long long)(c.at_limit * 100 / c.looked_at));
    return true;
}

static void put_burst(void *user, const struct scan_burst *b)
{
    struct recording *x = user;
    const struct source *s = x->source;
    struct announcement *a = &x->announcement;
    const size_t pair = iq_sample_bytes(s->iq.type);
    const uint64_t offset = s->iq.samples.origin + b->first * pair;

    if (!b->read) {
        if (x->unreadable++ == 0)
            x->unreadable_at = offset;
        return;
    }
    announcement_init(a, ANNOUNCE_DJI_OCUSYNC, CARRIER_OCUSYNC);
    a->offset = offset;
    a->length = b->count * pair;
    const double at_s = (double)b->first / x->rate_hz;
    if (fact_known_int(s->at_utc_ns))
        a->at_utc_ns = s->at_utc_ns + (int64_t)(at_s * NS_PER_S);
    a->since_begin_ns = (int64_t)(at_s * NS_PER_S);
    const struct ocusync_reception reception = {
        .at_s = at_s, .offset_hz = b->center_hz, .frequency_hz = s->frequency_hz + b->center_hz, .rate_hz = x->rate_hz,
        .snr_db = (double)b->burst.snr_db, .symbols = b->burst.symbols,
    };
    a->steps[a->step_count++] = x->step;
    a->steps[a->step_count++] = TEXT("OFDM burst, 15.36 million samples a second");
    a->steps[a->step_count++] = TEXT("descrambled, turbo code, CRC24A");
    announce_ocusync(a, (struct bytes){ .at = b->block, .len = sizeof b->block, .origin = offset }, &reception);
    radios_check(x->radios, a);
    announcement_put(a, x->reading);
}

static void passed(void *user, uint64_t samples)
{
    struct recording *x = user;

    if (x->reading->passed)
        x->reading->passed(x->reading, x->source->iq.samples.origin + samples * iq_sample_bytes(x->source->iq.type));
}

/* Everything at one rate; gives how many bursts were found. */
static uint64_t read_at(struct reading *r, const struct source *s, double rate_hz)
{
    struct recording *x = memory_alloc_array(1, sizeof *x);
    const struct scan_listener listener = { .burst = put_burst, .passed = passed, .user = x };

    x->reading = r;
    x->source = s;
    x->rate_hz = rate_hz;
    snprintf(x->step_room, sizeof x->step_room, "%s samples, %.0f a second", iq_type_name(s->iq.type), rate_hz);
    x->step = text_of(x->step_room);
    x->radios = radios_new(r);
    if (r->passed)
        r->passed(r, 0);
    const struct scan_counts n = scan(&s->iq, rate_hz, lanes_wide(), &listener);
    radios_put(x->radios, r);
    if (x->unreadable)
        reading_damage(r, x->unreadable_at, FACT_UNKNOWN_INT, (int64_t)x->unreadable,
                       "%llu bursts of DJI DroneID were received too poorly to be read", (unsigned long long)x->unreadable);
    if (n.left_out)
        reading_damage(r, 0, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "at %llu places that look like the beginning of a burst nothing was searched: there are too many of them",
                       (unsigned long long)n.left_out);
    radios_free(x->radios);
    free(x);
    return n.read + n.unreadable;
}

static void count_burst(void *user, const struct scan_burst *b)
{
    uint64_t *count = user;

    *count += b->read;
}

/* Nothing was found at the rate that was said.  Were another right, bursts would be there: then the rate is wrong, and
 * no more than that is told, because times and frequencies would be wrong, too. */
static void doubt_rate(struct reading *r, struct source *s)
{
    enum { LOOK_SAMPLES = 1 << 25 };
    const double said_hz = s->rates_hz[0];
    struct iq beginning = s->iq;

    beginning.samples = bytes_part(beginning.samples, 0, (uint64_t)LOOK_SAMPLES * iq_sample_bytes(s->iq.type));
    try_usual_rates(s);
    for (size_t i = 1; i < s->rate_count; i++) {
        uint64_t count = 0;
        const struct scan_listener listener = { .burst = count_burst, .user = &count };
        (void)scan(&beginning, s->rates_hz[i], lanes_wide(), &listener);
        if (count == 0)
            continue;
        reading_damage(r, s->iq.samples.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "no DroneID at %.0f samples a second, but %llu bursts at %.0f: the rate that was said is wrong (--sample-rate)",
                       said_hz, (unsigned long long)count, s->rates_hz[i]);
        return;
    }
}

enum parse_status recording_read(struct reading *r, struct bytes whole)
{
    struct source s;

    if (!find_source(r, whole, &s))
        return PARSE_UNSUPPORTED;
    if (!tell_condition(r, &s, whole))
        return PARSE_INVALID;
    const double said_hz = s.rates_hz[0];
    if (s.rate_is_said && (said_hz < SCAN_RATE_MIN_HZ || said_hz > SCAN_RATE_MAX_HZ)) {
        reading_damage(r, 0, (int64_t)whole.len, FACT_UNKNOWN_INT,
                       "%.0f samples a second: DroneID is 9 MHz wide and is looked for at %d to %d million", said_hz,
                       SCAN_RATE_MIN_HZ / 1000000, SCAN_RATE_MAX_HZ / 1000000);
        return PARSE_UNSUPPORTED;
    }
    for (size_t i = 0; i < s.rate_count; i++)
        if (read_at(r, &s, s.rates_hz[i]) > 0)
            return PARSE_OK;
    if (s.rate_is_said)
        doubt_rate(r, &s);
    else
        reading_damage(r, 0, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "nothing tells the sample rate (--sample-rate); no DroneID was found at %zu usual ones", s.rate_count);
    return PARSE_OK;
}
