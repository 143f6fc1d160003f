#ifndef LEASH_APP_APP_H
#define LEASH_APP_APP_H

#include "app/component_table.h"
#include "app/dex.h"
#include "app/host_text.h"
#include "app/setting.h"
#include "app/signature.h"

/* What is known of one package while it is read: shared by the files of this folder that read
 * its parts and write its rows. */

enum {
    APP_HOSTS_MAX = 4000, APP_LIBRARIES_MAX = 4000, APP_WANTED_MAX = 20000, APP_KEYS_MAX = 500,
    APP_MEMBER_BYTES_MAX = 256 << 20,      /* of one entry, unpacked */
};

/* What speaks for a component: the first of each kind, and how many. */
struct component_signs {
    size_t classes, libraries, files, names, hosts;
    struct text class_name, class_file, library, exported, file, name, host;
    uint64_t class_offset, library_offset, file_offset, host_offset;
};

struct app_host {
    struct text host;        /* lower case */
    struct text scheme;      /* of the first address with it, or unknown: a bare name */
    struct text url;         /* the first address with more than the host, masked (url_shown), or unknown */
    struct text where;       /* entry */
    uint64_t offset, length; /* of the entry's content in the package */
    uint64_t inside;         /* offset in the entry, unpacked */
    size_t count;
    bool cleartext;          /* an address with http, ws, ftp ... names it */
};

struct app_library {
    struct text name, path, soname, build_id;
    struct text_list needed;
    uint64_t offset, length;
    size_t copies;           /* the same name for other processors */
    const char *processor;
    size_t imports, exports, java_exports;
    struct text first_export;
    bool unreadable, no_canary, no_relro, executable_stack, stack_stated, fixed_address;
};

struct wanted_class { struct text descriptor; bool found; };

struct app {
    struct reading *r;
    struct zip zip;
    struct manifest manifest;
    bool has_manifest, has_resources;
    bool bundle;                             /* an app bundle, not a package */
    struct resource_table resources;
    struct buffer resource_content, manifest_content, content;
    struct bytes resources_whole, manifest_whole;
    struct fact_origin manifest_origin;
    struct text package;                     /* its name, or what stands for it */
    struct package_signature signature;
    const struct component_table *table;     /* may be NULL */
    struct component_signs *signs;           /* one per component of the table */
    struct app_host *hosts;
    size_t host_count, hosts_left_out;
    uint32_t *host_slots;                    /* open addressing into hosts, from 1 */
    struct app_library *libraries;
    size_t library_count;
    struct wanted_class *wanted;             /* classes that the manifest names */
    size_t wanted_count;
    uint32_t *wanted_slots;
    size_t dex_files, dex_unreadable, classes;
    enum digest_kind wanted_digest;          /* of entries, for the signature */
    struct behaviour_signs *behaviours;
    struct packing *packing;
    uint64_t keys[APP_KEYS_MAX];             /* marks of those that were told */
    size_t key_count;
    struct other_code *other_code;           /* NULL: none was seen */
    const char *readable;                    /* full | partial | packed, once all was read */
};

/* app_component.c */
struct fact_origin app_origin(const struct app *a, uint64_t offset, uint64_t length, const struct text *steps,
                              size_t count);
/* What stands behind the last slash. */
struct text app_base_name(struct text path);
void app_note_class(struct app *a, struct text descriptor, const struct zip_entry *dex);
void app_note_name(struct app *a, struct text dotted);
void app_note_file(struct app *a, const struct zip_entry *e);
void app_put_components(struct app *a);

/* app_host.c */
bool app_hosts_init(struct app *a);
/* `url`: the address that it stands in, or NULL: a bare name. */
void app_note_host(struct app *a, struct text host, const struct url_text *url, const struct zip_entry *e,
                   uint64_t inside);
/* All addresses in some text of an entry, which stands at `inside` in it, unpacked, with so many bytes to a
 * character. */
void app_search_hosts(struct app *a, struct bytes content, const struct zip_entry *e, uint64_t inside,
                      size_t character_bytes);
void app_put_hosts(struct app *a);

/* app_connections.c */
/* A file of rules that the manifest refers to, opened; NULL when it refers to none or the file cannot be read, and the
 * origin untouched. */
struct axml *app_open_rules(struct app *a, uint32_t resource, struct fact_origin *ret_origin);
void app_put_connections(struct app *a);

/* app_backup.c */
void app_put_backup_rules(struct app *a);

/* app_native.c */
void app_read_library(struct app *a, struct bytes content, const struct zip_entry *e);

/* app_packing.c */
__attribute__((format(printf, 2, 3)))
void app_packing_sign(struct app *a, const char *format, ...);
/* Notes contents that look encrypted. */
void app_look_at_density(struct app *a, struct bytes content, const struct zip_entry *e);
/* full | partial | packed; writes the rows about it.  Called when all has been read. */
const char *app_grade(struct app *a);

/* app_behaviour.c */
void app_search_calls(struct app *a, struct dex *d, const struct zip_entry *e);
/* A string of the code, and where it stands in the file. */
void app_note_text(struct app *a, struct text t, const struct zip_entry *e, uint64_t inside);
/* A function of the platform (behaviour_of_function) that a library wants from outside it. */
void app_note_function(struct app *a, size_t line, const struct zip_entry *library);
void app_put_behaviours(struct app *a);

/* app_keys.c */
/* Writes a row for every key that was built into some text of an entry; likewise. */
void app_search_keys(struct app *a, struct bytes content, const struct zip_entry *e, uint64_t inside,
                     size_t character_bytes);
void app_put_manifest_keys(struct app *a);

/* app_other_code.c: code that is neither DEX in its place nor a native library */
/* `unread_bytes` of it could only be searched for texts; 0: it is read besides. */
void app_note_other_code(struct app *a, struct text form, const struct zip_entry *e, uint64_t unread_bytes);
/* Whether some bytes of an entry are code of a form that leash knows; it is noted then. */
bool app_find_other_code(struct app *a, struct bytes content, const struct zip_entry *e);
/* A library, or one of the functions that it offers (else unknown): some names tell that other code is in it. */
void app_note_library_form(struct app *a, const struct zip_entry *library, struct text exported);
/* How many of those could not be read. */
size_t app_other_code_unread(const struct app *a);
void app_put_other_code(struct app *a);

/* app_wide.c */
/* Addresses and keys in texts of two bytes a character, as Qt, .NET and old tables of resources have them. */
void app_search_wide_texts(struct app *a, struct bytes content, const struct zip_entry *e);

/* app_code.c */
void app_read_dex(struct app *a, struct bytes content, const struct zip_entry *e);

/* app_manifest.c */
bool app_want_manifest_classes(struct app *a);
void app_class_seen(struct app *a, struct text descriptor);
void app_put_package(struct app *a, const char *kind, const char *readable);
void app_put_settings(struct app *a);
void app_put_permissions(struct app *a);

#endif
