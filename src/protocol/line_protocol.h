#ifndef LEASH_PROTOCOL_LINE_PROTOCOL_H
#define LEASH_PROTOCOL_LINE_PROTOCOL_H

#include "packet/conversation.h"

/* Protocols of commands and answers, a line each, that the server opens with a greeting: SMTP (RFC 5321), FTP (RFC
 * 959), IMAP (RFC 9051), POP3 (RFC 1939).  What the client asks to encrypt (STARTTLS: RFC 3207, RFC 4217, RFC 2595)
 * goes on as TLS, with its names and fingerprints in the same flow.  Files that go over FTP and envelopes of mail
 * become request rows. */
extern const struct protocol smtp_protocol, ftp_protocol, imap_protocol, pop3_protocol;
/* SSH (RFC 4253, 4.2) opens with a line as well, which names the program (identifiers `ssh_client`, `ssh_server`); all
 * behind it is opaque. */
extern const struct protocol ssh_protocol;

#endif
