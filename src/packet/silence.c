#include "packet/silence.h"

#include "base/timestamp.h"

#define MINUTES(n) ((n) * 60 * NS_PER_S)

const struct silence_limits silence_of_captures = {
    .closed_ns = MINUTES(4), .datagrams_ns = MINUTES(30), .tcp_ns = MINUTES(124),
};

static void end_list(struct tracker *t, enum flow_list list, int64_t limit_ns)
{
    for (uint32_t flow; (flow = t->table.lists[list].oldest) != 0; ) {
        const struct flow *f = flow_at(&t->table, flow);
        if (!flow_is_idle(f, t->now_utc_ns, limit_ns))
            return;
        flow_expect(&t->table, f->newer);
        tracker_close_flow(t, flow);
    }
}

void silence_end(struct tracker *t, const struct silence_limits *limits)
{
    /* Where rows are told early, a flow leaves CLOSED for TOLD when its row was put. */
    end_list(t, t->early ? FLOW_LIST_TOLD : FLOW_LIST_CLOSED, limits->closed_ns);
    end_list(t, FLOW_LIST_DATAGRAMS, limits->datagrams_ns);
    end_list(t, FLOW_LIST_TCP, limits->tcp_ns);
}
