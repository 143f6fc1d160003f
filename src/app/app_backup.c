#include "app/app.h"

#include "app/axml.h"

/* An app's own rules for what leaves the phone in backups: res/xml/..., named by android:dataExtractionRules (from
 * platform 31 on) and android:fullBackupContent (before).
 * Source: Android's public document "Back up user data with Auto Backup". */

enum copy_kind { COPY_CLOUD, COPY_TRANSFER, COPY_OLDER, COPY_KIND_COUNT };

static const struct { const char *element, *words; } kinds[COPY_KIND_COUNT] = {
    { "cloud-backup", "copies in a cloud" }, { "device-transfer", "copies to another phone" }, { "full-backup-content", "copies on platforms below 31" },
};

struct backup_rules {
    bool there[COPY_KIND_COUNT], encrypted_only[COPY_KIND_COUNT];
    size_t included[COPY_KIND_COUNT], excluded[COPY_KIND_COUNT];
};

static bool is_yes(const struct axml_attribute *a)
{
    return a && (text_known(a->text) ? text_equal(a->text, TEXT("true")) : a->data != 0);
}

static void parse_rules(struct axml *x, struct backup_rules *ret)
{
    int open = COPY_KIND_COUNT;
    enum axml_event event;

    while ((event = axml_next(x)) != AXML_DONE) {
        if (event != AXML_START)
            continue;
        for (int k = 0; k < COPY_KIND_COUNT; k++)
            if (text_equal(x->element, text_of(kinds[k].element))) {
                open = k;
                ret->there[k] = true;
                ret->encrypted_only[k] = is_yes(axml_attribute(x, 0, TEXT("disableIfNoEncryptionCapabilities")));
            }
        if (open == COPY_KIND_COUNT)
            continue;
        ret->included[open] += text_equal(x->element, TEXT("include"));
        ret->excluded[open] += text_equal(x->element, TEXT("exclude"));
    }
}

static void put_rules(struct app *a, uint32_t resource)
{
    struct fact_origin origin = a->manifest_origin;
    struct axml *x = app_open_rules(a, resource, &origin);
    struct backup_rules rules = { 0 };

    if (!resource)
        return;
    if (x)
        parse_rules(x, &rules);
    if (!x || x->broken)
        reading_damage(a->r, a->manifest_origin.offset >= 0 ? (uint64_t)a->manifest_origin.offset : 0, FACT_UNKNOWN_INT,
                       1,
                       "the app's rules for backups could not be read");
    for (int k = 0; k < COPY_KIND_COUNT; k++)
        if (rules.there[k])
            app_setting_put(a->r, APP_BACKUP_RULES, arena_printf(a->r->arena, "%s: %zu included, %zu excluded%s",
                                                                 kinds[k].words, rules.included[k],
                                                                rules.excluded[k], rules.encrypted_only[k] ? ", only when encrypted" : ""), a->package, origin);
}

void app_put_backup_rules(struct app *a)
{
    put_rules(a, a->manifest.data_extraction_rules);
    put_rules(a, a->manifest.full_backup_content);
}
