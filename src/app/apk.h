#ifndef LEASH_APP_APK_H
#define LEASH_APP_APK_H

#include "evidence/reading.h"

/* Android packages: a zip with a binary manifest at its root.  Rows: one package, its components,
 * its settings (setting.h), and damage for everything that is not as the formats say.
 * What lies in a package and is an archive or code of its own is handed on as a member. */
bool apk_recognise(struct bytes whole);
enum parse_status apk_read(struct reading *r, struct bytes whole);

/* An Android App Bundle: what a store makes packages from.  Manifest and resources are those of its
 * base module, in the form of protocol buffers; code, libraries and files those of all modules. */
bool aab_recognise(struct bytes whole);
enum parse_status aab_read(struct reading *r, struct bytes whole);

/* A DEX file by itself (dex_recognise), as lies in archives of code that apps load later: its components and what it
 * can do. */
enum parse_status dex_read(struct reading *r, struct bytes whole);

/* An iOS app: named as what it is, and what lies in it is evidence of its own; its code, permissions and signature are
 * not read. */
bool ipa_recognise(struct bytes whole);
enum parse_status ipa_read(struct reading *r, struct bytes whole);

#endif
