#include "frames.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *out;
static uint64_t frames, frame_bytes;

void put16(uint8_t *at, unsigned v)
{
    at[0] = (uint8_t)(v >> 8);
    at[1] = (uint8_t)v;
}

void put32(uint8_t *at, uint32_t v)
{
    put16(at, v >> 16);
    put16(at + 2, v & 0xffff);
}

uint64_t random_next(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

void random_bytes(uint64_t *state, uint8_t *at, size_t len)
{
    while (len > 0) {
        const uint64_t word = random_next(state);
        const size_t n = len < 8 ? len : 8;
        memcpy(at, &word, n);
        at += n;
        len -= n;
    }
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

void capture_begin(const char *path)
{
    static const uint32_t head[6] = { 0xa1b2c3d4, 4u << 16 | 2, 0, 0, 262144, 1 };

    out = fopen(path, "wb");
    if (!out)
        fail(path);
    if (fwrite(head, sizeof head, 1, out) != 1)
        fail("write");
}

void capture_record(int64_t at_us, const uint8_t *frame, size_t len)
{
    const uint32_t head[4] = { (uint32_t)(at_us / 1000000), (uint32_t)(at_us % 1000000), (uint32_t)len, (uint32_t)len };

    if (fwrite(head, sizeof head, 1, out) != 1 || fwrite(frame, len, 1, out) != 1)
        fail("write");
    frames++;
    frame_bytes += len;
}

void capture_end(void)
{
    printf("total %" PRIu64 " packets, %" PRIu64 " frame bytes\n", frames, frame_bytes);
    if (fclose(out) != 0)
        fail("close");
}

size_t dns_message(uint8_t into[DNS_MESSAGE_MAX], int id, const char *name, int answers, const uint8_t (*addresses)[4])
{
    size_t len = 12;

    memset(into, 0, 12);
    put16(into, (unsigned)id);
    put16(into + 2, addresses ? 0x8180 : 0x0100);
    put16(into + 4, 1);
    put16(into + 6, (unsigned)answers);
    for (const char *label = name; ; ) {
        const char *dot = strchr(label, '.');
        const size_t n = dot ? (size_t)(dot - label) : strlen(label);
        into[len++] = (uint8_t)n;
        memcpy(into + len, label, n);
        len += n;
        if (!dot)
            break;
        label = dot + 1;
    }
    memcpy(into + len, "\0\0\1\0\1", 5);
    len += 5;
    for (int i = 0; i < answers; i++) {
        memcpy(into + len, "\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4", 12);
        memcpy(into + len + 12, addresses[i], 4);
        len += 16;
    }
    return len;
}
