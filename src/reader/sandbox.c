#include "reader/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <locale.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "protocol/crypto.h"

/* Debian 12's headers stop at ABI 2; the rights of later ones (kernel documentation,
 * userspace-api/landlock.rst). */
enum {
    ACCESS_FS_RIGHTS_ABI_1 = 13, ACCESS_FS_RIGHTS_ABI_2 = 14, ACCESS_FS_RIGHTS_ABI_3 = 15, ACCESS_FS_RIGHTS_ABI_5 = 16,
    ACCESS_NET_BIND_AND_CONNECT_TCP = 3, SCOPE_UNIX_SOCKET_AND_SIGNAL = 3,
};

struct ruleset_attributes {
    uint64_t handled_access_fs;
    uint64_t handled_access_net; /* ABI 4 */
    uint64_t scoped;             /* ABI 6 */
};

void sandbox_prepare(void)
{
    /* libarchive formats times; without this it would look for the time zone's file. */
    setenv("TZ", "UTC0", 1);
    tzset();
    setlocale(LC_CTYPE, "C.UTF-8");
    crypto_prepare();
}

static bool restrict_file_system(void)
{
    const long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    struct ruleset_attributes attributes = { 0 };
    size_t size = sizeof attributes.handled_access_fs;
    int rights = ACCESS_FS_RIGHTS_ABI_1;

    if (abi < 1)
        return false;
    if (abi >= 2)
        rights = ACCESS_FS_RIGHTS_ABI_2;
    if (abi >= 3)
        rights = ACCESS_FS_RIGHTS_ABI_3;
    if (abi >= 5)
        rights = ACCESS_FS_RIGHTS_ABI_5;
    attributes.handled_access_fs = (UINT64_C(1) << rights) - 1;
    if (abi >= 4) {
        attributes.handled_access_net = ACCESS_NET_BIND_AND_CONNECT_TCP;
        size = offsetof(struct ruleset_attributes, scoped);
    }
    if (abi >= 6) {
        attributes.scoped = SCOPE_UNIX_SOCKET_AND_SIGNAL;
        size = sizeof attributes;
    }
    /* All rights are handled and no rule grants one. */
    const int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, size, 0);
    if (ruleset < 0)
        return false;
    const bool ok = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    close(ruleset);
    return ok;
}

static bool give_up_root(void)
{
    enum { NOBODY = 65534 };

    if (geteuid() != 0)
        return true;
    if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, NOBODY, NOBODY))
        return false;
    return true;
}

static void limit_resources(uint64_t memory_bytes)
{
    const struct rlimit none = { 0, 0 }, file = { SANDBOX_FILE_BYTES_MAX, SANDBOX_FILE_BYTES_MAX };

    setrlimit(RLIMIT_CORE, &none);
    setrlimit(RLIMIT_FSIZE, &file);
    signal(SIGXFSZ, SIG_IGN); /* writing on gives EFBIG instead of ending the reader */
    /* Not RLIMIT_AS: the evidence itself is mapped and may be larger than any limit. */
    if (memory_bytes && !SANDBOX_SANITIZED) {
        const struct rlimit data = { memory_bytes, memory_bytes };
        setrlimit(RLIMIT_DATA, &data);
    }
}

/* What a reader needs, measured: libarchive, zlib, zstd and libcrypto run with it. */
static const int allowed_calls[] = {
    SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(pwrite64), SCMP_SYS(readv), SCMP_SYS(writev),
    SCMP_SYS(lseek), SCMP_SYS(close), SCMP_SYS(fstat), SCMP_SYS(sendmsg), SCMP_SYS(recvmsg),
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex),
    SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getrandom),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction), SCMP_SYS(restart_syscall),
    SCMP_SYS(exit), SCMP_SYS(exit_group),
    SCMP_SYS(sysinfo), /* qsort asks how much memory there is */
    SCMP_SYS(sched_getaffinity), /* malloc asks how many cores there are, when there are many threads */
};

static const int sanitizer_calls[] = {
    SCMP_SYS(sigaltstack), SCMP_SYS(sched_yield), SCMP_SYS(mmap), SCMP_SYS(mprotect),
    SCMP_SYS(getrlimit), SCMP_SYS(prlimit64), SCMP_SYS(tgkill), SCMP_SYS(readlink), SCMP_SYS(getuid), SCMP_SYS(geteuid),
    SCMP_SYS(prctl), SCMP_SYS(kill), SCMP_SYS(clone), SCMP_SYS(wait4), SCMP_SYS(process_vm_readv),
    SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep), /* the thread sanitizer's own thread */
};

/* Libraries that look for a file take "no" for an answer; killing would lose the item. */
static const int refused_calls[] = {
    SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(openat2), SCMP_SYS(creat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(access),
    SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(statx), SCMP_SYS(readlinkat), SCMP_SYS(unlink), SCMP_SYS(ioctl),
};

static int add_rules(scmp_filter_ctx filter)
{
    const struct scmp_arg_cmp not_executable[] = { SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) };
    const struct scmp_arg_cmp of_descriptor[] = { SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH) };
    const struct scmp_arg_cmp of_path[] = { SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, 0) };
    /* abort() sends itself a signal, so that a crash shows as what it is. */
    const struct scmp_arg_cmp to_itself[] = { SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()) };
    int rc = 0;

    for (size_t i = 0; i < sizeof allowed_calls / sizeof *allowed_calls && rc == 0; i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed_calls[i], 0);
    for (size_t i = 0; SANDBOX_SANITIZED && i < sizeof sanitizer_calls / sizeof *sanitizer_calls && rc == 0; i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, sanitizer_calls[i], 0);
    for (size_t i = 0; i < sizeof refused_calls / sizeof *refused_calls && rc == 0; i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), refused_calls[i], 0);
    if (rc == 0 && !SANDBOX_SANITIZED)
        rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, to_itself);
    if (rc == 0 && !SANDBOX_SANITIZED)
        rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, not_executable);
    if (rc == 0 && !SANDBOX_SANITIZED)
        rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, not_executable);
    /* glibc's fstat() is newfstatat with an empty path; with a path it looks at the file system. */
    if (rc == 0)
        rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1, of_descriptor);
    if (rc == 0)
        rc = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(newfstatat), 1, of_path);
    return rc;
}

static bool filter_system_calls(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    bool ok = false;

    if (!filter)
        return false;
    if (seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 && add_rules(filter) == 0 && seccomp_load(filter) == 0)
        ok = true;
    seccomp_release(filter);
    return ok;
}

unsigned sandbox_enter(uint64_t memory_bytes, unsigned helpers, struct crew **crew)
{
    unsigned features = 0;

    prctl(PR_SET_DUMPABLE, SANDBOX_SANITIZED ? 1 : 0);
    limit_resources(memory_bytes);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        features |= SANDBOX_NO_NEW_PRIVS;
    if (restrict_file_system())
        features |= SANDBOX_LANDLOCK;
    if (give_up_root())
        features |= SANDBOX_NO_ROOT;
    /* Forgotten when the user changes, so not before. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (helpers)
        *crew = crew_new(helpers);
    if (filter_system_calls())
        features |= SANDBOX_SECCOMP;
    return features;
}

const char *sandbox_missing_text(unsigned features)
{
    if (!(features & SANDBOX_SECCOMP))
        return features & SANDBOX_LANDLOCK ? "the system call filter (seccomp)"
                                           : "the system call filter (seccomp) and the file system restriction (Landlock)";
    if (!(features & SANDBOX_LANDLOCK))
        return "the file system restriction (Landlock)";
    if (!(features & SANDBOX_NO_NEW_PRIVS))
        return "the promise to gain no privileges";
    if (!(features & SANDBOX_NO_ROOT))
        return "giving up the rights of root";
    return "";
}
