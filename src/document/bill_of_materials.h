#ifndef LEASH_DOCUMENT_BILL_OF_MATERIALS_H
#define LEASH_DOCUMENT_BILL_OF_MATERIALS_H

#include "evidence/reading.h"

/* Bills of materials, which a maker supplies or a tool made:
 *   CycloneDX JSON 1.2 to 1.6   cyclonedx.org/docs/1.6/json (ECMA-424): bomFormat, specVersion, metadata.component,
 *                               components[] and those inside of them
 *   SPDX JSON 2.x               spdx.github.io/spdx-spec/v2.3: spdxVersion, packages[], documentDescribes[], and
 *                               relationships[] of the type DESCRIBES
 *
 * Rows: a setting bill_of_materials (value "cyclonedx" or "spdx", detail what it is about), and a component for
 * each entry but the subject itself:
 *   package   the subject's name; unknown when the document names none
 *   kind      "library" for libraries and frameworks, "module" for all else (firmware, device, application, file ...)
 *   owner     supplier, else manufacturer, else publisher or originator, as written without prefix and address
 *   country   of the supplier's address, where it is an ISO 3166 code; else unknown
 *   state     "in_manifest": a document says so, nobody has looked
 *   source    the document's format and version, and the entry's package URL
 *
 * OK also for a document that ends too early or is malformed: what stands ahead of that is read, and the rest is
 * damage.  INVALID: no rows. */
bool cyclonedx_recognise(struct bytes whole);
bool spdx_recognise(struct bytes whole);
__attribute__((warn_unused_result)) enum parse_status cyclonedx_read(struct reading *r, struct bytes whole);
__attribute__((warn_unused_result)) enum parse_status spdx_read(struct reading *r, struct bytes whole);

#endif
