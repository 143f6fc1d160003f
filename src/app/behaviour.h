#ifndef LEASH_APP_BEHAVIOUR_H
#define LEASH_APP_BEHAVIOUR_H

#include "app/setting.h"

/* Interfaces of the platform that let an app see or do what matters here.  Source: Android's public
 * reference of its classes.  A row says that code which calls them is there, never that it runs. */

struct behaviour {
    const char *class_descriptor;   /* "Landroid/telephony/TelephonyManager;" */
    const char *method;             /* or, with `field`, the static field that code reads */
    enum app_setting setting;
    const char *what;               /* for a reader */
    bool field;
};

/* Texts in code that stand for such interfaces where they are reached by name. */
struct text_behaviour {
    const char *text;
    enum app_setting setting;
    bool prefix;                    /* what begins with it counts, too */
};

extern const struct text_behaviour text_behaviours[];
extern const size_t text_behaviour_count;

extern const struct behaviour behaviours[];
extern const size_t behaviour_count;

/* The same for native code: functions of the platform's C library that a library wants from outside it. */
struct native_behaviour {
    const char *function;
    enum app_setting setting;
    const char *what;
};

extern const struct native_behaviour native_behaviours[];
extern const size_t native_behaviour_count;

enum { BEHAVIOURS_MAX = 128, NATIVE_BEHAVIOURS_MAX = 64, TEXT_BEHAVIOURS_MAX = 32 };

/* The first line of `behaviours` about that class, or behaviour_count; lines of one class follow each other. */
size_t behaviour_of_class(struct text descriptor);
/* The line of `text_behaviours` that the text is or begins with, or text_behaviour_count. */
size_t behaviour_of_text(struct text t);
/* The line of `native_behaviours` about that function, or native_behaviour_count. */
size_t behaviour_of_function(struct text name);

#endif
