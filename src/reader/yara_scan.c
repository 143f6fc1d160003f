#include "reader/yara.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "reader/yara_library.h"

struct yara_scan {
    const struct yara_library *lib;
    YR_SCANNER *scanner;       /* NULL: the rules could not be loaded here */
    struct reading *r;
    double spent_s, own_s;     /* by libyara for this item, and what it may take before it takes of the store */
    double store_s;            /* left of YARA_STORE_S */
    size_t rows, rows_left_out, parts_left_out;
    /* of the content that is looked at now */
    struct text part;
    struct fact_origin origin;
};

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

struct image_reader { struct bytes rest; };

static size_t read_image(void *into, size_t size, size_t count, void *user)
{
    struct image_reader *image = user;
    size_t len;

    if (__builtin_mul_overflow(size, count, &len) || len > image->rest.len)
        return 0;
    if (len > 0)
        memcpy(into, image->rest.at, len);
    image->rest = bytes_part(image->rest, len, UINT64_MAX);
    return count;
}

struct yara_scan *yara_scan_new(const struct yara_rules *rules)
{
    struct yara_scan *s = memory_alloc_array(1, sizeof *s);
    struct image_reader image = { .rest = rules->image };
    YR_STREAM stream = { .user_data = &image, .read = read_image };
    const char *why;
    YR_RULES *loaded;

    s->store_s = YARA_STORE_S;
    s->lib = yara_library(&why); /* the parent has loaded it */
    if (s->lib && (s->lib->yr_rules_load_stream(&stream, &loaded) != ERROR_SUCCESS ||
                   s->lib->yr_scanner_create(loaded, &s->scanner) != ERROR_SUCCESS))
        s->scanner = NULL;
    return s;
}

/* "this file" or "\"classes.dex\" inside it" */
static struct text content_words(const struct yara_scan *s)
{
    const char *slash = text_known(s->r->name) ? memrchr(s->r->name.at, '/', s->r->name.len) : NULL;
    const struct text name = slash ? (struct text){ slash + 1,
                                                    (size_t)(s->r->name.at + s->r->name.len - slash - 1) } : s->r->name;
    const struct text shown = text_known(name) ? name : TEXT("the file");

    if (!text_known(s->part))
        return arena_printf(s->r->arena, "\"%.*s\"", (int)(shown.len < 200 ? shown.len : 200), shown.at);
    return arena_printf(s->r->arena, "\"%.*s\" in \"%.*s\"", (int)(s->part.len < 300 ? s->part.len : 300), s->part.at,
                        (int)(shown.len < 200 ? shown.len : 200), shown.at);
}

__attribute__((format(printf, 2, 3)))
static void damage(struct yara_scan *s, const char *format, ...)
{
    char sentence[300];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    const struct text where = content_words(s);
    const int64_t at = s->origin.offset;
    reading_damage(s->r, at > 0 ? (uint64_t)at : 0, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, "YARA rules: %.*s %s",
                   (int)where.len, where.at, sentence);
}

/* "$a at 4660: 12 bytes, 3 times"; its first place goes to `ret_at` when that is earlier. */
static struct text string_words(struct yara_scan *s, YR_SCAN_CONTEXT *context, const YR_STRING *string, int64_t *ret_at,
                                int64_t *ret_len)
{
    const YR_MATCH *match, *first = NULL;
    size_t count = 0;

    yr_string_matches_foreach(context, string, match) {
        if (!first || match->base + match->offset < first->base + first->offset)
            first = match;
        count++;
    }
    if (!first)
        return TEXT_UNKNOWN;
    const int64_t at = first->base + first->offset;
    if (*ret_at < 0 || at < *ret_at) {
        *ret_at = at;
        *ret_len = first->match_length;
    }
    return arena_printf(s->r->arena, count > 1 ? "%.100s at %lld: %d bytes, %zu times" : "%.100s at %lld: %d bytes",
                        string->identifier,
                        (long long)at, (int)first->match_length, count);
}

/* What the rule's author says of it: a word of severity, and a description. */
static const char *meta_text(YR_RULE *rule, const char *name)
{
    YR_META *meta;

    yr_rule_metas_foreach(rule, meta)
        if (meta->type == META_TYPE_STRING && strcmp(meta->identifier, name) == 0)
            return meta->string;
    return NULL;
}

static struct text joined(struct arena *arena, const struct text *items, size_t count)
{
    struct buffer b;

    buffer_init(&b, 1 << 16);
    for (size_t i = 0; i < count; i++)
        buffer_printf(&b, "%s%.*s", i ? ", " : "", (int)items[i].len, items[i].at);
    const struct text t = arena_text(arena, buffer_text(&b));
    buffer_done(&b);
    return t;
}

static void put_match(struct yara_scan *s, YR_SCAN_CONTEXT *context, YR_RULE *rule)
{
    struct arena *arena = s->r->arena;
    struct text steps[YARA_STRINGS_TOLD_MAX + 3];
    struct fact_behaviour row;
    size_t n = 0, strings = 0, first_string;
    int64_t at = -1, len = 0;
    YR_STRING *string;

    fact_init(FACT_BEHAVIOUR, &row);
    if (text_known(s->part))
        steps[n++] = s->part;
    steps[n++] = arena_printf(arena, "YARA rule %.200s:%.200s", rule->ns->name, rule->identifier);
    const char *severity = meta_text(rule, "severity"), *description = meta_text(rule, "description");
    if (severity)
        steps[n++] = arena_printf(arena, "severity, as the rule says: %.40s", severity);
    first_string = n;
    yr_rule_strings_foreach(rule, string) {
        const struct text words = string_words(s, context, string, &at, &len);
        strings += text_known(words);
        if (text_known(words) && n - first_string < YARA_STRINGS_TOLD_MAX)
            steps[n++] = words;
    }
    row.head.origin = s->origin;
    if (!text_known(s->part) && at >= 0) {
        row.head.origin.offset = at;
        row.head.origin.length = len;
    }
    row.head.origin.steps = (struct text_list){ steps, n };
    row.kind = TEXT("yara_match");
    const struct text where = content_words(s), by = joined(arena, steps + first_string, n - first_string);
    row.statement = arena_printf(arena, "The YARA rule \"%.200s\" of \"%.200s\" matches %.*s%s%.*s%s.%s%.300s%s",
                                 rule->identifier, rule->ns->name,
                                 (int)where.len, where.at, strings ? ": " : ", by its condition alone", (int)by.len, by.at,
                                 strings > n - first_string ? ", and others" : "", description ? " The rule says of itself: \"" : "",
                                 description ? description : "", description ? "\"" : "");
    fact_put(s->r->facts, FACT_BEHAVIOUR, &row);
}

static int on_event(YR_SCAN_CONTEXT *context, int message, void *data, void *user)
{
    struct yara_scan *s = user;

    if (message == CALLBACK_MSG_RULE_MATCHING && s->rows++ < YARA_ROWS_MAX) {
        put_match(s, context, data);
    } else if (message == CALLBACK_MSG_RULE_MATCHING) {
        s->rows_left_out++;
    } else if (message == CALLBACK_MSG_TOO_MANY_MATCHES) {
        const YR_STRING *string = data;
        damage(s, "holds %.60s of a rule so often that it was not counted to the end", string->identifier);
    }
    return CALLBACK_CONTINUE;
}

static const char *error_words(int error)
{
    switch (error) {
    case ERROR_INSUFFICIENT_MEMORY: return "there was not enough memory";
    case ERROR_SCAN_TIMEOUT: return "it took too long";
    case ERROR_TOO_MANY_RE_FIBERS: return "a regular expression branches too much";
    case ERROR_EXEC_STACK_OVERFLOW: return "a condition goes too deep";
    case ERROR_TOO_MANY_MATCHES: return "there are too many matches";
    default: return "libyara gave up";
    }
}

/* Rules may ask for the name of the file, as they can with YARA's own program. */
static void define_names(struct yara_scan *s)
{
    char path[1200];
    const struct text name = text_known(s->part) ? s->part : text_known(s->r->name) ? s->r->name : TEXT("");

    snprintf(path, sizeof path, "%.*s", (int)name.len, name.at);
    const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path, *dot = strrchr(file, '.');
    s->lib->yr_scanner_define_string_variable(s->scanner, "filepath", path);
    s->lib->yr_scanner_define_string_variable(s->scanner, "filename", file);
    s->lib->yr_scanner_define_string_variable(s->scanner, "extension", dot ? dot : "");
}

void yara_scan_begin(struct yara_scan *s, struct reading *r, uint64_t item_bytes)
{
    s->r = r;
    s->spent_s = 0;
    s->own_s = YARA_ITEM_S(item_bytes);
    s->rows = s->rows_left_out = s->parts_left_out = 0;
}

void yara_scan_content(struct yara_scan *s, struct text part, struct bytes content, const struct fact_origin *origin)
{
    const double left_s = s->own_s + s->store_s - s->spent_s, begun_s = now_s();
    const struct bytes looked_at = bytes_part(content, 0, YARA_CONTENT_BYTES_MAX);

    s->part = part;
    s->origin = *origin;
    if (content.len == 0)
        return;
    if (!s->scanner || left_s < 0.5) {
        s->parts_left_out++;
        return;
    }
    define_names(s);
    s->lib->yr_scanner_set_callback(s->scanner, on_event, s);
    s->lib->yr_scanner_set_timeout(s->scanner, (int)ceil(left_s));
    /* A crash shall be seen as one by the parent: libyara's own handlers would call it something else. */
    s->lib->yr_scanner_set_flags(s->scanner, SCAN_FLAGS_REPORT_RULES_MATCHING | SCAN_FLAGS_NO_TRYCATCH);
    const int error = s->lib->yr_scanner_scan_mem(s->scanner, looked_at.at, looked_at.len);
    s->spent_s += now_s() - begun_s;
    if (error != ERROR_SUCCESS)
        damage(s, "was not held against all rules to its end: %s", error_words(error));
    if (looked_at.len < content.len)
        damage(s, "was held against the rules for its first %llu bytes of %zu only",
               (unsigned long long)YARA_CONTENT_BYTES_MAX, content.len);
}

void yara_scan_end(struct yara_scan *s)
{
    s->part = TEXT_UNKNOWN;
    s->origin = FACT_ORIGIN_UNKNOWN;
    if (!s->scanner)
        damage(s, "was not held against the rules: they could not be loaded here");
    else if (s->parts_left_out > 0)
        damage(s, "has %zu parts that were not held against the rules: the time for them was over", s->parts_left_out);
    if (s->rows_left_out > 0)
        damage(s, "has %zu more matches than the %d that are listed", s->rows_left_out, YARA_ROWS_MAX);
    if (s->spent_s > s->own_s)
        s->store_s = fmax(0, s->store_s - (s->spent_s - s->own_s));
    s->r = NULL;
}
