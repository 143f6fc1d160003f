#include "support.h"

#include <stdlib.h>

#include "app/apk.h"
#include "app/dex_code.h"

struct use { struct dex *d; uint64_t calls; };

static void use_call(void *user, uint32_t caller, uint32_t called, uint64_t offset)
{
    struct use *u = user;
    struct dex_method m;

    if (offset >= u->d->whole.len)
        abort();
    if (u->calls++ < 1000 && dex_method(u->d, called, &m) && dex_method(u->d, caller, &m))
        (void)dex_string(u->d, m.name, NULL);
}

static void use_get(void *user, uint32_t caller, uint32_t field, uint64_t offset)
{
    struct use *u = user;
    struct dex_method f;

    if (offset >= u->d->whole.len)
        abort();
    if (u->calls++ < 1000 && dex_field(u->d, field, &f) && dex_method(u->d, caller, &f))
        (void)dex_string(u->d, f.name, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes whole = { .at = data, .len = size };
    struct dex d;
    struct dex_class class;
    const enum parse_status status = dex_open(whole, &d);

    if (status != PARSE_OK && status != PARSE_TRUNCATED)
        return 0;
    struct use u = { .d = &d };
    for (uint32_t i = 0; i < d.strings.count; i++) {
        const struct text t = dex_string(&d, i, NULL);
        if (text_known(t) && ((const uint8_t *)t.at < data || (size_t)((const uint8_t *)t.at - data) + t.len >= size))
            abort(); /* with its NUL it lies inside */
    }
    do
        for (uint32_t i = 0; i < 200 && dex_class(&d, i, &class); i++)
            (void)dex_class_calls(&d, &class, use_call, use_get, &u);
    while (dex_open_next(&d));
    (void)fuzz_reader(dex_read, data, size);
    return 0;
}
