#ifndef LEASH_REPORT_COUNTRY_H
#define LEASH_REPORT_COUNTRY_H

#include "base/text.h"

/* The name of a country in the language of the report, by its two letters (ISO 3166-1, either case, and XK), as the
 * page's own table says it.  Any other text is given back as it is. */
struct text country_name(struct text code);

#endif
