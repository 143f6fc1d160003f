#ifndef LEASH_HOST_NFT_SCAN_H
#define LEASH_HOST_NFT_SCAN_H

#include <stdbool.h>

#include "base/cursor.h"
#include "base/text.h"

/* Words, "texts" without their quotes, whole "{ ... }" groups, and statement ends. */
enum nft_token_kind { NFT_END, NFT_WORD, NFT_TEXT, NFT_OPEN, NFT_CLOSE, NFT_BREAK };

struct nft_token {
    enum nft_token_kind kind;
    struct text text;
    struct bytes at;
};

struct nft_scan {
    struct bytes rest;
    bool broken;        /* a text or group that does not end */
};

/* The next token; comments and continued lines are passed over. */
struct nft_token nft_scan_next(struct nft_scan *s);
/* Behind an NFT_OPEN: all to the "}" that closes it, as one view, and moves behind that. */
struct bytes nft_scan_group(struct nft_scan *s);

#endif
