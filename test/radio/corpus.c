/* Makes the corpus of fuzz/radio/ and fuzz/broadcast/ocusync: test/radio/corpus FOLDER, where FOLDER is test/corpus.
 * Built when asked for: ninja -C build-check test/radio-corpus */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "radio/transmitter.h"

enum { SAMPLES = 10600 };
static const char *folder;

static FILE *create(const char *name)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wbe");
    if (!f) {
        perror(path);
        exit(1);
    }
    return f;
}

/* A burst as 8 bit numbers behind `pick`, from sample `from` to `to`. */
static void recording(const char *name, uint8_t pick, size_t from, size_t to, double snr_db)
{
    static float samples[2 * SAMPLES];
    struct transmitter_burst b = { .at_s = 2e-5, .amplitude = 0.3 };
    uint64_t noise = 1;
    FILE *f = create(name);

    memset(samples, 0, sizeof samples);
    transmitter_flight(b.block, "0TESTEXAMPLE01", 1, 48.7, 9.1, false);
    transmit(samples, SAMPLES, 15.36e6, &b);
    transmitter_noise(samples, SAMPLES, 0.09 * transmitter_noise_power(snr_db, 15.36e6), &noise);
    putc(pick, f);
    for (size_t i = 2 * from; i < 2 * to; i++)
        putc((int8_t)lrintf(fmaxf(-1, fminf(1, samples[i])) * 127), f);
    fclose(f);
}

static void block(const char *name, const uint8_t *begin, size_t len)
{
    uint8_t bytes[TRANSMITTER_BLOCK];
    FILE *f = create(name);

    transmitter_flight(bytes, "0TESTEXAMPLE0001", 4711, 48.7, 9.1, true);
    memcpy(bytes, begin, len);
    fwrite(bytes, 1, sizeof bytes, f);
    fclose(f);
}

static void text(const char *name, const char *content)
{
    FILE *f = create(name);

    fputs(content, f);
    fclose(f);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    folder = argv[1];
    recording("radio/recording/int8-burst", 2, 0, SAMPLES, 20);
    recording("radio/recording/int8-burst-in-noise", 2, 0, SAMPLES, -8);
    recording("radio/recording/int8-burst-cut-behind-its-zc-symbols", 2, 0, 7000, 20);
    recording("radio/recording/int8-burst-without-its-beginning", 2, 3000, SAMPLES, 20);
    recording("radio/recording/uint8-of-signed-numbers", 3, 0, 2000, 20);
    text("radio/recording/wav-header-alone", "\7RIFF\1\1\1\1WAVE");
    text("radio/recording/one-sample", "\1abcd");
    text("radio/recording/sigmf-within-a-sample", "\10abcdefghijk");
    block("broadcast/ocusync/flight-version-2", (const uint8_t *)"\x58", 1);
    block("broadcast/ocusync/flight-version-1", (const uint8_t *)"\x4c\x10\1", 3);
    block("broadcast/ocusync/licence", (const uint8_t *)"\x8d\x11", 2);
    block("broadcast/ocusync/encrypted", (const uint8_t *)"\xaa" "CRYP", 5);
    block("broadcast/ocusync/length-255", (const uint8_t *)"\xff\x10\2", 3);
    block("broadcast/ocusync/length-0", (const uint8_t *)"\0\x10\2", 3);
    text("radio/sigmf/whole",
         "{\"global\": {\"core:datatype\": \"cf32_le\", \"core:sample_rate\": 5e7, \"core:num_channels\": 1,"
         " \"core:trailing_bytes\": 4}, \"captures\": [{\"core:header_bytes\": 8, \"core:frequency\": 2.4e9,"
         " \"core:datetime\": \"2026-05-01T10:00:00Z\"}]}\n");
    text("radio/sigmf/real-samples", "{\"global\": {\"core:datatype\": \"ri16_be\"}}\n");
    text("radio/sigmf/type-of-nothing", "{\"global\": {\"core:datatype\": \"\", \"core:sample_rate\": -1e999}}\n");
    text("radio/sigmf/cut", "{\"global\": {\"core:datatype\": \"cu8\", \"core:sample_ra");
    return 0;
}
