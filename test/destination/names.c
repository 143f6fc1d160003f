#include "support/support.h"

#include <stdio.h>
#include <string.h>

#include "destination/names.h"

static const char owners[] =
    "owner,group,country,kind,aliases\n"
    "Maker Ltd,Maker,CN,drone maker,Mk Drones;MKR\n"
    "Lens (Maker-owned),Maker,SE,drone maker,\n"
    "Other Drones,Other,FR,drone maker,\n"
    "Big Cloud,Big,US,platform,\n"
    "Big Maps,Big,US,app service,\n"
    "Two Seats,Two,CN/US,app service,\n";
static const char destinations[] =
    "suffix,owner,purpose,hq_country,source,confidence\n"
    "dji.com,Maker Ltd,vendor: all,CN,list,seen\n"
    "flight.dji.com,Maker Ltd,flightlog: upload,CN,list,seen\n"
    "cloud.example,Big Cloud,cloud,US,list,partial\n"
    "bucket.cloud.example,Maker Ltd,media,CN,list,partial\n"
    "maps.bucket.cloud.example,Maker Ltd,map,CN,list,partial\n"
    "TLDOWNED,Big Maps,corp,US,list,from memory\n"
    "xn--9krt00a,Big Maps,corp,,list,from memory\n"
    "nobody.example,Not In Owners,,,list,partial\n"
    "bad..example,X,x,CN,list,seen\n"
    "1.2.3.4,X,x,CN,list,seen\n"
    "lower.example,X,x,cn,list,seen\n"
    "sure.example,X,x,CN,list,certain\n"
    "dji.com,X,x,CN,list,seen\n";
static const char networks[] = "asn,owner\n64500,Big Cloud\n64496,Maker Ltd\nAS1,X\n0,X\n4294967296,X\n";

static char noted[8192];

static void keep_note(void *user, struct text text)
{
    const size_t len = strlen(noted);

    snprintf(noted + len, sizeof noted - len, "%.*s\n", (int)text.len, text.at);
}

static struct host_names *loaded(void)
{
    static const struct note_taker keeper = { .note = keep_note };
    const struct bytes contents[NAMES_TABLE_COUNT] = {
        { .at = (const uint8_t *)owners, .len = sizeof owners - 1 },
        { .at = (const uint8_t *)destinations, .len = sizeof destinations - 1 },
        { .at = (const uint8_t *)networks, .len = sizeof networks - 1 },
    };
    struct host_names *n = host_names_new();

    noted[0] = '\0';
    for (enum host_names_table which = NAMES_OWNERS; which < NAMES_TABLE_COUNT; which++) {
        struct table_result result;
        assert_int_equal(host_names_load(n, which, contents[which], &keeper, &result), PARSE_OK);
    }
    return n;
}

static void finds_the_longest_suffix(void **state)
{
    static const struct { const char *host, *suffix, *platform; } cases[] = {
        { "dji.com", "dji.com", NULL },
        { "www.dji.com", "dji.com", NULL },
        { "WWW.Dji.CoM.", "dji.com", NULL },
        { "xdji.com", NULL, NULL },                     /* no label boundary */
        { "dji.com.evil.example", NULL, NULL },
        { "dji.com.cloud.example", "cloud.example", NULL },
        { "com", NULL, NULL },
        { "eu.flight.dji.com", "flight.dji.com", NULL }, /* the shorter row has the same owner */
        { "a.bucket.cloud.example", "bucket.cloud.example", "Big Cloud" },
        { "a.maps.bucket.cloud.example", "maps.bucket.cloud.example", "Big Cloud" }, /* two rows up */
        { "xbucket.cloud.example", "cloud.example", NULL },
        { "tldowned", "tldowned", NULL },
        { "shop.tldowned", "tldowned", NULL },
        { "a.xn--9krt00a", "xn--9krt00a", NULL },
        { "nobody.example", "nobody.example", NULL },
        { "bad..example", NULL, NULL },
        { ".dji.com", NULL, NULL },
        { "dji.com..", NULL, NULL },
        { "", NULL, NULL },
        { ".", NULL, NULL },
        { "1.2.3.4", NULL, NULL },
        { "2001:db8::1", NULL, NULL },
        { "dji.com\n", NULL, NULL },
        { "d\xc5\xbei.dji.com", NULL, NULL },            /* not an A-label */
    };
    struct host_names *n = loaded();

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bytes host = exact_copy(cases[i].host, strlen(cases[i].host));
        char normal[HOST_NAME_MAX_BYTES];
        const struct name_row *platform = NULL;
        const struct text name = host_names_normal(text_of_bytes(host), normal);
        const struct name_row *row = text_known(name) ? host_names_find(n, name, &platform) : NULL;

        print_message("# %s\n", cases[i].host);
        assert_int_equal(row != NULL, cases[i].suffix != NULL);
        if (row)
            assert_text_equal(row->suffix, cases[i].suffix);
        assert_int_equal(platform != NULL, cases[i].platform != NULL);
        if (platform)
            assert_text_equal(platform->owner->name, cases[i].platform);
        exact_copy_free(host);
    }
    host_names_free(n);
}

static void notes_each_bad_row(void **state)
{
    struct host_names *n = loaded();

    assert_string_equal(noted,
        "destinations.csv line 10 is left out: the suffix is not a host name\n"
        "destinations.csv line 11 is left out: the suffix is not a host name\n"
        "destinations.csv line 12 is left out: the country is not two capital letters\n"
        "destinations.csv line 13 is left out: the confidence is none of: seen, partial, from memory\n"
        "destinations.csv line 14 is left out: the suffix is there already\n"
        "networks.csv line 4 is left out: the AS number is not one\n"
        "networks.csv line 5 is left out: the AS number is not one\n"
        "networks.csv line 6 is left out: the AS number is not one\n");
    host_names_free(n);
}

static void knows_owners(void **state)
{
    struct host_names *n = loaded();
    static const struct { const char *vendor, *group; } makers[] = {
        { "MAKER", "Maker" }, { "SZ MAKER CO.,LTD", "Maker" }, { "lens (maker-owned)", "Maker" },
        { "mkr-txt", "Maker" },
        { "Mk Drones", "Maker" }, { "Shoemaker", NULL }, { "mkrs", NULL }, { "Other Drones", "Other" },
        { "other", "Other" },
        { "Big Cloud", NULL }, { "", NULL },
    };

    for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++) {
        const struct owner *maker = host_names_maker(n, text_of(makers[i].vendor));
        print_message("# %s\n", makers[i].vendor);
        assert_int_equal(maker != NULL, makers[i].group != NULL);
        if (maker)
            assert_text_equal(maker->group, makers[i].group);
    }
    assert_null(host_names_maker(n, TEXT_UNKNOWN));
    assert_text_equal(host_names_owner(n, TEXT("Big Maps"))->group, "Big");
    assert_text_equal(host_names_owner(n, TEXT("Not In Owners"))->group, "Not In Owners");
    assert_null(host_names_owner(n, TEXT("big maps")));
    assert_text_equal(host_names_network_owner(n, 64500)->name, "Big Cloud");
    assert_text_equal(host_names_network_owner(n, 64496)->name, "Maker Ltd");
    assert_null(host_names_network_owner(n, 64499));
    assert_null(host_names_network_owner(n, INT64_MIN));
    /* the row's country, else its owner's */
    assert_text_equal(host_names_find(n, TEXT("xn--9krt00a"), NULL)->country, "US");
    host_names_free(n);
}

static void groups_unknown_names_by_registrable_domain(void **state)
{
    assert_text_equal(host_names_registrable(TEXT("a.b.example.co.uk")), "example.co.uk");
    assert_text_equal(host_names_registrable(TEXT("example.com")), "example.com");
    assert_false(text_known(host_names_registrable(TEXT("co.uk"))));
    assert_false(text_known(host_names_registrable(TEXT("com"))));
    assert_false(text_known(host_names_registrable(TEXT_UNKNOWN)));
}

static void compares_suffixes_on_label_boundaries(void **state)
{
    assert_true(host_names_has_suffix(TEXT("cloud.police.example"), TEXT("police.example")));
    assert_true(host_names_has_suffix(TEXT("police.example"), TEXT("*.Police.Example.")));
    assert_true(host_names_has_suffix(TEXT("a.police.example"), TEXT(".police.example")));
    assert_false(host_names_has_suffix(TEXT("notpolice.example"), TEXT("police.example")));
    assert_false(host_names_has_suffix(TEXT("example"), TEXT("police.example")));
    assert_false(host_names_has_suffix(TEXT("police.example"), TEXT("")));
    assert_false(host_names_has_suffix(TEXT("police.example"), TEXT("*.")));
}

/* The tables that leash ships load without a single complaint. */
static void ships_clean_tables(void **state)
{
    static const struct note_taker keeper = { .note = keep_note };
    struct arena *arena = arena_new(0);
    struct host_names *n = host_names_new();
    const struct name_row *platform;

    noted[0] = '\0';
    for (enum host_names_table which = NAMES_OWNERS; which < NAMES_TABLE_COUNT; which++) {
        char below[64];
        struct bytes content;
        struct table_result result;
        snprintf(below, sizeof below, "data/%s", host_names_file[which]);
        assert_int_equal(table_file(source_path(below), TABLE_BYTES_MAX, arena, &content), 0);
        assert_int_equal(host_names_load(n, which, content, &keeper, &result), PARSE_OK);
        assert_true(text_known(result.date));
    }
    assert_string_equal(noted, "");
    assert_text_equal(host_names_find(n, TEXT("mydjiflight.dji.com"), NULL)->owner->group, "DJI");
    assert_text_equal(host_names_find(n, TEXT("www.hasselblad.com"), NULL)->owner->group, "DJI");
    assert_text_equal(host_names_find(n, TEXT("restapi.amap.com"), NULL)->owner->group, "Alibaba");
    assert_text_equal(host_names_find(n, TEXT("a.baidu"), NULL)->owner->group, "Baidu");
    assert_text_equal(host_names_find(n, TEXT("x.skydio-vehicle-data.s3.amazonaws.com"), &platform)->owner->group,
                      "Skydio");
    assert_text_equal(platform->owner->name, "AWS");
    assert_text_equal(host_names_maker(n, TEXT("DJI"))->group, "DJI");
    host_names_free(n);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_longest_suffix),
        cmocka_unit_test(notes_each_bad_row),
        cmocka_unit_test(knows_owners),
        cmocka_unit_test(groups_unknown_names_by_registrable_domain),
        cmocka_unit_test(compares_suffixes_on_label_boundaries),
        cmocka_unit_test(ships_clean_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
