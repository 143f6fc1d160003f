#include "support/support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "evidence/walk.h"

static char root[] = "/tmp/leash-test-walk-XXXXXX";
static struct buffer told; /* "F path;" for files, "S path (note);" skipped, "X ..." failed; paths below root */

static void found(void *user, enum walk_kind kind, struct text path, const char *note, bool named)
{
    const size_t skip = strlen(root) + 1;

    (void)user;
    buffer_printf(&told, "%c%s %.*s", "FSX"[kind], named ? "*" : "", (int)(path.len > skip ? path.len - skip : 0),
                  path.len > skip ? path.at + skip : "");
    if (note)
        buffer_printf(&told, " (%s)", note);
    buffer_printf(&told, ";");
}

static const char *walked(const char *const *below, size_t count, size_t files)
{
    char paths[8][512];
    const char *named[8];

    for (size_t i = 0; i < count; i++) {
        snprintf(paths[i], sizeof paths[i], "%s/%s", root, below[i]);
        named[i] = paths[i];
    }
    buffer_clear(&told);
    assert_int_equal(walk(named, count, found, NULL), files);
    buffer_add_u8(&told, 0);
    return (const char *)told.at;
}

#define WALKED(files, ...) walked((const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *), files)

static void at(char path[512], const char *below)
{
    snprintf(path, 512, "%s/%s", root, below);
}

static int make_tree(void **state)
{
    static const char *const folders[] = { "tree", "tree/b", "tree/b/deep", "empty" };
    static const char *const files[] = { "tree/a", "tree/b/deep/f", "tree/B", "tree/z\n\x1b" };
    char path[512], target[512];

    (void)state;
    buffer_init(&told, 1 << 20);
    if (!mkdtemp(root))
        return -1;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        at(path, folders[i]);
        if (mkdir(path, 0700))
            return -1;
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        at(path, files[i]);
        const int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        if (fd < 0 || close(fd))
            return -1;
    }
    at(path, "tree/b/loop");
    at(target, "tree");
    if (symlink(target, path))
        return -1;
    at(path, "tree/fifo");
    if (mkfifo(path, 0600))
        return -1;
    at(path, "link");
    return symlink(target, path);
}

static int remove_tree(void **state)
{
    char command[600];

    (void)state;
    buffer_done(&told);
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    return system(command);
}

static void folders_are_walked_in_byte_order(void **state)
{
    (void)state;
    assert_string_equal(WALKED(4, "tree"),
        "F tree/B;F tree/a;F tree/b/deep/f;S tree/b/loop (a symbolic link; not followed);"
        "S tree/fifo (a pipe; not opened);F tree/z\n\x1b;");
    assert_string_equal(WALKED(0, "empty"), "");
}

static void what_is_named_is_followed(void **state)
{
    (void)state;
    assert_string_equal(WALKED(1, "tree/a"), "F* tree/a;");
    assert_non_null(strstr(WALKED(4, "link"), "F link/B;"));
    assert_string_equal(WALKED(0, "tree/fifo"), "S* tree/fifo (a pipe; not opened);");
    assert_string_equal(WALKED(0, "none"), "X* none (No such file or directory);");
    assert_string_equal(WALKED(0, "tree/a/x"), "X* tree/a/x (Not a directory);");
}

static void a_folder_is_entered_once(void **state)
{
    (void)state;
    assert_non_null(strstr(WALKED(4, "tree", "tree"), "S* tree (a folder that was entered before);"));
    assert_non_null(strstr(WALKED(4, "tree/b", "tree"), "S tree/b (a folder that was entered before);"));
    assert_non_null(strstr(WALKED(4, "tree", "link"), "S* link (a folder that was entered before);"));
}

static void paths_and_depth_have_limits(void **state)
{
    char path[512], command[1500];

    (void)state;
    char *long_path = malloc(5001);
    assert_non_null(long_path);
    memset(long_path, 'x', 5000);
    long_path[5000] = '\0';
    buffer_clear(&told);
    assert_int_equal(walk((const char *const[]){ long_path }, 1, found, NULL), 0);
    assert_true(told.len > 0 && told.at[0] == 'X');
    free(long_path);

    at(path, "deep");
    snprintf(command, sizeof command, "mkdir '%s' && cd '%s' && for i in $(seq 140); do mkdir d && cd d; done; touch f",
             path, path);
    assert_int_equal(system(command), 0);
    assert_non_null(strstr(WALKED(0, "deep"), "(folders lie deeper, or are more, than leash follows)"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folders_are_walked_in_byte_order),
        cmocka_unit_test(what_is_named_is_followed),
        cmocka_unit_test(a_folder_is_entered_once),
        cmocka_unit_test(paths_and_depth_have_limits),
    };
    return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
