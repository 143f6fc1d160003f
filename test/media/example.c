/* What examples/photo.py writes is read back as it was asked for. */
#include "media/build.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "media/jpeg.h"

static struct bytes run(const char *directory, const char *name)
{
    char command[4096], path[512];

    snprintf(path, sizeof path, "%s/%s", directory, name);
    snprintf(command, sizeof command, "/usr/bin/python3 '%s' --latitude 52.0901 --longitude -5.12023 --altitude -3.25 "
             "--time 2024-05-01T09:30:00Z --local-offset 2 --serial 0TESTCAM000001 --drone-serial 0TESTUAV000001 -o '%s'",
             source_path("examples/photo.py"), path);
    assert_int_equal(system(command), 0);
    struct bytes picture = file_bytes(path);
    unlink(path);
    return picture;
}

static void reads_back_as_asked(void **state)
{
    char directory[] = "/tmp/leash-example-XXXXXX";
    struct photo_result x;

    (void)state;
    if (access("/usr/bin/python3", X_OK) != 0) {
        print_message("# skipped: no /usr/bin/python3\n");
        skip();
    }
    assert_non_null(mkdtemp(directory));
    struct bytes picture = run(directory, "first.jpg"), again = run(directory, "second.jpg");
    rmdir(directory);
    assert_int_equal(picture.len, again.len);
    assert_memory_equal(picture.at, again.at, picture.len);
    assert_true(picture.len <= 60000);

    photo_result_init(&x, jpeg_read, picture);
    assert_int_equal(x.status, PARSE_OK);
    assert_int_equal(x.reading.damage_count, 0);
    const struct fact_media *media = photo_media(&x);
    assert_true(fabs(media->latitude_deg - 52.0901) < 1e-7 && fabs(media->longitude_deg + 5.12023) < 1e-7);
    assert_true(media->altitude_m == -3.25);
    assert_text_equal(media->alt_ref, "msl");
    assert_int_equal(media->taken, INT64_C(1714555800000000000));
    assert_text_equal(media->taken_local, "2024-05-01T11:30:00");
    assert_text_equal(media->model, "DJI FC-EXAMPLE");
    assert_true(photo_has_serial(&x, "0TESTCAM000001") && photo_has_serial(&x, "0TESTUAV000001"));
    photo_result_done(&x);
    exact_copy_free(picture);
    exact_copy_free(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_back_as_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
