#include "support/support.h"

#include <math.h>
#include <string.h>

#include "leak/claims.h"
#include "report/country.h"
#include "report/told.h"
#include "report/words.h"

static struct arena *arena;

static int begin(void **state)
{
    (void)state;
    arena = arena_new(0);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void numbers_have_units(void **state)
{
    (void)state;
    assert_text_equal(words_count(arena, 0), "0");
    assert_text_equal(words_count(arena, 999), "999");
    assert_text_equal(words_count(arena, 1234567), "1,234,567");
    assert_text_equal(words_count(arena, -1234), "-1,234");
    assert_text_equal(words_count(arena, FACT_UNKNOWN_INT), "unknown");
    assert_text_equal(words_bytes(arena, 1), "1 byte");
    assert_text_equal(words_bytes(arena, 9999), "9,999 bytes");
    assert_text_equal(words_bytes(arena, 10000), "10.0 kB");
    assert_text_equal(words_bytes(arena, 999600), "1.0 MB");
    assert_text_equal(words_bytes(arena, 486200), "486 kB");
    assert_text_equal(words_bytes(arena, 1234567), "1.2 MB");
    assert_text_equal(words_bytes(arena, INT64_MAX), "9.2 EB");
    assert_text_equal(words_bytes(arena, FACT_UNKNOWN_INT), "unknown");
}

static void durations_and_shares(void **state)
{
    (void)state;
    assert_text_equal(words_duration(arena, 0), "0 s");
    assert_text_equal(words_duration(arena, 0.2), "under 1 s");
    assert_text_equal(words_duration(arena, 59.4), "59 s");
    assert_text_equal(words_duration(arena, 725), "12 min 5 s");
    assert_text_equal(words_duration(arena, 3600), "1 h");
    assert_text_equal(words_duration(arena, 11520), "3 h 12 min");
    assert_text_equal(words_duration(arena, 200000), "2 days");
    assert_text_equal(words_duration(arena, FACT_UNKNOWN_REAL), "unknown");
    assert_text_equal(words_duration(arena, -3), "unknown");
    static const struct { double n; const char *says; } numbers[] = {
        { 0, "0" }, { 4.3e-6, "under 0.01" }, { 0.01, "0.01" }, { 0.138826, "0.14" }, { 0.994, "0.99" }, { 0.996, "1.0" }, { 2.46, "2.5" },
        { 9.94, "9.9" }, { 9.96, "10" }, { 1234.4, "1,234" }, { -1, "unknown" }, { NAN, "unknown" }, { 1e300, "unknown" },
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        assert_text_equal(words_number(arena, numbers[i].n), numbers[i].says);
    assert_text_equal(words_percent(arena, 0, 10), "0 %");
    assert_text_equal(words_percent(arena, 1, 1000), "under 1 %");
    assert_text_equal(words_percent(arena, 999, 1000), "over 99 %");
    assert_text_equal(words_percent(arena, 10, 10), "100 %");
    assert_text_equal(words_percent(arena, 0, 0), "unknown");
}

static void sentences_take_arguments_as_they_are(void **state)
{
    (void)state;
    assert_text_equal(WORDS_SAY(arena, TO_MORE, TEXT("1")), "1 more destination: see the table.");
    assert_text_equal(WORDS_SAY(arena, TO_MORE, TEXT("12")), "12 more destinations: see the table.");
    assert_text_equal(WORDS_SAY(arena, LEFT_PATH, TEXT("{1} {0#a|b} %s")),
                      "A track like a flight path of this case was sent to {1} {0#a|b} %s.");
    assert_text_equal(words_plain(WORDS_HEAD_NEXT), "What to do next");
}

static void countries_have_names(void **state)
{
    (void)state;
    assert_text_equal(country_name(TEXT("AD")), "Andorra");
    assert_text_equal(country_name(TEXT("us")), "United States");
    assert_text_equal(country_name(TEXT("ZW")), "Zimbabwe");
    assert_text_equal(country_name(TEXT("XX")), "XX");
    assert_text_equal(country_name(TEXT("\xff\xfe")), "\xff\xfe");
    assert_text_equal(country_name(TEXT("China")), "China");
    assert_false(text_known(country_name(TEXT_UNKNOWN)));
}

/* No sentence may say more than evidence can: compare leak-detection, "never say". */
static void no_sentence_claims_too_much(void **state)
{
    static const char *const never[] = { "clean", "did not leave", "nothing left", "safe", "secure", "proof", "proves",
                                         "received by", "complies", "guarantee" };

    (void)state;
    for (int language = 0; language < WORDS_LANGUAGE_COUNT; language++) {
        assert_true(words_use_language(words_language_code((enum words_language)language)));
        for (int key = 0; key < WORDS_COUNT; key++) {
            const struct text sentence = words_plain((enum words_key)key);
            assert_true(sentence.len > 0);
            for (size_t i = 0; i < sizeof never / sizeof *never; i++)
                if (memmem(sentence.at, sentence.len, never[i], strlen(never[i])))
                    fail_msg("\"%.*s\" says \"%s\"", (int)sentence.len, sentence.at, never[i]);
        }
    }
    assert_true(words_use_language(TEXT("en")));
}

/* Which arguments a sentence has, as bits; -1 when a hole is not well made. */
static int holes_of(struct text t)
{
    int holes = 0;

    for (size_t i = 0; i < t.len; i++) {
        if (t.at[i] == '}')
            return -1;
        if (t.at[i] != '{')
            continue;
        const char *close = memchr(t.at + i, '}', t.len - i);
        const size_t len = close ? (size_t)(close - t.at) - i - 1 : 0;
        if (len == 0 || t.at[i + 1] < '0' || t.at[i + 1] > '9')
            return -1;
        if (len > 1 && (t.at[i + 2] != '#' || !memchr(t.at + i, '|', len)))
            return -1;
        if (len == 1)
            holes |= 1 << (t.at[i + 1] - '0');
        i += len + 1;
    }
    return holes;
}

/* A translation that loses an argument would lose a number. */
static void every_language_has_the_same_holes(void **state)
{
    int holes[WORDS_COUNT];

    (void)state;
    for (int language = 0; language < WORDS_LANGUAGE_COUNT; language++) {
        assert_true(words_use_language(words_language_code((enum words_language)language)));
        for (int key = 0; key < WORDS_COUNT; key++) {
            const struct text sentence = words_plain((enum words_key)key);
            const int here = holes_of(sentence);
            if (language == 0)
                holes[key] = here;
            if (here < 0 || here != holes[key])
                fail_msg("\"%.*s\" has other holes", (int)sentence.len, sentence.at);
        }
    }
    assert_true(words_use_language(TEXT("en")));
    assert_int_equal(holes_of(TEXT("{0} of {1} {1#item|items}")), 3);
    assert_int_equal(holes_of(TEXT("{0")), -1);
    assert_int_equal(holes_of(TEXT("{0#one}")), -1);
}

static void another_language_is_asked_for(void **state)
{
    (void)state;
    assert_false(words_use_language(TEXT("xx")));
    assert_false(words_use_language(TEXT("")));
    assert_int_equal(words_language(), WORDS_ENGLISH);
    assert_true(words_use_language(TEXT("es")));
    assert_text_equal(words_language_code(words_language()), "es");
    assert_text_equal(words_plain(WORDS_HEAD_NEXT), "Qu\u00e9 hacer ahora");
    assert_text_equal(words_count(arena, 1234567), "1\u00a0234\u00a0567");
    assert_text_equal(words_bytes(arena, 1234567), "1,2 MB");
    assert_text_equal(words_percent(arena, 1, 1000), "menos del 1 %");
    assert_text_equal(country_name(TEXT("de")), "Alemania");
    assert_text_equal(WORDS_SAY(arena, TO_MORE, TEXT("1")), "1 destino m\u00e1s: v\u00e9ase la tabla.");
    assert_true(words_use_language(TEXT("en")));
}

/* What the case recorded in English is told in Spanish, with what stood in it. */
static void recorded_sentences_are_told(void **state)
{
    const struct claim_values values = {
        .label = TEXT("serial number of the aircraft"), .destination = TEXT("host.example"), .name =
            TEXT("CASE-7"), .form = TEXT("md5"),
        .from = TEXT("2026-10-01 08:00:00 UTC"), .to = TEXT("2026-10-01 08:01:00 UTC"), .count = 12, .of =
            48, .percent = 25, .metres = 1200,
        .searched = 10, .total = 20, .opaque = 10,
    };

    (void)state;
    assert_text_equal(told(arena, TEXT("1 item of 4 could not be read.")), "1 item of 4 could not be read.");
    assert_true(words_use_language(TEXT("es")));
    assert_text_equal(told(arena, TEXT("1 item of 4 could not be read.")), "No se pudo leer: 1 elemento de 4.");
    assert_text_equal(told(arena, TEXT("3 items of 4 could not be read.")), "No se pudo leer: 3 elementos de 4.");
    assert_text_equal(told(arena, TEXT("")), "");
    assert_text_equal(told(arena, TEXT("app in flight logs")), "aplicaci\u00f3n en los registros de vuelo");
    assert_text_equal(told(arena, TEXT("of could not be read.")), "of could not be read.");
    assert_text_equal(told(arena, TEXT("Nobody wrote this.")), "Nobody wrote this.");
    assert_false(text_known(told(arena, TEXT_UNKNOWN)));
    for (int claim = 0; claim < CLAIM_COUNT; claim++) {
        const struct text english = claim_sentence((enum claim)claim, &values, arena);
        const struct text spanish = told(arena, english);
        if (claim == CLAIM_NOT_FOUND)
            continue; /* no row has it: the summary says it itself */
        if (text_equal(english, spanish))
            fail_msg("\"%.*s\" has no Spanish", (int)english.len, english.at);
        if (memmem(english.at, english.len, "host.example", 12) && !memmem(spanish.at, spanish.len, "host.example", 12))
            fail_msg("\"%.*s\" lost its destination", (int)spanish.len, spanish.at);
    }
    assert_true(words_use_language(TEXT("en")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_units),
        cmocka_unit_test(durations_and_shares),
        cmocka_unit_test(sentences_take_arguments_as_they_are),
        cmocka_unit_test(countries_have_names),
        cmocka_unit_test(no_sentence_claims_too_much),
        cmocka_unit_test(every_language_has_the_same_holes),
        cmocka_unit_test(another_language_is_asked_for),
        cmocka_unit_test(recorded_sentences_are_told),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
