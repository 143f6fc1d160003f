#include "radio/wav.h"

enum { CHUNKS_MAX = 64, FORMAT_PCM = 1, FORMAT_FLOAT = 3, FORMAT_EXTENSIBLE = 0xfffe, RATE_MIN_HZ = 1000000 };

static enum iq_type type_of(unsigned format, unsigned bits)
{
    if (format == FORMAT_FLOAT)
        return bits == 32 ? IQ_F32 : bits == 64 ? IQ_F64 : IQ_UNKNOWN;
    return format != FORMAT_PCM ? IQ_UNKNOWN : bits == 16
        ? IQ_I16 : bits == 8 ? IQ_U8 : bits == 32 ? IQ_I32 : IQ_UNKNOWN;
}

static bool take_format(struct bytes body, struct wav *w)
{
    struct cursor c = cursor_over(body);
    unsigned format = cursor_u16le(&c);
    const unsigned channels = cursor_u16le(&c);
    const uint32_t rate_hz = cursor_u32le(&c);

    cursor_skip(&c, 6);
    const unsigned bits = cursor_u16le(&c);
    if (c.failed || channels != 2 || rate_hz < RATE_MIN_HZ)
        return false;
    if (format == FORMAT_EXTENSIBLE) {
        cursor_skip(&c, 8);
        format = cursor_u16le(&c);
        if (c.failed)
            return false;
    }
    w->rate_hz = rate_hz;
    w->iq.type = type_of(format, bits);
    return w->iq.type != IQ_UNKNOWN;
}

bool wav_parse(struct bytes whole, struct wav *ret)
{
    struct cursor c = cursor_over(whole);
    const struct bytes head = cursor_take(&c, 12);
    struct wav w = { .rate_hz = 0 };

    if (c.failed || (memcmp(head.at, "RIFF", 4) != 0 && memcmp(head.at, "RF64", 4) != 0) ||
        memcmp(head.at + 8, "WAVE", 4) != 0)
        return false;
    for (int i = 0; i < CHUNKS_MAX; i++) {
        const struct bytes name = cursor_take(&c, 4);
        const uint32_t len = cursor_u32le(&c);
        if (c.failed)
            return false;
        if (memcmp(name.at, "data", 4) == 0) {
            /* A length of 0 or of all ones: written while nobody knew how long it would be, or RF64's. */
            const bool open = len == UINT32_MAX || len == 0;
            w.iq.samples = open ? c.rest : bytes_part(c.rest, 0, len);
            w.cut = !open && w.iq.samples.len < len;
            if (w.rate_hz == 0)
                return false;
            *ret = w;
            return true;
        }
        const struct bytes body = cursor_take(&c, len);
        if (c.failed || (memcmp(name.at, "fmt ", 4) == 0 && !take_format(body, &w)))
            return false;
        cursor_skip(&c, len & 1);
    }
    return false;
}
