#ifndef LEASH_CLI_REPORT_CHECK_H
#define LEASH_CLI_REPORT_CHECK_H

#include "base/hash.h"
#include "fact/case.h"

enum report_answer {
    REPORT_NONE,           /* the file is no report of leash */
    REPORT_OF_THIS_CASE,
    REPORT_WITH_MAP,       /* of this case, but for the map under its places, which is the operator's (--map) */
    REPORT_NOTED,          /* the case says that it was written of it */
    REPORT_OF_ANOTHER,     /* of another case, or changed since */
    REPORT_NOT_COMPARABLE, /* not noted in the case, and another version of leash made that */
};

/* Is the file, with its SHA-256 in hex, a report (page or JSON) that leash made of this case?  It is when this
 * program makes the same bytes of the case.  A note in the case that such a report was written
 * (case_note_report) is told where that cannot be asked: when the case's rows were changed since, or
 * another version made it. */
enum report_answer report_check(struct fact_case *c, const char *path, const char sha256[SHA256_HEX],
                                bool case_is_whole);

#endif
