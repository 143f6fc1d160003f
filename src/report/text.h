#ifndef LEASH_REPORT_TEXT_H
#define LEASH_REPORT_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/text.h"
#include "fact/case.h"

struct text_style {
    bool colour;                 /* the caller has looked at NO_COLOR, TERM and isatty */
    int width, height;           /* of the screen; 0 means 80 and 24 */
    struct text report_path, case_path, json_path; /* named at the end where known */
};

/* The summary of a case on one screen: verdict, what left, addressed to whom, what was not
 * seen, what to do next, what the files keep, where the report is.  It never takes more
 * than height - 1 lines (of at least 16), and what had no room is counted.  Every text from
 * evidence goes through terminal_safe.  0, -EIO when the case cannot be read, or the negative
 * errno of a failed write. */
__attribute__((warn_unused_result))
int report_text_write(struct fact_case *c, FILE *out, const struct text_style *style);
/* The same of a summary that was read already. */
struct summary;
__attribute__((warn_unused_result))
int report_text_write_summary(struct fact_case *c, const struct summary *summary, FILE *out,
                              const struct text_style *style);

#endif
