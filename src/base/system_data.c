#include "base/system_data.h"

#include <stdio.h>
#include <unistd.h>

static const char *only_folder;

void system_data_only_in(const char *folder)
{
    only_folder = folder;
}

const char *system_data_folder(void)
{
    return only_folder;
}

bool system_data_find(const char *name, const char *const *places, size_t place_count, char into[SYSTEM_DATA_PATH_MAX])
{
    for (size_t i = 0; i < (only_folder ? 1 : place_count); i++) {
        const int len = only_folder ? snprintf(into, SYSTEM_DATA_PATH_MAX, "%s/%s", only_folder, name)
                                    : snprintf(into, SYSTEM_DATA_PATH_MAX, "%s", places[i]);
        if (len >= 0 && len < SYSTEM_DATA_PATH_MAX && access(into, R_OK) == 0)
            return true;
    }
    return false;
}
