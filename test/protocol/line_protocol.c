#include "stage.h"

#include "hello.h"
#include "protocol/ftp_data.h"
#include "protocol/line_protocol.h"

static const struct {
    const char *name;
    const struct protocol *p;
    int64_t port;
    const char *greeting, *command, *answer; /* the command asks for TLS */
    bool granted;
} rows[] = {
    { "SMTP", &smtp_protocol, 25, "220 mail.example ESMTP\r\n", "EHLO x\r\nstarttls\r\n", "220 go ahead\r\n", true },
    { "SMTP elsewhere", &smtp_protocol, 2000, "220 mail.example ESMTP\r\n", "STARTTLS\r\n", "220 go\r\n", true },
    { "SMTP refuses", &smtp_protocol, 25, "220 x\r\n", "STARTTLS\r\n", "454 not now\r\n", false },
    { "FTP", &ftp_protocol, 21, "220 ready\r\n", "AUTH TLS\r\n", "234 go\r\n", true },
    { "IMAP", &imap_protocol, 143, "* OK ready\r\n", "a001 STARTTLS\r\n", "a001 OK begin\r\n", true },
    { "POP3", &pop3_protocol, 110, "+OK ready\r\n", "STLS\r\n", "+OK begin\r\n", true },
};

static void tls_behind_each(void **state)
{
    struct buffer record;

    (void)state;
    buffer_init(&record, 1 << 12);
    put_hello_record(&record);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t step = 0; step < 12; step++) {
            stage(rows[i].p, true, rows[i].port);
            fake.c.protocol = rows[i].p;
            say(DIRECTION_IN, bytes_of(rows[i].greeting), 0);
            assert_true(fake.recognised);
            say(DIRECTION_OUT, bytes_of(rows[i].command), step);
            say(DIRECTION_IN, bytes_of(rows[i].answer), step);
            if (rows[i].granted)
                say(DIRECTION_OUT, buffer_bytes(&record), step);
            else
                say(DIRECTION_OUT, bytes_of("QUIT\r\n"), step);
            fake_end(&fake);
            assert_int_equal(text_known(fake.c.row.tls_sni), rows[i].granted);
            if (rows[i].granted)
                assert_text_equal(fake.c.row.tls_ja4, "t" HELLO_JA4_TAIL);
            assert_int_equal(fake.ways[DIRECTION_OUT].readable, fake.ways[DIRECTION_OUT].taken);
            unstage();
        }
    }
    buffer_done(&record);
}

static void files_and_envelopes(void **state)
{
    (void)state;
    stage(&ftp_protocol, true, 21);
    fake.c.protocol = &ftp_protocol;
    say(DIRECTION_OUT, bytes_of("USER pilot\r\nPASS secret\r\nSTOR flights/DJI_0001.JPG\r\n"), 0);
    fake_end(&fake);
    assert_int_equal(kept_facts_count(&kept, FACT_REQUEST), 1);
    assert_text_equal(request_row(0)->protocol, "ftp");
    assert_text_equal(request_row(0)->method, "STOR");
    assert_text_equal(request_row(0)->path, "flights/DJI_0001.JPG");
    unstage();
    stage(&smtp_protocol, true, 25);
    fake.c.protocol = &smtp_protocol;
    say(DIRECTION_OUT, bytes_of("EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n"), 2);
    fake_end(&fake);
    assert_text_equal(request_row(0)->path, "FROM:<a@b.example>");
    assert_text_equal(request_row(1)->method, "RCPT");
    unstage();
    sweep(&ftp_protocol, true, 21, bytes_of("USER pilot\r\nAUTH TLS\r\nSTOR DJI_0001.JPG\r\n"));
}

/* As on port 465 and 993 in the clear: the server greets, the client greets in TLS, and is not understood. */
static void tls_that_nobody_asked_for(void **state)
{
    struct buffer record;

    (void)state;
    buffer_init(&record, 1 << 12);
    put_hello_record(&record);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t step = 0; step < 12; step++) {
            stage(rows[i].p, true, rows[i].port);
            fake.c.protocol = rows[i].p;
            say(DIRECTION_IN, bytes_of(rows[i].greeting), 0);
            say(DIRECTION_OUT, buffer_bytes(&record), step);
            say(DIRECTION_IN, bytes_of("500 what\r\n"), step);
            fake_end(&fake);
            assert_true(text_known(fake.c.row.tls_sni));
            assert_text_equal(fake.c.row.tls_ja4, "t" HELLO_JA4_TAIL);
            assert_int_equal(fake.ways[DIRECTION_OUT].readable, fake.ways[DIRECTION_OUT].taken);
            assert_int_equal(fake.ways[DIRECTION_IN].readable, fake.ways[DIRECTION_IN].taken);
            unstage();
        }
    }
    buffer_done(&record);
}

/* Whatever a mail says, it is no command; the envelopes around it are. */
static void a_mail_is_no_command(void **state)
{
    static const struct { const char *name; const char *out[3], *in[3]; size_t envelopes; } mails[] = {
        { "commands in a mail", { "MAIL FROM:<a@b.example>\r\n", "data\r\n", "Mail from: here\r\nRCPT TO:<x@y.example>\r\nSTARTTLS\r\n.\r\nMAIL FROM:<c@d.example>\r\n" },
          { "250 fine\r\n", "354 go on\r\n", "250 queued\r\n220 fine\r\n" }, 2 },
        { "all sent at once", { "MAIL FROM:<a@b.example>\r\nRCPT TO:<x@y.example>\r\nDATA\r\n", "MAIL FROM:<m@n.example>\r\n.\r\n", "RCPT TO:<c@d.example>\r\n" },
          { "250 fine\r\n550 nobody\r\n354 go on\r\n", "250 queued\r\n", "" }, 3 },
        { "DATA refused", { "DATA\r\n", "MAIL FROM:<a@b.example>\r\n", "RCPT TO:<c@d.example>\r\n" }, { "503 no\r\n", "250 fine\r\n", "" }, 2 },
        { "the answers were not captured", { "DATA\r\n", "MAIL FROM:<a@b.example>\r\n", "..\r\n.\r\nRCPT TO:<c@d.example>\r\n" }, { "", "", "" }, 1 },
        { "a word that only begins so", { "DATABASE\r\n", "MAIL FROM:<a@b.example>\r\n", "MAIL delivered\r\n" }, { "500 what\r\n", "", "" }, 1 },
        { "so many bytes", { "BDAT 27\r\n", "MAIL FROM:<a@b.example>\r\n\r\n", "BDAT 0 LAST\r\nMAIL FROM:<c@d.example>\r\n" }, { "", "250 27\r\n", "" }, 1 },
        { "a number that is none", { "BDAT many\r\n", "MAIL FROM:<a@b.example>\r\n", "" }, { "501 no\r\n", "", "" }, 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof mails / sizeof *mails; i++) {
        for (size_t step = 0; step < 12; step++) {
            stage(&smtp_protocol, true, 25);
            fake.c.protocol = &smtp_protocol;
            say(DIRECTION_IN, bytes_of("220 x\r\n"), 0);
            for (int turn = 0; turn < 3; turn++) {
                say(DIRECTION_OUT, bytes_of(mails[i].out[turn]), step);
                say(DIRECTION_IN, bytes_of(mails[i].in[turn]), step);
            }
            fake_end(&fake);
            assert_int_equal(kept_facts_count(&kept, FACT_REQUEST), mails[i].envelopes);
            assert_int_equal(fake.ways[DIRECTION_OUT].readable, fake.ways[DIRECTION_OUT].taken);
            unstage();
        }
    }
    sweep(&smtp_protocol, true, 25, bytes_of("DATA\r\nMAIL FROM:<a@b.example>\r\n.\r\nBDAT 3\r\nabcQUIT\r\n"));
}

/* Where the dot may have been lost, commands are commands again; a part of known length goes on behind what is
 * missing. */
static void a_mail_with_a_gap(void **state)
{
    (void)state;
    stage(&smtp_protocol, true, 25);
    fake.c.protocol = &smtp_protocol;
    say(DIRECTION_IN, bytes_of("220 x\r\n"), 0);
    say(DIRECTION_OUT, bytes_of("DATA\r\nhello\r\n"), 0);
    fake_gap(&fake, DIRECTION_OUT, 100);
    say(DIRECTION_OUT, bytes_of("MAIL FROM:<a@b.example>\r\nBDAT 60\r\n"), 0);
    fake_gap(&fake, DIRECTION_OUT, 35);
    say(DIRECTION_OUT, bytes_of("MAIL FROM:<c@d.example>\r\nMAIL FROM:<e@f.example>\r\n"), 0);
    fake_end(&fake);
    assert_int_equal(kept_facts_count(&kept, FACT_REQUEST), 2);
    assert_text_equal(request_row(1)->path, "FROM:<e@f.example>");
    unstage();
}

static void what_is_no_text_is_opaque(void **state)
{
    (void)state;
    stage(&ftp_protocol, true, 21);
    fake.c.protocol = &ftp_protocol;
    say(DIRECTION_OUT, bytes_of("USER pilot\r\n"), 0);
    say(DIRECTION_OUT, BYTES("\0\1\2\3\n"), 0);
    fake_end(&fake);
    assert_int_equal(fake.ways[DIRECTION_OUT].readable, 12);
    unstage();
}

/* The TLS was taken off before it was captured, or never began: lines go on. */
static void lines_where_tls_should_begin(void **state)
{
    static const char behind[] = "EHLO again\r\nMAIL FROM:<a@b.example>\r\n";

    (void)state;
    for (size_t step = 0; step < 12; step++) {
        stage(&smtp_protocol, true, 25);
        fake.c.protocol = &smtp_protocol;
        say(DIRECTION_IN, bytes_of("220 mail.example ESMTP\r\n"), 0);
        say(DIRECTION_OUT, bytes_of("STARTTLS\r\n"), step);
        say(DIRECTION_IN, bytes_of("220 go ahead\r\n"), step);
        say(DIRECTION_OUT, bytes_of(behind), step);
        say(DIRECTION_IN, bytes_of("250 fine\r\n"), step);
        fake_end(&fake);
        assert_int_equal(kept_facts_count(&kept, FACT_REQUEST), 1);
        assert_text_equal(request_row(0)->path, "FROM:<a@b.example>");
        assert_int_equal(fake.ways[DIRECTION_OUT].readable, fake.ways[DIRECTION_OUT].taken);
        unstage();
    }
}

static void told_by_the_greeting(void **state)
{
    static const struct { const struct protocol *p; int64_t port; const char *head; enum recognition want; } heads[] = {
        { &smtp_protocol, 25, "22", RECOGNISED_MAYBE }, { &smtp_protocol, 25, "220 hello\r\n", RECOGNISED_YES },
        { &smtp_protocol, 99, "220 hello\r\n", RECOGNISED_NO }, { &smtp_protocol, 99, "220 hello", RECOGNISED_MAYBE },
        { &ftp_protocol, 99, "220 an FTP server\r\n", RECOGNISED_YES }, { &ftp_protocol, 21, "421 busy\r\n", RECOGNISED_NO },
        { &ssh_protocol, 99, "SSH-", RECOGNISED_MAYBE }, { &ssh_protocol, 99, "SSH-2.0-x", RECOGNISED_YES },
        { &ssh_protocol, 99, "SSH-3.0-", RECOGNISED_NO },
    };

    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        struct conversation c = { .from_start = true, .client = DIRECTION_OUT };
        fact_init(FACT_FLOW, &c.row);
        c.row.dst_port = heads[i].port;
        struct bytes in = exact_copy(heads[i].head, strlen(heads[i].head));
        assert_int_equal(heads[i].p->recognise_stream(&c, DIRECTION_IN, in), heads[i].want);
        exact_copy_free(in);
    }
}

static void told_by_a_command_in_the_middle(void **state)
{
    static const struct { const struct protocol *p; int64_t port; const char *head; enum recognition want; } heads[] = {
        { &ftp_protocol, 21, "PASV\r\n", RECOGNISED_YES }, { &ftp_protocol, 21, "PA", RECOGNISED_MAYBE },
        { &ftp_protocol, 21, "STOR DJI_0001.JPG\r\n", RECOGNISED_YES }, { &ftp_protocol, 99, "PASV\r\n", RECOGNISED_NO },
        { &ftp_protocol, 21, "PASVERSE\r\n", RECOGNISED_NO }, { &smtp_protocol, 25, "RCPT TO:<a@b.example>\r\n", RECOGNISED_YES },
        { &smtp_protocol, 25, "GET / HTTP/1.1\r\n", RECOGNISED_NO },
    };

    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        struct conversation c = { .client = DIRECTION_OUT };
        fact_init(FACT_FLOW, &c.row);
        c.row.dst_port = heads[i].port;
        struct bytes in = exact_copy(heads[i].head, strlen(heads[i].head));
        assert_int_equal(heads[i].p->recognise_stream(&c, DIRECTION_OUT, in), heads[i].want);
        exact_copy_free(in);
    }
}

static void ssh_is_opaque_behind_its_line(void **state)
{
    (void)state;
    for (size_t step = 0; step < 12; step++) {
        stage(&ssh_protocol, true, 22);
        say(DIRECTION_OUT, BYTES("SSH-2.0-client\r\n\0\0\1\2 keys"), step);
        say(DIRECTION_IN, BYTES("notice\nSSH-1.99-server_9.2 with words\n\0\0\1\2\nSSH-2.0-no\n"), step);
        fake_end(&fake);
        assert_int_equal(fake.ways[DIRECTION_OUT].readable, 16);
        assert_int_equal(fake.ways[DIRECTION_IN].readable, 38);
        assert_int_equal(kept_facts_count(&kept, FACT_IDENTIFIER), 2);
        assert_identifier(0, "ssh_client", "SSH-2.0-client");
        assert_identifier(1, "ssh_server", "SSH-1.99-server_9.2 with words");
        unstage();
    }
}

/* RFC 959, 4.1.2 and 4.2.2; RFC 2428. */
static void where_files_will_go(void **state)
{
    static const struct { bool by_client; const char *line, *address; int64_t port; } cases[] = {
        { false, "227 Entering Passive Mode (203,0,113,5,200,1).\r\n", "203.0.113.5", 51201 },
        { false, "227 =203,0,113,5,0,21\r\n", "203.0.113.5", 21 },
        { false, "229 Entering Extended Passive Mode (|||6446|)\r\n", "198.51.100.1", 6446 },
        { true, "PORT 192,0,2,1,19,137\r\n", "192.0.2.1", 5001 },
        { true, "EPRT |1|192.0.2.1|5001|\r\n", "192.0.2.1", 5001 },
        { true, "EPRT !2!2001:db8::1!5001!\r\n", "2001:db8::1", 5001 },
        { false, "227 Entering Passive Mode (203,0,113,5,200)\r\n", NULL, 0 },
        { false, "227 Entering Passive Mode (203,0,113,256,200,1)\r\n", NULL, 0 },
        { false, "227 nothing\r\n", NULL, 0 },
        { false, "229 nothing\r\n", NULL, 0 },
        { false, "229 (|||0|)\r\n", NULL, 0 },
        { false, "229 (||6446|)\r\n", NULL, 0 },
        { false, "PORT 192,0,2,1,19,137\r\n", NULL, 0 }, /* not the server's to say */
        { true, "227 =203,0,113,5,0,21\r\n", NULL, 0 },
        { true, "EPRT \r\n", NULL, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        stage(&ftp_protocol, true, 21);
        fake.c.protocol = &ftp_protocol;
        say(DIRECTION_IN, bytes_of("220 ready\r\n"), 0);
        say(cases[i].by_client ? DIRECTION_OUT : DIRECTION_IN, bytes_of(cases[i].line), 3);
        fake_end(&fake);
        assert_int_equal(fake.expected_count, cases[i].address != NULL);
        if (cases[i].address) {
            assert_text_equal(fake.expected[0].address, cases[i].address);
            assert_int_equal(fake.expected[0].port, cases[i].port);
            assert_ptr_equal(fake.expected[0].protocol, &ftp_data_protocol);
        }
        unstage();
    }
}

static void files_by_ftp(void **state)
{
    static const struct { const char *content; size_t len; bool readable; } cases[] = {
        { "lat=52.520008\n", 14, true }, { "\xff\xd8\xff\xe0picture", 11, true }, { "\0\1\2\3\4\5", 6, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct bytes content = { .at = (const uint8_t *)cases[i].content, .len = cases[i].len };
        for (size_t step = 0; step < 5; step++) {
            stage(&ftp_data_protocol, true, 51201);
            fake.c.expected = &ftp_data_protocol;
            for (int times = 0; times < 100; times++)
                say(DIRECTION_OUT, content, step);
            fake_end(&fake);
            assert_int_equal(fake.ways[DIRECTION_OUT].readable, cases[i].readable ? 100 * content.len : 0);
            unstage();
        }
        stage(&ftp_data_protocol, true, 51201); /* nobody said that it would come */
        say(DIRECTION_OUT, content, 0);
        assert_false(fake.recognised);
        fake_end(&fake);
        unstage();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_files_will_go),
        cmocka_unit_test(files_by_ftp),
        cmocka_unit_test(tls_behind_each),
        cmocka_unit_test(files_and_envelopes),
        cmocka_unit_test(tls_that_nobody_asked_for),
        cmocka_unit_test(a_mail_is_no_command), cmocka_unit_test(a_mail_with_a_gap),
        cmocka_unit_test(what_is_no_text_is_opaque),
        cmocka_unit_test(lines_where_tls_should_begin),
        cmocka_unit_test(told_by_the_greeting),
        cmocka_unit_test(told_by_a_command_in_the_middle),
        cmocka_unit_test(ssh_is_opaque_behind_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
