#include "leak/secrets.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/timestamp.h"
#include "fact/fact.h"

/* The value of a column, borrowed until the next row; NULL is unknown. */
static struct text column_text(sqlite3_stmt *row, int column)
{
    const unsigned char *at = sqlite3_column_text(row, column);

    if (!at)
        return TEXT_UNKNOWN;
    return (struct text){ .at = (const char *)at, .len = (size_t)sqlite3_column_bytes(row, column) };
}

static double column_real(sqlite3_stmt *row, int column)
{
    return sqlite3_column_type(row, column) == SQLITE_NULL ? FACT_UNKNOWN_REAL : sqlite3_column_double(row, column);
}

static int64_t column_time(sqlite3_stmt *row, int column)
{
    int64_t time = FACT_UNKNOWN_INT;

    (void)timestamp_parse(column_text(row, column), &time);
    return time;
}

static int each_row(sqlite3 *db, const char *sql, struct secrets *s, void (*each)(struct secrets *, sqlite3_stmt *))
{
    sqlite3_stmt *row = NULL;
    int status;

    if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) != SQLITE_OK)
        return -EIO;
    while ((status = sqlite3_step(row)) == SQLITE_ROW)
        each(s, row);
    sqlite3_finalize(row);
    return status == SQLITE_DONE ? 0 : -EIO;
}

static void flight_position(struct secrets *s, sqlite3_stmt *row)
{
    const struct text subject = column_text(row, 1);
    enum secret_subject as;

    if (text_equal(subject, TEXT("aircraft")))
        as = SUBJECT_AIRCRAFT;
    else if (text_equal(subject, TEXT("home")))
        as = SUBJECT_TAKEOFF;
    else if (text_equal(subject, TEXT("operator")) || text_equal(subject, TEXT("controller")))
        as = SUBJECT_OPERATOR;
    else
        return;
    secrets_add_point(s, column_text(row, 0), as, column_real(row, 3), column_real(row, 4), column_time(row, 2));
}

static void media_position(struct secrets *s, sqlite3_stmt *row)
{
    secrets_add_point(s, column_text(row, 0), SUBJECT_MEDIA, column_real(row, 1), column_real(row, 2),
                      FACT_UNKNOWN_INT);
}

static void flight(struct secrets *s, sqlite3_stmt *row)
{
    secrets_add_point(s, column_text(row, 0), SUBJECT_TAKEOFF, column_real(row, 1), column_real(row, 2),
                      FACT_UNKNOWN_INT);
    secrets_add_literal(s, column_text(row, 0), SECRET_SERIAL, TEXT("serial number of the aircraft"),
                        column_text(row, 3));
}

static void device(struct secrets *s, sqlite3_stmt *row)
{
    const struct text id = column_text(row, 0), model = column_text(row, 3), name = column_text(row, 4);

    const struct text role = column_text(row, 5);
    char label[80];

    /* "other" is no name for a thing. */
    if (text_known(role) && !text_equal(role, TEXT("other")))
        snprintf(label, sizeof label, "serial number of the %.*s", (int)role.len, role.at);
    else
        snprintf(label, sizeof label, "serial number");
    secrets_add_literal(s, id, SECRET_SERIAL, text_of(label), column_text(row, 1));
    secrets_add_literal(s, id, SECRET_IDENTIFIER, TEXT("hardware address"), column_text(row, 2));
    /* A name that is only the model's is every owner's. */
    if (!text_known(model) || !text_equal_ignoring_case(name, model))
        secrets_add_literal(s, id, SECRET_IDENTIFIER, TEXT("name"), name);
}

static void identifier(struct secrets *s, sqlite3_stmt *row)
{
    /* A place is a town as often as a house: it is not unique to the case. */
    static const char *const shared[] = { "place", "model", "vendor", "firmware", "version", "app", "type" };
    const struct text kind = column_text(row, 1);

    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
        if (text_equal(kind, text_of(shared[i])))
            return;
    const bool serial = text_equal(kind, TEXT("serial"));
    secrets_add_literal(s, column_text(row, 0), serial ? SECRET_SERIAL : SECRET_IDENTIFIER,
                        serial ? TEXT("serial number") : kind, column_text(row, 2));
}

static void media_serial(struct secrets *s, sqlite3_stmt *row)
{
    secrets_add_literal(s, column_text(row, 0), SECRET_SERIAL, TEXT("serial number"), column_text(row, 1));
}

/* A drone that was heard is named by what it says of itself; other people's are as secret. */
static void broadcast(struct secrets *s, sqlite3_stmt *row)
{
    secrets_add_literal(s, column_text(row, 0), SECRET_SERIAL, TEXT("Remote ID of the aircraft"), column_text(row, 1));
    secrets_add_literal(s, column_text(row, 0), SECRET_IDENTIFIER, TEXT("operator id"), column_text(row, 2));
}

static void network(struct secrets *s, sqlite3_stmt *row)
{
    secrets_add_literal(s, column_text(row, 0), SECRET_IDENTIFIER, TEXT("Wi-Fi name"), column_text(row, 1));
    secrets_add_literal(s, column_text(row, 0), SECRET_NETWORK, TEXT("address of a Wi-Fi network"),
                        column_text(row, 2));
}

static void stored_file(struct secrets *s, sqlite3_stmt *row)
{
    const struct text kind = column_text(row, 1), hex = column_text(row, 2);
    uint8_t digest[SHA256_BYTES];
    char name[32];

    snprintf(name, sizeof name, "%.*s", (int)kind.len, kind.at);
    const char *what = secret_file_what(name);
    if (what && hex.len == SHA256_HEX && hash_from_hex(hex.at, SHA256_BYTES, digest))
        secrets_add_file_hash(s, column_text(row, 0), what, (uint64_t)sqlite3_column_int64(row, 3), digest);
}

static void picture(struct secrets *s, sqlite3_stmt *row)
{
    struct picture_hash hash;

    if (picture_hash_read(column_text(row, 1), &hash))
        secrets_add_picture(s, column_text(row, 0), column_text(row, 2), hash);
}

int secrets_from_database(sqlite3 *db, struct secrets *s)
{
    static const struct {
        const char *sql;
        void (*each)(struct secrets *, sqlite3_stmt *);
    } steps[] = {
        { "SELECT flight, subject, time, longitude_deg, latitude_deg FROM position "
          "WHERE flight IS NOT NULL ORDER BY fid", flight_position },
        { "SELECT id, home_longitude_deg, home_latitude_deg, NULL FROM flight ORDER BY fid", flight },
        { "SELECT id, longitude_deg, latitude_deg FROM media ORDER BY fid", media_position },
        { "SELECT id, serial, mac, model, name, role FROM device WHERE role IS NULL OR role <> 'gateway' ORDER BY fid", device },
        { "SELECT id, kind, value FROM identifier ORDER BY fid", identifier },
        { "SELECT id, NULL, NULL, aircraft_serial FROM flight ORDER BY fid", flight },
        { "SELECT id, uas_id, operator_id FROM broadcast ORDER BY fid", broadcast },
        { "SELECT id, ssid, bssid FROM network ORDER BY fid", network },
        { "SELECT media.id, each.value FROM media, json_each(media.serials) AS each "
          "WHERE media.serials IS NOT NULL ORDER BY media.fid", media_serial },
        { "SELECT id, kind, sha256, bytes FROM evidence WHERE kind IS NOT NULL AND bytes > 0 ORDER BY fid", stored_file },
        { "SELECT id, picture_hash, evidence FROM media WHERE picture_hash IS NOT NULL ORDER BY fid", picture },
    };
    int status = 0;

    for (size_t i = 0; i < sizeof steps / sizeof *steps && status == 0; i++)
        status = each_row(db, steps[i].sql, s, steps[i].each);
    return status;
}
