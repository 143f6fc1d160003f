#include "support/support.h"

#include <sched.h>
#include <stdatomic.h>

#include "base/crew.h"

static atomic_uint helped, at_once, most_at_once;
static atomic_bool wait_for_all;
static unsigned wanted;

static void help(void *user)
{
    const unsigned now = ++at_once;

    assert_ptr_equal(user, &helped);
    for (unsigned most = most_at_once; now > most && !atomic_compare_exchange_weak(&most_at_once, &most, now);)
        ;
    helped++;
    while (wait_for_all && helped < wanted)
        sched_yield();
    at_once--;
}

static void as_many_help_as_are_wanted(void **state)
{
    struct crew *c = crew_new(3);

    (void)state;
    assert_int_equal(crew_size(c), 3);
    for (int round = 0; round < 200; round++) {
        wanted = 1 + (unsigned)round % 3;
        helped = most_at_once = 0;
        wait_for_all = true; /* so they do run side by side */
        crew_start(c, wanted, help, &helped);
        while (helped < wanted)
            sched_yield();
        crew_finish(c);
        assert_int_equal(helped, wanted);
        assert_int_equal(most_at_once, wanted);
        assert_int_equal(at_once, 0);
    }
    crew_free(c);
}

/* Nobody is waited for who has not begun. */
static void an_early_end_is_no_harm(void **state)
{
    struct crew *c = crew_new(2);

    (void)state;
    wait_for_all = false;
    for (int round = 0; round < 500; round++) {
        helped = 0;
        crew_start(c, 9, help, &helped); /* more than there are */
        crew_finish(c);
        assert_true(helped <= 2);
        assert_int_equal(at_once, 0);
        const unsigned before = helped;
        sched_yield();
        assert_int_equal(helped, before);
    }
    crew_free(c);
}

static void no_helpers_are_no_crew(void **state)
{
    (void)state;
    assert_null(crew_new(0));
    assert_int_equal(crew_size(NULL), 0);
    crew_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_help_as_are_wanted),
        cmocka_unit_test(an_early_end_is_no_harm),
        cmocka_unit_test(no_helpers_are_no_crew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
