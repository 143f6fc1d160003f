#include "protocol/content_look.h"

#include "base/text.h"

static bool begins(struct bytes look, size_t at, const char *with, size_t len)
{
    return bytes_start_with(bytes_part(look, at, look.len), with, len);
}

static bool known_media(struct bytes b)
{
    return begins(b, 0, "\xff\xd8\xff", 3) || begins(b, 0, "\x89PNG\r\n", 6) || begins(b, 0, "GIF8", 4) ||
           begins(b, 0, "II*\0", 4) || begins(b, 0, "MM\0*", 4) || begins(b, 4, "ftyp", 4) ||
           begins(b, 0, "%PDF-", 5) || begins(b, 0, "OggS", 4) ||
           (begins(b, 0, "RIFF", 4) && (begins(b, 8, "WEBP", 4) || begins(b, 8, "WAVE", 4) || begins(b, 8, "AVI ", 4)));
}

static bool text_like(struct bytes b)
{
    enum { UTF8_MAX = 4 };
    struct text t = text_of_bytes(b);

    if (begins(b, 0, "\xff\xfe", 2) || begins(b, 0, "\xfe\xff", 2)) /* UTF-16 with its mark */
        return true;
    while (t.len > 0) {
        const unsigned char c = (unsigned char)t.at[0];
        const size_t n = text_utf8_length(t);
        if ((c < 0x20 && c != '\t' && c != '\r' && c != '\n') || c == 0x7f)
            return false;
        if (n == 0) /* the last character may have been cut by the end of the look */
            return c >= 0xc2 && t.len < UTF8_MAX && b.len == CONTENT_LOOK_BYTES;
        t.at += n;
        t.len -= n;
    }
    return true;
}

bool content_is_recognised(struct bytes first)
{
    return first.len > 0 && (known_media(first) || text_like(first));
}
