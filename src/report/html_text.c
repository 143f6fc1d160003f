#include "report/html_text.h"

#include "report/terminal.h"

static const char *reference(char c)
{
    switch (c) {
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '&': return "&amp;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    case '`': return "&#96;";
    default: return NULL;
    }
}

void html_text(FILE *out, struct text t)
{
    struct terminal_piece piece;
    unsigned accents = 0;

    for (; t.len > 0; t.at += piece.taken, t.len -= piece.taken) {
        terminal_next(t, &accents, &piece);
        const char *escaped = reference(*piece.at);
        if (escaped)
            fputs(escaped, out);
        else
            fwrite(piece.at, 1, piece.len, out);
    }
}
