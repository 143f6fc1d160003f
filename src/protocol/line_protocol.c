#include "protocol/line_protocol.h"

#include <string.h>

#include "protocol/ftp_data.h"
#include "protocol/inner.h"
#include "protocol/rows.h"
#include "protocol/smtp_mail.h"
#include "protocol/text_head.h"
#include "protocol/tls.h"

enum { PORTS_MAX = 3, COMMANDS_MAX = 4, FIRST_MAX = 14, LINE_MAX_BYTES = 8 * 1024, GREETING_MAX = 512 };

struct kind {
    const struct protocol *protocol;
    int64_t ports[PORTS_MAX];
    struct text greeting, mark;            /* how it begins, and what it says where the port does not tell */
    struct text first[FIRST_MAX];          /* by what else a client's side is told, on these ports; also from the middle */
    bool tagged;                           /* a word of the client's choice stands before each command and its answer */
    struct text encrypt[2], accepted;      /* commands that ask for TLS, and the answer that grants it */
    struct text told[COMMANDS_MAX];        /* commands that become rows */
};

static const struct kind kinds[] = {
    { &smtp_protocol, { 25, 587, 2525 }, TEXT_INIT("220"), TEXT_INIT("SMTP"), { TEXT_INIT("EHLO "), TEXT_INIT("HELO "), TEXT_INIT("MAIL FROM:"), TEXT_INIT("RCPT TO:") }, false,
      { TEXT_INIT("STARTTLS") }, TEXT_INIT("220"), { TEXT_INIT("MAIL FROM:"), TEXT_INIT("RCPT TO:") } },
    { &ftp_protocol, { 21 }, TEXT_INIT("220"), TEXT_INIT("FTP"), { TEXT_INIT("USER "), TEXT_INIT("AUTH "), TEXT_INIT("PASV\r"),
      TEXT_INIT("EPSV"), TEXT_INIT("PORT "), TEXT_INIT("EPRT "), TEXT_INIT("TYPE "), TEXT_INIT("CWD "), TEXT_INIT("SIZE "), TEXT_INIT("STOR "),
      TEXT_INIT("RETR "), TEXT_INIT("LIST"), TEXT_INIT("MLSD"), TEXT_INIT("PWD\r") }, false,
      { TEXT_INIT("AUTH TLS"), TEXT_INIT("AUTH SSL") }, TEXT_INIT("234"),
      { TEXT_INIT("STOR "), TEXT_INIT("APPE "), TEXT_INIT("RETR "), TEXT_INIT("STOU ") } },
    { &imap_protocol, { 143 }, TEXT_INIT("* OK"), TEXT_INIT("IMAP"), { { NULL, 0 } }, true,
      { TEXT_INIT("STARTTLS") }, TEXT_INIT("OK"), { { NULL, 0 } } },
    { &pop3_protocol, { 110 }, TEXT_INIT("+OK"), TEXT_INIT("POP3"), { { NULL, 0 } }, false,
      { TEXT_INIT("STLS") }, TEXT_INIT("+OK"), { { NULL, 0 } } },
};

struct line_state {
    struct inner tls;
    bool asked, encrypted;
    bool server_encrypts;   /* it does in fact */
    struct smtp_mail mail;  /* of smtp alone */
};

static bool begins(struct text t, struct text with)
{
    return text_known(with) && t.len >= with.len && text_equal_ignoring_case((struct text){ t.at, with.len }, with);
}

static bool on_its_port(const struct kind *k, const struct conversation *c)
{
    for (int i = 0; i < PORTS_MAX; i++)
        if (k->ports[i] != 0 && on_port(c, k->ports[i]))
            return true;
    return false;
}

static const struct kind *kind_of(const struct protocol *p)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].protocol == p)
            return &kinds[i];
    return NULL;
}

static void command_met(const struct kind *k, struct line_state *s, struct conversation *c, struct bytes at,
                        struct text line)
{
    struct fact_request row;

    if (k->tagged)
        (void)text_word(&line);
    for (int i = 0; i < 2; i++)
        s->asked |= begins(line, k->encrypt[i]);
    for (int i = 0; i < COMMANDS_MAX; i++) {
        if (!begins(line, k->told[i]))
            continue;
        request_begin(&row, c, at);
        row.protocol = text_of(k->protocol->service);
        row.method = text_word(&line);
        row.path = text_trimmed(line);
        fact_put(c->reading->facts, FACT_REQUEST, &row);
        return;
    }
}

static void answer_met(const struct kind *k, struct line_state *s, struct text line)
{
    if (k->protocol == &smtp_protocol)
        smtp_mail_answer(&s->mail, line);
    if (!s->asked)
        return;
    if (k->tagged)
        (void)text_word(&line);
    s->encrypted |= begins(line, k->accepted);
    s->asked = false;
}

/* Mail and names may be in any language; what holds control characters is no line of text. */
static bool is_text(struct bytes line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.at[i] < ' ' && line.at[i] != '\t' && line.at[i] != '\r' && line.at[i] != '\n' && line.at[i] != '\f')
            return false;
    return true;
}

/* Bytes of a mail that need not be lines. */
static size_t chunk_next(struct line_state *s, struct conversation *c, enum direction d, struct bytes rest)
{
    const struct bytes part = bytes_part(rest, 0, s->mail.chunk_left);

    if (is_text(part))
        conversation_readable(c, d, part.len);
    s->mail.chunk_left -= part.len;
    return part.len;
}

static size_t line_next(const struct kind *k, struct line_state *s, struct conversation *c, enum direction d,
                        struct bytes rest)
{
    const uint8_t *end = memchr(rest.at, '\n', rest.len);
    struct cursor at = cursor_over(rest);
    struct text line;

    if (!end && rest.len < LINE_MAX_BYTES)
        return 0;
    const struct bytes whole = bytes_part(rest, 0, end ? (size_t)(end - rest.at) + 1 : rest.len);
    if (is_text(whole)) {
        conversation_readable(c, d, whole.len);
        (void)text_head_line(&at, &line);
        if (k->protocol == &ftp_protocol)
            ftp_line_met(c, d == c->client, line);
        if (d == c->client && k->protocol == &smtp_protocol && smtp_mail_line(&s->mail, line))
            return whole.len;
        if (d == c->client)
            command_met(k, s, c, whole, line);
        else
            answer_met(k, s, line);
    }
    return whole.len;
}

static bool looks_like_hello(struct bytes rest)
{
    return rest.len > 2 && rest.at[0] == 22 && rest.at[1] == 3;
}

/* Nobody asked for TLS, and there it is: a client that was set up for it, on a port where the server waits to be
 * asked. */
static bool is_client_hello(struct bytes rest)
{
    enum { RECORD_HEADER = 5, MINOR_MAX = 4, CLIENT_HELLO = 1 };

    return looks_like_hello(rest) && rest.len > RECORD_HEADER && rest.at[2] <= MINOR_MAX &&
        rest.at[RECORD_HEADER] == CLIENT_HELLO;
}

/* Text, where the server has not come to TLS: no record begins with a printable byte. */
static bool server_goes_on_with_lines(const struct line_state *s, const struct conversation *c, enum direction d,
                                      struct bytes rest)
{
    return d != c->client && !s->server_encrypts && rest.at[0] >= ' ';
}

/* Where TLS should begin stands text: it was taken off before it was captured, or never came.  True while that cannot
 * be told. */
static bool wait_for_tls(struct line_state *s, struct bytes rest)
{
    const uint8_t *end = memchr(rest.at, '\n', rest.len);

    if (!s->encrypted || s->tls.protocol || !is_text(bytes_part(rest, 0, end ? (size_t)(end - rest.at) : rest.len)))
        return false;
    if (end)
        s->encrypted = false;
    return !end && rest.len < LINE_MAX_BYTES;
}

static size_t line_stream(struct conversation *c, enum direction d, struct bytes data)
{
    struct line_state *s = c->state;
    const struct kind *k = kind_of(c->protocol);
    size_t consumed = 0;

    while (k && consumed < data.len) {
        const struct bytes rest = bytes_part(data, consumed, data.len);
        size_t n;
        if (d == c->client && s->mail.chunk_left == 0 && !s->mail.data) /* the answer was not captured, or there is none */
            s->encrypted |= s->asked ? looks_like_hello(rest) : is_client_hello(rest);
        if (wait_for_tls(s, rest))
            break;
        if (s->encrypted && !server_goes_on_with_lines(s, c, d, rest)) {
            s->server_encrypts |= d != c->client;
            if (!s->tls.protocol && !inner_begin(&s->tls, c, &tls_protocol))
                return SIZE_MAX;
            n = inner_stream(&s->tls, c, d, rest);
            if (n == SIZE_MAX)
                return SIZE_MAX;
        } else if (d == c->client && s->mail.chunk_left > 0) {
            n = chunk_next(s, c, d, rest);
        } else {
            n = line_next(k, s, c, d, rest);
        }
        if (n == 0)
            break;
        consumed += n;
    }
    return consumed;
}

static bool line_gap(struct conversation *c, enum direction d, uint64_t missing)
{
    struct line_state *s = c->state;

    if (d == c->client)
        smtp_mail_gap(&s->mail, missing);
    return s->tls.protocol ? inner_gap(&s->tls, c, d, missing) : true; /* lines go on */
}

static void line_stream_end(struct conversation *c, enum direction d, struct bytes left)
{
    struct line_state *s = c->state;

    if (s->tls.protocol)
        inner_stream_end(&s->tls, c, d, left);
    else if (is_text(left))
        conversation_readable(c, d, left.len);
}

static void line_end(struct conversation *c)
{
    struct line_state *s = c->state;

    inner_end(&s->tls, c);
}

static enum recognition recognise(const struct kind *k, const struct conversation *c, enum direction d,
                                  struct bytes head)
{
    const struct text t = text_of_bytes(bytes_part(head, 0, GREETING_MAX));
    const bool port = on_its_port(k, c);

    if (d == c->client) {
        bool maybe = false;
        for (int i = 0; i < FIRST_MAX && port; i++) {
            if (begins(t, k->first[i]))
                return RECOGNISED_YES;
            maybe |= text_known(k->first[i]) && begins(k->first[i], t);
        }
        return maybe ? RECOGNISED_MAYBE : RECOGNISED_NO;
    }
    if (t.len < k->greeting.len)
        return text_equal(t, (struct text){ k->greeting.at, t.len }) ? RECOGNISED_MAYBE : RECOGNISED_NO;
    if (!text_starts_with(t, k->greeting))
        return RECOGNISED_NO;
    if (port)
        return RECOGNISED_YES;
    const char *end = memchr(t.at, '\n', t.len);
    if (!end)
        return t.len < GREETING_MAX ? RECOGNISED_MAYBE : RECOGNISED_NO;
    return memmem(t.at, (size_t)(end - t.at), k->mark.at, k->mark.len) ? RECOGNISED_YES : RECOGNISED_NO;
}

static enum recognition smtp_recognise(const struct conversation *c, enum direction d, struct bytes head)
{
    return recognise(&kinds[0], c, d, head);
}

static enum recognition ftp_recognise(const struct conversation *c, enum direction d, struct bytes head)
{
    return recognise(&kinds[1], c, d, head);
}

static enum recognition imap_recognise(const struct conversation *c, enum direction d, struct bytes head)
{
    return recognise(&kinds[2], c, d, head);
}

static enum recognition pop3_recognise(const struct conversation *c, enum direction d, struct bytes head)
{
    return recognise(&kinds[3], c, d, head);
}

#define LINE_PROTOCOL(name) { \
        .service = #name, .state_bytes = sizeof(struct line_state), .recognise_stream = name##_recognise, \
        .stream = line_stream, .gap = line_gap, .stream_end = line_stream_end, .end = line_end, \
    }
const struct protocol smtp_protocol = LINE_PROTOCOL(smtp), ftp_protocol = LINE_PROTOCOL(ftp),
                      imap_protocol = LINE_PROTOCOL(imap), pop3_protocol = LINE_PROTOCOL(pop3);

struct ssh_state {
    bool opened[2];
    uint16_t other_lines[2];
};

static enum recognition ssh_recognise(const struct conversation *c, enum direction d, struct bytes head)
{
    static const struct text marks[] = { TEXT_INIT("SSH-2.0-"), TEXT_INIT("SSH-1.") };
    const struct text t = text_of_bytes(head);
    bool maybe = false;

    (void)c;
    (void)d;
    for (int i = 0; i < 2; i++) {
        if (text_starts_with(t, marks[i]))
            return RECOGNISED_YES;
        maybe |= t.len < marks[i].len && memcmp(t.at, marks[i].at, t.len) == 0;
    }
    return maybe ? RECOGNISED_MAYBE : RECOGNISED_NO;
}

/* "SSH-2.0-OpenSSH_9.2 comment": which program that end runs, and which version. */
static void ssh_identified(struct conversation *c, enum direction d, struct bytes line)
{
    while (line.len > 0 && (line.at[line.len - 1] == '\n' || line.at[line.len - 1] == '\r'))
        line.len--;
    identifier_put(c, line, d == c->client ? "ssh_client" : "ssh_server", text_of_bytes(line), FACT_UNKNOWN_INT);
}

static size_t ssh_stream(struct conversation *c, enum direction d, struct bytes data)
{
    enum { IDENTIFICATION_MAX = 255, OTHER_LINES_MAX = 1024 };
    struct ssh_state *s = c->state;
    size_t consumed = 0;

    while (!s->opened[d]) { /* a server may send other lines ahead */
        const struct bytes rest = bytes_part(data, consumed, UINT64_MAX);
        const uint8_t *end = rest.len > 0 ? memchr(rest.at, '\n', rest.len) : NULL;
        if (!end)
            return rest.len > IDENTIFICATION_MAX ? SIZE_MAX : consumed;
        const struct bytes line = bytes_part(rest, 0, (size_t)(end - rest.at) + 1);
        const bool identified = bytes_start_with(line, "SSH-", 4);
        if (identified && line.len <= IDENTIFICATION_MAX)
            ssh_identified(c, d, line);
        s->opened[d] = identified || ++s->other_lines[d] == OTHER_LINES_MAX;
        conversation_readable(c, d, line.len);
        consumed += line.len;
    }
    return data.len;
}

static bool ssh_gap(struct conversation *c, enum direction d, uint64_t missing)
{
    (void)c;
    (void)d;
    (void)missing;
    return true;
}

const struct protocol ssh_protocol = {
    .service = "ssh", .state_bytes = sizeof(struct ssh_state), .recognise_stream = ssh_recognise,
    .stream = ssh_stream, .gap = ssh_gap,
};
