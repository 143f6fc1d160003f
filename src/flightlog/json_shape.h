#ifndef LEASH_FLIGHTLOG_JSON_SHAPE_H
#define LEASH_FLIGHTLOG_JSON_SHAPE_H

#include "evidence/reading.h"
#include "flightlog/json_said.h"

/* What kind of flight log a JSON document is, from its beginning alone. */
struct json_look {
    enum json_shape shape;
    size_t from;                          /* frame that the paths of the shape begin at */
};

struct json_look json_shape_of(struct bytes whole);

/* Where in `whole` the next document of that shape begins; its length where there is none.  What was looked through need
 * not stay in memory (`passed` of the reading). */
size_t json_next_document(struct reading *r, struct bytes whole, enum json_shape shape);

#endif
