#include "evidence/reading.h"

#include <stdarg.h>
#include <stdio.h>

enum { DAMAGE_ROWS_MAX = 256, STATEMENT_MAX = 512 };

void reading_damage(struct reading *r, uint64_t offset, int64_t bytes_lost, int64_t records_lost,
                    const char *statement_format, ...)
{
    char statement[STATEMENT_MAX];
    struct fact_damage damage;
    va_list arguments;

    if (r->damage_count++ >= DAMAGE_ROWS_MAX)
        return;
    va_start(arguments, statement_format);
    vsnprintf(statement, sizeof statement, statement_format, arguments);
    va_end(arguments);

    fact_init(FACT_DAMAGE, &damage);
    damage.head.origin = fact_origin_at(offset, 0);
    damage.head.origin.length = bytes_lost;
    damage.statement = text_of(statement);
    damage.bytes_lost = bytes_lost;
    damage.records_lost = records_lost;
    fact_put(r->facts, FACT_DAMAGE, &damage);
}
