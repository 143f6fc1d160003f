#ifndef LEASH_APP_BEHAVIOUR_H
#define LEASH_APP_BEHAVIOUR_H

#include "app/setting.h"

/* Interfaces of the platform that let an app see or do what matters here.  Source: Android's public
 * reference of its classes.  A row says that code which calls them is there, never that it runs. */

struct behaviour {
    const char *class_descriptor;   /* "Landroid/telephony/TelephonyManager;" */
    const char *method;
    enum app_setting setting;
    const char *what;               /* for a reader */
};

extern const struct behaviour behaviours[];
extern const size_t behaviour_count;

enum { BEHAVIOURS_MAX = 128 };

/* The first line of `behaviours` about that class, or behaviour_count; lines of one class follow each other. */
size_t behaviour_of_class(struct text descriptor);

#endif
