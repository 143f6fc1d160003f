#ifndef LEASH_PROTOCOL_DER_H
#define LEASH_PROTOCOL_DER_H

#include <stdbool.h>

#include "base/cursor.h"

/* ASN.1 in its distinguished encoding: X.690, sections 8 and 10. */

/* Tags as they stand in one byte; what is read here needs no longer ones. */
enum der_tag {
    DER_BOOLEAN = 0x01, DER_INTEGER = 0x02, DER_OCTET_STRING = 0x04, DER_OID = 0x06, DER_UTF8_STRING = 0x0c,
    DER_NUMERIC_STRING = 0x12, DER_PRINTABLE_STRING = 0x13, DER_T61_STRING = 0x14, DER_IA5_STRING = 0x16,
    DER_UTC_TIME = 0x17, DER_GENERALIZED_TIME = 0x18, DER_VISIBLE_STRING = 0x1a, DER_BMP_STRING = 0x1e,
    DER_SEQUENCE = 0x30, DER_SET = 0x31, DER_CONTEXT_0 = 0xa0, DER_CONTEXT_3 = 0xa3,
};

/* Takes one element: gives its tag, and its content as a view; 0 when it is cut, of indefinite length or
 * longer than 4 GiB: `c` has failed then. */
uint8_t der_next(struct cursor *c, struct bytes *ret_content);

/* Takes the next element, which must be a `tag`; `ret_inside` runs over its content and is left alone otherwise. */
bool der_enter(struct cursor *c, uint8_t tag, struct cursor *ret_inside);

#endif
