#include "evidence/reading.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

const uint8_t *reading_find(struct reading *r, struct bytes where, struct bytes what)
{
    enum { PIECE = 1 << 20 };
    const uint8_t *at = NULL;
    size_t from = 0;

    for (; !at && from < where.len && what.len > 0; from += PIECE) {
        const struct bytes piece = bytes_part(where, from, (uint64_t)PIECE + what.len - 1);
        at = memmem(piece.at, piece.len, what.at, what.len);
        if (r && r->passed && from > 0)
            r->passed(r, piece.origin);
    }
    if (r && r->passed && from > PIECE)
        r->passed(r, 0);
    return at;
}
