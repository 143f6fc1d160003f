#ifndef LEASH_CLI_REPORT_REDACT_H
#define LEASH_CLI_REPORT_REDACT_H

#include "cli/report_forms.h"

/* `leash report --redact`: makes a redacted copy of the case (report/redact.h), writes the report from it into files
 * that have no name yet, searches them for every known value of the case (cli/redact_check.h), and only then writes
 * them to `output` (NULL: standard output; a folder with job->folder).  EXIT_VIOLATIONS when something was found: it is
 * said, and nothing is written. */
int report_redacted(const struct report_job *job, const char *output);

#endif
