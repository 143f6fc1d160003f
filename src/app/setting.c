#include "app/setting.h"

static const char *const names[APP_SETTING_COUNT] = {
#define S(NAME, name, meaning) name,
    APP_SETTINGS(S)
#undef S
};

const char *app_setting_name(enum app_setting setting)
{
    return names[setting];
}

void app_setting_put(struct reading *r, enum app_setting setting, struct text value, struct text package,
                     struct fact_origin origin)
{
    struct fact_setting row;

    fact_init(FACT_SETTING, &row);
    row.head.origin = origin;
    row.subject = TEXT("app");
    row.name = text_of(names[setting]);
    row.value = value;
    row.detail = package;
    fact_put(r->facts, FACT_SETTING, &row);
}
