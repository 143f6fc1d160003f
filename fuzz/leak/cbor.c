/* Whole numbers of CBOR, taken and written out in pieces of the size that the first byte says: it is the same as at
 * once. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "leak/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cbor_state whole_taken = { 0 }, taken = { 0 }, whole_decoded = { 0 }, decoded = { 0 };
    size_t start;

    if (size < 2)
        return 0;
    const size_t step = 1 + data[0], len = size - 1;
    const uint8_t *at = data + 1;
    if (!decode_find_cbor(at, len, 0, len, &start))
        return 0;
    if (start >= len)
        abort();
    const size_t run = decode_cbor_more(&whole_taken, at + start, len - start);
    uint8_t *out = malloc(len), *pieces = malloc(len);
    if (!out || !pieces || run > len - start)
        abort();
    const size_t n = decode_cbor(&whole_decoded, at + start, run, out);
    size_t m = 0, done = 0;
    while (done < run) {
        const size_t piece = run - done < step ? run - done : step;
        if (decode_cbor_more(&taken, at + start + done, piece) != piece)
            abort();
        m += decode_cbor(&decoded, at + start + done, piece, pieces + m);
        done += piece;
    }
    if (n > run || n != m || memcmp(out, pieces, n) != 0)
        abort();
    free(out);
    free(pieces);
    return 0;
}
