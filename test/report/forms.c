/* The page and the one-screen summary, from the fixture cases. */
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/fixture.h"
#include "report/html.h"
#include "report/html_text.h"
#include "report/text.h"

enum { FIXTURES_SMALL = FIXTURE_LARGE };

static struct fact_case *cases[FIXTURES_SMALL];
static char folder[] = "/tmp/leash-forms-XXXXXX";

static void path_of(int which, char path[128])
{
    snprintf(path, 128, "%s/%s.gpkg", folder, fixture_names[which]);
}

static int begin(void **state)
{
    char path[128];

    (void)state;
    if (!mkdtemp(folder))
        return 1;
    for (int i = 0; i < FIXTURES_SMALL; i++) {
        path_of(i, path);
        cases[i] = fixture_case(path, (enum fixture)i);
    }
    return 0;
}

static int end(void **state)
{
    char path[128];

    (void)state;
    for (int i = 0; i < FIXTURES_SMALL; i++) {
        case_free(cases[i]);
        path_of(i, path);
        unlink(path);
    }
    return rmdir(folder);
}

struct written {
    char *at;
    size_t len;
};

static struct written html_of(int which)
{
    struct written w;
    FILE *out = open_memstream(&w.at, &w.len);

    assert_int_equal(report_html_write(cases[which], out), 0);
    fclose(out);
    return w;
}

static struct written text_of_case(int which, const struct text_style *style)
{
    struct written w;
    FILE *out = open_memstream(&w.at, &w.len);

    assert_int_equal(report_text_write(cases[which], out, style), 0);
    fclose(out);
    return w;
}

static bool holds(struct written w, const char *part)
{
    return memmem(w.at, w.len, part, strlen(part)) != NULL;
}

static size_t count_of(struct written w, const char *part)
{
    size_t count = 0;

    for (const char *at = w.at; (at = strstr(at, part)); at++)
        count++;
    return count;
}

static void fits_one_screen(void **state)
{
    static const int sizes[][2] = { { 80, 24 }, { 0, 0 }, { 60, 30 }, { 132, 50 }, { 50, 20 } };

    (void)state;
    for (int which = 0; which < FIXTURES_SMALL; which++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            const struct text_style style = { .width = sizes[s][0], .height = sizes[s][1],
                                              .report_path = TEXT("leash-report.html"), .case_path =
                                                  TEXT("leash-case.gpkg") };
            const size_t width = sizes[s][0] ? (size_t)sizes[s][0] : 80,
                height = sizes[s][1] ? (size_t)sizes[s][1] : 24;
            struct written w = text_of_case(which, &style);
            size_t lines = 0;
            for (char *line = w.at, *end_of; (end_of = strchr(line, '\n')); line = end_of + 1, lines++)
                if ((size_t)(end_of - line) > width) /* all ASCII: a byte is a column */
                    fail_msg("%s at %zux%zu is too wide: %.*s", fixture_names[which], width, height,
                             (int)(end_of - line), line);
            if (lines >= height)
                fail_msg("%s at %zux%zu has %zu lines:\n%s", fixture_names[which], width, height, lines, w.at);
            assert_true(holds(w, "What left") && holds(w, "Addressed to") && holds(w, "Not seen") &&
                        holds(w, "What to do next") && holds(w, "leash-report.html") && holds(w, "leash-case.gpkg"));
            free(w.at);
        }
}

static void no_colour_unless_asked_and_nothing_steers(void **state)
{
    struct text_style style = { .width = 80, .height = 24 };

    (void)state;
    for (int which = 0; which < FIXTURES_SMALL; which++) {
        style.colour = false;
        struct written plain = text_of_case(which, &style);
        for (size_t i = 0; i < plain.len; i++)
            assert_true(plain.at[i] == '\n' || (unsigned char)plain.at[i] >= 0x20);
        assert_false(holds(plain, "\xe2\x80\xae"));
        style.colour = true;
        struct written coloured = text_of_case(which, &style);
        /* Every escape is one of ours. */
        assert_int_equal(count_of(coloured, "\033"),
                         count_of(coloured, "\033[0m") + count_of(coloured, "\033[1m") +
                             count_of(coloured, "\033[1;31m") +
                         count_of(coloured, "\033[1;33m") + count_of(coloured, "\033[2m"));
        free(plain.at);
        free(coloured.at);
    }
}

static void says_what_the_case_holds(void **state)
{
    const struct text_style style = { .width = 80, .height = 60 };
    struct written leaking = text_of_case(FIXTURE_LEAKING, &style), encrypted = text_of_case(FIXTURE_ENCRYPTED, &style);
    struct written stored = text_of_case(FIXTURE_STORED, &style);

    (void)state;
    assert_true(holds(leaking, "The operator's data was sent, and 4 precautions are not met."));
    assert_true(holds(leaking, "upload.vendor.example (Example Drones; China): 486 kB."));
    assert_true(holds(encrypted, "No violation was found in what could be read."));
    assert_true(holds(encrypted, "None of the known values"));
    assert_true(holds(encrypted, "(over 99 %)"));
    assert_true(holds(stored, "This evidence holds no network traffic"));
    assert_false(holds(stored, "None of the known values"));
    free(leaking.at);
    free(encrypted.at);
    free(stored.at);
}

static void what_decides_nothing_does_not_look_like_a_clean_bill(void **state)
{
    const struct text_style style = { .width = 400, .height = 60 };
    struct written w = text_of_case(FIXTURE_UNDECIDED, &style), page = html_of(FIXTURE_UNDECIDED);

    (void)state;
    assert_true(holds(w, "This evidence decides nothing: not one precaution could be checked with it."));
    assert_false(holds(w, "in what could be read."));
    assert_true(holds(page, "where the person flying the aircraft EXAMPLE0SERIAL1 was, 43 times within 8 s (Wi-Fi beacon, Bluetooth 4)."));
    assert_true(holds(page, "where the person flying an aircraft took off, 2 times within 8 s (Wi-Fi NAN)."));
    assert_true(holds(page, "What was told by radio: everybody within range."));
    assert_true(holds(page, "The app org.example.pilot contains 4 kits, ready-made parts by others: Example Push (China), Example Maps, "
                            "Example Crash Reports (United States) and 1 more. Whether they sent anything is not known without a capture."));
    assert_true(holds(page, "The app org.example.gallery contains 1 kit, a ready-made part by others: Example Adverts (United States). "
                            "Whether it sent anything is not known without a capture."));
    /* the first screen tells of both */
    assert_true(holds(page, "(Wi-Fi beacon, Bluetooth 4). The app org.example.pilot contains 4"));
    free(w.at);
    free(page.at);
}

static void page_is_inert(void **state)
{
    (void)state;
    for (int which = 0; which < FIXTURES_SMALL; which++) {
        struct written w = html_of(which);
        /* Ours: six data blocks and one script; <noscript> holds no "<script". */
        assert_int_equal(count_of(w, "<script"), 7);
        assert_int_equal(count_of(w, "</script"), 7);
        assert_false(holds(w, "<img"));
        assert_false(holds(w, "unsafe-inline"));
        assert_true(holds(w, "default-src 'none'; script-src 'sha256-"));
        for (size_t i = 0; i < w.len; i++)
            assert_true(w.at[i] == '\n' || (unsigned char)w.at[i] >= 0x20);
        assert_false(holds(w, "http://") && !holds(w, "http://www.w3.org/2000/svg"));
        free(w.at);
    }
}

static void escapes_html(void **state)
{
    struct written w;
    FILE *out = open_memstream(&w.at, &w.len);

    (void)state;
    html_text(out, TEXT("<a href=\"x\" title='y'>&`\x1b\xff\xe2\x80\xae"));
    html_text(out, TEXT_UNKNOWN);
    fclose(out);
    assert_string_equal(w.at, "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;&#96;\\x1b\\xff\\u{202e}");
    free(w.at);
}

static void a_full_disk_is_an_error(void **state)
{
    const struct text_style style = { .width = 80, .height = 24 };

    (void)state;
    FILE *full = fopen("/dev/full", "wb");
    assert_non_null(full);
    assert_true(report_html_write(cases[FIXTURE_EMPTY], full) < 0);
    fclose(full);
    full = fopen("/dev/full", "wb");
    assert_non_null(full);
    assert_true(report_text_write(cases[FIXTURE_EMPTY], full, &style) < 0);
    fclose(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fits_one_screen),
        cmocka_unit_test(no_colour_unless_asked_and_nothing_steers),
        cmocka_unit_test(says_what_the_case_holds),
        cmocka_unit_test(what_decides_nothing_does_not_look_like_a_clean_bill),
        cmocka_unit_test(page_is_inert),
        cmocka_unit_test(escapes_html),
        cmocka_unit_test(a_full_disk_is_an_error),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
