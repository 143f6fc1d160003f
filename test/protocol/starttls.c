#include "stage.h"

#include "hello.h"
#include "protocol/starttls.h"

#define D(literal) { .at = (const uint8_t *)(literal), .len = sizeof(literal) - 1 }

/* What the client asks and the server grants, in turns that begin with the side that speaks first. */
struct talk {
    const struct protocol *protocol;
    int64_t port;
    bool server_first, granted;
    struct bytes turns[6];
};

#define MYSQL_GREETING "\x4b\0\0\0\x0a" "8.0.36\0" "\x2a\0\0\0" "challeng\0" "\xff\xff\xff\2\0\xff\xc7\x15\0\0\0\0\0\0\0\0\0\0" \
                       "challengeagai\0" "caching_sha2_password\0"
#define LDAP_ASK "\x30\x1d\2\1\1\x77\x18\x80\x16" "1.3.6.1.4.1.1466.20037"

static const struct talk talks[] = {
    { &xmpp_protocol, 5222, false, true,
      { D("<?xml version='1.0'?><stream:stream xmlns='jabber:client' to='example.org'>"),
        D("<stream:stream xmlns='jabber:client'><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
          "</stream:features>"),
        D("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"), D("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>") } },
    { &xmpp_protocol, 5222, false, false,
      { D("<stream:stream xmlns='jabber:client' to='example.org'>"), D("<stream:stream xmlns='jabber:client'>"),
        D("<starttls/>"), D("<failure/>") } },
    { &ldap_protocol, 389, false, true,
      { D(LDAP_ASK), D("\x30\x24\2\1\1\x78\x1f\x0a\1\0\4\0\4\0\x8a\x16" "1.3.6.1.4.1.1466.20037") } },
    { &ldap_protocol, 389, false, false, { D(LDAP_ASK), D("\x30\x0c\2\1\1\x78\7\x0a\1\2\4\0\4\0") } },
    { &ldap_protocol, 389, false, false, { D("\x30\x0c\2\1\1\x60\7\2\1\3\4\0\x80\0"), D("\x30\x0c\2\1\1\x61\7\x0a\1\0\4\0\4\0") } },
    { &postgresql_protocol, 5432, false, true, { D("\0\0\0\x08\x04\xd2\x16\x2f"), D("S") } },
    { &postgresql_protocol, 5432, false, true,
      { D("\0\0\0\x08\x04\xd2\x16\x30"), D("N"), D("\0\0\0\x08\x04\xd2\x16\x2f"), D("S") } },
    { &postgresql_protocol, 5432, false, false, { D("\0\0\0\x08\x04\xd2\x16\x2f"), D("N") } },
    { &postgresql_protocol, 5432, false, false, { D("\0\0\0\x16\0\3\0\0user\0drone\0\0\0"), D("R\0\0\0\x08\0\0\0\0") } },
    { &mysql_protocol, 3306, true, true,
      { D(MYSQL_GREETING), D("\x20\0\0\1\x85\xae\xff\x19\0\0\0\1\xff\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0") } },
    { &mysql_protocol, 3306, true, false,
      { D(MYSQL_GREETING), D("\x26\0\0\1\x85\xa6\xff\x19\0\0\0\1\xff\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" "drone\0") } },
};

static void tls_behind_an_agreement(void **state)
{
    struct buffer hello;

    (void)state;
    buffer_init(&hello, 1 << 16);
    put_hello_record(&hello);
    for (size_t i = 0; i < sizeof talks / sizeof *talks; i++) {
        for (size_t step = 0; step < 9; step += 4) {
            stage(talks[i].protocol, true, talks[i].port);
            for (size_t t = 0; t < 6 && talks[i].turns[t].len; t++)
                say((t + talks[i].server_first) % 2 ? DIRECTION_IN : DIRECTION_OUT, talks[i].turns[t], step);
            assert_true(fake.recognised);
            if (talks[i].granted)
                say(DIRECTION_OUT, buffer_bytes(&hello), step);
            fake_end(&fake);
            if (talks[i].granted) {
                assert_text_equal(fake.c.row.tls_sni, "drone.example");
                assert_text_equal(fake.c.row.host_source, "sni");
                assert_true(fake.ways[DIRECTION_OUT].readable >= hello.len);
            } else {
                assert_false(text_known(fake.c.row.tls_sni));
            }
            unstage();
        }
    }
    buffer_done(&hello);
}

/* The nearest ones that are something else. */
static void others_are_none(void **state)
{
    static const struct { const struct protocol *p; int64_t port; enum direction d; struct bytes head; } cases[] = {
        { &xmpp_protocol, 5222, DIRECTION_OUT, D("<?xml version='1.0'?><rss version='2.0'>...................................") },
        { &xmpp_protocol, 5222, DIRECTION_OUT, D("<html>") },
        { &ldap_protocol, 389, DIRECTION_OUT, D("\x30\x0c\2\1\1\x60\7\2\1\4\4\0\x80\0") },   /* version 4 */
        { &ldap_protocol, 389, DIRECTION_OUT, D("\x30\x0c\4\1\1\x60\7\2\1\3\4\0\x80\0") },   /* no message id */
        { &ldap_protocol, 389, DIRECTION_IN, D("\x30\x0c\2\1\1\x60\7\2\1\3\4\0\x80\0") },    /* from the server */
        { &postgresql_protocol, 5432, DIRECTION_OUT, D("\0\0\0\x08\x04\xd2\x16\x31") },
        { &postgresql_protocol, 5432, DIRECTION_OUT, D("\0\0\0\x16\0\3\0\0robe\0drone\0\0\0") },
        { &mysql_protocol, 3306, DIRECTION_IN, D("\x4a\0\0\1\x0a" "8.0.36\0..................................................") },
        { &mysql_protocol, 3306, DIRECTION_IN, D("\x4a\0\0\0\x09" "8.0.36\0..................................................") },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        stage(cases[i].p, true, cases[i].port);
        const enum recognition r = cases[i].p->recognise_stream(&fake.c, cases[i].d, cases[i].head);
        assert_true(r == RECOGNISED_NO || (r == RECOGNISED_MAYBE && i == 0));
        fake_end(&fake);
        unstage();
    }
}

static void cut_and_flipped(void **state)
{
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 16);
    for (size_t i = 0; i < sizeof talks / sizeof *talks; i++) {
        buffer_clear(&b);
        for (size_t t = 0; t < 6 && talks[i].turns[t].len; t++)
            buffer_add(&b, talks[i].turns[t].at, talks[i].turns[t].len);
        sweep(talks[i].protocol, true, talks[i].port, buffer_bytes(&b));
    }
    buffer_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tls_behind_an_agreement),
        cmocka_unit_test(others_are_none),
        cmocka_unit_test(cut_and_flipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
