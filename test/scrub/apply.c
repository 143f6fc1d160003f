#include "support/support.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scrub/apply.h"

/* A copy with some edits, against the same made in memory. */

struct step {
    const char *action;
    int64_t offset, length;
    const char *bytes; /* NULL: none */
    int64_t fill;
};

static int memory_file(const void *from, size_t len)
{
    const int fd = memfd_create("test", MFD_CLOEXEC);

    assert_true(fd >= 0);
    if (len)
        assert_int_equal(write(fd, from, len), len);
    return fd;
}

static struct fact_edit edit_of(const struct step *s)
{
    struct fact_edit edit;

    fact_init(FACT_EDIT, &edit);
    edit.head.origin.offset = s->offset;
    edit.head.origin.length = s->length;
    edit.action = text_of(s->action);
    edit.bytes = text_of(s->bytes);
    edit.fill = s->fill;
    return edit;
}

/* Gives the first error. */
static int run_steps(const char *original, size_t len, const struct step *steps, size_t count, char *into,
                     size_t *ret_len)
{
    const int from = memory_file(original, len), to = memory_file(NULL, 0);
    struct apply a;
    int error = 0;

    apply_begin(&a, from, to, len);
    for (size_t i = 0; i < count && !error; i++) {
        const struct fact_edit edit = edit_of(&steps[i]);
        error = apply_edit(&a, &edit);
    }
    if (!error)
        error = apply_end(&a);
    apply_done(&a);
    *ret_len = (size_t)lseek(to, 0, SEEK_END);
    if (!error && into)
        assert_int_equal(pread(to, into, *ret_len, 0), *ret_len);
    close(from);
    close(to);
    return error;
}

#define NONE FACT_UNKNOWN_INT

static void makes_the_copy(void **state)
{
    static const struct {
        const char *want;
        struct step steps[4];
    } cases[] = {
        { "0123456789", { { 0 } } },
        { "01xx456789", { { "replace", 2, 2, "xx", 0 } } },
        { "01x--56789", { { "replace", 2, 3, "x", '-' } } },
        { "01--456789", { { "replace", 2, 2, NULL, '-' } } },
        { "0123456789", { { "left", 2, 2, NULL, NONE } } },
        { "a12345678b", { { "replace", 9, 1, "b", 0 }, { "replace", 0, 1, "a", 0 } } },       /* backwards */
        { "0123abcd89", { { "replace", 4, 4, "xxxx", 0 }, { "replace", 4, 4, "abcd", 0 } } }, /* the last one counts */
        { "01aabb6789", { { "replace", 4, 2, "bb", 0 }, { "replace", 2, 2, "aa", 0 } } },
        { "01abcd6789", { { "replace", 3, 1, "x", 0 }, { "replace", 2, 4, "abcd", 0 } } },    /* over the end of what is there */
        { "0126789", { { "remove", 3, 3, NULL, NONE } } },
        { "0123", { { "remove", 4, 6, NULL, NONE } } },
        { "0longer29", { { "replace", 1, 1, "longer", NONE }, { "remove", 3, 6, NULL, NONE } } },
        { "new0123456789", { { "replace", 0, 0, "new", NONE } } },
        { "0123456789end", { { "replace", 10, 0, "end", NONE } } },
        { "01new23c56b89", { { "replace", 2, 0, "new", NONE }, { "replace", 7, 1, "b", 0 }, { "replace", 4, 1, "c", 0 } } }, /* back to the first change */
        { "0234b6a", { { "remove", 1, 1, NULL, NONE }, { "replace", 7, 1, "a", 0 }, { "replace", 5, 1, "b", 0 }, { "remove", 8, 2, NULL, NONE } } },
        { "x3456y89", { { "replace", 0, 3, "x", NONE }, { "replace", 7, 1, "y", 0 } } },
    };
    char got[64];
    size_t len, count;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (count = 0; count < 4 && cases[i].steps[count].action; count++)
            continue;
        assert_int_equal(run_steps("0123456789", 10, cases[i].steps, count, got, &len), 0);
        assert_int_equal(len, strlen(cases[i].want));
        assert_memory_equal(got, cases[i].want, len);
    }
}

static void refuses_what_no_planner_makes(void **state)
{
    static const struct step cases[][3] = {
        { { "replace", -1, 2, "xx", 0 } },
        { { "replace", 2, -2, "xx", 0 } },
        { { "replace", 11, 0, "", 0 } },
        { { "replace", 9, 2, "xx", 0 } },
        { { "replace", 9, INT64_MAX, "xx", 0 } },
        { { "replace", INT64_MAX, 1, "x", 0 } },
        { { "replace", FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, "x", 0 } },
        { { "replace", 2, 1, "longer", 0 } },
        { { "replace", 2, 2, "xx", 256 } },
        { { "replace", 2, 2, "xx", -1 } },
        { { "burn", 2, 2, "xx", 0 } },
        { { "replace", 5, 1, "x", 0 }, { "remove", 4, 2, NULL, NONE } },   /* length changes before the end of the copy */
        { { "remove", 5, 1, NULL, NONE }, { "replace", 4, 1, "x", 0 } },   /* back to before a change of length */
        { { "remove", 5, 1, NULL, NONE }, { "replace", 4, 3, "xxx", 0 } },
        { { "remove", 2, 1, NULL, NONE }, { "remove", 6, 1, NULL, NONE }, { "replace", 4, 1, "x", 0 } }, /* back between two */
    };
    size_t len;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(run_steps("0123456789", 10, cases[i], cases[i][2].action ? 3 : cases[i][1].action ? 2 : 1,
                                   NULL, &len), -EBADMSG);
}

/* Long stretches are copied by the kernel, short ones through memory; edits far apart and close together. */
static void large_files(void **state)
{
    enum { BYTES = 7 << 20 };
    uint8_t *original = malloc(BYTES), *got = malloc(BYTES);
    const int from = memfd_create("from", MFD_CLOEXEC), to = memfd_create("to", MFD_CLOEXEC);
    uint32_t random = 1;
    struct apply a;

    (void)state;
    assert_true(original && got && from >= 0 && to >= 0);
    for (size_t i = 0; i < BYTES; i++)
        original[i] = (uint8_t)((random = random * 1664525 + 1013904223) >> 24);
    assert_int_equal(write(from, original, BYTES), BYTES);
    apply_begin(&a, from, to, BYTES);
    for (int i = 0; i < 20000; i++) {
        random = random * 1664525 + 1013904223;
        const size_t step = i % 100 == 0 ? random % (1 << 20) : random % 400,
            offset = (i < 10000 ? (size_t)i * 600 + step : random % (BYTES - 64));
        const struct fact_edit edit = edit_of(&(struct step){ "replace", (int64_t)offset, 40, "edited", 0x20 });
        if (offset + 40 > BYTES)
            continue;
        assert_int_equal(apply_edit(&a, &edit), 0);
        memset(original + offset, 0x20, 40);
        memcpy(original + offset, "edited", 6);
    }
    assert_int_equal(apply_end(&a), 0);
    apply_done(&a);
    assert_int_equal(lseek(to, 0, SEEK_END), BYTES);
    assert_int_equal(pread(to, got, BYTES, 0), BYTES);
    assert_memory_equal(got, original, BYTES);
    close(from);
    close(to);
    free(original);
    free(got);
}

static void original_that_became_shorter(void **state)
{
    const int from = memory_file("0123", 4), to = memory_file(NULL, 0);
    struct apply a;

    (void)state;
    apply_begin(&a, from, to, 10);
    assert_int_equal(apply_end(&a), -EIO);
    apply_done(&a);
    close(from);
    close(to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_the_copy), cmocka_unit_test(refuses_what_no_planner_makes), cmocka_unit_test(large_files),
        cmocka_unit_test(original_that_became_shorter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
