#ifndef LEASH_APP_HOST_TEXT_H
#define LEASH_APP_HOST_TEXT_H

#include "base/cursor.h"
#include "base/text.h"

/* Addresses of services in the strings of an app. */

struct url_text {
    struct text scheme;   /* as it stands */
    struct text host;     /* a view; letters as they stand */
    struct text rest;     /* port and path, as far as they look like that */
    bool address;         /* an IPv4 address, or an IPv6 address, which stands in brackets */
};

/* The next "scheme://host" at or behind *at, which moves behind it.  False: no more.
 * Only hosts that could be one are given: labels of letters, digits, '-' and '_', a last label
 * of letters, at least one dot; or an address. */
bool url_next(struct bytes b, size_t *at, struct url_text *ret);

/* The address as a report may show it: scheme, host, port and path; of a query only that there is one, no user names,
 * and of parts of the path that are long and mixed, as keys are, the first characters.  Gives the length, at most
 * `room`. */
size_t url_shown(const struct url_text *u, char *into, size_t room);

/* Whether the whole text is an IPv4 address with a port behind it, or one that can hardly be a version number. */
bool host_is_bare_address(struct text t, struct text *ret_host);

/* Whether the whole text is a host name as above (no address). */
bool host_looks_real(struct text t);

/* Names that stand in every app and are no destinations: XML namespaces, documentation, examples. */
bool host_is_name_only(struct text host);

#endif
