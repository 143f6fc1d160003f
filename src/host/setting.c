#include "host/setting.h"

#define S(NAME, name, meaning) [SETTING_##NAME] = name,
const char *const setting_names[SETTING_NAME_COUNT] = { SETTING_NAMES(S) };
#undef S
