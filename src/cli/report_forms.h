#ifndef LEASH_CLI_REPORT_FORMS_H
#define LEASH_CLI_REPORT_FORMS_H

#include <stdbool.h>
#include <stdio.h>

#include "fact/case.h"

/* The forms that `leash report` writes: one table of them. */
struct report_form {
    const char *name;
    /* 0 or a negative errno. */
    int (*write)(struct fact_case *c, FILE *out, const char *case_path);
};

const struct report_form *report_form_find(const char *name); /* NULL: there is none of that name */

/* What is to be written: a case in a form. */
struct report_job {
    struct fact_case *c;
    const struct report_form *form;
    const char *case_path; /* for texts that name it; NULL: not told */
    const char *table;     /* csv: one table by its name; NULL: positions, or all of them into a folder */
    bool folder;           /* csv: one file per table */
};

/* Takes one file of a report: `write` with `user` as its last argument writes it.  `name` is that of the file in the
 * folder; NULL when the report is one file.  Gives an exit_status. */
typedef int report_taker(void *taker, const char *name, int (*write)(FILE *out, void *user), void *user);

/* Calls `take` for each file of the report until one gives other than EXIT_OK; gives that. */
int report_write(const struct report_job *job, report_taker *take, void *taker);

/* Whether there is a table of that name: a kind of row, or T1 to T9. */
bool report_has_table(const char *name);

#endif
