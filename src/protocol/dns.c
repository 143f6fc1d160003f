#include "protocol/dns.h"

#include <string.h>

#include "base/hash.h"
#include "protocol/dns_message.h"
#include "protocol/mdns_device.h"
#include "protocol/rows.h"

enum {
    PORT_DNS = 53, PORT_NBNS = 137, PORT_MDNS = 5353, PORT_LLMNR = 5355,
    QUESTIONS_MAX = 8,     /* real messages have one (RFC 9619) */
    CHAIN_MAX = 16,        /* resolvers give up at 8 to 16 CNAMEs */
    EXCHANGES_MAX = 64,    /* outstanding at once in one conversation */
    ROW_ANSWERS_MAX = 512,
    ROW_TEXT_MAX = 32 * 1024,
    LENGTH_PREFIX = 2,     /* RFC 1035, 4.2.2 */
};

struct exchange {
    struct exchange *next; /* younger */
    struct dns_question question;
    uint16_t id;
    bool answered;
    uint64_t answer_hash;
    int64_t at_utc_ns, packet;
    struct fact_origin origin;
};

struct dns_state {
    struct exchange *oldest;
    size_t exchange_count;
    uint64_t skip[2]; /* per direction: bytes of a message already read that are still to come */
};

/* A message just met, and where it stands. */
struct met {
    struct conversation *c;
    enum direction d;
    struct dns_message m;
    struct fact_origin origin;
};

static struct text side(const struct conversation *c, bool local)
{
    return local ? c->row.src : c->row.dst;
}

static void put_row(const struct met *met, const struct dns_question *q, struct fact_origin origin, int64_t at_utc_ns,
                    bool client_is_local, struct text_list answers)
{
    struct fact_dns row;
    char name[DNS_NAME_TEXT_MAX], type[DNS_TYPE_TEXT_MAX];

    fact_init(FACT_DNS, &row);
    row.head.origin = origin;
    row.name = dns_name_text(&q->name, name);
    row.type = dns_type_text(q->type, type);
    row.answers = answers;
    row.client = side(met->c, client_is_local);
    row.server = side(met->c, !client_is_local);
    row.at = at_utc_ns;
    row.flow = met->c->flow;
    fact_put(met->c->reading->facts, FACT_DNS, &row);
}

static const struct text no_items[1];
static const struct text_list no_answers = { no_items, 0 };

static struct exchange *exchange_find(struct dns_state *s, uint16_t id, const struct dns_question *q)
{
    for (struct exchange *e = s->oldest; e; e = e->next)
        if (e->id == id && (!q || (e->question.type == q->type && dns_name_equal(&e->question.name, &q->name))))
            return e;
    return NULL;
}

static void exchange_append(struct dns_state *s, struct exchange *e)
{
    struct exchange **at = &s->oldest;

    while (*at)
        at = &(*at)->next;
    e->next = NULL;
    *at = e;
}

static void exchange_unlink(struct dns_state *s, struct exchange *e)
{
    struct exchange **at = &s->oldest;

    while (*at != e)
        at = &(*at)->next;
    *at = e->next;
}

static void put_unanswered(struct conversation *c, const struct exchange *e, bool client_is_local)
{
    const struct met met = { .c = c };

    if (!e->answered)
        put_row(&met, &e->question, e->origin, e->at_utc_ns, client_is_local, no_answers);
}

/* A place for a new exchange: a fresh one, else the oldest answered, else the oldest,
 * whose row is put as unanswered. */
static struct exchange *exchange_place(struct dns_state *s, struct conversation *c, bool client_is_local)
{
    struct exchange *e = NULL;

    if (s->exchange_count < EXCHANGES_MAX)
        e = arena_alloc(c->arena, 1, sizeof *e);
    if (e) {
        s->exchange_count++;
        return e;
    }
    for (e = s->oldest; e && !e->answered; e = e->next)
        continue;
    if (!e)
        e = s->oldest;
    if (e) {
        put_unanswered(c, e, client_is_local);
        exchange_unlink(s, e);
    }
    return e;
}

static void query_met(struct dns_state *s, const struct met *met, const struct dns_question *q)
{
    const bool client_is_local = met->d == DIRECTION_OUT;
    struct exchange *e = exchange_find(s, met->m.id, q);

    if (e && !e->answered)
        return; /* asked again */
    if (e)
        exchange_unlink(s, e);
    else
        e = exchange_place(s, met->c, client_is_local);
    if (!e) { /* no memory of this conversation is left: say at least what was asked */
        put_row(met, q, met->origin, met->c->at_utc_ns, client_is_local, no_answers);
        return;
    }
    e->question = *q;
    e->id = met->m.id;
    e->answered = false;
    e->answer_hash = 0;
    e->at_utc_ns = met->c->at_utc_ns;
    e->packet = met->c->packet;
    e->origin = met->origin;
    exchange_append(s, e);
}

struct chain {
    struct dns_name names[CHAIN_MAX];
    size_t count;
};

static bool chain_has(const struct chain *chain, const struct dns_name *name)
{
    for (size_t i = 0; i < chain->count; i++)
        if (dns_name_equal(&chain->names[i], name))
            return true;
    return false;
}

/* The names that the question leads to by the CNAMEs of the answer.  They come in
 * order from real servers; out of order, as many steps back as there are turns. */
static void chain_follow(struct chain *chain, const struct met *met, struct cursor answers, const struct dns_name *asked)
{
    enum { TURNS_MAX = 4 };
    size_t before, turns = 0;

    chain->names[0] = *asked;
    chain->count = 1;
    do {
        struct cursor c = answers;
        struct dns_record r;
        before = chain->count;
        for (size_t i = 0; i < met->m.answer_count && dns_record_read(&c, met->m.whole, &r) == PARSE_OK; i++) {
            /* names inside a record are read from the whole message */
            struct cursor data = cursor_over(bytes_part(met->m.whole, (size_t)(r.data.at - met->m.whole.at), SIZE_MAX));
            struct dns_name target;
            if (r.type == DNS_CNAME && chain_has(chain, &r.owner) && chain->count < CHAIN_MAX &&
                dns_name_read(&data, met->m.whole, &target) == PARSE_OK && !chain_has(chain, &target))
                chain->names[chain->count++] = target;
        }
    } while (chain->count > before && chain->count < CHAIN_MAX && ++turns < TURNS_MAX);
}

struct learning {
    const struct met *met;
    struct text name;
    int64_t ttl_s;
};

static void learn(void *user, struct bytes address)
{
    const struct learning *l = user;
    char text[ADDRESS_TEXT_MAX];

    conversation_name_learnt(l->met->c, side(l->met->c, l->met->d == DIRECTION_IN), dns_address_text(address, text),
                             l->name, l->met->c->at_utc_ns, l->ttl_s);
}

/* Names are the same in upper and lower case, and some resolvers mix them at random. */
static struct text lower_case(struct text t, char into[DNS_NAME_TEXT_MAX])
{
    for (size_t i = 0; i < t.len; i++)
        into[i] = (char)(t.at[i] >= 'A' && t.at[i] <= 'Z' ? t.at[i] + ('a' - 'A') : t.at[i]);
    return (struct text){ .at = into, .len = t.len };
}

/* The texts of one row, while they are gathered. */
struct gathering {
    struct buffer text;
    size_t end[ROW_ANSWERS_MAX]; /* of each text in the buffer */
    size_t count;
};

static void gathering_put(struct gathering *g, const struct met *met, const struct dns_question *q,
                          const struct exchange *e)
{
    struct text items[ROW_ANSWERS_MAX] = { { NULL, 0 } };
    struct fact_origin origin = met->origin;
    size_t from = 0;

    for (size_t i = 0; i < g->count; i++) {
        items[i] = (struct text){ .at = (const char *)g->text.at + from, .len = g->end[i] - from };
        from = g->end[i];
    }
    if (e)
        origin.packet_first = e->packet;
    put_row(met, q, origin, e ? e->at_utc_ns : met->c->at_utc_ns, met->d == DIRECTION_IN,
            (struct text_list){ items, g->count });
    g->count = 0;
    buffer_clear(&g->text);
}

static bool belongs(const struct met *met, const struct chain *chain, const struct dns_question *q,
                    const struct dns_record *r)
{
    enum { TYPE_ANY = 255 };

    if (r->type == DNS_OPT)
        return false;
    /* A signature belongs to an answer and is none, unless it was asked for. */
    if (r->type == DNS_RRSIG && q->type != DNS_RRSIG && q->type != TYPE_ANY)
        return false;
    return met->m.question_count <= 1 || chain_has(chain, &r->owner);
}

static void put_answers(const struct met *met, const struct dns_question *q, struct cursor answers,
                        const struct exchange *e)
{
    struct gathering g = { .count = 0 };
    struct chain chain;
    struct dns_record r;
    char name[DNS_NAME_TEXT_MAX], lower[DNS_NAME_TEXT_MAX];
    struct learning learning = { .met = met, .name = lower_case(dns_name_text(&q->name, name), lower) };

    buffer_init(&g.text, ROW_TEXT_MAX);
    chain_follow(&chain, met, answers, &q->name);
    for (size_t i = 0; i < met->m.answer_count && dns_record_read(&answers, met->m.whole, &r) == PARSE_OK; i++) {
        if (!belongs(met, &chain, q, &r))
            continue;
        const size_t before = g.text.len;
        if (g.count == ROW_ANSWERS_MAX || (!dns_data_text(&r, met->m.whole, &g.text) && g.count > 0)) {
            g.text.len = before;
            gathering_put(&g, met, q, e);
            (void)dns_data_text(&r, met->m.whole, &g.text);
        }
        g.end[g.count++] = g.text.len;
        if (chain_has(&chain, &r.owner)) {
            learning.ttl_s = r.ttl_s;
            dns_addresses(&r, met->m.whole, learn, &learning);
        }
    }
    gathering_put(&g, met, q, e);
    buffer_done(&g.text);
}

static void response_met(struct dns_state *s, const struct met *met, const struct dns_question *q, struct cursor answers)
{
    struct exchange *e = exchange_find(s, met->m.id, q);
    const uint64_t answer_hash = hash_mix(answers.rest.at, answers.rest.len, met->m.answer_count);

    if (e && e->answered && e->answer_hash == answer_hash)
        return; /* the same again */
    put_answers(met, q, answers, e);
    if (e) {
        e->answered = true;
        e->answer_hash = answer_hash;
    }
}

/* Later messages of a zone transfer come without a question (RFC 5936, 2.2): it is
 * that of the exchange, else what the first record is about. */
static bool question_missing(struct dns_state *s, const struct met *met, struct cursor answers, struct dns_question *ret)
{
    const struct exchange *e = exchange_find(s, met->m.id, NULL);
    struct dns_record r;

    if (e) {
        *ret = e->question;
        return true;
    }
    if (met->m.answer_count == 0 || dns_record_read(&answers, met->m.whole, &r) != PARSE_OK)
        return false;
    *ret = (struct dns_question){ .name = r.owner, .type = r.type, .class = r.class };
    return true;
}

/* Gives how many bytes were understood. */
static size_t message_met(struct dns_state *s, struct conversation *c, enum direction d, struct bytes whole)
{
    struct met met = { .c = c, .d = d, .origin = fact_origin_at(whole.origin, whole.len) };
    struct dns_question questions[QUESTIONS_MAX];
    struct dns_record record;
    struct cursor at;
    size_t question_count = 0;

    met.origin.packet_first = met.origin.packet_last = c->packet;
    if (dns_header_read(&at, whole, &met.m) != PARSE_OK)
        return 0;
    while (question_count < met.m.question_count && question_count < QUESTIONS_MAX &&
           dns_question_read(&at, whole, &questions[question_count]) == PARSE_OK)
        question_count++;
    const size_t behind_questions = whole.len - at.rest.len;
    if (question_count < met.m.question_count && met.m.response)
        return behind_questions; /* no way to know where the answers begin */
    if (s && met.m.question_count == 0 && met.m.response && question_missing(s, &met, at, &questions[0]))
        question_count = 1;
    for (size_t i = 0; s && i < question_count && met.m.opcode == DNS_OPCODE_QUERY; i++) {
        if (met.m.response)
            response_met(s, &met, &questions[i], at);
        else
            query_met(s, &met, &questions[i]);
    }
    /* A name inside the records that does not parse leaves the cursor somewhere behind it. */
    const size_t records = (size_t)met.m.answer_count + met.m.authority_count + met.m.additional_count;
    size_t understood = behind_questions;
    for (size_t i = 0; i < records && dns_record_read(&at, whole, &record) == PARSE_OK; i++)
        understood = whole.len - at.rest.len;
    return understood;
}


/* As little as a cut datagram allows. */
static bool plausible(struct bytes b)
{
    struct dns_message m;
    struct dns_question q;
    struct cursor at;
    enum { OPCODE_MAX = 6 };

    if (dns_header_read(&at, b, &m) != PARSE_OK || m.opcode > OPCODE_MAX || m.question_count > QUESTIONS_MAX)
        return false;
    if (m.question_count == 0)
        return m.response || m.opcode != DNS_OPCODE_QUERY;
    return dns_question_read(&at, b, &q) != PARSE_INVALID;
}

static bool host_name_like(const struct dns_name *name)
{
    size_t labels = 0;

    for (size_t at = 0; name->wire[at] != 0; labels++) {
        const size_t end = at + 1 + name->wire[at];
        for (at++; at < end; at++) {
            const uint8_t b = name->wire[at];
            if (!((b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '-' || b == '_'))
                return false;
        }
    }
    return labels >= 2;
}

/* One ordinary question, and every byte accounted for. */
static bool beyond_doubt(struct bytes b)
{
    struct dns_message m;
    struct dns_question q;
    struct dns_record r;
    struct cursor at;
    char type[DNS_TYPE_TEXT_MAX];
    enum { CLASS_IN = 1 };

    if (dns_header_read(&at, b, &m) != PARSE_OK || m.opcode != DNS_OPCODE_QUERY || m.question_count != 1 ||
        (b.at[3] & 0x40) != 0 /* must be zero */ || dns_question_read(&at, b, &q) != PARSE_OK)
        return false;
    if (q.class != CLASS_IN || !host_name_like(&q.name) || text_starts_with(dns_type_text(q.type, type), TEXT("TYPE")))
        return false;
    if (!m.response && (m.answer_count > 0 || m.authority_count > 0 || m.additional_count > 2 || m.response_code > 0))
        return false;
    const size_t records = (size_t)m.answer_count + m.authority_count + m.additional_count;
    for (size_t i = 0; i < records; i++)
        if (dns_record_read(&at, b, &r) != PARSE_OK)
            return false;
    return at.rest.len == 0;
}

static bool dns_port(const struct conversation *c)
{
    return on_port(c, PORT_DNS);
}

static enum recognition dns_recognise_datagram(const struct conversation *c, enum direction d, struct bytes datagram)
{
    (void)d;
    if (dns_port(c))
        return plausible(datagram) ? RECOGNISED_YES : RECOGNISED_NO;
    if (on_port(c, PORT_MDNS) || on_port(c, PORT_LLMNR) || on_port(c, PORT_NBNS))
        return RECOGNISED_NO;
    return beyond_doubt(datagram) ? RECOGNISED_YES : RECOGNISED_NO;
}

static enum recognition dns_recognise_stream(const struct conversation *c, enum direction d, struct bytes head)
{
    struct cursor at = cursor_over(head);
    const size_t length = cursor_u16be(&at);

    (void)d;
    if (!dns_port(c))
        return RECOGNISED_NO;
    if (head.len < LENGTH_PREFIX + DNS_HEADER_BYTES)
        return RECOGNISED_MAYBE;
    return length >= DNS_HEADER_BYTES && plausible(bytes_part(at.rest, 0, length)) ? RECOGNISED_YES : RECOGNISED_NO;
}

static void dns_datagram(struct conversation *c, enum direction d, struct bytes datagram)
{
    conversation_readable(c, d, message_met(c->state, c, d, datagram));
}

static size_t dns_stream(struct conversation *c, enum direction d, struct bytes data)
{
    struct dns_state *s = c->state;
    size_t consumed = 0;

    while (consumed < data.len) {
        const struct bytes rest = bytes_part(data, consumed, data.len);
        if (s->skip[d] > 0) {
            const size_t n = s->skip[d] < rest.len ? (size_t)s->skip[d] : rest.len;
            s->skip[d] -= n;
            consumed += n;
            continue;
        }
        struct cursor at = cursor_over(rest);
        const size_t length = cursor_u16be(&at);
        if (at.failed)
            break;
        /* The longest messages do not fit into what is held for us: take what there is. */
        const bool cut = rest.len >= PROTOCOL_HOLD_MAX && at.rest.len < length;
        if (at.rest.len < length && !cut)
            break;
        const struct bytes message = bytes_part(at.rest, 0, length);
        const size_t understood = message_met(s, c, d, message);
        if (understood == 0)
            return SIZE_MAX;
        conversation_readable(c, d, LENGTH_PREFIX + understood);
        s->skip[d] = length - message.len;
        consumed += LENGTH_PREFIX + message.len;
    }
    return consumed;
}

static void dns_stream_end(struct conversation *c, enum direction d, struct bytes left)
{
    /* The last message was cut off. */
    if (left.len > LENGTH_PREFIX)
        conversation_readable(c, d, message_met(c->state, c, d, bytes_part(left, LENGTH_PREFIX, left.len)));
}

static void dns_end(struct conversation *c)
{
    const struct dns_state *s = c->state;

    for (const struct exchange *e = s->oldest; e; e = e->next)
        put_unanswered(c, e, c->client == DIRECTION_OUT);
}

const struct protocol dns_protocol = {
    .service = "dns",
    .state_bytes = sizeof(struct dns_state),
    .recognise_stream = dns_recognise_stream,
    .stream = dns_stream,
    .stream_end = dns_stream_end,
    .recognise_datagram = dns_recognise_datagram,
    .datagram = dns_datagram,
    .end = dns_end,
};

static enum recognition local_recognise(const struct conversation *c, int64_t port, struct bytes datagram)
{
    return on_port(c, port) && plausible(datagram) ? RECOGNISED_YES : RECOGNISED_NO;
}

static enum recognition mdns_recognise(const struct conversation *c, enum direction d, struct bytes datagram)
{
    (void)d;
    return local_recognise(c, PORT_MDNS, datagram);
}

static enum recognition llmnr_recognise(const struct conversation *c, enum direction d, struct bytes datagram)
{
    (void)d;
    return local_recognise(c, PORT_LLMNR, datagram);
}

static enum recognition nbns_recognise(const struct conversation *c, enum direction d, struct bytes datagram)
{
    (void)d;
    return local_recognise(c, PORT_NBNS, datagram);
}

static void local_datagram(struct conversation *c, enum direction d, struct bytes datagram)
{
    conversation_readable(c, d, message_met(NULL, c, d, datagram));
}

static void mdns_datagram(struct conversation *c, enum direction d, struct bytes datagram)
{
    local_datagram(c, d, datagram);
    mdns_device_met(c, d, datagram);
}

const struct protocol mdns_protocol = {
    .service = "mdns", .recognise_datagram = mdns_recognise, .datagram = mdns_datagram,
};
const struct protocol llmnr_protocol = {
    .service = "llmnr", .recognise_datagram = llmnr_recognise, .datagram = local_datagram,
};
const struct protocol nbns_protocol = {
    .service = "nbns", .recognise_datagram = nbns_recognise, .datagram = local_datagram,
};
