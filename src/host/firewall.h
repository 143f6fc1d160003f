#ifndef LEASH_HOST_FIREWALL_H
#define LEASH_HOST_FIREWALL_H

#include "host/host.h"

/* The rules of a packet filter, from whichever tool printed them, and the one question asked
 * of them: what becomes of a new connection that no rule names?
 *
 *   allow   the policy accepts, or a rule accepts without naming a destination, a port, a set
 *           or a user: "everything from the local to the outer interface" is still everything
 *   deny    the policy or a rule without any condition drops, and nothing ahead of it accepts so
 *   no answer where a condition is not known here, a rule drops only for one way out, a limit
 *           was met, or the output does not show its end
 *
 * What is forwarded is asked once for all interfaces, and once for each interface that rules
 * name as the one a packet comes from: a drone's own network is often the only one that is
 * locked up.  Jumps are followed. */
enum firewall_verdict { FIREWALL_NONE, FIREWALL_ACCEPT, FIREWALL_DENY, FIREWALL_JUMP, FIREWALL_GOTO, FIREWALL_RETURN };
enum firewall_width {
    FIREWALL_OPEN,     /* no condition but those that have a field of their own */
    FIREWALL_NARROW,   /* a destination, port, set, user or mark */
    FIREWALL_UNSURE,   /* a condition that is not known here */
};
enum firewall_hook { FIREWALL_NO_HOOK, FIREWALL_INPUT, FIREWALL_FORWARD, FIREWALL_OUTPUT, FIREWALL_HOOK_COUNT };
enum { FIREWALL_IPV4 = 1, FIREWALL_IPV6 = 2 };

enum {
    FIREWALL_CHAINS_MAX = 1024, FIREWALL_RULES_MAX = 20000, FIREWALL_INTERFACES_MAX = 16,
    FIREWALL_DEPTH_MAX = 16, FIREWALL_STEPS_MAX = 2000000, /* rules looked at for all questions */
    FIREWALL_ACCEPTS_MAX = 2000,                           /* egress_accept rows */
    FIREWALL_SET_MAX = 1024,                               /* bytes of a set of interfaces that is looked into */
};

struct firewall_rule {
    enum firewall_verdict verdict;
    enum firewall_width width;
    bool partial;                 /* only some protocols, or a rate */
    bool source;                  /* only what comes from some addresses */
    bool replies;                 /* only answers, or only what stays on the host */
    unsigned families;            /* 0: those of the chain */
    struct text in, out;          /* interface or nft set of interfaces as written; unknown: any */
    struct text target;           /* of a jump */
    struct firewall_chain *to; /* the same, found by firewall_put; NULL: not in the output */
    struct text destination;      /* unknown: any */
    struct text port;             /* "tcp/443"; unknown: any */
    struct bytes at;
    struct firewall_rule *next;
};

struct firewall_chain {
    struct text table, name;
    unsigned families;            /* FIREWALL_IPV4 | FIREWALL_IPV6 */
    enum firewall_hook hook;
    enum firewall_verdict policy; /* of a base chain: ACCEPT or DENY; NONE: not known */
    struct bytes at;
    struct firewall_rule *first, *last;
    bool asked;                   /* on the way of jumps that is being followed */
    struct firewall_chain *next;
};

struct firewall {
    struct host *host;
    const char *tool;
    struct firewall_chain *first, *last;
    size_t chain_count, rule_count, accept_count, steps;
    bool incomplete;              /* no answer is given */
};

/* What a destination or port, as a tool writes it, narrows.  Almost the whole address space
 * or all ports narrow nothing. */
bool firewall_is_wide_network(struct text network);
bool firewall_is_wide_port(struct text port);

/* NULL at a limit, which is then recorded as damage. */
struct firewall_chain *firewall_chain_add(struct firewall *f, struct text table, struct text name, unsigned families,
                                          struct bytes at);
struct firewall_chain *firewall_chain_find(const struct firewall *f, struct text table, struct text name,
                                           unsigned families);
struct firewall_rule *firewall_rule_add(struct firewall *f, struct firewall_chain *chain, struct bytes at);

/* Puts the settings: for each family and hook ingress_default or egress_default where there is
 * an answer, egress_accept for each rule that lets new connections out, and firewall_state: on where
 * something is denied by default, off where nothing is and all that comes in is let in. */
void firewall_put(struct firewall *f);

#endif
