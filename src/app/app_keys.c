#include "app/app.h"

#include "app/word_search.h"
#include "base/hash.h"

/* Keys and tokens that were built in.  Only their kind and their first characters are written down:
 * a report must not pass them on. */

static bool alphabet(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* What keys begin with, with the three bytes by which they are looked for, and how many characters they have. */
static const struct key_mark { struct word begins; size_t len_min, len_max; const char *name; bool dots; } marks[] = {
    { { "AIza", 1 }, 39, 39, "Google API key", false },
    { { "GOCSPX-", 1 }, 35, 35, "Google client secret", false },
    { { "ya29.", 1 }, 60, 400, "Google access token", true },
    { { "AKIA", 0 }, 20, 20, "AWS access key", false },
    { { "ASIA", 1 }, 20, 20, "AWS access key", false },
    { { "LTAI", 0 }, 16, 30, "Alibaba Cloud access key", false },
    { { "AKID", 1 }, 36, 40, "Tencent Cloud access key", false },
    { { "sk_live_", 0 }, 24, 120, "Stripe secret key", false },
    { { "rk_live_", 0 }, 24, 120, "Stripe restricted key", false },
    { { "pk.eyJ", 1 }, 60, 200, "Mapbox token", true },
    { { "sk.eyJ", 1 }, 60, 200, "Mapbox secret token", true },
    { { "xoxb-", 0 }, 30, 200, "Slack token", false },
    { { "xoxp-", 0 }, 30, 200, "Slack token", false },
    { { "ghp_", 1 }, 40, 40, "GitHub token", false },
    { { "github_pat_", 6 }, 82, 100, "GitHub token", false },
    { { "glpat-", 3 }, 26, 60, "GitLab token", false },
    { { "SG.", 0 }, 69, 69, "SendGrid key", true },
    { { "EAACEdEose0cBA", 2 }, 30, 300, "Facebook token", false },
    { { "eyJhbGciOi", 2 }, 60, 2000, "signed token (JWT)", true },
    { { "AccountKey=", 7 }, 60, 120, "Azure storage key", false },
    { { "-----BEGIN ", 5 }, 0, 0, "private key", false },
};
enum { MARKS = sizeof marks / sizeof *marks };

static void put_key(struct app *a, struct text kind, struct text value, const struct zip_entry *e,
                    struct fact_origin origin)
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

struct key_search {
    struct app *a;
    const struct zip_entry *e;
    struct bytes content;
    uint64_t inside;
    size_t character_bytes;
};

/* Whether this very value was told before; it is in the table then. */
static bool seen_before(struct app *a, struct text value)
{
    const uint64_t mark = hash_mix(value.at, value.len, 0);

    for (size_t i = 0; i < a->key_count; i++)
        if (a->keys[i] == mark)
            return true;
    a->keys[a->key_count++] = mark;
    return false;
}

static void found_mark(void *user, size_t mark, size_t at)
{
    struct key_search *s = user;
    const struct key_mark *m = &marks[mark];
    const struct bytes from = bytes_part(s->content, at, UINT64_MAX);
    const char *text = (const char *)from.at;
    const bool armour = m->len_max == 0, assigned = strchr(m->begins.text, '=') != NULL;
    size_t n = strlen(m->begins.text);

    if (s->a->key_count >= APP_KEYS_MAX || (at > 0 && alphabet((char)s->content.at[at - 1]) && !armour && !assigned))
        return;
    if (armour) { /* "-----BEGIN RSA PRIVATE KEY-----" */
        const size_t line = from.len < 60 ? from.len : 60;
        if (!memmem(text, line, "PRIVATE KEY", 11))
            return;
    } else {
        while (n < from.len && n <= m->len_max && (alphabet(text[n]) || (m->dots && text[n] == '.') ||
                                                   (assigned && strchr("+/=", text[n]))))
            n++;
        if (n < m->len_min || n > m->len_max)
            return;
    }
    const struct text value = armour ? (struct text){ text, from.len < 120 ? from.len : 120 } : (struct text){ text,
                                                                                                               n };
    if (seen_before(s->a, value))
        return;
    const struct text shown = armour ? TEXT("------") : assigned ? (struct text){ text + strlen(m->begins.text),
                                                                                  n - strlen(m->begins.text) } : value;
    const struct text steps[] = { arena_printf(s->a->r->arena, "%.*s at %llu", (int)s->e->name.len, s->e->name.at,
                                               (unsigned long long)(s->inside + at * s->character_bytes)) };
    put_key(s->a, text_of(m->name), shown, s->e, app_origin(s->a, s->e->packed.origin, s->e->packed.len, steps, 1));
}

void app_search_keys(struct app *a, struct bytes content, const struct zip_entry *e, uint64_t inside,
                     size_t character_bytes)
{
    static struct word words[MARKS];
    static struct word_search search;
    struct key_search s = { .a = a, .e = e, .content = content, .inside = inside, .character_bytes = character_bytes };

    for (size_t i = 0; search.count == 0 && i < MARKS; i++)
        words[i] = marks[i].begins;
    if (search.count == 0)
        word_search_init(&search, words, MARKS);
    word_search_run(&search, content, found_mark, &s);
}

static bool names_a_key(struct text name)
{
    static const char *const words[] = { "API_KEY", "APPKEY", "APP_KEY", "AppKey", "apikey", "ApiKey", "APP_SECRET",
                                         "AppSecret", "TOKEN", "ClientToken", "appid" };

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
