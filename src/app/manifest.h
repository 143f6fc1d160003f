#ifndef LEASH_APP_MANIFEST_H
#define LEASH_APP_MANIFEST_H

#include "app/resources.h"
#include "evidence/reading.h"

/* What AndroidManifest.xml declares.  References are looked up in the package's own resources.
 * Source: Android's public documentation of the manifest; ids of attributes from the public
 * resource ids of the platform (android.R.attr). */

enum { MANIFEST_PARTS_MAX = 20000, MANIFEST_PERMISSIONS_MAX = 4096 };

enum part_kind { PART_ACTIVITY, PART_SERVICE, PART_RECEIVER, PART_PROVIDER, PART_KIND_COUNT };

extern const char *const part_kind_names[PART_KIND_COUNT]; /* "activity" ... */

/* Declared attributes that may be absent. */
enum tristate { UNSET = -1, NO = 0, YES = 1 };

struct manifest_part {
    enum part_kind kind;
    struct text name;         /* full class name */
    struct text permission;   /* that others need, or unknown */
    struct text authorities;  /* of a provider */
    enum tristate exported;   /* as declared */
    bool filtered;            /* has an intent filter */
    bool disabled;
    bool alias;               /* an activity-alias: `name` is no class */
};

struct manifest_meta { struct text name, value; };

struct manifest_permission {
    struct text name;
    int64_t max_sdk;          /* or FACT_UNKNOWN_INT */
    int64_t min_sdk;          /* 23 for uses-permission-sdk-23, else FACT_UNKNOWN_INT */
};

struct manifest {
    struct text package, version_name, split, shared_user_id;
    int64_t version_code, min_sdk, target_sdk;
    int64_t target_sandbox_version;
    struct text min_codename, target_codename;  /* of a preview platform */
    bool uses_sdk;
    struct text application;                    /* class name, or unknown */
    struct text component_factory;
    enum tristate debuggable, allow_backup, cleartext_traffic, test_only, request_legacy_storage, has_code;
    bool has_network_security_config;
    uint32_t network_security_config;           /* resource id, or 0 */
    uint32_t data_extraction_rules, full_backup_content;  /* likewise */
    struct manifest_permission *permissions;
    size_t permission_count;
    struct manifest_part *parts;
    size_t part_count;
    struct manifest_meta *meta;
    size_t meta_count;
    size_t odd_chunks;
    bool broken;
    bool protobuf;                              /* in the form of app bundles */
    bool cut;                                   /* more parts or permissions than the limits */
};

/* `resources` may be NULL.  Texts are views of `whole` or lie in `arena`.  PARSE_INVALID: not a
 * manifest in either form.  `ret` is set but on PARSE_INVALID. */
__attribute__((warn_unused_result))
enum parse_status manifest_parse(struct bytes whole, struct resource_table *resources, struct arena *arena,
                                 struct manifest *ret);

/* Whether others may start the part, as Android decides: declared; else by its filters, and for
 * providers by the target SDK. */
bool manifest_exported(const struct manifest *m, const struct manifest_part *part);

#endif
