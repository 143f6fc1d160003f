#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "destination/makers.h"

static char dir[] = "/tmp/leash-makers-XXXXXX";

static const char *const files[][2] = {
    { "makers.csv", "# 2026-01-02\nword,name,country,covered_list,source,date,confidence\n"
                    "acme,Acme,CN,yes,list,2025-12-22,seen\nother fly,Other Fly,FR,no,list,2025-12-22,seen\n"
                    "riddle,Riddle,US,,nobody knows,2025-12-22,partial\n" },
    { "oui.csv", "Registry,Assignment,Organization Name,Organization Address\nMA-L,481CB9,\"SZ ACME TECHNOLOGY CO.,LTD\",x\n"
                 "MA-L,0050C2,IEEE Registration Authority,x\nMA-L,broken,Nobody,x\nMA-L,A0B1C2,Other Fly Ltd,x\n" },
    { "mam.csv", "Registry,Assignment,Organization Name,Organization Address\nMA-M,481CB91,Acme Sub,x\n" },
    { "oui36.csv", "Registry,Assignment,Organization Name,Organization Address\nMA-S,0050C2123,Riddle,x\n" },
    { ".lastupdate", "1661630937\n" },
};

static void write_files(bool remove)
{
    char path[256];

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, files[i][0]);
        FILE *f = remove ? NULL : fopen(path, "w");
        if (f) {
            fputs(files[i][1], f);
            fclose(f);
        } else {
            unlink(path);
        }
    }
}

static void by_address(void **state)
{
    static const struct { const char *mac, *want; } rows[] = {
        { "48:1c:b9:20:00:01", "SZ ACME TECHNOLOGY CO.,LTD" }, { "48:1c:b9:10:00:01", "Acme Sub" },
        { "00:50:c2:12:30:01", "Riddle" }, { "00:50:c2:99:90:01", NULL /* the registry's own */ },
        { "4a:1c:b9:20:00:01", NULL /* made up by a device */ }, { "ff:ff:ff:ff:ff:ff", NULL }, { "48:1c:b9", NULL },
        { "48-1C-B9-20-00-01", "SZ ACME TECHNOLOGY CO.,LTD" }, { "nothing", NULL }, { NULL, NULL },
    };
    struct maker_tables *m = makers_new(dir, dir, NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_true(text_equal(makers_of_mac(m, text_of(rows[i].mac)), text_of(rows[i].want)));
    assert_text_equal(makers_date(m), "2026-01-02");
    assert_text_equal(makers_registry_date(m), "2022-08-27");
    makers_free(m);
}

static void rows_are_filled_in(void **state)
{
    static const struct { const char *vendor, *mac, *want; int64_t covered; } rows[] = {
        { NULL, "48:1c:b9:20:00:01", "SZ ACME TECHNOLOGY CO.,LTD", 1 }, { "Other Fly", NULL, "Other Fly", 0 },
        { "ACME", "a0:b1:c2:00:00:01", "ACME", 1 /* what was said stays */ }, { "Acmeling", NULL, "Acmeling", FACT_UNKNOWN_INT },
        { "The Riddle", NULL, "The Riddle", FACT_UNKNOWN_INT }, { NULL, NULL, NULL, FACT_UNKNOWN_INT },
        { "Fly Other", NULL, "Fly Other", FACT_UNKNOWN_INT }, { "MegAcme", NULL, "MegAcme", FACT_UNKNOWN_INT },
    };
    struct maker_tables *m = makers_new(dir, dir, NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fact_device d;
        fact_init(FACT_DEVICE, &d);
        d.vendor = text_of(rows[i].vendor);
        d.mac = text_of(rows[i].mac);
        makers_fill(m, FACT_DEVICE, &d);
        assert_true(text_equal(d.vendor, text_of(rows[i].want)));
        assert_int_equal(d.covered_list, rows[i].covered);
    }
    struct fact_network n;
    fact_init(FACT_NETWORK, &n);
    n.bssid = TEXT("48:1c:b9:20:00:01");
    makers_fill(m, FACT_NETWORK, &n);
    assert_text_equal(n.vendor, "SZ ACME TECHNOLOGY CO.,LTD");
    makers_free(m);
}

static void files_that_are_not_there(void **state)
{
    struct maker_tables *m = makers_new("/nonexistent", "/nonexistent", NULL);
    struct fact_device d;

    (void)state;
    fact_init(FACT_DEVICE, &d);
    d.mac = TEXT("48:1c:b9:20:00:01");
    makers_fill(m, FACT_DEVICE, &d);
    assert_false(text_known(d.vendor));
    assert_false(text_known(makers_date(m)));
    makers_free(m);
    makers_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_address),
        cmocka_unit_test(rows_are_filled_in),
        cmocka_unit_test(files_that_are_not_there),
    };
    if (!mkdtemp(dir))
        return 1;
    write_files(false);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    write_files(true);
    rmdir(dir);
    return failed;
}
