#include "support.h"

#include "flightlog/dji_keychain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(1 << 22);
    struct dji_keychains keys;
    const char *why = NULL;
    bool any = false;

    if (dji_keychains_read((struct bytes){ .at = data, .len = size }, arena, &keys, &why)) {
        for (size_t i = 0; i < keys.count; i++)
            for (int feature = 0; feature <= DJI_FEATURE_MAX; feature++)
                any |= keys.chains[i].of_feature[feature].known;
        if (!any) /* what is taken holds a key */
            __builtin_trap();
    } else if (!why) {
        __builtin_trap();
    }
    arena_free(arena);
    return 0;
}
