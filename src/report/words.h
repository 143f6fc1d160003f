#ifndef LEASH_REPORT_WORDS_H
#define LEASH_REPORT_WORDS_H

#include "base/arena.h"
#include "base/text.h"

/* Every sentence of the summary, once, for the terminal and the page alike.  In a
 * template {0}..{9} stand for the arguments, and {0#one|many} for the first word when
 * argument 0 is "1", else the second.  A translation is another column of the table.
 *
 * The sentences keep to what evidence can carry: traffic is "addressed to" a name, a search
 * "did not find", content "was not seen".  There is no word for "clean". */
#define WORDS(W) \
    /* verdict */ \
    W(VERDICT_LEFT,          "Known data was sent, and {0} of {1} {1#precaution|precautions} {0#is|are} not met.") \
    W(VERDICT_LEFT_ONLY,     "Known data was sent.") \
    W(VERDICT_NOT_MET,       "{0} of {1} {1#precaution|precautions} {0#is|are} not met.") \
    W(VERDICT_FINDINGS,      "There are serious findings.") \
    W(VERDICT_NONE_FOUND,    "No violation was found in what could be read.") \
    W(VERDICT_INCOMPLETE,    "No violation was found, but too much could not be read to rely on that.") \
    W(VERDICT_NOT_JUDGED,    "This case has not been judged.") \
    W(PILL_VIOLATIONS,       "Violations") \
    W(PILL_NONE_FOUND,       "No violation found") \
    W(PILL_INCOMPLETE,       "Incomplete") \
    W(PILL_NOT_JUDGED,       "Not judged") \
    W(COUNTS,                "{0} {0#precaution|precautions}: {1}.") \
    W(COUNT_NOT_MET,         "{0} not met") \
    W(COUNT_MET,             "{0} met") \
    W(COUNT_NOT_SHOWN,       "{0} this evidence cannot tell") \
    W(COUNT_ATTESTED,        "{0} vouched for by a person") \
    W(COUNT_NOT_APPLICABLE,  "{0} not applicable") \
    /* headings, in the order of the summary */ \
    W(HEAD_LEFT,             "What left") \
    W(HEAD_ADDRESSED,        "Addressed to") \
    W(HEAD_UNSEEN,           "Not seen") \
    W(HEAD_NEXT,             "What to do next") \
    W(HEAD_KEPT,             "Kept in files") \
    W(HEAD_COVERAGE,         "What this rests on") \
    /* what left */ \
    W(LEFT_NO_TRAFFIC,       "This evidence holds no network traffic, so it cannot tell what was sent.") \
    W(LEFT_NO_OUTSIDE,       "The traffic in this evidence stayed inside the local network.") \
    W(LEFT_SEARCHED,         "None of the known values (flight path, serial numbers and others) was found in what could be " \
                             "read: {0} of the {1} sent.") \
    W(LEFT_NOTHING_READABLE, "No content could be read, so it cannot be said whether known values were among the {0} sent.") \
    W(LEFT_NOT_SEARCHED,     "There was no flight log, photo or other known value to search the traffic for.") \
    W(LEFT_VOLUME,           "In all, {0} of content was addressed to {1} {1#destination|destinations} outside the local network.") \
    W(LEFT_PATH,             "A track like a flight path of this case was sent to {0}.") \
    W(LEFT_POSITION,         "Positions in the flight area were sent to {0}.") \
    W(LEFT_PLACE,            "A request revealing the area was sent to {0}.") \
    W(LEFT_SERIAL,           "A serial number was sent to {0}.") \
    W(LEFT_IDENTIFIER,       "An identifier was sent to {0}.") \
    W(LEFT_MEDIA,            "A photo or video was sent to {0}.") \
    W(LEFT_LOG_FILE,         "A log file was sent to {0}.") \
    W(LEFT_TEXT,             "A known text was sent to {0}.") \
    W(LEFT_WITH_DESTINATION, "{0} (addressed to {1})") \
    W(LEFT_MORE,             "{0} (and {1} more like it)") \
    W(LEFT_FURTHER,          "{0} further {0#kind|kinds} of hit: see the findings.") \
    W(UNKNOWN_DESTINATION,   "an unknown destination") \
    /* addressed to */ \
    W(TO_NOT_KNOWN,          "Not known: there is no network traffic in this evidence.") \
    W(TO_NOBODY,             "Nobody outside the local network, in this evidence.") \
    W(TO_PARTIES,            "{0} {0#destination|destinations}: {1}.") \
    W(TO_VENDOR,             "{0} of the maker") \
    W(TO_THIRD,              "{0} of third parties") \
    W(TO_OPERATOR,           "{0} of your own") \
    W(TO_PARTY_UNKNOWN,      "{0} of unknown owner") \
    W(TO_ONE,                "{0} ({1}; {2}): {3}.") \
    W(TO_OWNER_UNKNOWN,      "owner unknown") \
    W(COUNTRY_OPERATOR,      "run from {0}") \
    W(COUNTRY_REGISTRY,      "registered in {0}") \
    W(COUNTRY_LOCATION,      "located in {0}") \
    W(COUNTRY_UNKNOWN,       "country unknown") \
    W(TO_MORE,               "{0} more {0#destination|destinations}: see the table.") \
    W(TO_DISAGREE,           "For {0} {0#destination|destinations} the country sources disagree.") \
    /* not seen */ \
    W(UNSEEN_NO_TRAFFIC,     "What was sent, and to whom: no capture of network traffic is among the evidence.") \
    W(UNSEEN_OPAQUE,         "The content of {0} of {1} sent ({2}) was encrypted or of unknown form: it was not seen.") \
    W(UNSEEN_MISSING,        "{0} of the content sent is missing from the capture (lost or cut short).") \
    W(UNSEEN_OPAQUE_PATH,    "The content of {0} of {1} sent ({2}) was encrypted or of unknown form: it was not seen. The path of the known flights would fit into it {3} {3#time|times}.") \
    W(UNSEEN_COPIES,         "Into what is missing, the path of the known flights would fit {0} {0#time|times}.") \
    W(UNSEEN_SEARCHED,       "{0} were searched for known values; chance alone makes {1} weak hits there, which do not count.") \
    W(UNSEEN_FLIGHT,         "The capture covers {0} of {1} of flight ({2}).") \
    W(UNSEEN_FLIGHT_NONE,    "The capture covers none of the {0} of flight in the logs.") \
    W(UNSEEN_EVIDENCE,       "{0} of {1} {1#item|items} of evidence {0#was|were} not read in full ({2}).") \
    W(UNSEEN_PARTIAL,        "{0} in part") \
    W(UNSEEN_UNREADABLE,     "{0} unreadable") \
    W(UNSEEN_SKIPPED,        "{0} skipped") \
    W(UNSEEN_ENCRYPTED_LOG,  "{0} flight-log {0#record is|records are} encrypted: positions in them were not read.") \
    W(UNSEEN_EVICTED,        "{0} {0#connection was|connections were} dropped from memory before {0#its|their} end.") \
    W(UNSEEN_NOTHING,        "No gap is recorded for this evidence. Other times, networks and versions were not looked at.") \
    /* what to do next */ \
    W(NEXT_FINDINGS,         "Read the {0} {0#finding|findings} in the report: each shows the bytes it rests on.") \
    W(NEXT_ASK,              "Ask the owner of {0} what the {1} of unreadable content hold.") \
    W(NEXT_CAPTURE,          "Capture the traffic of phone and controller, from power-on until after the flight has synced.") \
    W(NEXT_CAPTURE_FLIGHT,   "Capture the next flight whole: begin before power-on, end after the app has synced.") \
    W(NEXT_ADD_LOG,          "Add the flight log and photos of the same flight, so that leash knows what to search for.") \
    W(NEXT_NEEDS,            "{0} {0#precaution|precautions} could not be decided. It would help to have: {1}.") \
    W(NEXT_DAMAGED,          "Copy the evidence that could not be read again from its source, if you can.") \
    W(NEXT_REPEAT,           "Repeat this audit when the app or the firmware changes: this verdict holds for these versions.") \
    /* what the files keep */ \
    W(KEPT_FLIGHTS,          "{0} {0#flight|flights} with {1} {1#position|positions} ({2} in the air).") \
    W(KEPT_FLIGHTS_UNTIMED,  "{0} {0#flight|flights} with {1} {1#position|positions}.") \
    W(KEPT_OPERATOR,         "{0} {0#position|positions} of the person flying.") \
    W(KEPT_MEDIA,            "{0} {0#photo or video|photos and videos}, {1} with the place where {1#it was|they were} taken.") \
    W(KEPT_SERIALS,          "{0} serial {0#number|numbers} of equipment.") \
    W(KEPT_NOTHING,          "No flight, photo or serial number was read from this evidence.") \
    /* the terminal */ \
    W(TEXT_MORE_IN_REPORT,    "{0} more {0#point is|points are} in the report.") \
    W(TEXT_TITLE,            "leash") \
    W(TEXT_REPORT,           "Report") \
    W(TEXT_CASE,             "Case") \
    W(TEXT_JSON,             "JSON") \
    W(TEXT_OPERATOR,         "By") \
    W(TEXT_CHAIN,            "Chain") \
    W(TEXT_CHAIN_HEAD,       "{0}... (the report has all of it; leash verify checks it)") \
    /* the page */ \
    W(PAGE_TITLE,            "leash report") \
    W(PAGE_TITLE_OF,         "leash report: {0}") \
    W(PAGE_SKIP,             "Skip to the summary") \
    W(PAGE_RUN,              "Audited {0} UTC") \
    W(PAGE_NO_SCRIPT,        "Tables and maps need a script, which is part of this file and contacts nobody. The verdict, the " \
                             "summary and the coverage above are complete without it.") \
    W(PAGE_CUT,              "This page holds {0} of {1} rows of the list \"{2}\"; the case and the JSON report hold all.") \
    W(PAGE_LIMITS,           "This report tells what is in the evidence it was given. It informs; it gives no legal advice and " \
                             "certifies nothing. Something that was not found may still have happened where nobody looked.") \
    W(PAGE_MADE_BY,          "Made offline by leash {0}.") \
    W(COVERAGE_EVIDENCE,     "Evidence read") \
    W(COVERAGE_OF,           "{0} of {1} {1#item|items}") \
    W(COVERAGE_PART,         "{0} of {1}") \
    W(COVERAGE_SENT,         "Content sent") \
    W(COVERAGE_READABLE,     "readable") \
    W(COVERAGE_OPAQUE,       "not readable") \
    W(COVERAGE_MISSING,      "missing") \
    W(COVERAGE_FLIGHT,       "Flight time captured") \
    W(COVERAGE_EVICTED,      "Connections dropped from memory") \
    W(COVERAGE_NOTES,        "Notes") \
    W(COVERAGE_SHORT,        "Read {0} of {1} {1#item|items}") \
    W(COVERAGE_SHORT_SENT,   "{0} of content sent was readable") \
    W(COVERAGE_SHORT_NONE,   "no content was sent") \
    W(COVERAGE_NO_TRAFFIC,   "no network traffic in the evidence") \
    W(HEAD_CUSTODY,          "Custody") \
    W(CUSTODY_TOOL,          "Made by") \
    W(CUSTODY_TOOL_VERSION,  "leash {0}") \
    W(CUSTODY_STARTED,       "Started") \
    W(CUSTODY_OPERATOR,      "Operator") \
    W(CUSTODY_COMMAND,       "Command") \
    W(CUSTODY_HEAD,          "Head of the hash chain") \
    W(CUSTODY_HOW,           "The chain runs over every row of the case. \"leash verify\" with the case, this page and the evidence " \
                             "shows whether they belong together and whether anything was changed since. Note the head down where " \
                             "nobody can change it, or sign the case.") \
    W(UNKNOWN,               "unknown")

enum words_key {
#define W(key, template) WORDS_##key,
    WORDS(W)
#undef W
    WORDS_COUNT
};

/* The sentence with its arguments, in the arena.  Arguments are used as they are: whoever
 * shows the sentence makes it safe. */
struct text words_say(struct arena *a, enum words_key key, const struct text *arguments, size_t count);
#define WORDS_SAY(a, key, ...) \
    words_say((a), WORDS_##key, (const struct text[]){ __VA_ARGS__ }, \
              sizeof((const struct text[]){ __VA_ARGS__ }) / sizeof(struct text))
/* A sentence without arguments. */
struct text words_plain(enum words_key key);

/* Numbers as people read them.  Unknown (FACT_UNKNOWN_INT, NaN) reads "unknown". */
struct text words_count(struct arena *a, int64_t n);                       /* 1,234 */
struct text words_bytes(struct arena *a, int64_t bytes);                   /* 1,234 bytes, 1.2 MB */
struct text words_duration(struct arena *a, double seconds);               /* 45 s, 12 min 5 s, 3 h 12 min */
struct text words_percent(struct arena *a, double part, double whole);     /* never rounded to 0 or 100 % */
struct text words_join(struct arena *a, const struct text *parts, size_t count, const char *between);

#endif
