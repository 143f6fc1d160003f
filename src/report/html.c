#include "report/html.h"

#include <errno.h>

#include "base/buffer.h"
#include "base/hash.h"
#include "fact/chain.h"
#include "report/audit_tables.h"
#include "report/html_ahead.h"
#include "report/html_flows.h"
#include "report/html_map.h"
#include "report/html_text.h"
#include "report/html_told.h"
#include "report/html_tracks.h"
#include "report/json.h"
#include "report/summary.h"
#include "report/words.h"

struct page {
    FILE *out;
    struct arena *arena;
    const struct summary *s;
    const struct html_ahead *ahead; /* or NULL */
    struct report_cut cut;   /* what the blocks of data hold, when they are written */
    size_t flows_kept;
    uint64_t data_bytes;
};

/* Markup is ours and written as it is; everything else goes through html_text. */
static void markup(struct page *p, const char *html)
{
    fputs(html, p->out);
}

static void text(struct page *p, struct text t)
{
    html_text(p->out, t);
}

static void element(struct page *p, const char *open, struct text t, const char *close)
{
    markup(p, open);
    text(p, t);
    markup(p, close);
}

static void words(struct page *p, const char *open, enum words_key key, const char *close)
{
    element(p, open, words_plain(key), close);
}

static struct text readable_share(struct page *p);

/* A string of CSS.  What stands in it is our own words and numbers; what could end it is escaped all the same. */
static void css_text(struct buffer *b, struct text t)
{
    (void)buffer_add_u8(b, '"');
    for (size_t i = 0; i < t.len; i++) {
        const unsigned char c = (unsigned char)t.at[i];
        if (c < 0x20 || c == 0x7f || strchr("\"\\<>&", c))
            buffer_printf(b, "\\%x ", c);
        else
            (void)buffer_add_u8(b, c);
    }
    (void)buffer_add_u8(b, '"');
}

/* On paper the coverage stands on top of every page, as the bar does on the screen: the one piece of
 * style that is made for the case. */
static struct text paper_style(struct page *p)
{
    const struct summary_coverage *v = &p->s->coverage;
    const struct text parts[] = {
        p->s->pill, WORDS_SAY(p->arena, COVERAGE_SHORT, words_count(p->arena, v->evidence_read),
                              words_count(p->arena, v->evidence_total)),
        readable_share(p),
    };
    struct buffer b;

    buffer_init(&b, 8192);
    buffer_printf(&b, "@media print{@page{@top-left{content:");
    css_text(&b, words_join(p->arena, parts, sizeof parts / sizeof *parts, "  \u00b7  "));
    buffer_printf(&b, ";font:8pt sans-serif;color:#444}}}");
    const struct text style = arena_text(p->arena, buffer_text(&b));
    buffer_done(&b);
    return style;
}

/* 'sha256-...' as a content security policy wants it. */
static void policy_hash(struct text t, char into[64])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t digest[SHA256_BYTES + 1] = { 0 };
    size_t len = (size_t)snprintf(into, 64, "sha256-");

    sha256_of((struct bytes){ .at = (const uint8_t *)t.at, .len = t.len }, digest);
    for (size_t i = 0; i < SHA256_BYTES; i += 3) {
        const uint32_t three = (uint32_t)digest[i] << 16 | (uint32_t)digest[i + 1] << 8 |
            (i + 2 < SHA256_BYTES ? digest[i + 2] : 0u);
        for (int k = 18; k >= 0; k -= 6)
            into[len++] = digits[three >> k & 63];
    }
    into[len - 1] = '='; /* 32 bytes are ten times three and two */
    into[len] = '\0';
}

static void write_head(struct page *p)
{
    const struct text label = p->s->label, paper = paper_style(p);
    char paper_hash[64];

    policy_hash(paper, paper_hash);

    element(p, "<!DOCTYPE html>\n<html lang=\"", words_language_code(words_language()),
            "\">\n<head>\n<meta charset=\"utf-8\">\n");
    fprintf(p->out, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src '%s'; "
            "style-src '%s' '%s'; base-uri 'none'; form-action 'none'\">\n", page_script.hash, page_style.hash, paper_hash);
    markup(p, "<meta name=\"generator\" content=\"leash " LEASH_VERSION "\">\n"
              "<meta name=\"referrer\" content=\"no-referrer\">\n"
              "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
              "<meta name=\"color-scheme\" content=\"light dark\">\n");
    element(p, "<title>", text_known(label) ? WORDS_SAY(p->arena, PAGE_TITLE_OF, label) : words_plain(WORDS_PAGE_TITLE),
            "</title>\n<style>");
    fwrite(page_style.at, 1, page_style.len, p->out);
    markup(p, "</style>\n<style>");
    fwrite(paper.at, 1, paper.len, p->out);
    markup(p, "</style>\n</head>\n<body>\n");
    words(p, "<a class=\"skip\" href=\"#summary\">", WORDS_PAGE_SKIP, "</a>\n");
}

static const char *tone_class(enum summary_tone tone)
{
    static const char *const classes[] = { [SUMMARY_BAD] = "bad", [SUMMARY_UNSURE] = "unsure",
                                           [SUMMARY_NONE_FOUND] = "none-found" };
    return classes[tone];
}

/* Three stretches side by side: readable, not readable, missing.  Widths are attributes of
 * SVG, since the policy allows no inline style. */
static void write_meter(struct page *p, const char *css_class)
{
    const struct summary_coverage *v = &p->s->coverage;
    const double whole = (double)v->payload_out + (v->missing_out > 0 ? (double)v->missing_out : 0);
    const struct { const char *css_class; int64_t bytes; } parts[] = {
        { "readable", v->readable_out }, { "opaque", v->opaque_out }, { "missing", v->missing_out },
    };
    double x = 0;

    if (!(whole > 0))
        return;
    fprintf(p->out, "<svg class=\"%s\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
            css_class);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const double width = parts[i].bytes > 0 ? 100 * (double)parts[i].bytes / whole : 0;
        if (width > 0)
            fprintf(p->out, "<rect class=\"%s\" x=\"%.3f\" y=\"0\" width=\"%.3f\" height=\"10\"/>", parts[i].css_class,
                    x,
                    width);
        x += width;
    }
    markup(p, "</svg>");
}

static struct text readable_share(struct page *p)
{
    const struct summary_coverage *v = &p->s->coverage;

    if (!p->s->has_traffic)
        return words_plain(WORDS_COVERAGE_NO_TRAFFIC);
    if (!(v->payload_out > 0))
        return words_plain(WORDS_COVERAGE_SHORT_NONE);
    return WORDS_SAY(p->arena, COVERAGE_SHORT_SENT,
                     words_percent(p->arena, (double)v->readable_out, (double)v->payload_out));
}

/* The bar that stays on top: verdict and coverage are always in sight. */
static void write_bar(struct page *p)
{
    const struct summary_coverage *v = &p->s->coverage;

    markup(p, "<header class=\"bar\">\n<div class=\"bar-in\">\n<span class=\"brand\">leash</span>\n");
    fprintf(p->out, "<a class=\"pill %s\" href=\"#summary\">", tone_class(p->s->tone));
    element(p, "", p->s->pill, "</a>\n<a class=\"bar-coverage\" href=\"#coverage\"><span>");
    text(p, WORDS_SAY(p->arena, COVERAGE_SHORT, words_count(p->arena, v->evidence_read),
                      words_count(p->arena, v->evidence_total)));
    element(p, "</span> <span>", readable_share(p), "</span>");
    write_meter(p, "meter meter-small");
    markup(p, "</a>\n<nav class=\"bar-nav\" id=\"nav\" hidden></nav>\n</div>\n</header>\n");
}

static const char *const part_classes[SUMMARY_PART_COUNT] = {
    [SUMMARY_LEFT] = "left", [SUMMARY_ADDRESSED] = "addressed", [SUMMARY_UNSEEN] = "unseen",
    [SUMMARY_NEXT] = "next", [SUMMARY_KEPT] = "kept",
};

static void write_part(struct page *p, enum summary_part which)
{
    const struct summary_list *part = &p->s->parts[which];

    if (part->count == 0)
        return;
    fprintf(p->out, "<section class=\"part %s\">\n", part_classes[which]);
    element(p, "<h3>", summary_heading(which), "</h3>\n<ul>\n");
    for (size_t i = 0; i < part->count; i++)
        element(p, "<li>", part->items[i], "</li>\n");
    markup(p, "</ul>\n</section>\n");
}

/* "2026-10-01T08:30:00Z" as people write it. */
static struct text minute_of(struct page *p, struct text started)
{
    enum { DATE = 10, TIME = 11, TIME_LEN = 5 };

    if (started.len < TIME + TIME_LEN || started.at[DATE] != 'T')
        return started;
    return arena_printf(p->arena, "%.*s %.*s", DATE, started.at, TIME_LEN, started.at + TIME);
}

/* The first screen: each question with its answer, before any detail. */
static void write_answers(struct page *p)
{
    markup(p, "<div class=\"answers\">\n");
    for (int i = 0; i < SUMMARY_ANSWER_COUNT; i++) {
        fprintf(p->out, "<section class=\"answer %s\">\n", part_classes[i]);
        element(p, "<h2>", summary_question((enum summary_part)i), "</h2>\n");
        element(p, "<p>", p->s->answers[i], "</p>\n</section>\n");
    }
    markup(p, "</div>\n");
}

static void write_summary(struct page *p)
{
    const struct summary *s = p->s;

    markup(p, "<main>\n<section id=\"summary\" class=\"summary\" tabindex=\"-1\">\n");
    fprintf(p->out, "<div class=\"verdict %s\">\n", tone_class(s->tone));
    if (text_known(s->label) || text_known(s->started)) {
        markup(p, "<p class=\"run\">");
        if (text_known(s->label))
            element(p, "<span class=\"label\">", s->label, "</span> ");
        if (text_known(s->started))
            element(p, "<span class=\"when\">", WORDS_SAY(p->arena, PAGE_RUN, minute_of(p, s->started)), "</span>");
        markup(p, "</p>\n");
    }
    element(p, "<h1>", s->headline, "</h1>\n");
    if (text_known(s->counts))
        element(p, "<p class=\"counts\">", s->counts, "</p>\n");
    markup(p, "</div>\n");
    write_answers(p);
    words(p, "</section>\n<section class=\"parts\" aria-labelledby=\"in-detail\">\n<h2 id=\"in-detail\">",
          WORDS_HEAD_DETAIL, "</h2>\n");
    for (int i = 0; i < SUMMARY_PART_COUNT; i++)
        write_part(p, (enum summary_part)i);
    markup(p, "</section>\n");
}

static void term(struct page *p, enum words_key name, struct text value)
{
    words(p, "<div><dt>", name, "</dt>");
    element(p, "<dd>", value, "</dd></div>\n");
}

static void write_sent(struct page *p)
{
    const struct summary_coverage *v = &p->s->coverage;
    const struct { enum words_key name; const char *css_class; int64_t bytes; } parts[] = {
        { WORDS_COVERAGE_READABLE, "readable", v->readable_out }, { WORDS_COVERAGE_OPAQUE, "opaque", v->opaque_out },
        { WORDS_COVERAGE_MISSING, "missing", v->missing_out },
    };

    words(p, "<div class=\"sent\"><dt>", WORDS_COVERAGE_SENT, "</dt><dd>");
    if (!p->s->has_traffic) {
        words(p, "", WORDS_COVERAGE_NO_TRAFFIC, "</dd></div>\n");
        return;
    }
    text(p, words_bytes(p->arena, v->payload_out));
    write_meter(p, "meter");
    markup(p, "<ul class=\"key\">");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        fprintf(p->out, "<li class=\"%s\">", parts[i].css_class);
        text(p, words_bytes(p->arena, parts[i].bytes));
        markup(p, " ");
        words(p, "", parts[i].name, "</li>");
    }
    markup(p, "</ul></dd></div>\n");
}

/* A browser must hold the page: longer lists are cut, and the page says so.  Of connections all that
 * html_flows_write takes are there, and these many with all their members. */
enum { PAGE_ROWS_MAX = 20000, PAGE_FLOWS_WHOLE = 500, PAGE_LIST_BYTES_MAX = 2000000, TABLE_ROWS_MAX = 2000 };

static void write_cuts(struct page *p, struct fact_case *c)
{
    for (int kind = 0; kind < FACT_CASE_KIND_COUNT; kind++) {
        const size_t rows = fact_tables[kind].list[0] ? case_rows(c, (enum fact_kind)kind) : 0;
        const size_t kept = kind == FACT_FLOW ? p->flows_kept : p->cut.kept[kind];
        if (rows > kept)
            element(p, "<p class=\"limits cut\">", WORDS_SAY(p->arena, PAGE_CUT, words_count(p->arena, (int64_t)kept),
                    words_count(p->arena, (int64_t)rows), text_of(fact_tables[kind].list)), "</p>\n");
    }
}

/* What ties the page to its case. */
static void write_custody(struct page *p, struct fact_case *c)
{
    struct arena *a = p->arena;
    const struct text head = chain_head(case_db(c), a), version = case_get(c, "tool_version", a);
    const struct { enum words_key name; struct text value; } terms[] = {
        { WORDS_CUSTODY_TOOL, text_known(version) ? WORDS_SAY(a, CUSTODY_TOOL_VERSION, version) : TEXT_UNKNOWN },
        { WORDS_CUSTODY_STARTED, case_get(c, "started", a) },
        { WORDS_CUSTODY_OPERATOR, case_get(c, "operator", a) },
        { WORDS_CUSTODY_COMMAND, case_get(c, "command", a) },
        { WORDS_CUSTODY_HEAD, head },
    };

    words(p, "<section id=\"custody\" class=\"coverage custody\">\n<h2>", WORDS_HEAD_CUSTODY, "</h2>\n<dl>\n");
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
        if (text_known(terms[i].value))
            term(p, terms[i].name, terms[i].value);
    markup(p, "</dl>\n");
    if (text_known(head))
        words(p, "<p class=\"limits\">", WORDS_CUSTODY_HOW, "</p>\n");
    markup(p, "</section>\n");
}

static void write_coverage(struct page *p)
{
    const struct summary_coverage *v = &p->s->coverage;
    struct arena *a = p->arena;

    words(p, "<section id=\"coverage\" class=\"coverage\">\n<h2>", WORDS_HEAD_COVERAGE, "</h2>\n<dl>\n");
    term(p, WORDS_COVERAGE_EVIDENCE, WORDS_SAY(a, COVERAGE_OF, words_count(a, v->evidence_read),
                                               words_count(a, v->evidence_total)));
    write_sent(p);
    if (v->flight_time_s > 0)
        term(p, WORDS_COVERAGE_FLIGHT, WORDS_SAY(a, COVERAGE_PART, words_duration(a, v->flight_time_covered_s),
                                                   words_duration(a, v->flight_time_s)));
    if (v->evicted > 0)
        term(p, WORDS_COVERAGE_EVICTED, words_count(a, v->evicted));
    markup(p, "</dl>\n");
    if (v->notes.count > 0) {
        words(p, "<h3>", WORDS_COVERAGE_NOTES, "</h3>\n<ul class=\"notes\">\n");
        for (size_t i = 0; i < v->notes.count; i++)
            element(p, "<li>", v->notes.items[i], "</li>\n");
        markup(p, "</ul>\n");
    }
    words(p, "<p class=\"limits\">", WORDS_PAGE_LIMITS, "</p>\n");
}

static void write_end(struct page *p, struct fact_case *c)
{
    write_cuts(p, c);
    markup(p, "</section>\n");
    write_custody(p, c);
    words(p, "<noscript><p class=\"no-script\">", WORDS_PAGE_NO_SCRIPT, "</p></noscript>\n");
    markup(p, "<div id=\"details\"></div>\n</main>\n");
    element(p, "<footer><p>", WORDS_SAY(p->arena, PAGE_MADE_BY, TEXT(LEASH_VERSION)), "</p></footer>\n<script>");
    fwrite(page_script.at, 1, page_script.len, p->out);
    markup(p, "</script>\n</body>\n</html>\n");
}

/* A stream into the page, `cookie`, that counts and writes "<" as an escape.  In JSON it can only
 * stand in a string; without it nothing inside a data block ends that block, not even the
 * JSON of a case that somebody else made. */
static ssize_t write_inert(void *cookie, const char *at, size_t len)
{
    struct page *p = cookie;
    FILE *out = p->out;
    size_t done = 0;

    p->data_bytes += len;
    while (done < len) {
        const char *bracket = memchr(at + done, '<', len - done);
        const size_t plain = bracket ? (size_t)(bracket - at) - done : len - done;
        fwrite(at + done, 1, plain, out);
        if (bracket)
            fputs("\\u003c", out);
        done += plain + (bracket != NULL);
    }
    return ferror(out) ? 0 : (ssize_t)len;
}

/* One block of data for the script; `write` is what writes its JSON. */
static int write_block(struct page *p, const char *id, int (*write)(struct page *, struct fact_case *, FILE *),
                       struct fact_case *c)
{
    FILE *inert = fopencookie(p, "w", (cookie_io_functions_t){ .write = write_inert });

    if (!inert)
        return -ENOMEM;
    fprintf(p->out, "<script type=\"application/json\" id=\"%s\">", id);
    int error = write(p, c, inert);
    errno = EIO;
    if (fclose(inert) && !error)
        error = -errno;
    markup(p, "</script>\n");
    return error;
}

static int write_report(struct page *p, struct fact_case *c, FILE *out)
{
    p->cut = (struct report_cut){ .rows_max = PAGE_ROWS_MAX, .flows_max = PAGE_FLOWS_WHOLE,
                                  .bytes_max = PAGE_LIST_BYTES_MAX,
                                   .written = &p->data_bytes };
    return report_json_write_cut(c, out, &p->cut);
}

static int write_flows(struct page *p, struct fact_case *c, FILE *out)
{
    if (!p->ahead)
        return html_flows_write(c, out, &p->flows_kept);
    p->flows_kept = p->ahead->flows_kept;
    fwrite(p->ahead->flows, 1, p->ahead->flows_bytes, out);
    return 0;
}

static int write_tracks(struct page *p, struct fact_case *c, FILE *out)
{
    (void)p;
    return html_tracks_write(c, out);
}

static int write_told(struct page *p, struct fact_case *c, FILE *out)
{
    (void)p;
    return html_told_write(c, out);
}

static int write_tables(struct page *p, struct fact_case *c, FILE *out)
{
    return audit_tables_json(c, out, p->ahead ? p->ahead->tables : NULL, TABLE_ROWS_MAX);
}

static int write_map(struct page *p, struct fact_case *c, FILE *out)
{
    (void)p;
    return html_map_write(c, out);
}

static int write_words(struct page *p, struct fact_case *c, FILE *out)
{
    (void)p;
    (void)c;
    words_json(out);
    return 0;
}

static int write_data(struct page *p, struct fact_case *c)
{
    static const struct { const char *id; int (*write)(struct page *, struct fact_case *, FILE *); } blocks[] = {
        { "words", write_words }, { "told", write_told }, { "report", write_report }, { "flows", write_flows }, { "tracks", write_tracks },
        { "audit-tables", write_tables },
    };
    int error = 0;

    for (size_t i = 0; i < sizeof blocks / sizeof *blocks && !error; i++)
        error = write_block(p, blocks[i].id, blocks[i].write, c);
    if (!error && html_map_used()) /* the only block that is not the case's, and the last: report_check.c takes it out */
        error = write_block(p, "map", write_map, c);
    return error;
}

int report_html_write(struct fact_case *c, FILE *out)
{
    struct arena *arena = arena_new(0);
    struct summary summary;
    int error = summary_read(c, arena, &summary);

    if (!error)
        error = report_html_write_with(c, &summary, NULL, out);
    arena_free(arena);
    return error;
}

int report_html_write_with(struct fact_case *c, const struct summary *summary, const struct html_ahead *ahead,
                           FILE *out)
{
    struct arena *arena = arena_new(0);
    struct page page = { .out = out, .arena = arena, .s = summary, .ahead = ahead };

    write_head(&page);
    write_bar(&page);
    write_summary(&page);
    write_coverage(&page);
    const int error = write_data(&page, c);
    write_end(&page, c);
    arena_free(arena);
    if (error)
        return error;
    errno = EIO;
    return ferror(out) || fflush(out) ? -errno : 0;
}
