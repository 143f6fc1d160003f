#include "radio/iq_name.h"
#include "radio/recording.h"
#include "radio/sigmf.h"
#include "support.h"

/* The first byte picks what the name says; then the recording: short ones, because each is searched whole. */
static const char *const names[] = { "x.fc32", "x.sc16", "x.cs8", "x.cu8", "x.cf64", "x.cs32", "x.cu16", "x.wav",
                                     "x.sigmf-data" };
static uint8_t pick;

static enum parse_status read_named(struct reading *r, struct bytes whole)
{
    static const char meta[] = "{\"global\": {\"core:datatype\": \"ci16_be\", \"core:sample_rate\": 2e7}}";
    const struct reading_options options = { .sample_rate_hz = 15.36e6 };

    (void)recording_recognise(whole);
    r->name = text_of(names[pick % (sizeof names / sizeof *names)]);
    r->companion = (struct bytes){ .at = (const uint8_t *)meta, .len = sizeof meta - 1 };
    (void)recording_recognise_named(whole, r->name);
    r->options = &options;
    return recording_read(r, whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { BYTES_MAX = 128 * 1024 };

    if (size < 1 || size > BYTES_MAX)
        return 0;
    pick = data[0];
    fuzz_reader(read_named, data + 1, size - 1);
    return 0;
}
