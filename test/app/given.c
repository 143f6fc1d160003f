#include "app/given.h"

#include <stdio.h>

#include "app/apk.h"

struct bytes given(const char *below)
{
    char path[512];

    snprintf(path, sizeof path, "test/corpus/app/%s", below);
    return file_bytes(source_path(path));
}

struct component_table *given_table(void)
{
    static const char *const rows[][COMPONENT_COLUMN_COUNT] = {
        { "ShareSDK", "sdk", "MobTech", "CN", "social: sharing", "", "cn.sharesdk", "", "", "", "sharesdk.cn", "made up", "seen" },
        { "Bugly", "sdk", "Tencent", "CN", "crash", "", "com.tencent.bugly.", "libBugly.so", "", "", "", "made up", "seen" },
        { "Umeng", "sdk", "Umeng", "CN", "analytics", "", "", "", "UMENG_APPKEY", "", "", "made up", "partial" },
        { "Example service", "sdk", "Example", "US", "upload", "associated software", "", "", "", "", "example.net", "made up", "from memory" },
        { "Mapping", "sdk", "Mapping", "US", "map", "", "com.mapbox", "", "", "", "", "made up", "seen" },
        { "Hider", "packer", "", "", "packer: hides all code", "", "", "libhide-*.so", "", "assets/hidden*.bin", "", "made up", "seen" },
    };
    struct component_table *t = component_table_new();

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct text fields[COMPONENT_COLUMN_COUNT];
        for (int k = 0; k < COMPONENT_COLUMN_COUNT; k++)
            fields[k] = text_of(rows[i][k]);
        assert_null(component_table_add(t, fields));
    }
    return t;
}

void package_result_init(struct package_result *x, struct bytes whole, const struct component_table *table)
{
    *x = (struct package_result){ .options.components = table };
    kept_facts_init(&x->facts);
    x->reading = reading_for_test(&x->facts);
    x->reading.options = &x->options;
    x->status = apk_read(&x->reading, whole);
}

void package_result_done(struct package_result *x)
{
    reading_for_test_done(&x->reading);
    kept_facts_done(&x->facts);
}

const struct fact_component *given_component(const struct package_result *x, const char *kind, const char *name)
{
    const struct fact_component *c;

    for (size_t i = 0; (c = kept_facts_row(&x->facts, FACT_COMPONENT, i)); i++)
        if (text_equal(c->kind, text_of(kind)) && text_equal(c->name, text_of(name)))
            return c;
    return NULL;
}

struct text given_setting(const struct package_result *x, const char *name)
{
    const struct fact_setting *s;

    for (size_t i = 0; (s = kept_facts_row(&x->facts, FACT_SETTING, i)); i++)
        if (text_equal(s->name, text_of(name)))
            return s->value;
    return TEXT_UNKNOWN;
}
