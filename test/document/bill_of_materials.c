#include "host/outcome.h"

#include <string.h>

#include "document/bill_of_materials.h"
#include "evidence/format.h"

static const char cyclonedx[] =
    "\xef\xbb\xbf{\n \"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.5\", \"version\": 1,\n"
    " \"components\": [\n"
    "  {\"type\": \"library\", \"name\": \"okhttp\", \"group\": \"com.squareup\", \"version\": \"4.9.0\","
    "   \"licenses\": [{\"license\": {\"id\": \"MIT\"}}, {\"license\": {\"id\": \"Zlib\"}}],"
    "   \"supplier\": {\"name\": \"Example Corp\", \"address\": {\"country\": \"US\"}}, \"publisher\": \"somebody\","
    "   \"purl\": \"pkg:maven/com.squareup/okhttp@4.9.0\","
    "   \"components\": [{\"type\": \"framework\", \"name\": \"inner\", \"licenses\": [{\"license\": {\"id\": \"MIT\"}}]}]},\n"
    "  {\"type\": \"firmware\", \"name\": \"radio \\u00e9\\\"\", \"manufacturer\": {\"name\": \"Radio Ltd\"},"
    "   \"supplier\": {\"address\": {\"country\": \"Germany\"}}},\n"
    "  {\"type\": \"file\", \"version\": \"1\"}\n"
    " ],\n"
    " \"dependencies\": [{\"ref\": \"x\", \"name\": \"not a component\"}],\n"
    " \"metadata\": {\"supplier\": {\"name\": \"Maker\"}, \"component\": {\"type\": \"device\", \"name\": \"Drone 1\","
    "   \"components\": [{\"type\": \"device\", \"name\": \"camera\"}]}}\n"
    "}\n";

static void reads_cyclonedx(void **state)
{
    (void)state;
    expect_rows_of(cyclonedx_read, cyclonedx,
        "setting system bill_of_materials=cyclonedx [Drone 1]\n"
        "component Drone 1: inner ? library ? ? in_manifest\n"
        "component Drone 1: okhttp 4.9.0 library Example Corp US in_manifest\n"
        "component Drone 1: radio \xc3\xa9\" ? module Radio Ltd ? in_manifest\n"
        "damage: an entry without a name that could be kept\n"
        "component Drone 1: camera ? module ? ? in_manifest\n");
    assert_string_equal(
        format_identify((struct bytes){ .at = (const uint8_t *)cyclonedx, .len = sizeof cyclonedx - 1 })->kind,
        "cyclonedx");
}

static void names_the_document_and_the_package_url(void **state)
{
    struct kept_facts facts;

    (void)state;
    kept_facts_init(&facts);
    struct reading r = reading_for_test(&facts);
    assert_int_equal(
        cyclonedx_read(&r, (struct bytes){ .at = (const uint8_t *)cyclonedx, .len = sizeof cyclonedx - 1 }), PARSE_OK);
    const struct fact_component *inner = kept_facts_row(&facts, FACT_COMPONENT, 0),
                                *outer = kept_facts_row(&facts, FACT_COMPONENT, 1);
    assert_text_equal(inner->source, "CycloneDX 1.5");
    assert_text_equal(inner->licence, "MIT");
    assert_false(text_known(outer->licence)); /* "and" or "or" is not said */
    assert_text_equal(outer->source, "CycloneDX 1.5, pkg:maven/com.squareup/okhttp@4.9.0");
    assert_int_equal(cyclonedx[outer->head.origin.offset], '{');
    assert_int_equal(outer->head.origin.offset, strstr(cyclonedx, "{\"type\": \"library\"") - cyclonedx);
    reading_for_test_done(&r);
    kept_facts_done(&facts);
}

/* The subject stands last, so a cut document does not name it; all entries ahead are kept. */
static void a_cut_document_keeps_what_it_has(void **state)
{
    const size_t len = strlen(cyclonedx);
    struct outcome o;

    (void)state;
    for (size_t n = 0; n < len - 1; n++) {
        outcome_init(&o, cyclonedx_read, cyclonedx, n);
        if (o.status == PARSE_OK && n + 2 < len)
            assert_true(o.damages > 0);
        outcome_done(&o);
    }
    outcome_init(&o, cyclonedx_read, cyclonedx, (size_t)(strstr(cyclonedx, "\"Radio Ltd\"") - cyclonedx));
    assert_true(outcome_has(&o, "component ?: okhttp 4.9.0 library Example Corp US in_manifest"));
    assert_true(outcome_has(&o, "damage: the document ends too early: entries behind this are not known"));
    assert_null(strstr((const char *)o.text.at, "radio"));
    outcome_done(&o);
}

static void deep_nesting_is_said(void **state)
{
    struct buffer b;
    struct outcome o;

    (void)state;
    buffer_init(&b, 1 << 20);
    buffer_printf(&b, "{\"bomFormat\":\"CycloneDX\",\"components\":[");
    for (int i = 0; i < 12; i++)
        buffer_printf(&b, "{\"name\":\"c%d\",\"components\":[", i);
    for (int i = 0; i < 12; i++)
        buffer_printf(&b, "]}");
    buffer_printf(&b, "]}");
    outcome_init(&o, cyclonedx_read, b.at, b.len);
    assert_true(outcome_has(&o, "component ?: c0 ? module ? ? in_manifest"));
    assert_true(outcome_has(&o, "component ?: c7 ? module ? ? in_manifest"));
    assert_true(outcome_has(&o, "damage: components inside of components deeper than 8"));
    outcome_done(&o);
    buffer_clear(&b);
    buffer_printf(&b, "{\"bomFormat\":\"CycloneDX\",\"x\":");
    for (int i = 0; i < 100000; i++)
        buffer_printf(&b, "[");
    outcome_init(&o, cyclonedx_read, b.at, b.len);
    assert_true(outcome_has(&o, "damage: the document is nested too deeply: entries behind this are not known"));
    outcome_done(&o);
    buffer_done(&b);
}

static const char spdx[] =
    "{ \"spdxVersion\": \"SPDX-2.3\", \"SPDXID\": \"SPDXRef-DOCUMENT\", \"name\": \"the document\",\n"
    " \"packages\": [\n"
    "  {\"SPDXID\": \"SPDXRef-a\", \"name\": \"zlib\", \"versionInfo\": \"1.3\", \"supplier\": \"Organization: Example Corp (info@example.org)\","
    "   \"originator\": \"Person: Some One\", \"primaryPackagePurpose\": \"LIBRARY\","
    "   \"externalRefs\": [{\"referenceCategory\": \"SECURITY\", \"referenceType\": \"cpe23Type\", \"referenceLocator\": \"cpe:x\"},"
    "    {\"referenceType\": \"purl\", \"referenceLocator\": \"pkg:generic/zlib@1.3\"}]},\n"
    "  {\"SPDXID\": \"SPDXRef-b\", \"name\": \"Fly App\", \"versionInfo\": \"2\"},\n"
    "  {\"SPDXID\": \"SPDXRef-c\", \"name\": \"thing\", \"versionInfo\": \"NOASSERTION\", \"supplier\": \"NOASSERTION\","
    "   \"originator\": \"Person: Some One\"}\n"
    " ],\n"
    " \"relationships\": [{\"spdxElementId\": \"SPDXRef-b\", \"relationshipType\": \"CONTAINS\", \"relatedSpdxElement\": \"SPDXRef-a\"},\n"
    "  {\"spdxElementId\": \"SPDXRef-DOCUMENT\", \"relationshipType\": \"DESCRIBES\", \"relatedSpdxElement\": \"SPDXRef-b\"}]}\n";

static void reads_spdx(void **state)
{
    (void)state;
    expect_rows_of(spdx_read, spdx,
        "setting system bill_of_materials=spdx [Fly App]\n"
        "component Fly App: zlib 1.3 library Example Corp ? in_manifest\n"
        "component Fly App: thing ? module Some One ? in_manifest\n");
    expect_rows_of(
        spdx_read,
        "{\"spdxVersion\":\"SPDX-2.2\",\"name\":\"d\",\"documentDescribes\":[\"p\"],\"packages\":[{\"SPDXID\":\"p\",\"name\":\"P\"},"
        "{\"SPDXID\":\"q\",\"name\":\"Q\"}]}",
        "setting system bill_of_materials=spdx [P]\ncomponent P: Q ? module ? ? in_manifest\n");
    expect_rows_of(spdx_read, "{\"spdxVersion\":\"SPDX-2.2\",\"name\":\"d\",\"packages\":[{\"name\":\"Q\"}], nonsense}",
        "setting system bill_of_materials=spdx [d]\ncomponent d: Q ? module ? ? in_manifest\n"
        "damage: the document is malformed: entries behind this are not known\n");
    assert_string_equal(format_identify((struct bytes){ .at = (const uint8_t *)spdx, .len = sizeof spdx - 1 })->kind,
                        "spdx");
}

static void bits_may_flip(void **state)
{
    static const struct {
        const char *input;
        read_function *read;
    } inputs[] = { { cyclonedx, cyclonedx_read }, { spdx, spdx_read } };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const size_t len = strlen(inputs[i].input);
        char copy[sizeof cyclonedx + sizeof spdx];
        for (size_t n = 0; n < 8 * len; n += 3) {
            struct outcome o;
            memcpy(copy, inputs[i].input, len);
            copy[n / 8] = (char)(copy[n / 8] ^ 1 << n % 8);
            outcome_init(&o, inputs[i].read, copy, len);
            outcome_done(&o);
        }
    }
}

static void other_json_is_left_alone(void **state)
{
    static const char *const others[] = { "{}", "[{\"bomFormat\":\"CycloneDX\"}]", "{\"bomFormat\":\"Other\"}",
                                          "{\"spdxVersion\":\"SPDX-3.0\"}", "bomFormat CycloneDX" };

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const struct bytes whole = { .at = (const uint8_t *)others[i], .len = strlen(others[i]) };
        assert_false(cyclonedx_recognise(whole) || spdx_recognise(whole));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_cyclonedx),
        cmocka_unit_test(names_the_document_and_the_package_url),
        cmocka_unit_test(a_cut_document_keeps_what_it_has),
        cmocka_unit_test(deep_nesting_is_said),
        cmocka_unit_test(reads_spdx),
        cmocka_unit_test(bits_may_flip),
        cmocka_unit_test(other_json_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
