#ifndef LEASH_PROTOCOL_SMTP_MAIL_H
#define LEASH_PROTOCOL_SMTP_MAIL_H

#include "base/text.h"

/* Which of the lines that a client of SMTP sends are the mail and no commands: what stands behind DATA, up to a line of
 * one dot (RFC 5321, 3.3 and 4.1.1.4), and the bytes that BDAT counts (RFC 3030, 2).  Zeroed at the start. */
struct smtp_mail {
    bool data, granted, refused;  /* DATA was said; the server's answer to it, if one was seen */
    uint64_t lines;               /* of the mail so far */
    uint64_t chunk_left;          /* bytes of a BDAT that are still to come */
};

/* A line that the client sent, without its end.  True: it belongs to the mail. */
bool smtp_mail_line(struct smtp_mail *m, struct text line);
/* What the server says.  Commands may be sent before those ahead of them are answered (RFC 2920): a refusal counts only
 * while nothing of the mail came, and not when DATA itself is granted behind it. */
void smtp_mail_answer(struct smtp_mail *m, struct text line);
/* So many bytes of the client are missing: what comes behind them is taken for commands again, unless BDAT tells. */
void smtp_mail_gap(struct smtp_mail *m, uint64_t missing);

#endif
