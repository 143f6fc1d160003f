#include <errno.h>

#include "report/diff_forms.h"
#include "report/diff_list.h"
#include "report/html.h"
#include "report/html_text.h"
#include "report/words.h"

struct page {
    FILE *out;
    struct diff *d;
    const struct diff_list *list;
    const struct diff_counts *counts;
    struct arena *arena;       /* of one row */
    size_t rows;
};

/* Markup is ours and written as it is; everything else goes through html_text. */
static void markup(struct page *p, const char *html)
{
    fputs(html, p->out);
}

static void element(struct page *p, const char *open, struct text t, const char *close)
{
    markup(p, open);
    html_text(p->out, t);
    markup(p, close);
}

static struct text title(struct page *p)
{
    struct text names[DIFF_CASES_MAX];

    for (size_t k = 0; k < p->d->case_count; k++)
        names[k] = p->d->cases[k].name;
    const struct text all = words_join(p->arena, names, p->d->case_count, " / ");
    return arena_printf(p->arena, "leash diff: %.*s", (int)all.len, all.at);
}

static void write_head(struct page *p, bool differs)
{
    markup(p, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    fprintf(p->out, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '%s'; "
            "base-uri 'none'; form-action 'none'\">\n", page_style.hash);
    markup(p, "<meta name=\"referrer\" content=\"no-referrer\">\n"
              "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
              "<meta name=\"color-scheme\" content=\"light dark\">\n");
    element(p, "<title>", title(p), "</title>\n<style>");
    fwrite(page_style.at, 1, page_style.len, p->out);
    markup(p, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#summary\">Skip to the summary</a>\n"
              "<header class=\"bar\">\n<div class=\"bar-in\">\n<span class=\"brand\">leash</span>\n");
    fprintf(p->out, "<a class=\"pill %s\" href=\"#summary\">%s</a>\n</div>\n</header>\n",
            differs ? "unsure" : "none-found", differs ? "Differences" : "No difference found");
    fprintf(p->out, "<main>\n<section id=\"summary\" class=\"summary\" tabindex=\"-1\">\n<div class=\"verdict %s\">\n",
            differs ? "unsure" : "none-found");
    markup(p, "<p class=\"run\">");
    for (size_t k = 0; k < p->d->case_count; k++)
        element(p, "<span class=\"label\">", p->d->cases[k].name, "</span> ");
    fprintf(p->out, "</p>\n<h1>%s</h1>\n</div>\n</section>\n",
            differs ? "The cases differ." : "No difference was found in what these cases hold.");
}

static void write_case_heads(struct page *p, const char *before)
{
    markup(p, "<table>\n<thead><tr>");
    markup(p, before);
    for (size_t k = 0; k < p->d->case_count; k++)
        element(p, "<th scope=\"col\">", p->d->cases[k].name, "</th>");
    markup(p, "</tr></thead>\n<tbody>\n");
}

static struct text say_coverage(struct page *p, const struct diff_case *k, size_t row)
{
    const struct diff_coverage *v = &k->coverage;
    struct arena *a = p->arena;

    switch (row) {
    case 0: return k->path;
    case 1: return k->started;
    case 2: return k->tool_version;
    case 3: return k->policy;
    case 4: return text_known(k->verdict) ? k->verdict : TEXT("not judged");
    case 5: return WORDS_SAY(a, COVERAGE_PART, words_count(a, v->evidence_read), words_count(a, v->evidence_total));
    case 6: return words_count(a, v->captures);
    case 7: return words_duration(a, v->capture_time_s);
    case 8: return words_count(a, v->flights);
    case 9: return v->flight_time_s > 0 ? WORDS_SAY(a, COVERAGE_PART, words_duration(a, v->flight_time_covered_s),
                                                    words_duration(a, v->flight_time_s)) : TEXT_UNKNOWN;
    case 10: return v->captures > 0 ? words_bytes(a, v->payload_out) : TEXT_UNKNOWN;
    case 11: return v->captures > 0 ? words_bytes(a, v->opaque_out) : TEXT_UNKNOWN;
    case 12: return v->captures > 0 ? words_bytes(a, v->missing_out) : TEXT_UNKNOWN;
    case 13: return words_count(a, v->packages);
    case 14: return words_count(a, v->broadcasts);
    default: return k->apps.count ? words_join(a, k->apps.items, k->apps.count, ", ") : TEXT_UNKNOWN;
    }
}

static void write_coverage(struct page *p)
{
    static const char *const rows[] = {
        "Case", "Audited", "leash", "Policy", "Verdict", "Evidence read", "Captures", "Time captured", "Flights",
        "Flight time captured", "Content sent", "Of it not readable", "Missing", "Apps and firmware read", "Broadcasts",
        "Apps named",
    };

    markup(p, "<section id=\"coverage\" class=\"block\">\n<h2>What each case rests on</h2>\n"
              "<div class=\"table-scroll\">\n");
    write_case_heads(p, "<th></th>");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        arena_reset(p->arena);
        fprintf(p->out, "<tr><td class=\"none\">%s</td>", rows[i]);
        for (size_t k = 0; k < p->d->case_count; k++) {
            const struct text cell = say_coverage(p, &p->d->cases[k], i);
            element(p, "<td class=\"wide\">", text_known(cell) ? cell : words_plain(WORDS_UNKNOWN), "</td>");
        }
        markup(p, "</tr>\n");
    }
    markup(p, "</tbody>\n</table>\n</div>\n");
    if (p->d->notes.count > 0) {
        markup(p, "<h3>Where differences may come from, besides what was tested</h3>\n<ul class=\"notes\">\n");
        for (size_t i = 0; i < p->d->notes.count; i++)
            element(p, "<li>", p->d->notes.items[i], "</li>\n");
        markup(p, "</ul>\n");
    }
    markup(p, "<p class=\"limits\">What was not seen in a case may still have happened where nobody looked. \"New\" "
              "means: not seen in the "
              "first case.</p>\n</section>\n");
}

/* What one case says: the columns that are known, one a line; those that changed stand out. */
static void write_cell(struct page *p, const struct diff_item *item, size_t nth)
{
    const struct diff_value *values = item->values[nth];

    if (!values) {
        element(p, "<td class=\"wide none\">", diff_cell_unseen(p->counts, nth), "</td>");
        return;
    }
    markup(p, "<td class=\"wide\">");
    for (size_t i = 0; p->list->columns[i].name; i++) {
        const bool changed = item->changed & 1u << i && !p->list->columns[i].told_only;
        if (!text_known(values[i].text) && !fact_known_int(values[i].number) && !changed)
            continue;
        element(p, "<div><span class=\"none\">", diff_label(p->arena, p->list->columns[i].name), "</span> ");
        element(p, changed ? "<strong>" : "", diff_value_text(p->arena, p->list, i, &values[i]),
                changed ? "</strong>" : "");
        markup(p, "</div>");
    }
    markup(p, "</td>");
}

static int write_item(void *user, const struct diff_item *item)
{
    static const struct { const char *css_class, *word; } changes[] = {
        [DIFF_SAME] = { "", "" }, [DIFF_NEW] = { "not_shown", "new" }, [DIFF_NOT_SEEN] = { "met", "not seen again" },
        [DIFF_CHANGED] = { "", "changed" },
    };
    struct page *p = user;

    if (item->change == DIFF_SAME || p->rows++ >= DIFF_PAGE_ROWS_MAX)
        return 0;
    arena_reset(p->arena);
    fprintf(p->out, "<tr><td><span class=\"outcome %s\">%s</span></td>", changes[item->change].css_class,
            changes[item->change].word);
    element(p, "<td class=\"wide\"><strong>", diff_key_text(p->arena, p->list, item), "</strong></td>");
    for (size_t k = 0; k < p->d->case_count; k++)
        write_cell(p, item, k);
    markup(p, "</tr>\n");
    return 0;
}

/* As the first case that names it does. */
static struct text device_name(const struct page *p, const struct diff_item *item)
{
    for (size_t k = 0; k < p->d->case_count; k++)
        if (item->values[k] && text_known(item->values[k][0].text))
            return item->values[k][0].text;
    return TEXT_UNKNOWN;
}

/* A device: a row for each case, numbers below each other. */
static int write_matrix_item(void *user, const struct diff_item *item)
{
    struct page *p = user;

    if (p->rows++ >= DIFF_PAGE_ROWS_MAX)
        return 0;
    arena_reset(p->arena);
    for (size_t k = 0; k < p->d->case_count; k++) {
        const struct diff_value *values = item->values[k];
        markup(p, "<tr>");
        if (k == 0) {
            fprintf(p->out, "<td class=\"wide\" rowspan=\"%zu\">", p->d->case_count);
            element(p, "<strong>", diff_key_text(p->arena, p->list, item), "</strong>");
            element(p, "<small>", device_name(p, item), "</small></td>");
        }
        element(p, "<td class=\"wide\">", p->d->cases[k].name, "</td>");
        for (size_t i = 0; p->list->columns[i].name; i++) {
            if (p->list->columns[i].type == DIFF_TEXT)
                continue;
            if (values)
                element(p, "<td class=\"number\">", diff_value_text(p->arena, p->list, i, &values[i]), "</td>");
            else
                element(p, "<td class=\"number none\">", diff_cell_unseen(p->counts, k), "</td>");
        }
        markup(p, "</tr>\n");
    }
    return 0;
}

static void write_matrix_head(struct page *p, const struct diff_list *list)
{
    markup(p, "<table>\n<thead><tr><th></th><th></th>");
    for (size_t i = 0; list->columns[i].name; i++) {
        if (list->columns[i].type == DIFF_TEXT)
            continue;
        element(p, "<th scope=\"col\" class=\"number\">",
                list->columns[i].unit ? text_of(list->columns[i].unit) : diff_label(p->arena, list->columns[i].name),
                "</th>");
    }
    markup(p, "</tr></thead>\n<tbody>\n");
}

static int write_table(struct page *p, const struct diff_list *list)
{
    markup(p, "<div class=\"table-scroll\">\n");
    if (list->matrix)
        write_matrix_head(p, list);
    else
        write_case_heads(p, "<th></th><th></th>");
    const int error = diff_walk(p->d, list, list->matrix ? write_matrix_item : write_item, p);
    markup(p, "</tbody>\n</table>\n</div>\n");
    if (p->rows > DIFF_PAGE_ROWS_MAX)
        fprintf(p->out, "<p class=\"limits\">This page holds %d of %zu rows; the text and JSON forms hold all.</p>\n",
                DIFF_PAGE_ROWS_MAX, p->rows);
    return error;
}

static int write_list(struct page *p, const struct diff_list *list)
{
    const struct diff_counts *counts = diff_counts_of(p->d, list);
    int error = 0;

    arena_reset(p->arena);
    p->list = list;
    p->counts = counts;
    p->rows = 0;
    fprintf(p->out, "<section id=\"%s\" class=\"block\">\n<h2>%s</h2>\n", list->name, list->heading);
    if (counts->compared_count == 0)
        markup(p, "<p class=\"lead\">No case holds evidence for this.</p>\n");
    else if (!list->matrix)
        element(p, "<p class=\"lead\">", diff_counts_text(p->arena, counts), "</p>\n");
    const struct text_list apart = diff_not_compared(p->arena, p->d, list, counts);
    for (size_t i = 0; i < apart.count && counts->compared_count > 0; i++)
        element(p, "<p class=\"hint\">", apart.items[i], "</p>\n");
    if (counts->by_change[DIFF_NEW] + counts->by_change[DIFF_NOT_SEEN] + counts->by_change[DIFF_CHANGED] > 0 ||
        (list->matrix && counts->compared_count > 0))
        error = write_table(p, list);
    markup(p, "</section>\n");
    return error;
}

int diff_html_write(struct diff *d, FILE *out)
{
    struct page p = { .out = out, .d = d, .arena = arena_new(0) };
    int error = 0;

    write_head(&p, d->differs);
    write_coverage(&p);
    for (size_t i = 0; i < diff_list_count && !error; i++)
        error = write_list(&p, &diff_lists[i]);
    markup(&p, "</main>\n");
    element(&p, "<footer><p>", WORDS_SAY(p.arena, PAGE_MADE_BY, TEXT(LEASH_VERSION)),
            "</p></footer>\n</body>\n</html>\n");
    arena_free(p.arena);
    if (error)
        return error;
    errno = EIO;
    return ferror(out) || fflush(out) ? -errno : 0;
}
