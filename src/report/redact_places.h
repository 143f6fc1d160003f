#ifndef LEASH_REPORT_REDACT_PLACES_H
#define LEASH_REPORT_REDACT_PLACES_H

#include "fact/case.h"

/* Which place a redacted copy tells of each thing (report/redact.h). */
struct redact_cell {
    double longitude_deg, latitude_deg; /* the middle; NaN: unknown */
};

struct redact_cell redact_cell_of(double longitude_deg, double latitude_deg);
/* Where a flight began: its home, else its first point, else a corner of its box. */
struct redact_cell redact_cell_of_flight(const struct fact_flight *f);
struct redact_cell redact_cell_of_flight_id(struct fact_case *c, struct text id);
/* Where a drone was when it was first heard with a place. */
struct redact_cell redact_cell_of_drone(struct fact_case *c, struct text uas_id);

/* Puts the cell where a place was known. */
void redact_place(double *longitude_deg, double *latitude_deg, struct redact_cell cell);
void redact_place_flight(struct fact_flight *f, struct redact_cell cell);

#endif
