#include "reader/yara.h"

/* In the place of the other yara_*.c files where leash is built without libyara. */

bool yara_built_in(void)
{
    return false;
}

bool yara_compile(const struct yara_source *sources, size_t count, struct arena *arena, struct yara_rules *ret,
                  struct text *ret_problem, struct text *ret_warnings)
{
    (void)sources, (void)count, (void)arena, (void)ret;
    *ret_problem = TEXT("this leash was built without libyara");
    *ret_warnings = TEXT_UNKNOWN;
    return false;
}

/* Without rules nobody calls these. */
struct yara_scan *yara_scan_new(const struct yara_rules *rules)
{
    (void)rules;
    return NULL;
}

void yara_scan_begin(struct yara_scan *s, struct reading *r, uint64_t item_bytes)
{
    (void)s, (void)r, (void)item_bytes;
}

void yara_scan_content(struct yara_scan *s, struct text part, struct bytes content, const struct fact_origin *origin)
{
    (void)s, (void)part, (void)content, (void)origin;
}

void yara_scan_end(struct yara_scan *s)
{
    (void)s;
}
