#ifndef LEASH_REPORT_CYCLONEDX_EVIDENCE_H
#define LEASH_REPORT_CYCLONEDX_EVIDENCE_H

#include "base/json.h"

/* The member "evidence" of a component. */
struct bom_evidence {
    struct text path;        /* of the evidence item; unknown: no occurrences */
    int64_t offset;          /* in it, of the first step; or FACT_UNKNOWN_INT */
    struct text_list steps;  /* of the row's origin */
    struct text state;       /* of the component */
    struct text source;      /* what names it, with "(seen)", "(partial)" or "(from memory)" at its end */
    bool has_version, is_library;
};

/* How sure it is that the component is what it is called.  The numbers rank, they are no measured
 * frequencies: each is that of the strongest sign (a class, file or library 0.9, the manifest or another
 * document 0.8, a connection or a host 0.4), times 1, 0.9 or 0.7 where the signature table says
 * seen, partial or from memory.  A name alone, such as a library's own, is 0.5. */
double bom_confidence(const struct bom_evidence *e);

void bom_put_evidence(struct json *j, const struct bom_evidence *e);

#endif
