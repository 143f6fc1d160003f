#ifndef LEASH_REPORT_REDACT_FIELDS_H
#define LEASH_REPORT_REDACT_FIELDS_H

#include "fact/fact.h"

/* What becomes of each field of each kind of row in a copy that others may read (report/redact.h): one table, which a
 * test holds against the vocabulary, so that no field is left undecided.  doc/redact.md is the same for people. */
enum redact_what {
    REDACT_HIDE,        /* unknown in the copy: also of a field that the table does not name */
    REDACT_KEEP,        /* a number, a time, or a text that others could know; known values in a text become pseudonyms */
    REDACT_SENTENCE,    /* likewise, and coordinates in it lose their digits */
    REDACT_HOST,        /* a name or address; a local one becomes a pseudonym */
    REDACT_ANSWER,      /* of the name service: hosts as above, everything else goes */
    REDACT_TYPE,        /* a media type without its parameters */
    REDACT_TRIED,       /* of a flight's note: that its form is untested on real files (report/path.h), nothing else */
    REDACT_IDENTIFIER,  /* by the kind of the identifier */
    REDACT_SETTING,     /* by the name of the setting */
    REDACT_LONGITUDE, REDACT_LATITUDE, /* to the grid */
    /* What becomes a pseudonym, the same for the same value in all rows. */
    REDACT_LOCAL,       /* the side under test */
    REDACT_SERIAL, REDACT_ADDRESS, REDACT_NAME, REDACT_NETWORK, REDACT_DRONE, REDACT_PERSON, REDACT_FILE,
    REDACT_VALUE,
    REDACT_COUNT
};

/* The word for pseudonyms of it ("serial"); NULL for what does not become one. */
const char *redact_pseudonym_word(enum redact_what what);

enum redact_what redact_field(enum fact_kind kind, size_t field);

/* For the test: the table's line for a kind, "field:what field:what ...". */
const char *redact_line(enum fact_kind kind);

/* What becomes of the value of an identifier of that kind; rows whose value is hidden are left out. */
enum redact_what redact_identifier(struct text kind);
/* Likewise for the value and the detail of a setting; what is not named here is left out. */
enum redact_what redact_setting(struct text subject, struct text name, bool detail);

#endif
