#ifndef LEASH_JUDGE_TRAFFIC_SUMS_H
#define LEASH_JUDGE_TRAFFIC_SUMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "judge/distinct.h"
#include "policy/policy.h"

struct sqlite3;

/* What judge/traffic.h says of the flows, in memory: between the pass over the flows
 * (traffic_sums.c) and the tables that are made of it (traffic.c). */

/* A JSON list of the first few ids, in the arena.  Without its end until it is used. */
struct list {
    char *json;
    uint32_t len, room, count;
};

struct peer {
    int64_t nth, flows;
    double payload_out, opaque_out, missing_out, bytes_in;
    struct text owner, country, device;
    struct list facts, any;
    bool named, answered, refused; /* refused: the policy does not allow every flow */
};

struct address { bool group, private, internal; };

struct owner { struct text name, country; };

/* Numbers stand for texts: 0 for none, else the number in a `distinct` + 1. */
struct stream_key { uint32_t peer, phase, device, mac; uint8_t private, in_flight, allowed, none; };
struct stream {
    struct stream_key key;
    int64_t nth, flows, carrying;
    double payload_out, unreadable_out;
    struct list facts, any, unreadable;
    bool answered;
};

/* Flows of one lane belong to the same stream, but for the time.  Only where the policy allows anything. */
struct lane_key { int64_t peer, dst, port, phase, device, mac, exact_host; };
struct lane { int64_t stream_of[2]; /* by in_flight; + 1 */ };

struct kind_key { int64_t proto, service, port, phase, local, encrypted; };

struct sent { int64_t fid; uint32_t stream; };

/* Flows that no version of TLS or QUIC is known of, and that did not go to a group. */
struct clear_key { int64_t peer, proto, service, local; };
struct clear {
    int64_t flows, first_fid;
    double payload_out, payload_in, readable_out;
    struct text least_id, greatest_id;
};

/* A request, and the number of its flow's id. */
struct request { int64_t fid; size_t flow; };

struct interval {
    int64_t from_ns, to_ns;
    struct text from, to; /* the same as RFC 3339 without the Z: so they sort as the times do */
};

struct traffic {
    struct sqlite3 *db;
    const struct policy *policy;
    const struct text_list *internal_networks;
    bool has_allowances;
    struct arena *arena, *passing; /* passing: of what traffic_settle gives back */
    struct distinct owner_keys, peer_keys, address_texts, stream_keys, lane_keys, kind_keys, speaker_keys, clear_keys,
        clear_peers;
    struct distinct asked_ids; /* of flows that carried requests */
    struct distinct words; /* phases, MAC addresses, protocols, services */
    int64_t last_speaker[2];
    int64_t last_words[4], last_addresses[2]; /* of the flow before, by column: mostly this one has the same */
    struct owner *owners;
    struct peer *peers;
    struct address *addresses;
    struct stream *streams;
    uint32_t *stream_order;    /* which stream is nth, once they are counted; NULL before */
    struct lane *lanes;
    int64_t *kind_flows;
    struct clear *clear;
    struct request *requests;
    int64_t *asked_fids; /* by number of asked_ids; 0: not there, or it did not leave */
    size_t request_count;
    struct sent *sent;
    size_t sent_count, sent_room;
    struct interval *air;
    size_t air_count;
};

/* Goes over the flows of `db` and adds up.  0, or an SQLite result code; traffic_done in any case. */
__attribute__((warn_unused_result)) int traffic_add_up(struct traffic *t, struct sqlite3 *db, const struct policy *p);
void traffic_done(struct traffic *t);
/* Gives back what only adding up needs: what stays is streams, what was sent, peers, words and the texts of
 * addresses. */
void traffic_settle(struct traffic *t);

/* The text that a number of `words`, or of addresses, stands for. */
struct text traffic_word(const struct traffic *t, int64_t number);
struct text traffic_address(const struct traffic *t, int64_t number);

#endif
