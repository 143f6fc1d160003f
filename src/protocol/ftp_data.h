#ifndef LEASH_PROTOCOL_FTP_DATA_H
#define LEASH_PROTOCOL_FTP_DATA_H

#include "packet/conversation.h"

/* The connections that FTP (RFC 959, 5.2; RFC 2428) opens for each file and list.  Nothing in them says so: they are
 * told by the end that the control connection named.  Readable when their first bytes are text or a known kind of
 * picture or video; encrypted ones (RFC 4217) are told as TLS. */
extern const struct protocol ftp_data_protocol;

/* Where a line of the control connection says that the next file goes: the client's PORT and EPRT, the server's answers
 * to PASV and EPSV; the latter name a port of the server's own address. */
void ftp_line_met(struct conversation *c, bool by_client, struct text line);

#endif
