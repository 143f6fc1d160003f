#ifndef LEASH_TEST_APP_GIVEN_H
#define LEASH_TEST_APP_GIVEN_H

#include "support/support.h"

#include "app/component_table.h"

/* A file of test/corpus/app, which test/app/make_corpus.py writes.  Free with exact_copy_free. */
struct bytes given(const char *below);

/* A table of a few kits: MobTech ShareSDK, Bugly (library), Umeng (manifest), Example (host), Hider (packer). */
struct component_table *given_table(void);

/* What reading a package gave. */
struct package_result {
    struct kept_facts facts;
    struct reading reading;
    struct reading_options options;
    enum parse_status status;
};

void package_result_init(struct package_result *x, struct bytes whole, const struct component_table *table);
void package_result_done(struct package_result *x);

/* The component of that kind and name, or NULL; the value of a setting, or unknown. */
const struct fact_component *given_component(const struct package_result *x, const char *kind, const char *name);
struct text given_setting(const struct package_result *x, const char *name);

#endif
