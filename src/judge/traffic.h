#ifndef LEASH_JUDGE_TRAFFIC_H
#define LEASH_JUDGE_TRAFFIC_H

#include "policy/policy.h"

struct sqlite3;
struct traffic;

/* Temporary tables that nearly all rules begin with, made by going over the flows once, so that
 * rules need not: over 100,000 flows one pass in SQL takes as long as all that is done here.
 *
 *   peer(nth, key, named, flows, payload_out, opaque_out, missing_out, bytes_in, answered, device, facts, any, allowed)
 *       everybody outside to whom something was addressed.  key: the name in small letters and
 *       without a final dot, else the address; nth counts in the order of keys; answered: 1 when
 *       anything came back; device: who was answered first; facts: a JSON list of the ids of the
 *       first 50 flows that carried something; any: of the first 20, whatever they carried; allowed: 1 when an
 *       entry of allowed_destinations fits each of them
 *   stream(nth, recipient, phase, device, mac, private, in_flight, allowed,
 *          flows, carrying, payload_out, unreadable_out, answered, facts, any, unreadable)
 *       the flows to a peer that agree in the columns up to `allowed`, summed up.  recipient: nth of
 *       the peer; private: the address is; in_flight: open while an aircraft was in the air; allowed:
 *       an entry of allowed_destinations fits; carrying: flows that carried something; the last
 *       three: JSON lists of the fids of the first 20 of these, of the first 20 whatever they
 *       carried, and of the first 50 of which something cannot be read
 *   sent(fid, recipient, stream)
 *       each flow to a peer
 *   request_flow(request, flow)
 *       the fid of each request that went to a peer, and that of its flow
 *   clear_peer(key, proto, service, local, flows, payload_out, payload_in, readable_out, nth, least_id, greatest_id)
 *       the flows of which no version of TLS or QUIC is known that agree in the first four columns, also
 *       the local ones.  key: as that of peers; nth: fid of the first; least_id, greatest_id: of their ids,
 *       as texts sort
 *   address(address, private, internal)
 *       each address of a flow; internal: in a network that the policy lists as such
 *   captured_device(mac, address)
 *       whose flows they are
 *   flow_kind(proto, service, dst_port, phase, local, encrypted, flows)
 *       what kinds of flows there are, so that a rule about one kind can tell before it looks at
 *       each flow that there is none.  encrypted: with a version of TLS or QUIC
 *
 * Flows that are local are in none of the first four, those to groups (multicast) in none of the first five.
 * Memory: 16 bytes per flow, and what grows with the rows of the other tables.  `stream` and `sent` are no copies:
 * judge/traffic_views.h. */
enum { TRAFFIC_TABLE_COUNT = 8 };
extern const char *const traffic_tables[TRAFFIC_TABLE_COUNT];

/* 0, or an SQLite result code.  *ret is set in any case, and must be there as long as the tables. */
__attribute__((warn_unused_result)) int traffic_keep(struct sqlite3 *db, const struct policy *p, struct traffic **ret);
/* When the tables were dropped; NULL is fine. */
void traffic_free(struct traffic *t);

#endif
