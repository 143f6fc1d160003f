#ifndef LEASH_CLI_REDACT_CHECK_H
#define LEASH_CLI_REDACT_CHECK_H

#include <stdbool.h>

#include "fact/case.h"
#include "report/pseudonyms.h"

/* The search of a redacted report's bytes for every known value of the case: those that leash looks for in traffic
 * (leak/secrets.h), in all its encodings (leak/residue.h), those that were replaced in the copy, and the places of
 * drones that were heard.  Values that leak/secrets.h refuses, of fewer than eight significant characters, are not
 * searched for: other texts look like them. */
struct redact_check;

/* 0 or a negative errno; *ret is set on success only. */
__attribute__((warn_unused_result))
int redact_check_new(struct fact_case *from, const struct pseudonyms *names, struct redact_check **ret);
void redact_check_free(struct redact_check *k); /* NULL is fine */

/* Searches a file, in a process that may do nothing else.  0: nothing was found; 1: something was, and `what` tells it
 * in words, without the value; a negative errno: it could not be searched. */
enum { REDACT_WHAT_MAX = 256 };
__attribute__((warn_unused_result))
int redact_check_file(const struct redact_check *k, int fd, char what[REDACT_WHAT_MAX]);

#endif
