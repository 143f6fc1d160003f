#include "support/support.h"

#include <stdio.h>

#include "packet/devices.h"

static struct kept_facts kept;

static struct fact_device device(const char *mac, const char *role, const char *model, const char *name)
{
    struct fact_device d;

    fact_init(FACT_DEVICE, &d);
    d.mac = text_of(mac);
    d.role = text_of(role);
    d.model = text_of(model);
    d.name = text_of(name);
    return d;
}

static int64_t learn(struct devices *d, struct fact_device row, const char *sent_by)
{
    return devices_learn(d, &kept.sink, &row, text_of(sent_by));
}

static void what_is_told_goes_together(void **state)
{
    struct reading r;
    struct devices *d = devices_new();

    (void)state;
    kept_facts_init(&kept);
    r = reading_for_test(&kept);
    /* A user agent before anything is known of its address stays for itself. */
    const int64_t early = learn(d, device(NULL, "phone", "X 1", NULL), "02:00:00:00:00:01");
    const int64_t first = learn(d, device("02:00:00:00:00:01", NULL, NULL, "annas-phone"), NULL);
    assert_int_not_equal(early, first);
    assert_int_equal(learn(d, device("02:00:00:00:00:01", "phone", NULL, NULL), NULL), first);
    assert_int_equal(learn(d, device(NULL, "phone", "X 2", NULL), "02:00:00:00:00:01"), first);
    /* Another model behind the same address is another device, behind a router. */
    const int64_t other = learn(d, device(NULL, "phone", "X 3", NULL), "02:00:00:00:00:01");
    assert_int_not_equal(other, first);
    assert_int_equal(learn(d, device(NULL, "phone", "X 3", NULL), NULL), other);
    assert_int_equal(learn(d, device("02:00:00:00:00:09", NULL, NULL, NULL), NULL), FACT_UNKNOWN_INT); /* says nothing */
    devices_put(d, &r);
    const struct fact_device *row = kept_facts_row(&kept, FACT_DEVICE, 1);
    assert_int_equal(row->head.number, first);
    assert_text_equal(row->name, "annas-phone");
    assert_text_equal(row->model, "X 2");
    assert_text_equal(row->role, "phone");
    row = kept_facts_row(&kept, FACT_DEVICE, 2);
    assert_text_equal(row->model, "X 3");
    assert_false(text_known(row->mac));
    assert_int_equal(kept_facts_count(&kept, FACT_DEVICE), 3);
    devices_free(d);
    reading_for_test_done(&r);
    kept_facts_done(&kept);
}

static void bounded(void **state)
{
    struct reading r;
    struct devices *d = devices_new();
    char name[20];

    (void)state;
    kept_facts_init(&kept);
    r = reading_for_test(&kept);
    for (int i = 0; i < DEVICES_MAX + 10; i++) {
        snprintf(name, sizeof name, "host-%d", i);
        assert_int_equal(fact_known_int(learn(d, device(NULL, NULL, NULL, name), NULL)), i < DEVICES_MAX);
    }
    devices_put(d, &r);
    assert_int_equal(kept_facts_count(&kept, FACT_DEVICE), DEVICES_MAX);
    assert_int_equal(kept_facts_count(&kept, FACT_DAMAGE), 1);
    devices_free(d);
    reading_for_test_done(&r);
    kept_facts_done(&kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_told_goes_together),
        cmocka_unit_test(bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
