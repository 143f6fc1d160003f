#ifndef LEASH_REPORT_FORBIDDEN_H
#define LEASH_REPORT_FORBIDDEN_H

#include "base/network.h"
#include "fact/case.h"

/* What the policy of a case forbids: the destinations that findings of rules name whose verdict is `not_met`.  Findings
 * that do not count (severity info: the rule is not selected, or a person answers for them) forbid nothing, and
 * observations, which are no rule, neither.  A destination is exactly what the rule named: no rule of leash's catalogue
 * forbids all names below one, so none is made a wildcard. */

enum forbidden_kind {
    FORBIDDEN_NAME,     /* a host name that can stand in lists: letters, digits, hyphens, underscores and dots, in lower case */
    FORBIDDEN_ADDRESS,
    FORBIDDEN_LOCAL,    /* of the local network, or of the operator: never blocked */
    FORBIDDEN_ODD,      /* no list can hold it */
};

struct forbidden_reason {
    struct text rule, severity, statement;
};

struct forbidden {
    enum forbidden_kind kind;
    struct text name;             /* as findings have it, without a dot at the end; in lower case where it is a name */
    struct network address;       /* of FORBIDDEN_ADDRESS */
    struct text owner, last;      /* may be unknown; `last`: RFC 3339 */
    struct text_list addresses;   /* that were seen for it */
    struct network *own;          /* of these, the ones at which the case has no destination that may be reached */
    size_t own_count;
    bool answers_dns;             /* queries for names were sent to it */
    struct forbidden_reason *reasons; /* one for each rule, the first finding of it */
    size_t reason_count, reason_room;
};

struct forbidden_list {
    struct forbidden *at;         /* by name */
    size_t count, room;
};

/* All texts are in the arena.  0, or -EIO when the case cannot be read; `ret` must be given to forbidden_done in any
 * case. */
__attribute__((warn_unused_result))
int forbidden_read(struct fact_case *c, struct arena *arena, struct forbidden_list *ret);
void forbidden_done(struct forbidden_list *list);

#endif
