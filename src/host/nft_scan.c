#include "host/nft_scan.h"

static struct bytes take(struct nft_scan *s, size_t n)
{
    const struct bytes taken = bytes_part(s->rest, 0, n);

    s->rest = bytes_part(s->rest, n, UINT64_MAX);
    return taken;
}

/* How far the text in quotes that begins at `i` reaches; len when it does not end. */
static size_t quoted_end(struct bytes b, size_t i)
{
    const uint8_t *end = i + 1 < b.len ? memchr(b.at + i + 1, '"', b.len - i - 1) : NULL;

    return end ? (size_t)(end - b.at) + 1 : b.len;
}

struct nft_token nft_scan_next(struct nft_scan *s)
{
    struct nft_token t = { .kind = NFT_WORD };
    size_t n = 0;

    while (s->rest.len > 0 && memchr(" \t\r#\\", *s->rest.at, 5)) {
        const uint8_t *end = s->rest.at + 1;
        if (*s->rest.at == '#')
            end = memchr(s->rest.at, '\n', s->rest.len);
        else if (*s->rest.at == '\\' && !bytes_start_with(s->rest, "\\\n", 2))
            break;
        else if (*s->rest.at == '\\') /* the line goes on */
            end++;
        take(s, end ? (size_t)(end - s->rest.at) : s->rest.len);
    }
    if (s->rest.len == 0) {
        t.kind = NFT_END;
        t.at = s->rest;
        return t;
    }
    const uint8_t c = *s->rest.at;
    if (memchr("{}\n;", c, 4)) {
        t.kind = c == '{' ? NFT_OPEN : c == '}' ? NFT_CLOSE : NFT_BREAK;
        t.at = take(s, 1);
    } else if (c == '"') {
        t.kind = NFT_TEXT;
        n = quoted_end(s->rest, 0);
        if (n == s->rest.len && (n < 2 || s->rest.at[n - 1] != '"'))
            s->broken = true;
        t.at = take(s, n);
        t.text = text_of_bytes(bytes_part(t.at, 1, n > 2 ? n - 2 : 0));
    } else {
        while (n < s->rest.len && !memchr(" \t\r\n;{}\"", s->rest.at[n], 8))
            n++;
        t.at = take(s, n);
        t.text = text_of_bytes(t.at);
    }
    return t;
}

/* Inside texts and comments a brace is none. */
struct bytes nft_scan_group(struct nft_scan *s)
{
    size_t n = 0, depth = 1;

    while (n < s->rest.len && depth > 0) {
        const uint8_t c = s->rest.at[n];
        if (c == '"') {
            n = quoted_end(s->rest, n);
            continue;
        }
        if (c == '#') {
            const uint8_t *end = memchr(s->rest.at + n, '\n', s->rest.len - n);
            n = end ? (size_t)(end - s->rest.at) : s->rest.len;
            continue;
        }
        depth += c == '{';
        depth -= c == '}';
        n++;
    }
    if (depth > 0) {
        s->broken = true;
        return take(s, n);
    }
    const struct bytes inside = bytes_part(s->rest, 0, n - 1);
    take(s, n);
    return inside;
}
