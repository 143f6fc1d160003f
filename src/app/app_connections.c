#include "app/app.h"

#include "app/axml.h"

/* An app's own rules for connections (res/xml/..., named by android:networkSecurityConfig).
 * Source: Android's public document "Network security configuration". */

enum { CONFIG_BYTES_MAX = 4 << 20, DOMAINS_MAX = 100 };

struct connections {
    enum tristate base_cleartext;
    bool user_certificates;
    bool anchors_declared;      /* of the base rules */
    size_t pins;
    struct text pins_until;     /* the first date from which on pins count no more, or unknown */
    struct text cleartext_domains[DOMAINS_MAX];
    size_t cleartext_domain_count;
};

static enum tristate cleartext_permitted(const struct axml *x)
{
    const struct axml_attribute *a = axml_attribute(x, 0, TEXT("cleartextTrafficPermitted"));

    if (!a)
        return UNSET;
    if (text_known(a->text))
        return text_equal(a->text, TEXT("true")) ? YES : NO;
    return a->data ? YES : NO;
}

static void parse_config(struct axml *x, struct connections *ret)
{
    bool in_base = false, in_debug = false, in_cleartext_domain = false;
    int base_depth = 0, debug_depth = 0, domain_depth = 0;
    enum axml_event event;

    while ((event = axml_next(x)) != AXML_DONE) {
        if (event == AXML_END) {
            in_base &= x->depth >= base_depth;
            in_debug &= x->depth >= debug_depth;
            in_cleartext_domain &= x->depth >= domain_depth;
        } else if (event == AXML_TEXT) {
            if (in_cleartext_domain && text_equal(x->element, TEXT("domain")) &&
                ret->cleartext_domain_count < DOMAINS_MAX)
                ret->cleartext_domains[ret->cleartext_domain_count++] = x->characters;
        } else if (text_equal(x->element, TEXT("base-config"))) {
            in_base = true;
            base_depth = x->depth;
            ret->base_cleartext = cleartext_permitted(x);
        } else if (text_equal(x->element, TEXT("debug-overrides"))) {
            in_debug = true;
            debug_depth = x->depth;
        } else if (text_equal(x->element, TEXT("domain-config"))) {
            if (!in_cleartext_domain && cleartext_permitted(x) == YES) {
                in_cleartext_domain = true;
                domain_depth = x->depth;
            }
        } else if (text_equal(x->element, TEXT("pin-set"))) {
            const struct axml_attribute *until = axml_attribute(x, 0, TEXT("expiration"));
            if (until && text_known(until->text) &&
                (!text_known(ret->pins_until) || text_compare(until->text, ret->pins_until) < 0))
                ret->pins_until = until->text;
        } else if (text_equal(x->element, TEXT("pin")) && !in_debug) {
            ret->pins++;
        } else if (text_equal(x->element, TEXT("trust-anchors")) && in_base) {
            ret->anchors_declared = true;
        } else if (text_equal(x->element, TEXT("certificates")) && !in_debug) {
            const struct axml_attribute *source = axml_attribute(x, 0, TEXT("src"));
            ret->user_certificates |= source && text_known(source->text) && text_equal(source->text, TEXT("user"));
        }
    }
}

static void put(struct app *a, enum app_setting setting, struct text value, struct fact_origin origin)
{
    app_setting_put(a->r, setting, value, a->package, origin);
}

static struct text joined_domains(struct app *a, const struct connections *c)
{
    struct text all = c->cleartext_domains[0];

    for (size_t i = 1; i < c->cleartext_domain_count; i++)
        all = arena_printf(a->r->arena, "%.*s, %.*s", (int)all.len, all.at, (int)c->cleartext_domains[i].len,
                           c->cleartext_domains[i].at);
    return all;
}

struct axml *app_open_rules(struct app *a, uint32_t resource, struct fact_origin *ret_origin)
{
    struct resource_value path;
    struct bytes content;

    buffer_clear(&a->content);
    if (!resource || !a->has_resources || !resources_find(&a->resources, resource, a->r->arena, &path) ||
        !text_known(path.text))
        return NULL;
    const struct zip_entry *e = zip_find(&a->zip, a->bundle ? arena_printf(a->r->arena, "base/%.*s", (int)path.text.len,
                                                                           path.text.at) : path.text);
    struct axml *x = arena_alloc(a->r->arena, 1, sizeof *x);
    if (!e || !x || zip_content(&a->zip, e, a->r, &a->content, &content) != ZIP_CONTENT_OK ||
        content.len >= CONFIG_BYTES_MAX ||
        axml_open(x, content, a->r->arena) != PARSE_OK)
        return NULL;
    const struct text steps[] = { e->name };
    *ret_origin = app_origin(a, e->packed.origin, e->packed.len, steps, 1);
    return x;
}

void app_put_connections(struct app *a)
{
    enum { CLEARTEXT_CLOSED_FROM = 28, USER_CERTIFICATES_CLOSED_FROM = 24 };
    const struct manifest *m = &a->manifest;
    const int64_t target = fact_known_int(m->target_sdk) ? m->target_sdk : text_known(m->target_codename) ? INT32_MAX
                           : fact_known_int(m->min_sdk) ? m->min_sdk : 1;
    struct connections c = { .base_cleartext = UNSET };
    struct fact_origin origin = a->manifest_origin;
    bool known = false;

    put(a, APP_NETWORK_SECURITY_CONFIG, m->has_network_security_config ? TEXT("yes") : TEXT("no"), origin);
    struct axml *x = app_open_rules(a, m->network_security_config, &origin);
    if (x) {
        parse_config(x, &c);
        known = !x->broken;
        if (c.cleartext_domain_count > 0)
            put(a, APP_CLEARTEXT_DOMAINS, arena_text(a->r->arena, joined_domains(a, &c)), origin);
    }
    if (m->has_network_security_config && !known) {
        reading_damage(a->r, a->manifest_origin.offset >= 0 ? (uint64_t)a->manifest_origin.offset : 0, FACT_UNKNOWN_INT,
                       1,
                       "the app's rules for connections could not be read");
        return;
    }
    /* From platform 24 on, the rules count and the manifest's attribute does not. */
    const enum tristate cleartext = known ? c.base_cleartext : m->cleartext_traffic;
    const bool allowed = cleartext == UNSET ? target < CLEARTEXT_CLOSED_FROM : cleartext == YES;
    put(a, APP_CLEARTEXT_TRAFFIC, allowed ? TEXT("yes") : TEXT("no"), origin);
    const bool user = c.user_certificates || (!c.anchors_declared && target < USER_CERTIFICATES_CLOSED_FROM);
    put(a, APP_USER_CERTIFICATES, user ? TEXT("yes") : TEXT("no"), origin);
    if (known)
        put(a, APP_CERTIFICATE_PINS, arena_printf(a->r->arena, "%zu", c.pins), origin);
    if (known && c.pins > 0 && text_known(c.pins_until))
        put(a, APP_CERTIFICATE_PINS_UNTIL, c.pins_until, origin);
}
