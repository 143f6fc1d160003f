#include "cli/report_forms.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/report_pdf.h"
#include "report/audit_tables.h"
#include "report/blocklist.h"
#include "report/csv.h"
#include "report/cyclonedx.h"
#include "report/ecs.h"
#include "report/geojson.h"
#include "report/gpx.h"
#include "report/html.h"
#include "report/json.h"
#include "report/kml.h"
#include "report/stix.h"
#include "report/text.h"

static int write_text(struct fact_case *c, FILE *out, const char *path)
{
    struct winsize size = { 0 };
    const bool terminal = isatty(fileno(out)) && ioctl(fileno(out), TIOCGWINSZ, &size) == 0;
    const struct text_style style = {
        .colour = wants_colour(out), .width = terminal ? size.ws_col : 0, .height = terminal ? size.ws_row : 0,
        .case_path = text_of(path),
    };

    return report_text_write(c, out, &style);
}

#define WRITER(form, call) \
    static int write_##form(struct fact_case *c, FILE *out, const char *path) { (void)path; return call; }
WRITER(html, report_html_write(c, out))
WRITER(json, report_json_write(c, out, true))
WRITER(positions, report_csv_write(c, FACT_POSITION, out))
WRITER(geojson, report_geojson_write(c, out))
WRITER(kml, report_kml_write(c, out))
WRITER(gpx, report_gpx_write(c, out))
WRITER(cyclonedx, report_cyclonedx_write(c, out))
WRITER(hosts, report_hosts_write(c, out))
WRITER(nft, report_nft_write(c, out))
WRITER(rpz, report_rpz_write(c, out))
WRITER(stix, report_stix_write(c, out))
WRITER(ecs, report_ecs_write(c, out))
WRITER(pdf, report_pdf_write(c, out))
#undef WRITER

static const struct report_form forms[] = {
    { "text", write_text }, { "html", write_html }, { "json", write_json }, { "csv", write_positions },
    { "geojson", write_geojson }, { "kml", write_kml }, { "gpx", write_gpx }, { "cyclonedx", write_cyclonedx },
    { "hosts", write_hosts }, { "nft", write_nft }, { "rpz", write_rpz },
    { "stix", write_stix }, { "ecs", write_ecs },
    { "pdf", write_pdf },
};

const struct report_form *report_form_find(const char *name)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strcmp(forms[i].name, name) == 0)
            return &forms[i];
    return NULL;
}

static int write_job(FILE *out, void *user)
{
    const struct report_job *job = user;

    return job->form->write(job->c, out, job->case_path);
}

/* One table: a kind of row, or the answer of a query. */
struct table_job {
    struct fact_case *c;
    enum fact_kind kind;
    const struct audit_table *audit; /* NULL: the kind */
};

static int write_table(FILE *out, void *user)
{
    const struct table_job *t = user;

    return t->audit ? report_csv_query(t->c, t->audit->sql, out) : report_csv_write(t->c, t->kind, out);
}

static const struct audit_table *find_audit_table(const char *name)
{
    for (size_t i = 0; i < AUDIT_TABLE_COUNT; i++)
        if (strcmp(audit_tables[i].name, name) == 0 || strcmp(audit_tables[i].file, name) == 0)
            return &audit_tables[i];
    return NULL;
}

bool report_has_table(const char *name)
{
    return fact_kind_find(text_of(name)) < FACT_CASE_KIND_COUNT || find_audit_table(name);
}

static int write_one_table(const struct report_job *job, report_taker *take, void *taker)
{
    struct table_job table = { .c = job->c, .kind = fact_kind_find(text_of(job->table)),
                               .audit = find_audit_table(job->table) };

    return take(taker, NULL, write_table, &table);
}

/* One file per kind that has rows, and T1 to T9, which are there even when they are empty. */
static int write_tables(const struct report_job *job, report_taker *take, void *taker)
{
    struct table_job table = { .c = job->c };
    char name[128];
    int status = EXIT_OK;

    for (int kind = 0; kind < FACT_CASE_KIND_COUNT && status == EXIT_OK; kind++) {
        table.kind = (enum fact_kind)kind;
        if (case_rows(job->c, table.kind) == 0)
            continue;
        snprintf(name, sizeof name, "%s.csv", fact_tables[kind].name);
        status = take(taker, name, write_table, &table);
    }
    for (size_t i = 0; i < AUDIT_TABLE_COUNT && status == EXIT_OK; i++) {
        table.audit = &audit_tables[i];
        snprintf(name, sizeof name, "%s.csv", table.audit->file);
        status = take(taker, name, write_table, &table);
    }
    return status;
}

int report_write(const struct report_job *job, report_taker *take, void *taker)
{
    if (job->folder)
        return write_tables(job, take, taker);
    return job->table ? write_one_table(job, take, taker) : take(taker, NULL, write_job, (void *)job);
}
