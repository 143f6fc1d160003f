#include "protocol/dns_exchange.h"

#include <string.h>

#include "base/hash.h"
#include "protocol/rows.h"

enum {
    QUESTIONS_MAX = 8,     /* real messages have one (RFC 9619) */
    CHAIN_MAX = 16,        /* resolvers give up at 8 to 16 CNAMEs */
    EXCHANGES_MAX = 64,    /* outstanding at once in one conversation */
    ROW_ANSWERS_MAX = 512,
    ROW_TEXT_MAX = 32 * 1024,
};

struct dns_exchange {
    struct dns_exchange *next; /* younger */
    struct dns_question question;
    uint16_t id;
    bool answered;
    uint64_t answer_hash;
    int64_t at_utc_ns, packet;
    struct fact_origin origin;
    struct text client_subnet;
};

/* A message just met, and where it stands. */
struct met {
    struct conversation *c;
    enum direction d;
    struct dns_message m;
    struct fact_origin origin;
    struct text client_subnet; /* of a query */
};

static struct text side(const struct conversation *c, bool local)
{
    return local ? c->row.src : c->row.dst;
}

static void put_row(const struct met *met, const struct dns_question *q, struct fact_origin origin, int64_t at_utc_ns,
                    bool client_is_local, struct text_list answers, struct text client_subnet)
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
    row.client_subnet = client_subnet;
    if (met->m.response)
        row.status = dns_response_text(met->m.response_code, met->c->arena);
    fact_put(met->c->reading->facts, FACT_DNS, &row);
}

static const struct text no_items[1];
static const struct text_list no_answers = { no_items, 0 };

static struct dns_exchange *exchange_find(struct dns_exchanges *s, uint16_t id, const struct dns_question *q)
{
    for (struct dns_exchange *e = s->oldest; e; e = e->next)
        if (e->id == id && (!q || (e->question.type == q->type && dns_name_equal(&e->question.name, &q->name))))
            return e;
    return NULL;
}

static void exchange_append(struct dns_exchanges *s, struct dns_exchange *e)
{
    struct dns_exchange **at = &s->oldest;

    while (*at)
        at = &(*at)->next;
    e->next = NULL;
    *at = e;
}

static void exchange_unlink(struct dns_exchanges *s, struct dns_exchange *e)
{
    struct dns_exchange **at = &s->oldest;

    while (*at != e)
        at = &(*at)->next;
    *at = e->next;
}

static void put_unanswered(struct conversation *c, const struct dns_exchange *e, bool client_is_local)
{
    const struct met met = { .c = c, .client_subnet = TEXT_UNKNOWN };

    if (!e->answered)
        put_row(&met, &e->question, e->origin, e->at_utc_ns, client_is_local, no_answers, e->client_subnet);
}

/* A place for a new exchange: a fresh one, else the oldest answered, else the oldest,
 * whose row is put as unanswered. */
static struct dns_exchange *exchange_place(struct dns_exchanges *s, struct conversation *c, bool client_is_local)
{
    struct dns_exchange *e = NULL;

    if (s->count < EXCHANGES_MAX)
        e = arena_alloc(c->arena, 1, sizeof *e);
    if (e) {
        s->count++;
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

static void query_met(struct dns_exchanges *s, const struct met *met, const struct dns_question *q)
{
    const bool client_is_local = met->d == DIRECTION_OUT;
    struct dns_exchange *e = exchange_find(s, met->m.id, q);

    if (e && !e->answered)
        return; /* asked again */
    if (e)
        exchange_unlink(s, e);
    else
        e = exchange_place(s, met->c, client_is_local);
    if (!e) { /* no memory of this conversation is left: say at least what was asked */
        put_row(met, q, met->origin, met->c->at_utc_ns, client_is_local, no_answers, met->client_subnet);
        return;
    }
    e->question = *q;
    e->id = met->m.id;
    e->answered = false;
    e->answer_hash = 0;
    e->at_utc_ns = met->c->at_utc_ns;
    e->packet = met->c->packet;
    e->origin = met->origin;
    e->client_subnet = met->client_subnet;
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
static void chain_follow(struct chain *chain, const struct met *met, struct cursor answers,
                         const struct dns_name *asked)
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

/* The texts of one row, while they are gathered.  There is room for hundreds, and most answers have a few: it is
 * not cleared, here or where the texts are put. */
struct gathering {
    struct buffer text;
    size_t count;
    size_t end[ROW_ANSWERS_MAX]; /* of each text in the buffer */
};

static void gathering_put(struct gathering *g, const struct met *met, const struct dns_question *q,
                          const struct dns_exchange *e)
{
    struct text items[ROW_ANSWERS_MAX];
    struct fact_origin origin = met->origin;
    size_t from = 0;

    for (size_t i = 0; i < g->count; i++) {
        items[i] = (struct text){ .at = buffer_text(&g->text).at + from, .len = g->end[i] - from };
        from = g->end[i];
    }
    if (e)
        origin.packet_first = e->packet;
    put_row(met, q, origin, e ? e->at_utc_ns : met->c->at_utc_ns, met->d == DIRECTION_IN,
            (struct text_list){ items, g->count }, e ? e->client_subnet : TEXT_UNKNOWN);
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
                        const struct dns_exchange *e)
{
    struct gathering g;
    struct chain chain;
    struct dns_record r;
    char name[DNS_NAME_TEXT_MAX], lower[DNS_NAME_TEXT_MAX];
    struct learning learning = { .met = met, .name = lower_case(dns_name_text(&q->name, name), lower) };

    g.count = 0;
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

static void response_met(struct dns_exchanges *s, const struct met *met, const struct dns_question *q,
                         struct cursor answers)
{
    struct dns_exchange *e = exchange_find(s, met->m.id, q);
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
static bool question_missing(struct dns_exchanges *s, const struct met *met, struct cursor answers,
                             struct dns_question *ret)
{
    const struct dns_exchange *e = exchange_find(s, met->m.id, NULL);
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

/* RFC 7871, 6: family, prefix of the address as sent and as the answer holds for, the address without the bytes behind
 * the prefix. */
static struct text subnet_text(struct bytes option, struct arena *arena)
{
    enum { IPV4 = 1, IPV6 = 2 };
    struct cursor c = cursor_over(option);
    const uint16_t family = cursor_u16be(&c);
    const uint8_t prefix = cursor_u8(&c);
    uint8_t address[16] = { 0 };
    char text[ADDRESS_TEXT_MAX];
    const size_t whole = family == IPV4 ? 4 : 16;

    cursor_skip(&c, 1);
    if (c.failed || (family != IPV4 && family != IPV6) || c.rest.len > whole || prefix == 0 || prefix > 8 * whole)
        return TEXT_UNKNOWN;
    if (c.rest.len > 0)
        memcpy(address, c.rest.at, c.rest.len);
    const struct text t = dns_address_text((struct bytes){ .at = address, .len = whole }, text);
    return arena_printf(arena, "%.*s/%u", (int)t.len, t.at, prefix);
}

/* What a query's OPT record (RFC 6891, 6.1.2) says of its client. */
static struct text client_subnet(const struct met *met, struct cursor at)
{
    enum { CLIENT_SUBNET = 8 };
    const size_t records = (size_t)met->m.answer_count + met->m.authority_count + met->m.additional_count;
    struct dns_record record;

    for (size_t i = 0; i < records && dns_record_read(&at, met->m.whole, &record) == PARSE_OK; i++) {
        struct cursor options = cursor_over(record.data);
        while (record.type == DNS_OPT && options.rest.len > 0) {
            const uint16_t code = cursor_u16be(&options);
            const struct bytes option = cursor_take(&options, cursor_u16be(&options));
            if (!options.failed && code == CLIENT_SUBNET)
                return subnet_text(option, met->c->arena);
        }
    }
    return TEXT_UNKNOWN;
}

/* RFC 2136, 2: conditions stand where answers do, and what is to be set where authorities do: a row for each record
 * that is set.  One that is to go has another class, and no data: it mostly stands before the one that takes its
 * place. */
static void update_met(const struct met *met, struct cursor at)
{
    enum { CLASS_IN = 1 };
    struct dns_record r;
    struct buffer text;
    size_t rows = 0;

    for (size_t i = 0; i < met->m.answer_count; i++)
        if (dns_record_read(&at, met->m.whole, &r) != PARSE_OK)
            return;
    buffer_init(&text, ROW_TEXT_MAX);
    for (size_t i = 0; i < met->m.authority_count && rows < ROW_ANSWERS_MAX; i++) {
        if (dns_record_read(&at, met->m.whole, &r) != PARSE_OK)
            break;
        const bool last = i + 1 == met->m.authority_count;
        if (r.class != CLASS_IN && !(last && rows == 0))
            continue;
        const struct dns_question q = { .name = r.owner, .type = r.type, .class = r.class };
        const bool set = r.class == CLASS_IN && dns_data_text(&r, met->m.whole, &text);
        const struct text data = buffer_text(&text);
        put_row(met, &q, met->origin, met->c->at_utc_ns, met->d == DIRECTION_OUT,
                set ? (struct text_list){ &data, 1 } : no_answers, TEXT_UNKNOWN);
        buffer_clear(&text);
        rows++;
    }
    buffer_done(&text);
}

size_t dns_message_met(struct dns_exchanges *s, struct conversation *c, enum direction d, struct bytes whole)
{
    struct met met = { .c = c, .d = d, .origin = fact_origin_at(whole.origin, whole.len),
                       .client_subnet = TEXT_UNKNOWN };
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
    if (s && !met.m.response)
        met.client_subnet = client_subnet(&met, at);
    for (size_t i = 0; s && i < question_count && met.m.opcode == DNS_OPCODE_QUERY; i++) {
        if (met.m.response)
            response_met(s, &met, &questions[i], at);
        else
            query_met(s, &met, &questions[i]);
    }
    if (s && met.m.opcode == DNS_OPCODE_UPDATE && !met.m.response && question_count == met.m.question_count)
        update_met(&met, at);
    /* A name inside the records that does not parse leaves the cursor somewhere behind it. */
    const size_t records = (size_t)met.m.answer_count + met.m.authority_count + met.m.additional_count;
    size_t understood = behind_questions;
    for (size_t i = 0; i < records && dns_record_read(&at, whole, &record) == PARSE_OK; i++)
        understood = whole.len - at.rest.len;
    return understood;
}

bool dns_plausible(struct bytes b, uint8_t opcode_max)
{
    struct dns_message m;
    struct dns_question q;
    struct cursor at;

    if (dns_header_read(&at, b, &m) != PARSE_OK || m.opcode > opcode_max || m.question_count > QUESTIONS_MAX)
        return false;
    if (m.question_count == 0)
        return m.response || m.opcode != DNS_OPCODE_QUERY;
    return dns_question_read(&at, b, &q) != PARSE_INVALID;
}

void dns_exchanges_end(const struct dns_exchanges *s, struct conversation *c)
{
    for (const struct dns_exchange *e = s->oldest; e; e = e->next)
        put_unanswered(c, e, c->client == DIRECTION_OUT);
}
