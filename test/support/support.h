#ifndef LEASH_TEST_SUPPORT_H
#define LEASH_TEST_SUPPORT_H

/* What every unit test needs; includes cmocka and the headers it wants before it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/cursor.h"
#include "evidence/reading.h"
#include "fact/fact.h"

/* A copy with nothing behind it, so that the sanitizer sees one byte too many.
 * Free with exact_copy_free. */
struct bytes exact_copy(const void *from, size_t len);
void exact_copy_free(struct bytes b);

/* A whole file; free with exact_copy_free.  File problems fail the test. */
struct bytes file_bytes(const char *path);

/* The path of a sample below $LEASH_SAMPLES, or skips the test with a reason when it
 * is not there.  The result is overwritten by the next call. */
const char *sample_path(const char *below);
/* The path of a file of the source tree. */
const char *source_path(const char *below);

/* A sink that keeps every row, copied, in the order they came. */
struct kept_row {
    enum fact_kind kind;
    int64_t number;
    void *row; /* struct fact_KIND */
};

struct kept_facts {
    struct fact_sink sink; /* first: a sink pointer is a kept_facts pointer */
    struct arena *arena;
    struct kept_row *rows;
    size_t count, room;
};

void kept_facts_init(struct kept_facts *k);
void kept_facts_done(struct kept_facts *k);
size_t kept_facts_count(const struct kept_facts *k, enum fact_kind kind);
/* The nth row of a kind (from 0), or NULL. */
const void *kept_facts_row(const struct kept_facts *k, enum fact_kind kind, size_t nth);

/* A reading that puts its rows into `k`; members are dropped unless the test sets the
 * hooks.  Done with reading_for_test_done. */
struct reading reading_for_test(struct kept_facts *k);
void reading_for_test_done(struct reading *r);

#define assert_text_equal(got, literal) do { \
        struct text got_ = (got), want_ = text_of(literal); \
        assert_int_equal(got_.len, want_.len); \
        assert_memory_equal(got_.at, want_.at, want_.len); \
    } while (0)

#endif
