#ifndef LEASH_LEAK_VIEW_DECODE_H
#define LEASH_LEAK_VIEW_DECODE_H

#include "leak/view.h"

/* What opens children of a view:
 *   by a sign of their own    gzip, zlib, zstd, entries of zip (deflate), percent-encoding, JSON escapes, polylines
 *   by a run of characters    base64 in any phase, hex, UTF-16; and of whole numbers of CBOR
 *   by where they may begin   deflate and brotli: at the start of a view, of a part of a
 *                             multipart body, of a byte string of protobuf, msgpack, CBOR or plist
 *   by the way of the bytes   XOR with a repeating key (xor.h)
 * One of each kind is open at a time; all share the budget of struct leak_limits. */

enum { DEPTHS_MAX = 8, VIEW_PIECE_BYTES = 16 * 1024 };

/* The next bytes of the view, before they are searched: open decodings take what is theirs. */
void decoders_continue(struct view *v, const uint8_t *at, size_t len);
/* at[0, len) is the view from `base` on; new decodings may begin in [done, limit). */
void decoders_find(struct view *v, const uint8_t *at, size_t len, size_t done, size_t limit, uint64_t base);
void decoders_magic(struct view *v, enum position_magic magic, const uint8_t *at, size_t len, uint64_t offset);
/* `mark` is in at[0, len). */
void decoders_sign(struct view *v, enum text_sign sign, const uint8_t *at, size_t len, size_t mark, uint64_t base);
/* The first bytes of the view, or of a message in it, or all there are: what it is, and what it is called. */
void decoders_begin(struct view *v, const uint8_t *at, size_t len, uint64_t base, bool whole);
/* The numbers of text that may be half of a pair. */
struct text_state **decoders_text(struct view *v);
void decoders_close(struct view *v);
/* What was fed to the view came of a stream that is damaged, or of bytes that only looked like the beginning of one. */
void decoders_doubt(struct view *v);

#endif
