#include "support/support.h"

#include <string.h>

#include "base/buffer.h"
#include "base/xml_read.h"

/* Tokens as "<name", "@name=value", "'text'", ">name", with a blank between; then the status when it is not OK. */
static void tokens_of(struct bytes in, struct buffer *ret, enum parse_status *ret_status)
{
    static const char *const marks[] = { "<", "@", "'", ">" };
    struct xml_reader x;
    struct xml_token t;
    size_t steps = 0;

    xml_init(&x, in);
    while (xml_next(&x, &t)) {
        assert_true(++steps <= 2 * in.len + 2);
        buffer_printf(ret, "%s", marks[t.kind]);
        if (t.kind != XML_TEXT && text_known(t.name.prefix))
            buffer_printf(ret, "%.*s:", (int)t.name.prefix.len, t.name.prefix.at);
        if (t.kind != XML_TEXT)
            buffer_printf(ret, "%.*s", (int)t.name.local.len, t.name.local.at);
        if (t.kind == XML_ATTRIBUTE || t.kind == XML_TEXT)
            buffer_printf(ret, "%s%.*s%s", t.kind == XML_TEXT ? "" : "=", (int)t.value.len, (const char *)t.value.at,
                          t.kind == XML_TEXT ? "'" : "");
        buffer_add_u8(ret, ' ');
    }
    *ret_status = x.status;
}

static void expect(const char *input, size_t len, enum parse_status status, const char *want)
{
    const struct bytes in = exact_copy(input, len);
    enum parse_status got_status;
    struct buffer got;

    buffer_init(&got, 1 << 16);
    tokens_of(in, &got, &got_status);
    buffer_add_u8(&got, '\0');
    assert_string_equal((const char *)got.at, want);
    assert_int_equal(got_status, status);
    buffer_done(&got);
    exact_copy_free(in);
}

#define EXPECT(input, status, want) expect(input, sizeof input - 1, status, want)

static void elements_attributes_texts(void **state)
{
    (void)state;
    EXPECT("", PARSE_OK, "");
    EXPECT("<a/>", PARSE_OK, "<a >a ");
    EXPECT("<?xml version='1.0'?><!-- <b> --><a x=\"1\" y='2'> t <b/>u</a>", PARSE_OK, "<a @x=1 @y=2 't' <b >b 'u' >a ");
    EXPECT("<gx:Track><gx:coord>1 2</gx:coord></gx:Track>", PARSE_OK, "<gx:Track <gx:coord '1 2' >gx:coord >gx:Track ");
    EXPECT("<a><![CDATA[ <b>&amp; ]]></a>", PARSE_OK, "<a '<b>&amp;' >a ");
    EXPECT("<!DOCTYPE a [ <!ENTITY b \"<c>\"> ]><a>&b;</a>", PARSE_OK, "<a '&b;' >a "); /* nothing is expanded */
    EXPECT("<a \n x = \"<>\" ></a>", PARSE_OK, "<a @x=<> >a ");
}

static void what_is_malformed_is_skipped(void **state)
{
    (void)state;
    EXPECT("<a x=1><b/></a>", PARSE_INVALID, "<a <b >b >a ");
    EXPECT("</a><b/>", PARSE_INVALID, "<b >b ");
    EXPECT("<a>1 <2 3</a>", PARSE_INVALID, "<a '1' '2 3' >a ");                /* no name begins so: no tag */
    EXPECT("<a><b><c>1</b>2</a>", PARSE_INVALID, "<a <b <c '1' >c >b '2' >a "); /* c has lost its end */
    EXPECT("<a>1</b>2</a>", PARSE_INVALID, "<a '1' '2' >a ");                  /* b has lost its beginning */
    EXPECT("<a>1<?2<!3</a>", PARSE_INVALID, "<a '1' '2' '3' >a ");
    EXPECT("<a x=\"1", PARSE_TRUNCATED, "<a ");
    EXPECT("<a><!-- ", PARSE_TRUNCATED, "<a ");
    EXPECT("<a><![CDATA[x", PARSE_TRUNCATED, "<a 'x' ");
    EXPECT("\xff\xfe<\0a\0/\0>\0", PARSE_UNSUPPORTED, "");
}

static void depth_is_bounded(void **state)
{
    enum { DEEP = XML_DEPTH_MAX + 20 };
    struct buffer b;
    struct xml_reader x;
    struct xml_token t;
    size_t opened = 0, closed = 0, named = 0;

    (void)state;
    buffer_init(&b, 1 << 16);
    for (int i = 0; i < DEEP; i++)
        buffer_add_text(&b, TEXT("<abc>"));
    for (int i = 0; i < DEEP; i++)
        buffer_add_text(&b, TEXT("</abc>"));
    const struct bytes in = exact_copy(b.at, b.len);
    xml_init(&x, in);
    while (xml_next(&x, &t)) {
        opened += t.kind == XML_OPEN;
        closed += t.kind == XML_CLOSE;
        named += t.kind == XML_OPEN && text_equal(t.name.local, TEXT("abc"));
    }
    assert_int_equal(opened, DEEP);
    assert_int_equal(closed, DEEP);
    assert_int_equal(named, XML_DEPTH_MAX);
    assert_int_equal(x.status, PARSE_OK);
    exact_copy_free(in);
    buffer_done(&b);
}

static void entities(void **state)
{
    static const struct { const char *value, *want; } cases[] = {
        { "plain", "plain" }, { "a&amp;b &lt;&gt;&quot;&apos;", "a&b <>\"'" }, { "&#65;&#x42;", "AB" },
        { "&unknown; &", "&unknown; &" }, { "&#0;x", "&#0;x" }, { "&#x110000;", "&#x110000;" }, { "&#xe9;", "\xc3\xa9" },
    };
    struct arena *arena = arena_new(0);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct bytes in = exact_copy(cases[i].value, strlen(cases[i].value));
        const struct text got = xml_text(arena, in);
        if (!text_equal(got, text_of(cases[i].want)))
            fail_msg("%s became %.*s", cases[i].value, (int)got.len, got.at);
        exact_copy_free(in);
    }
    arena_free(arena);
}

static void cut_everywhere(void **state)
{
    static const char whole[] = "<?xml?><a x='1' b:y=\"&#65;\"><!--c--><![CDATA[d]]>e<f/></a>";

    (void)state;
    for (size_t len = 0; len < sizeof whole; len++) {
        const struct bytes in = exact_copy(whole, len);
        enum parse_status status;
        struct buffer got;

        buffer_init(&got, 1 << 16);
        tokens_of(in, &got, &status);
        buffer_done(&got);
        exact_copy_free(in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_attributes_texts),
        cmocka_unit_test(what_is_malformed_is_skipped),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(entities),
        cmocka_unit_test(cut_everywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
