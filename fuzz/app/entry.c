#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "app/apk.h"

/* The input as a file of a package, not compressed: what is searched for addresses, keys and other code.  Its first
 * byte says under which name it lies there. */

static const char *const names[] = { "assets/a", "assets/a.png", "META-INF/a", "classes.dex", "lib/arm64-v8a/liba.so",
                                     "resources.arsc", "AndroidManifest.xml" };

static void put(uint8_t *at, size_t bytes, uint64_t value)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { LOCAL = 30, RECORD = 46, END = 22 };

    if (size == 0)
        return 0;
    const char *name = names[data[0] % (sizeof names / sizeof *names)];
    const size_t name_len = strlen(name), content = size - 1, directory = LOCAL + name_len + content;
    uint8_t *zip = calloc(1, directory + RECORD + name_len + END), *record = zip + directory,
        *end = record + RECORD + name_len;
    if (!zip)
        return 0;
    memcpy(zip, "PK\3\4", 4);
    put(zip + 18, 4, content);
    put(zip + 22, 4, content);
    put(zip + 26, 2, name_len);
    memcpy(zip + LOCAL, name, name_len);
    memcpy(zip + LOCAL + name_len, data + 1, content);
    memcpy(record, "PK\1\2", 4);
    put(record + 20, 4, content);
    put(record + 24, 4, content);
    put(record + 28, 2, name_len);
    memcpy(record + RECORD, name, name_len);
    memcpy(end, "PK\5\6", 4);
    put(end + 8, 2, 1);
    put(end + 10, 2, 1);
    put(end + 12, 4, RECORD + name_len);
    put(end + 16, 4, directory);
    (void)fuzz_reader(apk_read, zip, directory + RECORD + name_len + END);
    free(zip);
    return 0;
}
