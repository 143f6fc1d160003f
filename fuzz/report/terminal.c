/* Whatever the bytes: what reaches a terminal or a page holds no control, no mark that turns
 * or hides text, is UTF-8, keeps within its columns, and opens no tag. */
#include <stdlib.h>
#include <string.h>

#include "report/html_text.h"
#include "report/terminal.h"
#include "support.h"

static void check_harmless(struct text t)
{
    while (t.len > 0) {
        const size_t n = text_utf8_length(t);
        const unsigned char *u = (const unsigned char *)t.at;
        if (n == 0 || u[0] < 0x20 || u[0] == 0x7f || (n == 2 && u[0] == 0xc2 && u[1] < 0xa0))
            abort();
        if (n == 3 && u[0] == 0xe2 && u[1] == 0x80 && (u[2] <= 0x8f || (u[2] >= 0xa8 && u[2] <= 0xaf)))
            abort();
        t.at += n;
        t.len -= n;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const size_t columns_max = data[0];
    const struct text t = { (const char *)data + 1, size - 1 };
    struct buffer b;
    char *html;
    size_t html_len;

    buffer_init(&b, 1 << 24);
    const size_t columns = terminal_safe(&b, t, columns_max);
    if (columns > columns_max || terminal_columns(buffer_text(&b)) < columns)
        abort();
    check_harmless(buffer_text(&b));
    buffer_clear(&b);
    if (terminal_safe(&b, t, SIZE_MAX) != terminal_columns(t))
        abort();
    check_harmless(buffer_text(&b));
    buffer_done(&b);

    FILE *out = open_memstream(&html, &html_len);
    if (!out)
        abort();
    html_text(out, t);
    fclose(out);
    check_harmless((struct text){ html, html_len });
    if (strpbrk(html, "<>\"'`"))
        abort();
    free(html);
    return 0;
}
