#include "protocol/starttls.h"

#include <string.h>

#include "protocol/der.h"
#include "protocol/inner.h"
#include "protocol/tls.h"

enum { HEAD_MAX = 1024, XML_HELD = 64 };

struct starttls_state {
    struct inner tls;
    bool asked, encrypted, clear;  /* clear: it was not agreed on, and will not be */
};

struct kind {
    const struct protocol *protocol;
    /* One message at the start of `rest`, in the clear: its length, 0 when more is needed, SIZE_MAX when it is none. */
    size_t (*message)(struct starttls_state *s, struct conversation *c, enum direction d, struct bytes rest);
};

static bool has(struct bytes b, const char *text)
{
    return b.at && memmem(b.at, b.len, text, strlen(text)) != NULL;
}

/* Stanzas have no length: what is there is looked at, with a little of what came before. */
static size_t xmpp_message(struct starttls_state *s, struct conversation *c, enum direction d, struct bytes rest)
{
    const uint8_t *end = memrchr(rest.at, '>', rest.len);
    const size_t length = end ? (size_t)(end - rest.at) + 1 : rest.len > HEAD_MAX ? rest.len - XML_HELD : 0;
    const struct bytes stanzas = bytes_part(rest, 0, length);

    if (d == c->client)
        s->asked |= has(stanzas, "<starttls");
    else
        s->encrypted |= s->asked && has(stanzas, "<proceed");
    conversation_readable(c, d, length);
    return length;
}

static enum recognition xmpp_recognise(const struct conversation *c, enum direction d, struct bytes head)
{
    (void)c;
    (void)d;
    if (head.len == 0)
        return RECOGNISED_MAYBE;
    if (head.at[0] != '<')
        return RECOGNISED_NO;
    const struct bytes begin = bytes_part(head, 0, HEAD_MAX);
    if (has(begin, "<stream:stream") && (has(begin, "jabber:client") || has(begin, "jabber:server")))
        return RECOGNISED_YES;
    const size_t n = head.len < 5 ? head.len : 5;
    if (memcmp(head.at, "<?xml", n) != 0 && memcmp(head.at, "<stre", n) != 0)
        return RECOGNISED_NO;
    return head.len < HEAD_MAX ? RECOGNISED_MAYBE : RECOGNISED_NO;
}

static const char starttls_oid[] = "1.3.6.1.4.1.1466.20037";
enum ldap_operation { LDAP_BIND = 0x60, LDAP_EXTENDED = 0x77,
                      LDAP_EXTENDED_ANSWER = 0x78 };

/* RFC 4511, 4.1.1: a sequence of message id and operation.  The length of the whole, 0 when more is needed. */
static size_t ldap_parse(struct bytes b, uint8_t *ret_operation, struct bytes *ret_content)
{
    struct cursor c = cursor_over(b), message;
    struct bytes id;

    if (!der_enter(&c, DER_SEQUENCE, &message))
        return c.failed && (b.len == 0 || b.at[0] == DER_SEQUENCE) ? 0 : SIZE_MAX;
    if (der_next(&message, &id) != DER_INTEGER || id.len == 0 || id.len > 4)
        return SIZE_MAX;
    *ret_operation = der_next(&message, ret_content);
    return message.failed ? SIZE_MAX : b.len - c.rest.len;
}

static size_t ldap_message(struct starttls_state *s, struct conversation *c, enum direction d, struct bytes rest)
{
    enum { SUCCESS = 0 };
    struct bytes content, code;
    uint8_t operation;
    const size_t length = ldap_parse(rest, &operation, &content);

    if (length == 0 || length == SIZE_MAX)
        return length;
    if (d == c->client) {
        s->asked |= operation == LDAP_EXTENDED && has(content, starttls_oid);
    } else if (operation == LDAP_EXTENDED_ANSWER && s->asked) {
        struct cursor at = cursor_over(content);
        s->encrypted = der_next(&at, &code) == 0x0a && code.len == 1 && code.at[0] == SUCCESS;
        s->asked = s->encrypted;
    }
    return length;
}

static enum recognition ldap_recognise(const struct conversation *c, enum direction d, struct bytes head)
{
    struct bytes content;
    uint8_t operation = 0;

    if (!c->from_start || d != c->client || (head.len > 0 && head.at[0] != DER_SEQUENCE))
        return RECOGNISED_NO;
    const size_t length = ldap_parse(head, &operation, &content);
    if (length == 0)
        return head.len < HEAD_MAX ? RECOGNISED_MAYBE : RECOGNISED_NO;
    if (length == SIZE_MAX)
        return RECOGNISED_NO;
    /* Clients begin with these; what binds says version 3 or 2 first (4.2). */
    if (operation == LDAP_BIND)
        return bytes_start_with(content, "\x02\x01\x03", 3) || bytes_start_with(content, "\x02\x01\x02", 3)
            ? RECOGNISED_YES
                                                                                                     : RECOGNISED_NO;
    return operation == LDAP_EXTENDED && content.len > 2 && content.at[0] == 0x80 ? RECOGNISED_YES : RECOGNISED_NO;
}

enum { PG_SSL = 80877103, PG_GSS = 80877104, PG_VERSION_3 = 3 << 16, PG_STARTUP_MAX = 10000, PG_REQUEST_BYTES = 8 };

static size_t postgresql_message(struct starttls_state *s, struct conversation *c, enum direction d, struct bytes rest)
{
    struct cursor at = cursor_over(rest);

    if (d != c->client) { /* one letter: S to go on, N to stay in the clear, or an error */
        s->encrypted = s->asked && rest.at[0] == 'S';
        s->clear = !s->encrypted && (s->asked || rest.at[0] != 'N'); /* Kerberos refused: TLS may still be asked for */
        return s->clear ? rest.len : 1;
    }
    const size_t length = cursor_u32be(&at);
    const uint32_t code = cursor_u32be(&at);
    if (at.failed)
        return 0;
    if (length == PG_REQUEST_BYTES && code == PG_SSL) {
        s->asked = true;
        return PG_REQUEST_BYTES;
    }
    if (length == PG_REQUEST_BYTES && code == PG_GSS)
        return PG_REQUEST_BYTES;
    s->clear |= !s->asked;
    return rest.len;
}

static enum recognition postgresql_recognise(const struct conversation *c, enum direction d, struct bytes head)
{
    struct cursor at = cursor_over(head);
    const size_t length = cursor_u32be(&at);
    const uint32_t code = cursor_u32be(&at);

    if (!c->from_start || d != c->client || (head.len > 1 && (head.at[0] != 0 || head.at[1] != 0)))
        return RECOGNISED_NO;
    if (at.failed)
        return RECOGNISED_MAYBE;
    if (length == PG_REQUEST_BYTES && (code == PG_SSL || code == PG_GSS))
        return RECOGNISED_YES;
    if (code != PG_VERSION_3 || length <= PG_REQUEST_BYTES || length > PG_STARTUP_MAX)
        return RECOGNISED_NO;
    if (at.rest.len < sizeof "database")
        return RECOGNISED_MAYBE;
    return bytes_start_with(at.rest, "user", 5) || bytes_start_with(at.rest, "database", 9)
        ? RECOGNISED_YES : RECOGNISED_NO;
}

enum { MYSQL_HEADER = 4, MYSQL_SSL_REQUEST = 32, MYSQL_CLIENT_SSL = 0x0800, MYSQL_VERSION_10 = 10 };

/* Packets of a 3-byte length and a number; the client's first has nothing but its capabilities when it wants TLS. */
static size_t mysql_message(struct starttls_state *s, struct conversation *c, enum direction d, struct bytes rest)
{
    struct cursor at = cursor_over(rest);
    const size_t length = (size_t)cursor_uint_le(&at, 3);
    const uint8_t number = cursor_u8(&at);
    const uint32_t capabilities = cursor_u32le(&at);

    if (rest.len < MYSQL_HEADER || rest.len - MYSQL_HEADER < length)
        return rest.len < PROTOCOL_HOLD_MAX ? 0 : SIZE_MAX;
    if (d == c->client && number == 1) {
        s->encrypted = length == MYSQL_SSL_REQUEST && (capabilities & MYSQL_CLIENT_SSL);
        s->clear = !s->encrypted;
    }
    return MYSQL_HEADER + length;
}

/* The server speaks first: version 10, its own version as text, a connection id, eight bytes of a challenge, a zero. */
static enum recognition mysql_recognise(const struct conversation *c, enum direction d, struct bytes head)
{
    enum { VERSION_MAX = 64, GREETING_MIN = 40, GREETING_MAX = 512, BEHIND_VERSION = 12 };
    struct cursor at = cursor_over(head);
    const size_t length = (size_t)cursor_uint_le(&at, 3);
    const uint8_t number = cursor_u8(&at), version = cursor_u8(&at);

    if (d == c->client || !c->from_start || (head.len > 2 && head.at[2] != 0))
        return RECOGNISED_NO;
    if (at.failed)
        return RECOGNISED_MAYBE;
    if (number != 0 || version != MYSQL_VERSION_10 || length < GREETING_MIN || length > GREETING_MAX)
        return RECOGNISED_NO;
    if (head.len < MYSQL_HEADER + length)
        return RECOGNISED_MAYBE;
    const uint8_t *nul = memchr(at.rest.at, 0, at.rest.len < VERSION_MAX ? at.rest.len : VERSION_MAX);
    if (!nul || nul == at.rest.at || at.rest.at[0] < '0' || at.rest.at[0] > '9')
        return RECOGNISED_NO;
    cursor_skip(&at, (size_t)(nul - at.rest.at) + 1);
    return at.rest.len > BEHIND_VERSION && at.rest.at[BEHIND_VERSION] == 0 ? RECOGNISED_YES : RECOGNISED_NO;
}

static const struct kind kinds[] = {
    { &xmpp_protocol, xmpp_message },
    { &ldap_protocol, ldap_message },
    { &postgresql_protocol, postgresql_message },
    { &mysql_protocol, mysql_message },
};

static size_t starttls_stream(struct conversation *c, enum direction d, struct bytes data)
{
    struct starttls_state *s = c->state;
    size_t consumed = 0, kind = 0;

    while (kind + 1 < sizeof kinds / sizeof *kinds && kinds[kind].protocol != c->protocol)
        kind++;
    while (consumed < data.len) {
        const struct bytes rest = bytes_part(data, consumed, data.len);
        size_t n;
        if (s->clear)
            return data.len;
        /* The answer was not captured, or comes later in the capture than what it led to. */
        s->encrypted |= s->asked && d == c->client && tls_protocol.recognise_stream(c, d, rest) == RECOGNISED_YES;
        if (s->encrypted) {
            if (!s->tls.protocol && !inner_begin(&s->tls, c, &tls_protocol))
                return SIZE_MAX;
            n = inner_stream(&s->tls, c, d, rest);
        } else {
            n = kinds[kind].message(s, c, d, rest);
        }
        if (n == SIZE_MAX)
            return SIZE_MAX;
        if (n == 0)
            break;
        consumed += n;
    }
    return consumed;
}

static bool starttls_gap(struct conversation *c, enum direction d, uint64_t missing)
{
    struct starttls_state *s = c->state;

    if (s->tls.protocol)
        return inner_gap(&s->tls, c, d, missing);
    return s->clear || c->protocol == &xmpp_protocol; /* stanzas go on */
}

static void starttls_stream_end(struct conversation *c, enum direction d, struct bytes left)
{
    struct starttls_state *s = c->state;

    if (s->tls.protocol)
        inner_stream_end(&s->tls, c, d, left);
}

static void starttls_end(struct conversation *c)
{
    struct starttls_state *s = c->state;

    inner_end(&s->tls, c);
}

#define STARTTLS_PROTOCOL(name) { \
        .service = #name, .state_bytes = sizeof(struct starttls_state), .recognise_stream = name##_recognise, \
        .stream = starttls_stream, .gap = starttls_gap, .stream_end = starttls_stream_end, .end = starttls_end, \
    }
const struct protocol xmpp_protocol = STARTTLS_PROTOCOL(xmpp), ldap_protocol = STARTTLS_PROTOCOL(ldap),
                      postgresql_protocol = STARTTLS_PROTOCOL(postgresql), mysql_protocol = STARTTLS_PROTOCOL(mysql);
