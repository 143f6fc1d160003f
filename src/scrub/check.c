#include "scrub/check.h"

#include "leak/residue.h"
#include "scrub/request.h"

static bool anything(struct bytes whole)
{
    (void)whole;
    return true;
}

static enum parse_status search(struct reading *r, struct bytes whole)
{
    const struct scrub_request *request = scrub_request_of(r);

    if (request->index)
        (void)residue_find(request->index, r, whole);
    return PARSE_OK;
}

const struct format scrub_check = { "copy", PASS_STORED, anything, search };
