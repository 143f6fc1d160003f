#ifndef LEASH_PROTOCOL_HTTP1_STATE_H
#define LEASH_PROTOCOL_HTTP1_STATE_H

#include "base/hash.h"
#include "protocol/http1_body.h"
#include "protocol/http1_head.h"
#include "protocol/inner.h"

/* Between the parts of the HTTP/1 reader: http1.c reads messages, http1_request.c keeps requests until their
 * responses came, http1_tunnel.c what is no HTTP (any more). */

enum http1_phase {
    PHASE_HEAD,     /* before or in the head of a message */
    PHASE_BODY,
    PHASE_WAIT,     /* behind CONNECT, until the answer says what follows */
    PHASE_TUNNEL,
    PHASE_RAW,      /* not understood (any more): searched as it is */
};

/* A request until its row is put. */
struct http1_request {
    struct http1_request *next;
    struct fact_request row;
    size_t text_bytes;
    bool head, connect;               /* methods that change what a response means */
    bool request_done, response_done;
    char sha256[SHA256_HEX];
    char text[];                      /* of the row */
};

struct http1_way {
    enum http1_phase phase;
    bool begun;                       /* a part of a head is held for us */
    bool line_seen;                   /* and its start line is one */
    size_t scanned;
    int64_t head_packet, head_at_utc_ns;
    struct http1_body body;
    struct http1_request *request;    /* the one the body belongs to; NULL when not known */
    struct payload_view *raw_view;
};

struct http1_state {
    struct http1_way ways[2];
    struct http1_request *first, **last;
    size_t pending_count, pending_text;
    uint64_t rows_put_early;          /* requests whose responses are still to come */
    bool client_known, pairing_lost, host_said, device_said, upgraded, tunnelled;
    enum direction client;
    struct inner inner;               /* what the tunnel carries, or the connection was upgraded to */
};

/* http1_request.c */

/* Rows of requests that are over, in their order; with `all` of those too that are not. */
void http1_put_finished(struct http1_state *s, struct conversation *c, bool all);
/* The head of a request (response) was read; the response's request is NULL when that is not known.  The
 * request stays valid until its row is put. */
struct http1_request *http1_request_met(struct http1_state *s, struct conversation *c, enum direction d,
                                        const struct http1_head *h, struct bytes head);
struct http1_request *http1_response_met(struct http1_state *s, const struct http1_head *h);
/* Messages may have been lost: which response belongs to which request is not known any more. */
void http1_lose_pairing(struct http1_state *s, struct conversation *c);

/* http1_tunnel.c */

/* What 101 leads to by its name; anything else (TLS by RFC 2817, say) is looked at as what a tunnel carries is. */
void http1_upgrade_begins(struct http1_state *s, struct conversation *c, struct bytes head);
/* Behind CONNECT, before and after its answer.  They give how many bytes were consumed; with 0 the phase
 * may have changed, else more bytes are needed. */
size_t http1_wait_stream(struct http1_state *s, struct conversation *c, enum direction d, struct bytes data);
size_t http1_tunnel_stream(struct http1_state *s, struct conversation *c, enum direction d, struct bytes data);
/* Bytes that are not understood, to the search; and the end of them. */
void http1_raw_stream(struct http1_state *s, struct conversation *c, enum direction d, struct bytes data);
void http1_raw_end(struct conversation *c, struct http1_way *w);

#endif
