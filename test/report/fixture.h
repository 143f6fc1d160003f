#ifndef LEASH_TEST_REPORT_FIXTURE_H
#define LEASH_TEST_REPORT_FIXTURE_H

#include "fact/case.h"

/* Cases with made-up data, for the tests of the report and for looking at the page. */
enum fixture {
    FIXTURE_ENCRYPTED, /* TLS only: nothing known was found, most was not seen */
    FIXTURE_LEAKING,   /* the flight path and a photo in clear text to a foreign host */
    FIXTURE_STORED,    /* flight logs and photos, no traffic */
    FIXTURE_UNDECIDED, /* an app with kits and a recording of Remote ID: nothing that a precaution could be decided by */
    FIXTURE_EMPTY,     /* one unreadable file */
    FIXTURE_HOSTILE,   /* markup, terminal escapes and bidi marks in every field of every row */
    FIXTURE_LARGE,     /* 100,000 flows */
    FIXTURE_COUNT
};

extern const char *const fixture_names[FIXTURE_COUNT];

/* A finished case at `path`, which is replaced.  Aborts when the case cannot be written. */
struct fact_case *fixture_case(const char *path, enum fixture which);

#define FIXTURE_HOSTILE_TEXT "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>" \
    "\"'`&amp;{0}\x1b[31m\x07\x80\xff\xe2\x80\xae\xe2\x80\x8b\\x1b=cmd|' /C calc'!A0"

#endif
