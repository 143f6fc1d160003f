#include "stage.h"

#include "protocol/ntp.h"
#include "protocol/vpn.h"

/* Datagrams in order; `at` is the one, from 1, at which the protocol is told, 0 for never. */
struct sent { enum direction d; const char *at; size_t len; };

#define OUT(s) { DIRECTION_OUT, (s), sizeof(s) - 1 }
#define IN(s) { DIRECTION_IN, (s), sizeof(s) - 1 }
#define ZEROS_24 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define ZEROS_88 ZEROS_24 ZEROS_24 ZEROS_24 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define ZEROS_144 ZEROS_24 ZEROS_24 ZEROS_24 ZEROS_24 ZEROS_24 ZEROS_24
#define SEAL "0123456789abcdef"

static const struct {
    const char *name;
    const struct protocol *p;
    int64_t port;
    struct sent sent[4];
    int at;
} rows[] = {
    { "WireGuard, initiation", &wireguard_protocol, 40000, { OUT("\1\0\0\0" ZEROS_144) }, 1 },
    { "WireGuard, response", &wireguard_protocol, 40000, { OUT("\2\0\0\0" ZEROS_88) }, 1 },
    { "WireGuard, an initiation too short", &wireguard_protocol, 40000, { OUT("\1\0\0\0" ZEROS_88) }, 0 },
    { "WireGuard, from the middle", &wireguard_protocol, 40000,
      { OUT("\4\0\0\0recv\x09\0\0\0\0\0\0\0" SEAL), OUT("\4\0\0\0recv\x0a\0\0\0\0\0\0\0" SEAL) }, 2 },
    { "WireGuard, another receiver each time", &wireguard_protocol, 40000,
      { OUT("\4\0\0\0recv\x09\0\0\0\0\0\0\0" SEAL), OUT("\4\0\0\0rec2\x0a\0\0\0\0\0\0\0" SEAL), OUT("\4\0\0\0recv\x0b\0\0\0\0\0\0\0" SEAL) }, 0 },
    { "OpenVPN, reset", &openvpn_protocol, 443, { OUT("\x38sessions\0\0\0\0\0") }, 1 },
    { "OpenVPN, reset with tls-auth", &openvpn_protocol, 443, { OUT("\x38sessions" "ABCDEFGHIJKLMNOPQRST" "\0\0\0\1time\0\0\0\0\0") }, 1 },
    { "OpenVPN, reset with tls-crypt", &openvpn_protocol, 443,
      { OUT("\x38sessions\0\0\0\1time" SEAL SEAL "12345") }, 1 },
    { "OpenVPN, text that begins so", &openvpn_protocol, 443, { OUT("8 sessions of text") }, 0 },
    { "OpenVPN, from the middle", &openvpn_protocol, 443,
      { OUT("\x20sessionA\0\0\0\0\1"), IN("\x28sessionB\0\0\0\0\1"), OUT("\x20sessionA\0\0\0\0\2") }, 3 },
    { "OpenVPN, another session each time", &openvpn_protocol, 443,
      { OUT("\x20sessionA\0\0\0\0\1"), IN("\x28sessionB\0\0\0\0\1"), OUT("\x20sessionC\0\0\0\0\2"), IN("\x20sessionD\0\0\0\0\2") }, 0 },
    { "IKEv2", &ipsec_protocol, 500, { OUT("initiate\0\0\0\0\0\0\0\0\x21\x20\x22\x08\0\0\0\0\0\0\0\x1c") }, 1 },
    { "IKEv2 behind NAT", &ipsec_protocol, 4500, { OUT("\0\0\0\0initiate\0\0\0\0\0\0\0\0\x21\x20\x22\x08\0\0\0\0\0\0\0\x1c") }, 1 },
    { "IKE, a length too small", &ipsec_protocol, 500, { OUT("initiate\0\0\0\0\0\0\0\0\x21\x20\x22\x08\0\0\0\0\0\0\0\x1b") }, 0 },
    { "IKE, on another port", &ipsec_protocol, 501, { OUT("initiate\0\0\0\0\0\0\0\0\x21\x20\x22\x08\0\0\0\0\0\0\0\x1c") }, 0 },
    { "ESP in UDP", &ipsec_protocol, 4500, { OUT("\1\2\3\4\0\0\0\7" SEAL), OUT("\1\2\3\4\0\0\0\x08" SEAL) }, 2 },
    { "ESP in UDP, numbers that stand still", &ipsec_protocol, 4500, { OUT("\1\2\3\4\0\0\0\7" SEAL), OUT("\1\2\3\4\0\0\0\7" SEAL) }, 0 },
    { "L2TP", &l2tp_protocol, 1701, { OUT("\xc8\2\0\x0c\0\0\0\0\0\0\0\0") }, 1 },
    { "L2TP, reserved bits", &l2tp_protocol, 1701, { OUT("\xdc\2\0\x0c\0\0\0\0\0\0\0\0") }, 0 },
    { "NTP", &ntp_protocol, 123, { OUT("\x23" ZEROS_24 ZEROS_24 "") }, 0 /* 49 bytes */ },
};

static void told_by_shape(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int at = 0;
        stage(rows[i].p, false, rows[i].port);
        for (int n = 0; n < 4 && rows[i].sent[n].at; n++) {
            say(rows[i].sent[n].d, (struct bytes){ .at = (const uint8_t *)rows[i].sent[n].at,
                                                   .len = rows[i].sent[n].len }, 0);
            if (fake.recognised && at == 0)
                at = n + 1;
        }
        if (at != rows[i].at)
            fail_msg("%s: told at %d, not %d", rows[i].name, at, rows[i].at);
        assert_int_equal(fake.ways[DIRECTION_OUT].readable, 0);
        fake_end(&fake);
        unstage();
        for (int n = 0; n < 4 && rows[i].sent[n].at; n++)
            sweep(rows[i].p, false, rows[i].port, (struct bytes){ .at = (const uint8_t *)rows[i].sent[n].at,
                                                                  .len = rows[i].sent[n].len });
    }
}

static void over_tcp(void **state)
{
    (void)state;
    for (size_t step = 0; step < 20; step++) {
        stage(&openvpn_protocol, true, 443);
        say(DIRECTION_OUT, BYTES("\0\x0e\x38sessions\0\0\0\0\0"), step);
        assert_true(fake.recognised);
        fake_end(&fake);
        unstage();
        stage(&pptp_protocol, true, 1723);
        say(DIRECTION_OUT, BYTES("\0\x9c\0\1\x1a\x2b\x3c\x4d rest"), step);
        assert_true(fake.recognised);
        fake_end(&fake);
        unstage();
    }
}

static void time_is_readable(void **state)
{
    uint8_t ask[48] = { 0x23 };

    (void)state;
    stage(&ntp_protocol, false, 123);
    say(DIRECTION_OUT, (struct bytes){ .at = ask, .len = sizeof ask }, 0);
    assert_int_equal(fake.ways[DIRECTION_OUT].readable, sizeof ask);
    fake_end(&fake);
    unstage();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(told_by_shape),
        cmocka_unit_test(over_tcp),
        cmocka_unit_test(time_is_readable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
