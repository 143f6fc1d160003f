#include "report/xml_write.h"

#include <string.h>

#include "report/terminal.h"

/* XML 1.0, production [2] Char: of what UTF-8 can hold, controls and U+FFFE, U+FFFF are not allowed. */
static bool allowed(const char *at, size_t len)
{
    const unsigned char c = (unsigned char)at[0];

    if (len == 1)
        return c >= 0x20 ? c != 0x7f : c == '\t' || c == '\n' || c == '\r';
    return !(len == 3 && memcmp(at, "\xef\xbf", 2) == 0 && (unsigned char)at[2] >= 0xbe);
}

void xml_put_text(FILE *out, struct text t)
{
    struct terminal_piece piece;
    unsigned accents = 0;

    while (t.len > 0) {
        const size_t n = text_utf8_length(t);
        if (n > 1)
            terminal_next(t, &accents, &piece);
        if (n > 1 && allowed(t.at, n) && piece.at == piece.escape)
            fwrite(piece.at, 1, piece.len, out); /* marks that turn or hide text */
        else if (n == 0 || !allowed(t.at, n))
            fputs("\xef\xbf\xbd", out);
        else if (t.at[0] == '<')
            fputs("&lt;", out);
        else if (t.at[0] == '>')
            fputs("&gt;", out);
        else if (t.at[0] == '&')
            fputs("&amp;", out);
        else if (t.at[0] == '"')
            fputs("&quot;", out);
        else
            fwrite(t.at, 1, n, out);
        t.at += n ? n : 1;
        t.len -= n ? n : 1;
    }
}

void xml_put_element(FILE *out, const char *name, const char *nul_terminated)
{
    if (!nul_terminated)
        return;
    fprintf(out, "<%s>", name);
    xml_put_text(out, text_of(nul_terminated));
    fprintf(out, "</%s>", name);
}

static void put_decimal(FILE *out, double value, int decimals)
{
    char digits[64];
    int len = snprintf(digits, sizeof digits, "%.*f", decimals, value);

    if (len <= 0 || (size_t)len >= sizeof digits)
        return;
    while (len > 0 && digits[len - 1] == '0')
        len--;
    if (len > 0 && digits[len - 1] == '.')
        len--;
    fwrite(digits, 1, (size_t)len, out);
}

void xml_put_degrees(FILE *out, double degrees) { put_decimal(out, degrees, 9); }
void xml_put_metres(FILE *out, double metres)   { put_decimal(out, metres, 3); }
