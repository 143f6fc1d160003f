#include "app/given.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/apk.h"
#include "evidence/format.h"

/* Packages of the corpus, made by make_corpus.py: what is in them stands there. */

static const struct fact_package *package_of(const struct package_result *x)
{
    return kept_facts_row(&x->facts, FACT_PACKAGE, 0);
}

static void reads_a_whole_package(void **state)
{
    const struct bytes whole = given("apk/whole-signed-v1-v2-v3.apk");
    struct component_table *table = given_table();
    struct package_result x;

    (void)state;
    assert_string_equal(format_identify(whole)->kind, "apk");
    package_result_init(&x, whole, table);
    assert_int_equal(x.status, PARSE_OK);
    assert_int_equal(x.reading.damage_count, 0);
    const struct fact_package *p = package_of(&x);
    assert_text_equal(p->kind, "apk");
    assert_text_equal(p->package, "org.example.app");
    assert_text_equal(p->version, "2.5"); /* through two references */
    assert_int_equal(p->version_code, 7);
    assert_int_equal(p->min_sdk, 21);
    assert_int_equal(p->target_sdk, 29);
    assert_int_equal(p->permissions.count, 3);
    assert_text_equal(p->permissions.items[0], "android.permission.INTERNET"); /* sorted */
    assert_int_equal(p->implied_permissions.count, 1);
    assert_text_equal(p->implied_permissions.items[0], "android.permission.READ_EXTERNAL_STORAGE");
    assert_text_equal(p->signature, "valid");
    assert_text_equal(p->readable, "full");
    assert_non_null(memmem(p->signers.at, p->signers.len, "\"schemes\":[\"v1\",\"v2\",\"v3\"]", 26));
    assert_non_null(memmem(p->signers.at, p->signers.len, "CN=leash test", 13));
    package_result_done(&x);
    component_table_free(table);
    exact_copy_free(whole);
}

static void names_kits_by_every_sign(void **state)
{
    const struct bytes whole = given("apk/whole-unsigned.apk");
    struct component_table *table = given_table();
    struct package_result x;

    (void)state;
    package_result_init(&x, whole, table);
    const struct fact_component *share = given_component(&x, "sdk", "ShareSDK"),
        *bugly = given_component(&x, "sdk", "Bugly"),
                                *umeng = given_component(&x, "sdk",
                                                         "Umeng"), *service = given_component(&x, "sdk",
                                                                                              "Example service");
    assert_non_null(share);
    assert_text_equal(share->state, "in_code");
    assert_text_equal(share->owner, "MobTech");
    assert_text_equal(share->country, "CN");
    assert_text_equal(share->package, "org.example.app");
    assert_text_equal(share->source, "made up (seen)");
    assert_text_equal(share->head.origin.steps.items[0],
                      "1 classes, first Lcn/sharesdk/framework/ShareSDK; in classes.dex");
    assert_text_equal(bugly->state, "in_code");
    assert_text_equal(umeng->state, "in_manifest");
    assert_text_equal(service->state, "host_only");
    assert_false(text_known(service->fcc_class)); /* a name alone is no component of that class */
    assert_text_equal(given_component(&x, "sdk", "Mapping")->state, "in_code"); /* by what a library exports */
    assert_null(given_component(&x, "packer", "Hider"));
    const struct fact_component *library = given_component(&x, "library", "libBugly.so");
    assert_text_equal(library->owner, "Tencent");
    assert_text_equal(given_component(&x, "library", "OpenSSL")->version, "1.0.2k");
    assert_text_equal(given_component(&x, "host", "api.example.net")->owner, "Example");
    assert_text_equal(given_component(&x, "host", "plain.example.net")->head.origin.steps.items[1],
                      "an unencrypted address names it");
    assert_null(given_component(&x, "host", "schemas.android.com"));
    assert_text_equal(given_component(&x, "key", "UMENG_APPKEY 01234...")->state, "in_manifest");
    assert_text_equal(given_component(&x, "permission", "android.permission.READ_PHONE_STATE")->purpose,
                      "identifier: phone state, and identifiers on older platforms");
    package_result_done(&x);
    component_table_free(table);
    exact_copy_free(whole);
}

static void tells_what_code_is_able_to_do(void **state)
{
    const struct bytes whole = given("apk/whole-unsigned.apk");
    struct package_result x;

    (void)state;
    package_result_init(&x, whole, NULL);
    const struct fact_component *c = given_component(&x, "module", "android.telephony.TelephonyManager.getDeviceId");
    assert_non_null(c);
    assert_text_equal(c->purpose, "device_identifiers: IMEI or MEID of the phone");
    assert_text_equal(c->head.origin.steps.items[0],
                      "present in code: 1 calls, first in Lorg/example/Caller;->call1 in classes.dex");
    assert_text_equal(given_setting(&x, "dynamic_code"), "dalvik.system.DexClassLoader.<init>");
    assert_text_equal(given_setting(&x, "device_identifiers"), "android.telephony.TelephonyManager.getDeviceId"); /* not that of another class */
    assert_false(text_known(given_setting(&x, "location")));
    assert_false(text_known(given_setting(&x, "installer")));
    package_result_done(&x);
    exact_copy_free(whole);
}

static void tells_how_it_is_set_up(void **state)
{
    static const char *const expected[][2] = {
        { "debuggable", "yes" }, { "allow_backup", "no" }, { "network_security_config", "yes" }, { "cleartext_traffic", "yes" },
        { "user_certificates", "yes" }, { "certificate_pins", "0" }, { "exported_activity", "org.example.app.Main" },
        { "exported_receiver", "org.example.app.Boot" }, { "code_files", "1" },
    };
    const struct bytes whole = given("apk/whole-unsigned.apk");
    struct package_result x;

    (void)state;
    package_result_init(&x, whole, NULL);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_text_equal(given_setting(&x, expected[i][0]), expected[i][1]);
    assert_false(text_known(given_setting(&x, "exported_provider")));
    assert_false(text_known(given_setting(&x, "exported_service")));
    assert_false(text_known(given_setting(&x, "packer")));
    package_result_done(&x);
    exact_copy_free(whole);
}

static void tells_tricks(void **state)
{
    static const struct { const char *file, *trick; int damages; } cases[] = {
        { "signed-v2.apk", NULL, 0 },
        { "comment-with-another-end.apk", NULL, 0 },
        { "duplicate-entry.apk", "duplicate_entry", 1 },
        { "manifest-twice.apk", "duplicate_entry", 1 },
        { "encrypted-flag-on-plain-data.apk", "encrypted_flag", 1 },
        { "unknown-method.apk", "unknown_method", 1 },
        { "unknown-method-stored.apk", "unknown_method", 1 },
        { "bytes-behind-its-end.apk", "bytes_behind_end", 1 },
        { "file-and-folder.apk", "file_and_folder", 1 },
        { "manifest-with-another-mark.apk", "odd_manifest", 1 },
        { "other-name-in-own-header.apk", "header_mismatch", 1 },
        { "false-size.apk", "false_size", 1 },
        { "name-with-nul.apk", "unusable_name", 1 },
        { "entry-that-the-directory-hides.apk", "hidden_entry", 1 },
        { "code-before-the-zip.apk", "bytes_before_entries", 1 },
        { "entries-over-each-other.apk", "overlapping_entries", 5 },
        { "wrong-check-value.apk", NULL, 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[256];
        struct package_result x;
        snprintf(path, sizeof path, "apk/%s", cases[i].file);
        const struct bytes whole = given(path);
        package_result_init(&x, whole, NULL);
        const struct text trick = given_setting(&x, "structure_trick");
        if (x.status != PARSE_OK || (cases[i].trick != NULL) != text_known(trick) ||
            x.reading.damage_count != cases[i].damages ||
            (cases[i].trick && !text_equal(trick, text_of(cases[i].trick))))
            fail_msg("%s: %.*s, %d damages", cases[i].file, (int)trick.len, trick.at ? trick.at : "",
                     (int)x.reading.damage_count);
        assert_text_equal(package_of(&x)->package, "org.example.app");
        const struct fact_damage *damage = kept_facts_row(&x.facts, FACT_DAMAGE, 0);
        if (damage)
            assert_true(damage->head.origin.offset >= 0 && damage->head.origin.offset < (int64_t)whole.len);
        package_result_done(&x);
        exact_copy_free(whole);
    }
}

static void code_by_a_trick_is_read_all_the_same(void **state)
{
    static const char *const files[] = { "apk/encrypted-flag-on-plain-data.apk", "apk/unknown-method.apk", "apk/unknown-method-stored.apk", "apk/other-name-in-own-header.apk", "apk/false-size.apk" };

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const struct bytes whole = given(files[i]);
        struct package_result x;
        package_result_init(&x, whole, NULL);
        assert_text_equal(given_setting(&x, "code_classes"), "1");
        package_result_done(&x);
        exact_copy_free(whole);
    }
}

static void a_bundle_without_a_manifest_is_read_in_part(void **state)
{
    const struct bytes whole = given("apk/bundle.aab");
    struct component_table *table = given_table();
    struct kept_facts facts;

    (void)state;
    assert_false(apk_recognise(whole));
    assert_string_equal(format_identify(whole)->kind, "aab");
    kept_facts_init(&facts);
    struct reading r = reading_for_test(&facts);
    const struct reading_options options = { .components = table };
    r.options = &options;
    assert_int_equal(aab_read(&r, whole), PARSE_OK);
    const struct fact_package *p = kept_facts_row(&facts, FACT_PACKAGE, 0);
    assert_text_equal(p->readable, "partial");
    assert_int_equal(r.damage_count, 1);
    const struct fact_component *c = kept_facts_row(&facts, FACT_COMPONENT, 0);
    assert_text_equal(c->name, "ShareSDK");
    reading_for_test_done(&r);
    kept_facts_done(&facts);
    component_table_free(table);
    exact_copy_free(whole);
}

/* No cut may give a component that the whole does not give; a signature is never right. */
static void every_length_of_a_package(void **state)
{
    const struct bytes whole = given("apk/whole-unsigned.apk");
    struct component_table *table = given_table();
    struct package_result all, x;

    (void)state;
    package_result_init(&all, whole, table);
    for (size_t n = 0; n < whole.len; n++) {
        const struct bytes cut = exact_copy(whole.at, n);
        (void)apk_recognise(cut);
        package_result_init(&x, cut, table);
        const struct fact_component *c;
        for (size_t i = 0; (c = kept_facts_row(&x.facts, FACT_COMPONENT, i)); i++)
            if (text_equal(c->kind, TEXT("sdk")) && !given_component(&all, "sdk", "ShareSDK"))
                fail_msg("cut at %zu names a kit", n);
        assert_true(x.status != PARSE_OK);
        package_result_done(&x);
        exact_copy_free(cut);
    }
    package_result_done(&all);
    component_table_free(table);
    exact_copy_free(whole);
}

static void flipped_bits_of_a_package(void **state)
{
    const struct bytes whole = given("apk/signed-v2.apk");
    struct component_table *table = given_table();

    (void)state;
    for (size_t at = 0; at < whole.len; at += 3) {
        const struct bytes copy = exact_copy(whole.at, whole.len);
        struct package_result x;
        ((uint8_t *)(uintptr_t)copy.at)[at] ^= (uint8_t)(1u << (at % 8));
        package_result_init(&x, copy, table);
        const struct fact_package *p = kept_facts_row(&x.facts, FACT_PACKAGE, 0);
        if (p && text_equal(p->signature, TEXT("valid")))
            fail_msg("bit %zu of byte %zu does not break the signature", at % 8, at);
        package_result_done(&x);
        exact_copy_free(copy);
    }
    component_table_free(table);
    exact_copy_free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_whole_package), cmocka_unit_test(names_kits_by_every_sign),
        cmocka_unit_test(tells_what_code_is_able_to_do), cmocka_unit_test(tells_how_it_is_set_up),
        cmocka_unit_test(tells_tricks), cmocka_unit_test(code_by_a_trick_is_read_all_the_same),
        cmocka_unit_test(a_bundle_without_a_manifest_is_read_in_part), cmocka_unit_test(every_length_of_a_package),
        cmocka_unit_test(flipped_bits_of_a_package),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
