#include <errno.h>

#include "base/json.h"
#include "report/diff_forms.h"
#include "report/diff_list.h"

struct writing {
    struct json j;
    const struct diff *d;
    const struct diff_list *list;
};

static void write_real(struct json *j, const char *name, double v)
{
    json_member_real(j, name, v); /* null when unknown */
}

static void write_int(struct json *j, const char *name, int64_t v)
{
    json_key(j, name);
    if (fact_known_int(v))
        json_int(j, v);
    else
        json_null(j);
}

static void write_coverage(struct json *j, const struct diff_coverage *v)
{
    json_key(j, "coverage");
    json_object(j);
    write_int(j, "evidence_read", v->evidence_read);
    write_int(j, "evidence_total", v->evidence_total);
    write_int(j, "captures", v->captures);
    write_real(j, "capture_time_s", v->capture_time_s);
    write_int(j, "flights", v->flights);
    write_real(j, "flight_time_s", v->flight_time_s);
    write_real(j, "flight_time_covered_s", v->flight_time_covered_s);
    write_int(j, "media", v->media);
    write_int(j, "packages", v->packages);
    write_int(j, "broadcasts", v->broadcasts);
    write_int(j, "settings", v->settings);
    write_int(j, "payload_out", v->payload_out);
    write_int(j, "readable_out", v->readable_out);
    write_int(j, "opaque_out", v->opaque_out);
    write_int(j, "missing_out", v->missing_out);
    json_object_end(j);
}

static void write_texts(struct json *j, const char *name, struct text_list list)
{
    json_key(j, name);
    json_array(j);
    for (size_t i = 0; i < list.count; i++)
        json_text(j, list.items[i]);
    json_array_end(j);
}

static void write_cases(struct json *j, const struct diff *d)
{
    json_key(j, "cases");
    json_array(j);
    for (size_t i = 0; i < d->case_count; i++) {
        const struct diff_case *k = &d->cases[i];
        json_object(j);
        json_member_text(j, "name", k->name);
        json_member_text(j, "path", k->path);
        json_member_text(j, "label", k->label);
        json_member_text(j, "started", k->started);
        json_member_text(j, "tool_version", k->tool_version);
        json_member_text(j, "policy", k->policy);
        json_member_text(j, "verdict", k->verdict);
        write_texts(j, "apps", k->apps);
        write_coverage(j, &k->coverage);
        json_object_end(j);
    }
    json_array_end(j);
}

static void write_values(struct writing *w, const struct diff_value *values)
{
    struct json *j = &w->j;

    if (!values) {
        json_null(j);
        return;
    }
    json_object(j);
    for (size_t i = 0; w->list->columns[i].name; i++) {
        if (w->list->columns[i].type == DIFF_TEXT)
            json_member_text(j, w->list->columns[i].name, values[i].text);
        else
            write_int(j, w->list->columns[i].name, values[i].number);
    }
    json_object_end(j);
}

static int write_item(void *user, const struct diff_item *item)
{
    struct writing *w = user;
    struct json *j = &w->j;

    if (item->change == DIFF_SAME && !w->list->matrix)
        return 0;
    json_object(j);
    for (size_t i = 0; w->list->keys[i]; i++) /* an empty key: there is none, or all of them */
        json_member_text(j, w->list->keys[i], item->keys[i].len > 0 ? item->keys[i] : TEXT_UNKNOWN);
    if (!w->list->matrix) {
        json_member_text(j, "change", text_of(diff_change_name(item->change)));
        json_key(j, "changed");
        json_array(j);
        for (size_t i = 0; w->list->columns[i].name; i++)
            if (item->changed & 1u << i && !w->list->columns[i].told_only)
                json_text(j, text_of(w->list->columns[i].name));
        json_array_end(j);
    }
    json_key(j, "cases");
    json_array(j);
    for (size_t k = 0; k < w->d->case_count; k++)
        write_values(w, item->values[k]);
    json_array_end(j);
    json_object_end(j);
    return 0;
}

static int write_list(struct writing *w, struct diff *d, const struct diff_list *list)
{
    struct json *j = &w->j;
    const struct diff_counts *counts = diff_counts_of(d, list);

    w->list = list;
    json_key(j, list->name);
    json_object(j);
    json_key(j, "compared");
    json_array(j);
    for (size_t k = 0; k < d->case_count; k++)
        json_text(j, text_of(diff_compared_name(counts->compared[k])));
    json_array_end(j);
    if (!list->matrix) {
        json_key(j, "counts");
        json_object(j);
        for (int c = DIFF_SAME; c <= DIFF_CHANGED; c++)
            json_member_int(j, diff_change_name((enum diff_change)c), (int64_t)counts->by_change[c]);
        json_object_end(j);
    }
    json_key(j, "items");
    json_array(j);
    const int error = diff_walk(d, list, write_item, w);
    json_array_end(j);
    json_object_end(j);
    return error;
}

int diff_json_write(struct diff *d, FILE *out)
{
    struct writing w = { .d = d };
    int error = 0;

    json_init(&w.j, out, true);
    json_object(&w.j);
    json_member_text(&w.j, "schema", TEXT("leash.diff/1"));
    json_member_text(&w.j, "tool_version", TEXT(LEASH_VERSION));
    json_member_bool(&w.j, "differs", d->differs);
    write_cases(&w.j, d);
    write_texts(&w.j, "notes", d->notes);
    for (size_t i = 0; i < diff_list_count && !error; i++)
        error = write_list(&w, d, &diff_lists[i]);
    json_object_end(&w.j);
    putc('\n', out);
    if (!error && (fflush(out) || ferror(out)))
        error = -EIO;
    return error;
}
