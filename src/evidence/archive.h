#ifndef LEASH_EVIDENCE_ARCHIVE_H
#define LEASH_EVIDENCE_ARCHIVE_H

#include "evidence/reading.h"

/* Containers: zip, tar, and single files compressed with gzip, bzip2, xz or zstd (each may hold a
 * tar).  Read with libarchive, single files with base/decompress.h; every file inside is handed back as
 * an item of its own, so its content is identified like anything else.  Names inside are labels, never paths.
 * Limits: a container may not grow to more than ARCHIVE_RATIO_MAX times its size once it
 * has given ARCHIVE_FREE_BYTES; what stands behind such a limit is recorded as damage. */
enum { ARCHIVE_RATIO_MAX = 256, ARCHIVE_FREE_BYTES = 64 * 1024 * 1024, ARCHIVE_MEMBERS_MAX = 200000 };

bool zip_recognise(struct bytes whole);
bool tar_recognise(struct bytes whole);
bool gzip_recognise(struct bytes whole);
bool bzip2_recognise(struct bytes whole);
bool xz_recognise(struct bytes whole);
bool zstd_recognise(struct bytes whole);

enum parse_status archive_read_members(struct reading *r, struct bytes whole);
enum parse_status compressed_read(struct reading *r, struct bytes whole);

#endif
