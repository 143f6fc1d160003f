#include "support.h"

#include <stdlib.h>

#include "host/host.h"

/* The first byte's low bits choose whether the input is read as what it looks like or as one
 * format, whatever it looks like: a fuzzer seldom writes the marks of all of them. */
static const struct host_format *forced;

static enum parse_status read_forced(struct reading *r, struct bytes whole)
{
    struct host h = { .reading = r, .subject = text_of(forced->subject), .device = FACT_UNKNOWN_INT };

    return forced->read(&h, whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes whole = { .at = data, .len = size };

    if (size > 0 && data[0] < host_format_count) {
        forced = &host_formats[data[0]];
        fuzz_reader(read_forced, data + 1, size - 1);
        return 0;
    }
    if (fuzz_reader(host_read, data, size) == 0 && host_recognise(whole))
        abort(); /* what is recognised has at least its name */
    return 0;
}
