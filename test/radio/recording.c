#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "evidence/format.h"
#include "radio/iq_name.h"
#include "radio/recording.h"
#include "radio/sigmf.h"
#include "radio/transmitter.h"
#include "radio/wav.h"

/* Recordings as files: what they are called, how their numbers are written, and what becomes of them. */

#define SERIAL "0TESTEXAMPLE01"
enum { BURSTS = 2, SAMPLES = 40000 };
#define RATE_HZ 15.36e6

/* Two bursts in noise, within -1 to 1. */
static float *make_samples(void)
{
    float *samples = memory_alloc_array(SAMPLES, 2 * sizeof *samples);
    uint64_t noise = 17;

    for (unsigned i = 0; i < BURSTS; i++) {
        struct transmitter_burst b = { .at_s = 2e-4 + 1.2e-3 * i, .offset_hz = 1e5, .amplitude = 0.2 };
        transmitter_flight(b.block, SERIAL, 100 + i, 48.7, 9.1, false);
        transmit(samples, SAMPLES, RATE_HZ, &b);
    }
    transmitter_noise(samples, SAMPLES, 0.04 * transmitter_noise_power(15, RATE_HZ), &noise);
    return samples;
}

static size_t write_number(uint8_t *at, enum iq_type type, bool big_endian, float x)
{
    uint64_t v = 0;
    size_t width = iq_sample_bytes(type) / 2;
    double wider = (double)x;

    switch (type) {
    case IQ_F32: memcpy(&v, &x, 4); break;
    case IQ_F64: memcpy(&v, &wider, 8); break;
    case IQ_I16: v = (uint64_t)lrintf(x * 32767); break;
    case IQ_I8:  v = (uint64_t)lrintf(x * 127); break;
    case IQ_U16: v = (uint64_t)lrintf(x * 32767 + 32767.5f); break;
    case IQ_U8:  v = (uint64_t)lrintf(x * 127 + 127.5f); break;
    case IQ_I32: v = (uint64_t)llrintf(x * 2147483000.0f); break;
    default:     fail();
    }
    for (size_t i = 0; i < width; i++)
        at[i] = (uint8_t)(v >> 8 * (big_endian ? width - 1 - i : i));
    return width;
}

/* Behind `head_len` bytes that the caller fills. */
static struct bytes written(enum iq_type type, bool big_endian, size_t head_len)
{
    float *samples = make_samples();
    uint8_t *at = memory_alloc_array(head_len + SAMPLES * 16, 1);
    size_t len = head_len;

    for (size_t i = 0; i < 2 * SAMPLES; i++)
        len += write_number(at + len, type, big_endian, samples[i]);
    free(samples);
    return (struct bytes){ .at = at, .len = len };
}

static struct text broadcast_text(const struct kept_facts *k, size_t nth, const char *what)
{
    const struct fact_broadcast *row = kept_facts_row(k, FACT_BROADCAST, nth);

    return strcmp(what, "id") == 0 ? row->uas_id : strcmp(what, "kind") == 0 ? row->kind : row->carrier;
}

static bool says(struct text details, const char *words)
{
    return memmem(details.at, details.len, words, strlen(words)) != NULL;
}

struct outcome {
    struct kept_facts k;
    enum parse_status status;
};

static struct outcome read_as(struct bytes whole, const char *name, const char *companion, double rate_hz)
{
    struct outcome o;
    const struct reading_options options = { .sample_rate_hz = rate_hz };

    kept_facts_init(&o.k);
    struct reading r = reading_for_test(&o.k);
    r.options = &options;
    r.name = name ? text_of(name) : TEXT_UNKNOWN;
    if (companion)
        r.companion = (struct bytes){ .at = (const uint8_t *)companion, .len = strlen(companion) };
    o.status = recording_read(&r, whole);
    reading_for_test_done(&r);
    return o;
}

static void assert_both_bursts(const struct outcome *o, size_t head_len, size_t pair)
{
    assert_int_equal(kept_facts_count(&o->k, FACT_BROADCAST), BURSTS);
    for (size_t i = 0; i < BURSTS; i++) {
        const struct fact_broadcast *row = kept_facts_row(&o->k, FACT_BROADCAST, i);
        assert_text_equal(broadcast_text(&o->k, i, "kind"), "dji_ocusync");
        assert_text_equal(broadcast_text(&o->k, i, "carrier"), "ocusync");
        assert_text_equal(broadcast_text(&o->k, i, "id"), SERIAL);
        assert_text_equal(row->operator_source, "app");
        assert_true(fabs(row->longitude_deg - 9.1) < 1e-5 && fabs(row->latitude_deg - 48.7) < 1e-5);
        assert_true(fabs(row->operator_longitude_deg - 9.101) < 1e-5 &&
                    fabs(row->operator_latitude_deg - 48.701) < 1e-5);
        const double at = (double)(row->head.origin.offset - (int64_t)head_len) / (double)pair / RATE_HZ;
        assert_true(fabs(at - (2e-4 + 1.2e-3 * (double)i)) < 0.5e-6);
        assert_int_equal(row->head.origin.length, 9880 * pair);
        assert_true(says(row->details, i ? "\"sequence\":101" : "\"sequence\":100"));
        assert_true(says(row->details, "\"crc16\":\"good\""));
        assert_true(says(row->details, "\"home\":[9.1020"));
        assert_int_equal(row->head.origin.steps.count, 3);
        assert_true(says(row->head.origin.steps.items[0], "samples, 15360000 a second"));
    }
    assert_int_equal(kept_facts_count(&o->k, FACT_DEVICE), 1);
}

static void kinds_of_numbers(void **state)
{
    static const struct { enum iq_type type; const char *name; } kinds[] = {
        { IQ_F32, "a/b.fc32" }, { IQ_F32, "x.cfile" }, { IQ_F32, "x.CF32" }, { IQ_I16, "x_15.36Msps.sc16" }, { IQ_I16, "x.cs16" },
        { IQ_I8, "x.cs8" }, { IQ_U8, "in.zip!x.cu8" }, { IQ_F64, "x.cf64" }, { IQ_I32, "x.cs32" }, { IQ_U16, "x.cu16" },
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct bytes b = written(kinds[i].type, false, 0);
        assert_true(recording_recognise_named(b, text_of(kinds[i].name)));
        assert_true(format_identify_by_name(b, text_of(kinds[i].name)) == format_find("radio"));
        struct outcome o = read_as(b, kinds[i].name, NULL, RATE_HZ);
        assert_int_equal(o.status, PARSE_OK);
        assert_int_equal(kept_facts_count(&o.k, FACT_DAMAGE), 0);
        assert_both_bursts(&o, 0, iq_sample_bytes(kinds[i].type));
        kept_facts_done(&o.k);
        exact_copy_free(b);
    }
}

/* Nothing tells the rate, or the name tells a wrong one. */
static void rates_are_tried(void **state)
{
    const struct bytes b = written(IQ_F32, false, 0);
    static const char *const names[] = { NULL, "x.fc32", "x_15360ksps.fc32", "x_50msps.fc32" };

    assert_true(recording_recognise(b));
    assert_true(format_identify(b) == format_find("radio"));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct outcome o = read_as(b, names[i], NULL, 0);
        assert_int_equal(o.status, PARSE_OK);
        assert_both_bursts(&o, 0, 8);
        kept_facts_done(&o.k);
    }
    exact_copy_free(b);
}

static void names(void **state)
{
    static const struct { const char *name; enum iq_type type; double rate_hz; } table[] = {
        { "mavic_50msps.fc32", IQ_F32, 50e6 }, { "a_15360ksps_snr10.fc32", IQ_F32, 15.36e6 }, { "x-61.44_MSps.sc16", IQ_I16, 61.44e6 },
        { "x_30720000sps.cu8", IQ_U8, 30.72e6 }, { "x.txt", IQ_UNKNOWN, 0 }, { "fc32", IQ_UNKNOWN, 0 },
        { "50msps/x.fc32", IQ_F32, 0 }, { "x_99999999999msps.fc32", IQ_F32, 0 }, { "", IQ_UNKNOWN, 0 }, { "x.", IQ_UNKNOWN, 0 },
        { "x_20.5e6.cs8", IQ_I8, 20.5e6 },
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_int_equal(iq_type_of_name(text_of(table[i].name)), table[i].type);
        if (table[i].type != IQ_UNKNOWN)
            assert_true(fabs(iq_rate_of_name(text_of(table[i].name)) - table[i].rate_hz) < 1);
    }
    assert_int_equal(iq_type_of_name(TEXT_UNKNOWN), IQ_UNKNOWN);
    assert_true(iq_rate_of_name(TEXT_UNKNOWN) == 0);
}

static void sigmf_describes(void **state)
{
    static const char meta[] =
        "{\"global\": {\"core:datatype\": \"ci16_be\", \"core:sample_rate\": 15.36e6, \"core:version\": \"1.0.0\"},"
                               " \"captures\": [{\"core:sample_start\": 0, \"core:header_bytes\": 64, \"core:frequency\": 2.4145e9,"
                               " \"core:datetime\": \"2026-05-01T10:00:00Z\"}], \"annotations\": []}";
    const struct bytes b = written(IQ_I16, true, 64), m = { .at = (const uint8_t *)meta, .len = sizeof meta - 1 };
    char path[64];

    assert_true(sigmf_meta_recognise(m));
    assert_true(format_identify(m) == format_find("sigmf-meta"));
    assert_true(recording_recognise_named(b, TEXT("folder/x.sigmf-data")));
    assert_true(format_companion(TEXT("folder/x.sigmf-data"), path, sizeof path));
    assert_string_equal(path, "folder/x.sigmf-meta");
    assert_false(format_companion(TEXT("folder/x.fc32"), path, sizeof path));
    struct outcome o = read_as(b, "folder/x.sigmf-data", meta, 0);
    assert_int_equal(o.status, PARSE_OK);
    assert_both_bursts(&o, 64, 4);
    const struct fact_broadcast *row = kept_facts_row(&o.k, FACT_BROADCAST, 1);
    assert_true(llabs(row->at - (INT64_C(1777629600000000000) + 1400000)) < 2000);
    assert_true(says(row->details, "\"frequency_mhz\":2414.600") || says(row->details, "\"frequency_mhz\":2414.599") ||
                says(row->details, "\"frequency_mhz\":2414.601"));
    kept_facts_done(&o.k);
    static const char *const not_read[] = {
        NULL, "", "{}", "{\"global\": {\"core:datatype\": \"rf32_le\"}}", "{\"global\": {\"core:datatype\": \"cf16_le\"}}",
        "{\"global\": {\"core:datatype\": \"ci16_le\", \"core:num_channels\": 2}}", "{\"global\": {\"core:data",
    };
    for (size_t i = 0; i < sizeof not_read / sizeof *not_read; i++) {
        o = read_as(b, "x.sigmf-data", not_read[i], 0);
        assert_int_equal(o.status, PARSE_UNSUPPORTED);
        assert_int_equal(kept_facts_count(&o.k, FACT_DAMAGE), 1);
        assert_int_equal(kept_facts_count(&o.k, FACT_BROADCAST), 0);
        kept_facts_done(&o.k);
    }
    for (size_t cut = 0; cut < m.len; cut++) {
        const struct bytes part = exact_copy(m.at, cut);
        struct sigmf s;
        (void)sigmf_meta_recognise(part);
        assert_true(sigmf_parse(part, &s) != PARSE_OK);
        assert_true(s.type == IQ_UNKNOWN || s.type == IQ_I16);
        exact_copy_free(part);
    }
    exact_copy_free(b);
}

static void wave_files(void **state)
{
    enum { HEAD = 44 };
    struct bytes b = written(IQ_I16, false, HEAD);
    uint8_t *head = (uint8_t *)(uintptr_t)b.at;
    const uint32_t len = (uint32_t)(b.len - HEAD), rate = 15360000;
    struct wav w;

    memcpy(head, "RIFF\0\0\0\0WAVEfmt \x10\0\0\0\1\0\2\0\0\0\0\0\0\0\0\0\4\0\20\0data", 40);
    for (int i = 0; i < 4; i++) {
        head[24 + i] = (uint8_t)(rate >> 8 * i);
        head[40 + i] = (uint8_t)(len >> 8 * i);
    }
    assert_true(format_identify(b) == format_find("radio"));
    struct outcome o = read_as(b, "x.wav", NULL, 0);
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(kept_facts_count(&o.k, FACT_DAMAGE), 0);
    assert_both_bursts(&o, HEAD, 4);
    kept_facts_done(&o.k);
    for (size_t cut = 0; cut <= HEAD + 8; cut++) {
        const struct bytes part = exact_copy(b.at, cut);
        assert_int_equal(wav_parse(part, &w), cut >= HEAD);
        exact_copy_free(part);
    }
    head[24] = head[25] = head[26] = head[27] = 0; /* a rate that people hear */
    head[25] = 0xac;
    assert_false(wav_parse(b, &w));
    exact_copy_free(b);
}

/* What must be said, and that no drone comes of it. */
static void bad_recordings(void **state)
{
    enum { CONSTANT, CLIPPED, NOISE, NO_NUMBERS, SLOW, EMPTY_DATA, ODD_LENGTH, WRONG_RATE, KINDS };
    static const char *const said[KINDS] = {
        "one value only", "overdriven", "nothing tells the sample rate", "are no numbers", "9 MHz wide", "no samples",
        "within a sample", "the rate that was said is wrong",
    };

    for (int kind = 0; kind < KINDS; kind++) {
        float *samples = kind == WRONG_RATE ? make_samples() : memory_alloc_array(SAMPLES, 2 * sizeof *samples);
        uint64_t noise = 23;
        size_t len = SAMPLES * 8;
        if (kind != CONSTANT && kind != WRONG_RATE)
            transmitter_noise(samples, SAMPLES, kind == CLIPPED ? 9 : 0.01, &noise);
        for (size_t i = 0; i < 2 * SAMPLES; i++) {
            samples[i] = kind == CLIPPED ? fmaxf(-1, fminf(1, samples[i])) : kind == CONSTANT ? 0.25f : samples[i];
            if (kind == NO_NUMBERS)
                samples[i] = i % 2 ? NAN : 1e30f;
        }
        len = kind == EMPTY_DATA ? 0 : kind == ODD_LENGTH ? len - 3 : len;
        const struct bytes b = exact_copy(samples, len);
        struct outcome o = read_as(b, "x.fc32", NULL,
                                   kind == SLOW ? 2.4e6 : kind == WRONG_RATE ? 40e6 : kind == NOISE ? 0 : RATE_HZ);
        assert_int_equal(kept_facts_count(&o.k, FACT_BROADCAST), 0);
        assert_int_equal(kept_facts_count(&o.k, FACT_DEVICE), 0);
        assert_true(kept_facts_count(&o.k, FACT_DAMAGE) >= 1);
        const struct fact_damage *d = kept_facts_row(&o.k, FACT_DAMAGE, 0);
        if (!says(d->statement, said[kind]))
            fail_msg("case %d says: %.*s", kind, (int)d->statement.len, d->statement.at);
        kept_facts_done(&o.k);
        exact_copy_free(b);
        free(samples);
    }
}

/* By content alone: other numbers and other files are no recordings. */
static void content_alone(void **state)
{
    enum { LEN = 1 << 17 };
    uint8_t *at = memory_alloc_array(LEN, 1);
    const struct bytes b = { .at = at, .len = LEN };
    uint64_t seed = 3;

    assert_false(recording_recognise(b));                      /* zeros */
    for (size_t i = 0; i < LEN; i++)
        at[i] = (uint8_t)(transmitter_uniform(&seed) * 256);
    assert_false(recording_recognise(b));                      /* encrypted, or bytes */
    memset(at, 'a', LEN);
    assert_false(recording_recognise(b));                      /* text */
    for (size_t i = 0; i < LEN / 4; i++) {
        const float ramp = (float)i / 1000;
        memcpy(at + 4 * i, &ramp, 4);
    }
    assert_false(recording_recognise(b));                      /* a table that only rises */
    for (size_t i = 0; i < LEN / 2; i++) {
        const uint16_t v = (uint16_t)(transmitter_uniform(&seed) * 2000);
        memcpy(at + 2 * i, &v, 2);
    }
    assert_false(recording_recognise(b));                      /* whole numbers */
    assert_false(recording_recognise_named(b, TEXT("x.bin")));
    free(at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names), cmocka_unit_test(kinds_of_numbers), cmocka_unit_test(rates_are_tried),
        cmocka_unit_test(sigmf_describes), cmocka_unit_test(wave_files), cmocka_unit_test(bad_recordings),
        cmocka_unit_test(content_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
