#ifndef LEASH_CLI_REPORT_PDF_H
#define LEASH_CLI_REPORT_PDF_H

#include <stdio.h>

#include "fact/case.h"

/* The report page as PDF, printed by Chromium where that is installed.
 *
 * Chromium gets nothing but the page: a profile and a home of its own in a temporary folder, which is removed; no
 * network (a network namespace of its own where the kernel lets us, name resolution and background requests switched
 * off in any case; the page itself has a policy that forbids every request); a time limit.  Its sandbox is left on,
 * unless the user is root, for whom Chromium refuses to start with it. */

/* Says on standard error what to install when there is no Chromium; gives an exit_status. */
int report_pdf_ready(void);

/* 0 or a negative errno; -ECANCELED when Chromium made no PDF, or took too long, which is then said. */
__attribute__((warn_unused_result)) int report_pdf_write(struct fact_case *c, FILE *out);

#endif
