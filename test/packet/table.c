/* A protocol table for tests of packet/ alone: one protocol, "lines", whose rules are
 * simple enough to know what must come of any input. */
#include "packet/build.h"

#include <stdio.h>
#include <string.h>

#include "packet/conversation.h"

char lines_log[1 << 16];
bool lines_survive_gaps;
static size_t logged;

struct lines_state {
    uint64_t lines[2];
};

void lines_reset(void)
{
    lines_log[0] = '\0';
    logged = 0;
}

static void say(const char *what, enum direction d, const void *at, size_t len)
{
    if (logged + len + 32 > sizeof lines_log)
        return;
    logged += (size_t)snprintf(lines_log + logged, sizeof lines_log - logged, "%s%c:", what,
                               d == DIRECTION_OUT ? '>' : '<');
    if (len)
        memcpy(lines_log + logged, at, len);
    logged += len;
    lines_log[logged++] = ';';
    lines_log[logged] = '\0';
}

static enum recognition recognise(const struct conversation *c, enum direction d, struct bytes head)
{
    static const char magic[3] = { 'L', 'N', ' ' };

    if (memcmp(head.at, magic, head.len < 3 ? head.len : 3) != 0)
        return RECOGNISED_NO;
    return head.len < 3 ? RECOGNISED_MAYBE : RECOGNISED_YES;
}

static bool begins_late(struct bytes segment)
{
    return bytes_start_with(segment, "LATE ", 5);
}

static size_t stream(struct conversation *c, enum direction d, struct bytes data)
{
    struct lines_state *s = c->state;
    size_t done = 0;

    for (size_t i = 0; i < data.len; i++) {
        if (data.at[i] == '!')
            return SIZE_MAX;
        if (data.at[i] == '\n') {
            say("line", d, data.at + done, i - done);
            conversation_readable(c, d, i + 1 - done);
            done = i + 1;
            s->lines[d]++;
        }
    }
    return done;
}

static bool gap(struct conversation *c, enum direction d, uint64_t missing)
{
    char number[24];

    snprintf(number, sizeof number, "%llu", (unsigned long long)missing);
    say("gap", d, number, strlen(number));
    return lines_survive_gaps;
}

static void stream_end(struct conversation *c, enum direction d, struct bytes left)
{
    say("end", d, left.at, left.len);
}

/* "LN host NAME" names the host; "LN is ADDRESS NAME" is an answer of the name service. */
static void datagram(struct conversation *c, enum direction d, struct bytes b)
{
    static const char is[] = "LN is ";
    const struct text t = text_of_bytes(b);

    say("datagram", d, b.at, b.len);
    conversation_readable(c, d, b.len);
    if (!text_starts_with(t, TEXT("LN is ")))
        return;
    const struct text rest = { t.at + sizeof is - 1, t.len - (sizeof is - 1) };
    const char *space = memchr(rest.at, ' ', rest.len);
    if (!space)
        return;
    const size_t n = (size_t)(space - rest.at);
    conversation_name_learnt(c, c->row.src, (struct text){ rest.at, n },
                             (struct text){ space + 1, rest.len - n - 1 }, c->at_utc_ns, 60);
}

static void end(struct conversation *c)
{
    conversation_host(c, TEXT("lines.example"), "certificate");
    say("over", DIRECTION_OUT, "", 0);
}

static const struct protocol lines = {
    .service = "lines", .state_bytes = sizeof(struct lines_state),
    .recognise_stream = recognise, .begins_late = begins_late, .stream = stream, .gap = gap, .stream_end = stream_end,
    .recognise_datagram = recognise, .datagram = datagram, .end = end,
};

const struct protocol *const protocols[] = { &lines };
const size_t protocol_count = 1;
