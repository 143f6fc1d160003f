#ifndef LEASH_PROTOCOL_HTTP1_HEAD_H
#define LEASH_PROTOCOL_HTTP1_HEAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/text.h"

/* The head of an HTTP/1 message: RFC 9112, RFC 9110.  Read as leniently as servers do
 * (LF alone ends a line, folded fields, blanks in targets), because what they
 * understood is what was sent. */

enum http1_coding { CODING_IDENTITY, CODING_GZIP, CODING_DEFLATE, CODING_UNKNOWN };

struct http1_head {
    bool request;
    enum { HTTP_0_9, HTTP_1_0, HTTP_1_1 } version;
    struct text method, target; /* requests */
    int status;                 /* responses */
    /* Views into the head, trimmed; unknown when absent.  Folded values still hold their line ends. */
    struct text host, user_agent, content_type;
    enum http1_coding coding;   /* of the content */
    bool chunked;
    bool transfer_other;        /* a Transfer-Encoding that does not end in "chunked" */
    bool has_length, bad_length;
    uint64_t length;
};

/* The length of the head with its empty line (of HTTP/0.9, RFC 1945 section 4.1, of the
 * request line "GET /path"), 0 while that has not come.  `scanned` is
 * 0 at the first call and remembers how far the search came. */
size_t http1_head_length(struct bytes data, size_t *scanned);

/* `head` begins at the start line and ends where http1_head_length says, or earlier when
 * it was cut; of a cut one whole lines count.  INVALID when the start line is none. */
__attribute__((warn_unused_result))
enum parse_status http1_head_parse(struct bytes head, struct http1_head *ret);

enum http1_look { HTTP1_NO, HTTP1_MAYBE, HTTP1_REQUEST, HTTP1_RESPONSE };
/* What the first line looks like, as far as it is there. */
enum http1_look http1_look_at(struct bytes data);

/* Authority without its port and brackets: "example.org" of "example.org:8080", "::1" of "[::1]:80". */
struct text http1_host_of(struct text authority);
/* Splits "http://host/path"; false when the target is not of that form. */
bool http1_absolute_form(struct text target, struct text *ret_authority, struct text *ret_path);

#endif
