#include "app/app.h"

/* Keys and tokens that were built in.  Only their kind and their first characters are written down:
 * a report must not pass them on. */

static bool alphabet(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static const struct key_mark { const char *begins; size_t len_min, len_max; const char *name; } marks[] = {
    { "AIza", 39, 39, "Google API key" },
    { "AKIA", 20, 20, "AWS access key" },
    { "ASIA", 20, 20, "AWS access key" },
    { "LTAI", 16, 30, "Alibaba Cloud access key" },
    { "AKID", 36, 40, "Tencent Cloud access key" },
    { "sk_live_", 24, 120, "Stripe secret key" },
    { "pk.eyJ", 60, 200, "Mapbox token" },
    { "sk.eyJ", 60, 200, "Mapbox secret token" },
    { "xoxb-", 30, 200, "Slack token" },
    { "ghp_", 40, 40, "GitHub token" },
    { "EAACEdEose0cBA", 30, 300, "Facebook token" },
};

static void put_key(struct app *a, struct text kind, struct text value, const struct zip_entry *e, struct fact_origin origin)
{
    enum { SHOWN_CHARACTERS = 6 };
    const size_t shown = value.len / 3 < SHOWN_CHARACTERS ? value.len / 3 : SHOWN_CHARACTERS;
    struct fact_component row;

    fact_init(FACT_COMPONENT, &row);
    row.head.origin = origin;
    row.package = a->package;
    row.name = arena_printf(a->r->arena, "%.*s %.*s...", (int)kind.len, kind.at, (int)shown, value.at);
    row.kind = TEXT("key");
    row.state = e ? TEXT("in_code") : TEXT("in_manifest");
    fact_put(a->r->facts, FACT_COMPONENT, &row);
}

void app_search_key(struct app *a, struct text t, const struct zip_entry *e)
{
    enum { KEYS_MAX = 500 };

    if (t.len < 16 || a->key_count >= KEYS_MAX || !memchr("ALspxgE-", t.at[0], 8)) /* what the marks begin with */
        return;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (!text_starts_with(t, text_of(marks[i].begins)) || t.len < marks[i].len_min || t.len > marks[i].len_max)
            continue;
        for (size_t k = 0; k < t.len; k++)
            if (!alphabet(t.at[k]) && t.at[k] != '.')
                return;
        const struct text steps[] = { e->name };
        a->key_count++;
        put_key(a, text_of(marks[i].name), t, e, app_origin(a, e->packed.origin, e->packed.len, steps, 1));
        return;
    }
    if (text_starts_with(t, TEXT("-----BEGIN ")) && memmem(t.at, t.len < 60 ? t.len : 60, "PRIVATE KEY", 11)) {
        const struct text steps[] = { e->name };
        a->key_count++;
        put_key(a, TEXT("private key"), TEXT("------"), e, app_origin(a, e->packed.origin, e->packed.len, steps, 1));
    }
}

static bool names_a_key(struct text name)
{
    static const char *const words[] = { "API_KEY", "APPKEY", "APP_KEY", "AppKey", "apikey", "ApiKey", "APP_SECRET", "AppSecret", "TOKEN", "ClientToken", "appid" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (name.len >= strlen(words[i]) && memmem(name.at, name.len, words[i], strlen(words[i])))
            return true;
    return false;
}

void app_put_manifest_keys(struct app *a)
{
    const struct manifest *m = &a->manifest;

    for (size_t i = 0; a->has_manifest && i < m->meta_count; i++) {
        if (m->meta[i].value.len < 4 || !names_a_key(m->meta[i].name))
            continue;
        struct fact_origin origin = a->manifest_origin;
        put_key(a, m->meta[i].name, m->meta[i].value, NULL, origin);
    }
}
