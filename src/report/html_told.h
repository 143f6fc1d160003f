#ifndef LEASH_REPORT_HTML_TOLD_H
#define LEASH_REPORT_HTML_TOLD_H

#include <stdio.h>

#include "fact/case.h"

/* What the case recorded in English, in the language of the page: {SENTENCE: TRANSLATION, ...}, for the script, which
 * looks up what it shows.  Only sentences that told.h has another form for; {} while the language is English.  The data
 * of the page beside it stay those of the case.  0, or -EIO when the case cannot be read. */
__attribute__((warn_unused_result)) int html_told_write(struct fact_case *c, FILE *out);

#endif
