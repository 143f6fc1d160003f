#ifndef LEASH_BASE_XML_READ_H
#define LEASH_BASE_XML_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/cursor.h"
#include "base/text.h"

/* Reads XML from untrusted bytes, one token after the other; no tree is built.
 *
 * It is a scanner, not a validator: no DTD, no external entities, no entity expansion (so nothing can blow up and
 * nothing is fetched), and what is malformed is skipped to the next tag or text and remembered in `status`.  A closing
 * tag closes the element that it names and all inside it; one that names no open element is passed over.
 *
 *   struct xml_reader x;
 *   struct xml_token t;
 *   for (xml_init(&x, whole); xml_next(&x, &t); )
 *       ...
 *   x.status: OK, INVALID (something was skipped at x.status_origin), TRUNCATED, UNSUPPORTED (UTF-16 or UTF-32). */
enum { XML_DEPTH_MAX = 32, XML_NAME_MAX = 256 };

enum xml_kind {
    XML_OPEN,       /* an element; its attributes follow */
    XML_ATTRIBUTE,
    XML_TEXT,       /* or CDATA: a piece of the element's text that is not blank */
    XML_CLOSE,      /* also of an element without content */
};

struct xml_name {
    struct text prefix;     /* unknown when there is none */
    struct text local;
};

struct xml_token {
    enum xml_kind kind;
    struct xml_name name;   /* of the element or attribute; of TEXT: of the element around it */
    struct bytes value;     /* ATTRIBUTE, TEXT: as it stands, entities not replaced, blanks at both ends left out */
    bool raw;               /* CDATA: holds no entities */
    uint64_t origin, end;   /* OPEN, CLOSE: where the tag begins and, of CLOSE, ends in the evidence */
};

struct xml_reader {
    struct bytes rest;
    struct xml_name open[XML_DEPTH_MAX]; /* open elements, outermost first */
    size_t depth;                        /* may go beyond XML_DEPTH_MAX; those deeper have no name */
    bool in_tag;
    enum parse_status status;
    uint64_t status_origin;              /* of the first place that is no XML */
    uint64_t broken, broken_origin;      /* how many there were, and the last of them */
};

void xml_init(struct xml_reader *x, struct bytes whole);
bool xml_next(struct xml_reader *x, struct xml_token *ret);

/* The value with the five named entities and character references replaced; unknown entities stay as they are.
 * A view where nothing needs replacing, else in the arena. */
struct text xml_text(struct arena *a, struct bytes value);

#endif
