#ifndef LEASH_DOCUMENT_INVENTORY_H
#define LEASH_DOCUMENT_INVENTORY_H

#include "evidence/reading.h"

/* A list of equipment as a spreadsheet writes it: RFC 4180, with a comma, semicolon or tab between the fields,
 * all that is known from its first row.  Recognised only when that names a serial number and a maker or model.
 * The words, blanks and signs left out, whatever the case:
 *   serial    serial, serialnumber, serialno, sn
 *   maker     make, maker, manufacturer, vendor, brand
 *   model     model, product, producttype
 *   origin    country, countryoforigin, origin, madein
 *
 * Rows: for each line with a serial number a setting inventory_serial (value the serial, detail maker and model),
 * and inventory_origin (value as written, detail the serial) where there is a column for it. */
bool inventory_recognise(struct bytes whole);
__attribute__((warn_unused_result)) enum parse_status inventory_read(struct reading *r, struct bytes whole);

#endif
