#include "cli/gather.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "cli/interrupt.h"
#include "evidence/walk.h"
#include "fact/case.h"
#include "broadcast/rid_key.h"
#include "flightlog/dji_keychain.h"
#include "reader/spool.h"

static void found(void *user, enum walk_kind kind, struct text path, const char *note, bool named)
{
    struct item_list *items = user;
    struct item *item = item_add(items, NULL, path);
    char nul_terminated[4096];
    struct stat st;

    item->follow_link = named;
    if (kind != WALK_FILE) {
        item_settle(items, item, kind == WALK_SKIPPED ? "skipped" : "unreadable", text_of(note));
        return;
    }
    snprintf(nul_terminated, sizeof nul_terminated, "%.*s", (int)path.len, path.at);
    if (stat(nul_terminated, &st) == 0 && st.st_size > 0)
        item->bytes = (uint64_t)st.st_size;
}

/* A file that was redirected is evidence as it lies there. */
static bool is_file(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && lseek(fd, 0, SEEK_CUR) == 0;
}

/* Standard input may be larger than memory and is asked for twice: it is kept in a file. */
static int keep_standard_input(struct item_list *items, const char *spool_directory)
{
    const int fd = spool_new(spool_directory, (struct bytes){ .at = NULL });

    if (fd < 0)
        return fd;
    struct item *item = item_add(items, NULL, TEXT("-"));
    item->descriptor = fd;
    interrupt_input_begin();
    const int error = spool_rest(fd, STDIN_FILENO, items, item);
    interrupt_input_end();
    return error;
}

static int take_standard_input(struct item_list *items, const char *spool_directory, struct item **ret_stream)
{
    if (!is_file(STDIN_FILENO) && !ret_stream)
        return keep_standard_input(items, spool_directory);
    struct item *item = item_add(items, NULL, TEXT("-"));
    if (!is_file(STDIN_FILENO)) {
        *ret_stream = item;
        return 0;
    }
    item->descriptor = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    item->bytes = (uint64_t)lseek(STDIN_FILENO, 0, SEEK_END);
    return item->descriptor < 0 ? -errno : 0;
}

int gather_items(struct item_list *items, char **paths, int path_count, const char *spool_directory,
                 struct item **ret_stream)
{
    for (int i = 0, taken = 0; i < path_count; i++) {
        if (strcmp(paths[i], "-") == 0 && !taken++) {
            const int error = take_standard_input(items, spool_directory, ret_stream);
            if (error)
                return error;
        }
    }
    /* One walk over all of them, so that a folder named twice is entered once. */
    const char **named = malloc(((size_t)path_count + 1) * sizeof *named);
    size_t count = 0;
    if (!named)
        return -ENOMEM;
    for (int i = 0; i < path_count; i++)
        if (strcmp(paths[i], "-") != 0)
            named[count++] = paths[i];
    walk(named, count, found, items);
    free(named);
    return 0;
}

struct keyed {
    char key[SHA256_HEX];
    bool copy;
    size_t place;
};

static int by_key(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    const int order = memcmp(x->key, y->key, sizeof x->key);

    if (order)
        return order;
    if (x->copy != y->copy)
        return x->copy - y->copy;
    return x->place < y->place ? -1 : x->place > y->place;
}

/* The numbers of the evidence rows: 1 for what was read, more for its copies and for what was
 * named again, so that no two rows have one id. */
static int64_t *evidence_numbers(const struct item_list *items)
{
    struct keyed *keyed = memory_alloc_array(items->count + 1, sizeof *keyed);
    int64_t *numbers = memory_alloc_array(items->count + 1, sizeof *numbers);
    size_t count = 0;

    for (const struct item *i = items->first; i; i = i->next, count++) {
        item_key(i, keyed[count].key);
        keyed[count].copy = i->same_as != NULL;
        keyed[count].place = count;
    }
    qsort(keyed, count, sizeof *keyed, by_key);
    for (size_t i = 0; i < count; i++) {
        const bool same = i > 0 && memcmp(keyed[i].key, keyed[i - 1].key, sizeof keyed[i].key) == 0;
        numbers[keyed[i].place] = same ? numbers[keyed[i - 1].place] + 1 : 1;
    }
    free(keyed);
    return numbers;
}

int gather_evidence_rows(struct item_list *items,
                         int (*put)(void *user, const struct fact_evidence *row, struct text key), void *user)
{
    struct arena *arena = arena_new(0);
    int64_t *numbers = evidence_numbers(items);
    size_t place = 0;
    int answer = 0;

    for (struct item *i = items->first; i && answer == 0; i = i->next) {
        struct fact_evidence row;
        char key_digits[SHA256_HEX], parent_digits[SHA256_HEX];
        const struct text key = { .at = key_digits, .len = SHA256_HEX };

        arena_reset(arena);
        item_key(i, key_digits);
        fact_init(FACT_EVIDENCE, &row);
        row.head.number = numbers[place++];
        row.head.id = case_row_id(FACT_EVIDENCE, key, row.head.number, arena);
        row.head.evidence = i->hashed && !i->streamed ? key : row.head.id;
        row.path = i->path;
        row.kind = i->format ? text_of(i->format->kind) : text_known(i->status) &&
            text_equal(i->status, TEXT("skipped"))
                                                          ? TEXT("other") : i->bytes == 0 &&
                                                              i->hashed ? TEXT("empty") : TEXT("unknown");
        if (i->hashed)
            row.sha256 = (struct text){ i->sha256, SHA256_HEX };
        row.bytes = (int64_t)i->bytes;
        row.status = i->status;
        row.note = i->note;
        if (i->parent) {
            item_key(i->parent, parent_digits);
            row.parent = case_row_id(FACT_EVIDENCE, (struct text){ parent_digits, SHA256_HEX }, 1, arena);
        }
        answer = put(user, &row, key);
    }
    free(numbers);
    arena_free(arena);
    return answer;
}

static bool parse_mac(const char *text, uint8_t mac[6])
{
    for (int i = 0; i < 6; i++) {
        char *end;
        const unsigned long byte = strtoul(text, &end, 16);
        if (end != text + 2 || byte > 0xff || (i < 5 ? *end != ':' && *end != '-' : *end != '\0'))
            return false;
        mac[i] = (uint8_t)byte;
        text = end + 1;
    }
    return true;
}

static bool parse_prefix(const char *text, struct network_prefix *prefix)
{
    char address[64];
    const char *slash = strchr(text, '/');
    const size_t len = slash ? (size_t)(slash - text) : strlen(text);
    int64_t bits;
    struct in_addr v4;

    if (len >= sizeof address)
        return false;
    memcpy(address, text, len);
    address[len] = '\0';
    memset(prefix, 0, sizeof *prefix);
    if (inet_pton(AF_INET, address, &v4) == 1) {
        prefix->address[10] = prefix->address[11] = 0xff;
        memcpy(prefix->address + 12, &v4, 4);
        bits = 32;
        if (slash && !text_to_int(text_of(slash + 1), 0, 32, &bits))
            return false;
        prefix->length_bits = (uint8_t)(96 + bits);
        return true;
    }
    bits = 128;
    if (inet_pton(AF_INET6, address, prefix->address) != 1 ||
        (slash && !text_to_int(text_of(slash + 1), 0, 128, &bits)))
        return false;
    prefix->length_bits = (uint8_t)bits;
    return true;
}

bool gather_local(struct reading_options *options, struct arena *arena, const char *text)
{
    struct network_prefix prefix;
    uint8_t mac[6];

    if (parse_mac(text, mac)) {
        uint8_t (*grown)[6] = arena_alloc(arena, options->local_mac_count + 1, sizeof *grown);
        if (options->local_mac_count)
            memcpy(grown, options->local_macs, options->local_mac_count * sizeof *grown);
        memcpy(grown[options->local_mac_count++], mac, sizeof mac);
        options->local_macs = (const uint8_t (*)[6])grown;
        return true;
    }
    if (parse_prefix(text, &prefix)) {
        struct network_prefix *grown = arena_alloc(arena, options->local_prefix_count + 1, sizeof *grown);
        if (options->local_prefix_count)
            memcpy(grown, options->local_prefixes, options->local_prefix_count * sizeof *grown);
        grown[options->local_prefix_count++] = prefix;
        options->local_prefixes = grown;
        return true;
    }
    return false;
}

bool gather_sample_rate(struct reading_options *options, const char *text)
{
    static const struct { char letter; double times; } units[] = { { 'k', 1e3 }, { 'K', 1e3 }, { 'M', 1e6 },
                                                                   { 'G', 1e9 } };
    struct text number = text_of(text);
    double times = 1, value;

    for (size_t i = 0; number.len > 0 && i < sizeof units / sizeof *units; i++)
        if (number.at[number.len - 1] == units[i].letter) {
            times = units[i].times;
            number.len--;
            break;
        }
    if (!text_to_real(number, &value) || !(value * times >= 1 && value * times <= 1e12))
        return false;
    options->sample_rate_hz = value * times;
    return true;
}

/* A whole file of the operator's; false with a sentence in `why`.  buffer_done is the caller's, always. */
static bool read_operators_file(const char *path, size_t bytes_max, const char *too_large, struct buffer *ret,
                                const char **why)
{
    uint8_t piece[65536];
    size_t n;
    FILE *f = fopen(path, "re");

    buffer_init(ret, bytes_max);
    *why = "it cannot be read";
    if (!f)
        return false;
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        buffer_add(ret, piece, n);
    const bool read = !ferror(f);
    fclose(f);
    if (ret->overflowed)
        *why = too_large;
    return read && !ret->overflowed;
}

bool gather_dji_keychain(struct reading_options *options, struct arena *arena, const char *path, const char **why)
{
    enum { ANSWER_BYTES_MAX = 16 << 20 };
    struct buffer json;
    bool read = read_operators_file(path, ANSWER_BYTES_MAX,
                                    "it is far too large to be an answer of the keychain service",
                                    &json, why);
    struct dji_keychains *grown = arena_alloc(arena, options->dji_keychain_count + 1, sizeof *grown);

    if (options->dji_keychain_count)
        memcpy(grown, options->dji_keychains, options->dji_keychain_count * sizeof *grown);
    read = read && dji_keychains_read((struct bytes){ .at = json.at, .len = json.len }, arena,
                                      &grown[options->dji_keychain_count], why);
    buffer_done(&json);
    if (!read)
        return false;
    options->dji_keychains = grown;
    options->dji_keychain_count++;
    return true;
}

bool gather_rid_key(struct reading_options *options, struct arena *arena, const char *path, const char **why)
{
    enum { KEYS_BYTES_MAX = 1 << 20 };
    struct buffer pem;
    struct rid_keys found;
    const bool read = read_operators_file(path, KEYS_BYTES_MAX, "it is far too large to be a file of keys", &pem,
                                          why) &&
                      rid_keys_read((struct bytes){ .at = pem.at, .len = pem.len }, arena, &found, why);
    const size_t before = options->rid_keys ? options->rid_keys->count : 0;

    buffer_done(&pem);
    if (!read)
        return false;
    struct rid_keys *all = arena_alloc(arena, 1, sizeof *all);
    all->count = before + found.count;
    all->keys = arena_alloc(arena, all->count, sizeof *all->keys);
    if (before)
        memcpy(all->keys, options->rid_keys->keys, before * sizeof *all->keys);
    memcpy(all->keys + before, found.keys, found.count * sizeof *found.keys);
    options->rid_keys = all;
    return true;
}
