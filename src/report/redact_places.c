#include "report/redact_places.h"

#include <math.h>
#include <sqlite3.h>

#include "report/redact.h"

double redact_snap(double degrees)
{
    /* Two decimals are enough for the middle of a cell, and spare the reader those of binary fractions. */
    return round((floor(degrees / REDACT_GRID_DEG) + 0.5) * REDACT_GRID_DEG * 100) / 100;
}

static bool is_of_grid(double degrees)
{
    const double halves = degrees / (REDACT_GRID_DEG / 2);

    return fabs(halves - round(halves)) < 1e-5; /* a few centimetres: what encodings lose */
}

bool redact_is_of_grid(double longitude_deg, double latitude_deg)
{
    return is_of_grid(longitude_deg) && is_of_grid(latitude_deg);
}

struct redact_cell redact_cell_of(double longitude_deg, double latitude_deg)
{
    if (!fact_known_real(longitude_deg) || !fact_known_real(latitude_deg))
        return (struct redact_cell){ NAN, NAN };
    return (struct redact_cell){ redact_snap(longitude_deg), redact_snap(latitude_deg) };
}

static struct redact_cell cell_by_query(struct fact_case *c, const char *sql, struct text key)
{
    struct redact_cell cell = { NAN, NAN };
    sqlite3_stmt *s = NULL;

    if (sqlite3_prepare_v2(case_db(c), sql, -1, &s, NULL) == SQLITE_OK) {
        sqlite3_bind_text64(s, 1, key.at, key.len, SQLITE_STATIC, SQLITE_UTF8);
        if (sqlite3_step(s) == SQLITE_ROW && sqlite3_column_type(s, 0) != SQLITE_NULL &&
            sqlite3_column_type(s, 1) != SQLITE_NULL)
            cell = redact_cell_of(sqlite3_column_double(s, 0), sqlite3_column_double(s, 1));
    }
    sqlite3_finalize(s);
    return cell;
}

/* Where a flight began. */
struct redact_cell redact_cell_of_flight(const struct fact_flight *f)
{
    struct redact_cell cell = redact_cell_of(f->home_longitude_deg, f->home_latitude_deg);

    if (isnan(cell.longitude_deg))
        cell = redact_cell_of(f->first_longitude_deg, f->first_latitude_deg);
    return isnan(cell.longitude_deg) ? redact_cell_of(f->bbox_west, f->bbox_south) : cell;
}

static const char flight_cell_sql[] =
    "SELECT CASE WHEN home_latitude_deg IS NULL OR home_longitude_deg IS NULL THEN coalesce(first_longitude_deg, bbox_west) ELSE home_longitude_deg END,"
    " CASE WHEN home_latitude_deg IS NULL OR home_longitude_deg IS NULL THEN coalesce(first_latitude_deg, bbox_south) ELSE home_latitude_deg END"
    " FROM flight WHERE id = ?1";
static const char drone_cell_sql[] =
    "SELECT coalesce(longitude_deg, operator_longitude_deg), coalesce(latitude_deg, operator_latitude_deg) FROM broadcast WHERE uas_id = ?1"
    " AND coalesce(longitude_deg, operator_longitude_deg) IS NOT NULL ORDER BY longitude_deg IS NULL, fid LIMIT 1";

void redact_place(double *longitude_deg, double *latitude_deg, struct redact_cell cell)
{
    if (fact_known_real(*longitude_deg))
        *longitude_deg = cell.longitude_deg;
    if (fact_known_real(*latitude_deg))
        *latitude_deg = cell.latitude_deg;
}

void redact_place_flight(struct fact_flight *f, struct redact_cell cell)
{
    const bool box = fact_known_real(f->bbox_west);

    redact_place(&f->first_longitude_deg, &f->first_latitude_deg, cell);
    redact_place(&f->last_longitude_deg, &f->last_latitude_deg, cell);
    redact_place(&f->home_longitude_deg, &f->home_latitude_deg, cell);
    f->bbox_west = box ? round((cell.longitude_deg - REDACT_GRID_DEG / 2) * 100) / 100 : FACT_UNKNOWN_REAL;
    f->bbox_east = box ? round((cell.longitude_deg + REDACT_GRID_DEG / 2) * 100) / 100 : FACT_UNKNOWN_REAL;
    f->bbox_south = box ? round((cell.latitude_deg - REDACT_GRID_DEG / 2) * 100) / 100 : FACT_UNKNOWN_REAL;
    f->bbox_north = box ? round((cell.latitude_deg + REDACT_GRID_DEG / 2) * 100) / 100 : FACT_UNKNOWN_REAL;
}

struct redact_cell redact_cell_of_flight_id(struct fact_case *c, struct text id)
{
    return cell_by_query(c, flight_cell_sql, id);
}
struct redact_cell redact_cell_of_drone(struct fact_case *c, struct text uas_id)
{
    return cell_by_query(c, drone_cell_sql, uas_id);
}
