#include "support/support.h"

#include <string.h>

#include "broadcast/details.h"

static struct details d;

static void values(void **state)
{
    details_init(&d);
    details_int(&d, "zero", 0);
    details_int(&d, "least", INT64_MIN);
    details_fixed(&d, "small", -1, 7);
    details_fixed(&d, "large", 1234567890, 7);
    details_fixed(&d, "whole", 100, 1);
    details_open(&d, "list", '[');
    details_int(&d, NULL, 1);
    details_null(&d, NULL);
    details_close(&d, ']');
    details_open(&d, "empty", '{');
    details_close(&d, '}');
    details_word(&d, "word", "ours");
    details_word(&d, "none", NULL);
    details_hex(&d, "hex", (struct bytes){ .at = (const uint8_t *)"\x00\xff", .len = 2 });
    assert_text_equal(details_text(&d),
        "{\"zero\":0,\"least\":-9223372036854775808,\"small\":-0.0000001,\"large\":123.4567890,\"whole\":10.0,\"list\":[1,null],"
        "\"empty\":{},\"word\":\"ours\",\"none\":null,\"hex\":\"00ff\"}");
}

static void texts_of_the_evidence(void **state)
{
    details_init(&d);
    details_evidence(&d, "t", TEXT("a\"b\\c\n\x7f\x00\xc3\xa4"));
    details_evidence(&d, "no_utf8", TEXT("\xc3\xa4\xff z\xe2\x82"));
    details_evidence(&d, "u", TEXT_UNKNOWN);
    details_evidence(&d, "e", TEXT(""));
    assert_text_equal(details_text(&d),
        "{\"t\":\"a\\u0022b\\u005cc\\u000a\\u007f\\u0000\xc3\xa4\","
        "\"no_utf8\":\"\\u00c3\\u00a4\\u00ff z\\u00e2\\u0082\",\"u\":null,\"e\":\"\"}");
}

/* Whatever is put last: either all of it is there, or the whole is unknown. */
static void never_half_an_object(void **state)
{
    static const char filling[DETAILS_BYTES_MAX];

    for (size_t filled = DETAILS_BYTES_MAX - 80; filled < DETAILS_BYTES_MAX; filled++)
        for (int what = 0; what < 6; what++) {
            details_init(&d);
            details_hex(&d, "f", (struct bytes){ .at = (const uint8_t *)filling, .len = filled / 2 });
            switch (what) {
            case 0: details_int(&d, "name", INT64_MAX); break;
            case 1: details_fixed(&d, "name", INT64_MAX, 7); break;
            case 2: details_word(&d, "name", "word"); break;
            case 3: details_evidence(&d, "name", TEXT("\1\2")); break;
            case 4: details_open(&d, "name", '{'), details_close(&d, '}'); break;
            default: details_null(&d, "name"); break;
            }
            const struct text t = details_text(&d);
            assert_true(!text_known(t) || (t.len <= DETAILS_BYTES_MAX && t.at[t.len - 1] == '}' &&
                                           memmem(t.at, t.len, "\"name\":", 7)));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),
        cmocka_unit_test(texts_of_the_evidence),
        cmocka_unit_test(never_half_an_object),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
