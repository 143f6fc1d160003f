#ifndef LEASH_REPORT_XML_WRITE_H
#define LEASH_REPORT_XML_WRITE_H

#include <stdio.h>

#include "base/text.h"

/* Text from evidence as XML 1.0 text or attribute value: markup is escaped; bytes that are not UTF-8, and characters
 * that XML forbids, become U+FFFD; marks that turn or hide text become visible, as \u{202e} (report/terminal.h). */
void xml_put_text(FILE *out, struct text t);

/* <name>text</name>; nothing when it is NULL. */
void xml_put_element(FILE *out, const char *name, const char *nul_terminated);

/* Degrees with nine decimals at most, and metres with three: finer than any receiver. */
void xml_put_degrees(FILE *out, double degrees);
void xml_put_metres(FILE *out, double metres);

#endif
