#ifndef LEASH_PROTOCOL_TEXT_HEAD_H
#define LEASH_PROTOCOL_TEXT_HEAD_H

#include "base/cursor.h"
#include "base/text.h"

/* Heads of messages made of lines, as SSDP and RTSP took them over from HTTP: a start line, then
 * "Name: value" lines, then an empty line. */

/* The length of the head with its empty line; 0 while that has not come. */
size_t text_head_length(struct bytes data);

/* Takes the next line off the cursor, without its line end; false behind the last.  A cut last
 * line counts as one. */
bool text_head_line(struct cursor *c, struct text *ret);

/* Splits "Name: value"; both are trimmed.  False when there is no colon. */
bool text_head_field(struct text line, struct text *ret_name, struct text *ret_value);

/* The value of the first field of that name behind the start line; unknown when there is none. */
struct text text_head_value(struct bytes head, struct text name);

/* Takes the next word off `t`: up to a blank, which goes too. */
struct text text_word(struct text *t);

struct text text_trimmed(struct text t);

/* True for names and numbers of hosts; URLs of other programs can hold anything. */
bool text_is_host(struct text t);
/* Whether it is an address and no name: digits and dots, or with a colon. */
bool text_is_address(struct text t);

/* Splits "scheme://[user@]host[:port]/path"; brackets of IPv6 go.  `ret_path` is "/..." or empty.
 * False when it is not of that form. */
bool text_url_split(struct text url, struct text *ret_scheme, struct text *ret_host, struct text *ret_path);

#endif
