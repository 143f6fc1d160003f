#ifndef LEASH_REPORT_HTML_TEXT_H
#define LEASH_REPORT_HTML_TEXT_H

#include <stdio.h>

#include "base/text.h"

/* Writes text as HTML character data, also good inside a quoted attribute: < > & " ' and
 * ` become references, and what terminal_safe would escape is shown the same way, so that
 * nothing from evidence opens a tag, ends an attribute, hides or turns the text around it.
 * Unknown text writes nothing. */
void html_text(FILE *out, struct text t);

#endif
