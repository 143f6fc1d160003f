#ifndef LEASH_CLI_EXPLAIN_LEAK_H
#define LEASH_CLI_EXPLAIN_LEAK_H

#include "fact/case.h"

/* Prints, for a row of leak, its first positions beside the nearest ones that the case knows
 * of the flight, take-off, operator or photo: in the datum in which they were sent, with the
 * row each comes from, so that the distance can be checked by hand.  Of other leaks: where the
 * first ones stand, and the identifier that is known.  With each the bytes there, decoded, as far
 * as the case keeps them. */
void explain_leak(struct fact_case *c, const char *id);

#endif
