#ifndef LEASH_JUDGE_TRAFFIC_H
#define LEASH_JUDGE_TRAFFIC_H

#include "policy/policy.h"

struct sqlite3;

/* Three temporary tables that nearly all rules begin with, made by going over the flows twice.
 * The same could be said in SQL; said here, a case of 100,000 flows is judged in half the time.
 *
 *   peer(nth, key, named, flows, payload_out, opaque_out, missing_out, bytes_in, answered)
 *       everybody outside to whom something was addressed.  key: the name in small letters and
 *       without a final dot, else the address; nth counts in the order of keys; answered: 1 when
 *       anything came back
 *   sent(fid, id, recipient, payload_out, answered, phase, device, mac, private, in_flight, allowed)
 *       each flow to a peer, in the order of `flow`; recipient is its nth.  private: the address is;
 *       in_flight: it was open while an aircraft was in the air; allowed: an entry of
 *       allowed_destinations fits it
 *   address(address, private, internal)
 *       each address of a flow; internal: in a network that the policy lists as such
 *
 * Flows that are local, and those to groups (multicast), are in none of the first two.
 * Memory grows with the number of peers and addresses, not of flows. */
extern const char *const traffic_tables[3];

/* 0, or an SQLite result code. */
__attribute__((warn_unused_result)) int traffic_keep(struct sqlite3 *db, const struct policy *p);

#endif
