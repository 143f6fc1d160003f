#include "app/app.h"

#include "app/host_text.h"

static bool holds_address(struct text t)
{
    const char *colon = memchr(t.at, ':', t.len);

    return colon && memmem(colon, t.len - (size_t)(colon - t.at), "://", 3);
}

static void read_strings(struct app *a, struct dex *d, const struct zip_entry *e)
{
    enum { TEXT_BYTES_MIN = 4 };

    for (uint32_t i = 0; i < d->strings.count; i++) {
        uint32_t offset = 0;
        const struct text t = dex_string(d, i, &offset);
        struct text host;
        if (t.len < TEXT_BYTES_MIN)
            continue;
        app_note_text(a, t, e, offset);
        if (holds_address(t)) {
            const struct bytes b = { .at = (const uint8_t *)t.at, .len = t.len };
            app_search_hosts(a, b, e, (uint64_t)(b.at - d->whole.at), 1);
        } else if (host_is_bare_address(t, &host)) {
            app_note_host(a, host, NULL, e, offset);
        } else if (host_looks_real(t) && component_of_host(a->table, t) != COMPONENT_NONE) {
            /* "a.b" may be anything; it is a host where its owner is known */
            app_note_host(a, t, NULL, e, offset);
        }
    }
}

static void read_classes(struct app *a, struct dex *d, const struct zip_entry *e)
{
    for (uint32_t i = 0; i < d->classes.count; i++) {
        struct dex_class c;
        if (!dex_class(d, i, &c))
            break;
        const struct text descriptor = dex_type(d, c.type);
        if (descriptor.len == 0)
            continue;
        a->classes++;
        app_note_class(a, descriptor, e);
        app_class_seen(a, descriptor);
    }
}

void app_read_dex(struct app *a, struct bytes content, const struct zip_entry *e)
{
    struct dex d;
    const enum parse_status status = dex_open(content, &d);

    if (status == PARSE_INVALID || status == PARSE_UNSUPPORTED) {
        a->dex_unreadable++;
        reading_damage(a->r, e->packed.origin, (int64_t)content.len, 1, status == PARSE_INVALID
                       ? "\"%.*s\" is no code that can be read: it is damaged or encrypted" : "\"%.*s\" is code of a kind that is not read",
                       (int)e->name.len, e->name.at);
        return;
    }
    a->dex_files++;
    if (status == PARSE_TRUNCATED)
        reading_damage(a->r, e->packed.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, "the code in \"%.*s\" is cut off",
                       (int)e->name.len, e->name.at);
    do {
        read_classes(a, &d, e);
        read_strings(a, &d, e);
        app_search_calls(a, &d, e);
    } while (!dex_exhausted(&d) && dex_open_next(&d));
    app_search_keys(a, content, e, 0, 1);
    if (dex_exhausted(&d))
        reading_damage(a->r, e->packed.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the tables of \"%.*s\" point at the same bytes over and over; reading stopped", (int)e->name.len, e->name.at);
}
