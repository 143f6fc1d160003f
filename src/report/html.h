#ifndef LEASH_REPORT_HTML_H
#define LEASH_REPORT_HTML_H

#include <stdio.h>

#include "fact/case.h"

/* The report as one HTML file that asks nobody for anything: style, script and world map
 * are in it, and its content security policy allows only them, by their hashes.
 *
 * The verdict, the summary and the coverage are plain markup, complete without a script.
 * Behind them stand the JSON report (report_json_write) and "leash.tracks/1"
 * (html_tracks_write) as data, which the script turns into maps and tables.
 *
 * 0, -EIO when the case cannot be read, or the negative errno of a failed write. */
__attribute__((warn_unused_result)) int report_html_write(struct fact_case *c, FILE *out);
/* The same with a summary that was read already, and what was worked out ahead of this case (report/html_ahead.h);
 * NULL: it was not. */
struct html_ahead;
struct summary;
__attribute__((warn_unused_result))
int report_html_write_with(struct fact_case *c, const struct summary *summary, const struct html_ahead *ahead,
                           FILE *out);

/* Made from page/ when building (page/bundle.py). */
struct page_part {
    const unsigned char *at;
    size_t len;
    const char *hash; /* 'sha256-...' as a content security policy wants it, without the quotes */
};
extern const struct page_part page_style, page_script;

#endif
