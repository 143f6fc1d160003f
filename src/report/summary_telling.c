#include "report/summary_telling.h"

#include "report/country.h"

sqlite3_stmt *telling_query(struct telling *t, const char *sql)
{
    sqlite3_stmt *statement = NULL;

    if (t->failed || sqlite3_prepare_v2(t->db, sql, -1, &statement, NULL) != SQLITE_OK) {
        t->failed = true;
        return NULL;
    }
    return statement;
}

bool telling_next(struct telling *t, sqlite3_stmt *statement)
{
    const int status = statement ? sqlite3_step(statement) : SQLITE_DONE;

    if (status != SQLITE_ROW && status != SQLITE_DONE)
        t->failed = true;
    return status == SQLITE_ROW;
}

struct text telling_text(struct telling *t, sqlite3_stmt *statement, int column)
{
    const char *at = (const char *)sqlite3_column_text(statement, column);

    if (!at)
        return TEXT_UNKNOWN;
    return arena_text(t->arena, (struct text){ at, (size_t)sqlite3_column_bytes(statement, column) });
}

int64_t telling_int(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL ? FACT_UNKNOWN_INT
                                                                 : sqlite3_column_int64(statement, column);
}

double telling_real(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL ? FACT_UNKNOWN_REAL
                                                                 : sqlite3_column_double(statement, column);
}

void telling_add(struct summary_list *list, struct text sentence)
{
    if (list->count < SUMMARY_SENTENCES_MAX)
        list->items[list->count++] = sentence;
}

struct text telling_shares(struct telling *t, const struct share *shares, size_t count)
{
    struct text parts[8];
    size_t used = 0;

    for (size_t i = 0; i < count && used < LENGTH(parts); i++)
        if (shares[i].count > 0)
            parts[used++] = words_say(t->arena, shares[i].key, (struct text[]){ COUNT(shares[i].count) }, 1);
    return words_join(t->arena, parts, used, ", ");
}

struct text telling_countries(struct telling *t, sqlite3_stmt *statement, int first_column)
{
    static const enum words_key keys[] = { WORDS_COUNTRY_OPERATOR, WORDS_COUNTRY_REGISTRY, WORDS_COUNTRY_LOCATION };
    struct text parts[LENGTH(keys)], first = TEXT_UNKNOWN;
    size_t count = 0;
    bool agree = true;

    for (size_t i = 0; i < LENGTH(keys); i++) {
        const struct text country = country_name(telling_text(t, statement, first_column + (int)i));
        if (!text_known(country))
            continue;
        agree = agree && (count == 0 || text_equal(country, first));
        first = count ? first : country;
        parts[count++] = words_say(t->arena, keys[i], &country, 1);
    }
    if (count > 1 && agree)
        return first;
    return count ? words_join(t->arena, parts, count, ", ") : words_plain(WORDS_COUNTRY_UNKNOWN);
}
