#ifndef LEASH_REPORT_CYCLONEDX_H
#define LEASH_REPORT_CYCLONEDX_H

#include <stdio.h>

#include "fact/case.h"

/* What apps, documents and devices of the case are made of, as a bill of materials: CycloneDX 1.6,
 * JSON (ECMA-424; its schema is bom-1.6.schema.json).
 *
 *   metadata.component   the app, where the case has one package; else every package is a component
 *                        with its parts inside
 *   components           kits, libraries, packers, signers and keys (as cryptographic assets) of the packages; entries
 *                        of other bills; apps, systems and firmware that devices name
 *   services             hosts that packages name
 *   evidence             of each: where it stands (file, class, offset) and by what it was identified; the confidence is
 *                        that of report/cyclonedx_evidence.h
 *   properties leash:*   what CycloneDX has no member for: state, country, purpose, class of the FCC, permissions
 *   compositions         "incomplete" for what could not be read as a whole, else "unknown": never complete
 *
 * What is not known is left out.  0, or a negative errno. */
__attribute__((warn_unused_result))
int report_cyclonedx_write(struct fact_case *c, FILE *out);

#endif
