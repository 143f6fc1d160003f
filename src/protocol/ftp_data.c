#include "protocol/ftp_data.h"

#include <stdio.h>
#include <string.h>

#include "protocol/content_look.h"

struct ftp_data_state {
    struct { uint8_t look[CONTENT_LOOK_BYTES]; size_t len; uint64_t undecided_bytes; bool decided, readable; } ways[2];
};

static enum recognition ftp_data_recognise(const struct conversation *c, enum direction d, struct bytes head)
{
    (void)d;
    (void)head;
    return c->expected == &ftp_data_protocol ? RECOGNISED_YES : RECOGNISED_NO;
}

static void decide(struct ftp_data_state *s, struct conversation *c, enum direction d)
{
    if (s->ways[d].decided)
        return;
    s->ways[d].decided = true;
    s->ways[d].readable = content_is_recognised((struct bytes){ .at = s->ways[d].look, .len = s->ways[d].len });
    if (s->ways[d].readable)
        conversation_readable(c, d, s->ways[d].undecided_bytes);
}

static size_t ftp_data_stream(struct conversation *c, enum direction d, struct bytes data)
{
    struct ftp_data_state *s = c->state;
    const struct bytes look = bytes_part(data, 0, CONTENT_LOOK_BYTES - s->ways[d].len);

    if (s->ways[d].decided) {
        conversation_readable(c, d, s->ways[d].readable ? data.len : 0);
        return data.len;
    }
    memcpy(s->ways[d].look + s->ways[d].len, look.at, look.len);
    s->ways[d].len += look.len;
    s->ways[d].undecided_bytes += data.len;
    if (s->ways[d].len == CONTENT_LOOK_BYTES)
        decide(s, c, d);
    return data.len;
}

static bool ftp_data_gap(struct conversation *c, enum direction d, uint64_t missing)
{
    (void)missing;
    decide(c->state, c, d);
    return true;
}

static void ftp_data_end(struct conversation *c)
{
    decide(c->state, c, DIRECTION_OUT);
}

const struct protocol ftp_data_protocol = {
    .service = "ftp-data", .state_bytes = sizeof(struct ftp_data_state), .recognise_stream = ftp_data_recognise,
    .stream = ftp_data_stream, .gap = ftp_data_gap, .end = ftp_data_end,
};

/* "h1,h2,h3,h4,p1,p2" somewhere in the text (RFC 959, 4.1.2 and 4.2.2). */
static bool six_numbers(struct text t, int64_t number[6])
{
    enum { NUMBER_MAX = 255 };
    size_t at = 0;

    for (int i = 0; i < 6; i++) {
        while (i == 0 && at < t.len && (t.at[at] < '0' || t.at[at] > '9'))
            at++;
        const size_t from = at;
        while (at < t.len && t.at[at] >= '0' && t.at[at] <= '9')
            at++;
        if (at == from || !text_to_int((struct text){ t.at + from, at - from }, 0, NUMBER_MAX, &number[i]))
            return false;
        if (i < 5 && (at >= t.len || t.at[at++] != ','))
            return false;
    }
    return true;
}

/* "|family|address|port|", whatever the bar is (RFC 2428, 2 and 3).  The address may be empty. */
static bool barred(struct text t, struct text *ret_address, int64_t *ret_port)
{
    struct text part[4];
    size_t from = 0;

    if (t.len < 5)
        return false;
    const char bar = t.at[0];
    for (int i = 0; i < 4; i++) {
        const char *end = from < t.len ? memchr(t.at + from, bar, t.len - from) : NULL;
        if (!end)
            return false;
        part[i] = (struct text){ t.at + from, (size_t)(end - t.at) - from };
        from += part[i].len + 1;
    }
    *ret_address = part[2];
    return text_to_int(part[3], 1, UINT16_MAX, ret_port);
}

static struct text behind(struct text line, size_t from)
{
    return from < line.len ? (struct text){ line.at + from, line.len - from } : TEXT_UNKNOWN;
}

void ftp_line_met(struct conversation *c, bool by_client, struct text line)
{
    enum { PASSIVE = 4, EXTENDED = 4, COMMAND = 5 };
    char room[16];
    int64_t n[6], port = 0;
    struct text address = TEXT_UNKNOWN;

    if (by_client ? text_starts_with(line, TEXT("PORT ")) : text_starts_with(line, TEXT("227 "))) {
        if (!six_numbers(behind(line, by_client ? COMMAND : PASSIVE), n))
            return;
        const int len = snprintf(room, sizeof room, "%d.%d.%d.%d", (int)n[0], (int)n[1], (int)n[2], (int)n[3]);
        address = (struct text){ room, (size_t)len };
        port = n[4] << 8 | n[5];
    } else if (by_client && text_starts_with(line, TEXT("EPRT "))) {
        if (!barred(behind(line, COMMAND), &address, &port))
            return;
    } else if (!by_client && text_starts_with(line, TEXT("229 "))) {
        const char *open = memchr(line.at, '(', line.len);
        if (!open || !barred(behind(line, (size_t)(open - line.at) + 1), &address, &port))
            return;
        address = c->client == DIRECTION_OUT ? c->row.dst : c->row.src;
    }
    if (port > 0)
        conversation_expect(c, address, port, &ftp_data_protocol);
}
