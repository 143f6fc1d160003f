#include "policy/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <libfyaml.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

/* libfyaml's parser gives events; the tree is ours, so that its limits are too. */
struct builder {
    struct fy_parser *parser;
    struct arena *arena;
    struct policy_error *error;
    struct yaml_node *open[YAML_DEPTH_MAX]; /* lists and maps not yet closed, outermost first */
    struct yaml_node *last[YAML_DEPTH_MAX]; /* last entry of each */
    struct yaml_node *key;                  /* a map's key that waits for its value */
    struct yaml_node *root;
    size_t depth, nodes;
};

static void fail_at(struct policy_error *error, int line, int column, const char *format, va_list arguments)
{
    error->line = line;
    error->column = column;
    vsnprintf(error->message, sizeof error->message, format, arguments);
}

bool yaml_fail(struct policy_error *error, const struct yaml_node *node, bool at_key, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    if (!node)
        fail_at(error, 0, 0, format, arguments);
    else if (at_key && text_known(node->key))
        fail_at(error, node->key_line, node->key_column, format, arguments);
    else
        fail_at(error, node->line, node->column, format, arguments);
    va_end(arguments);
    return false;
}

__attribute__((format(printf, 3, 4)))
static bool fail_token(struct builder *b, struct fy_token *token, const char *format, ...)
{
    const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;
    va_list arguments;

    va_start(arguments, format);
    fail_at(b->error, mark ? mark->line + 1 : 0, mark ? mark->column + 1 : 0, format, arguments);
    va_end(arguments);
    return false;
}

static void name_error(struct policy_error *error, struct text name)
{
    memset(error, 0, sizeof *error);
    /* The end of a long path tells more than its beginning. */
    const size_t n = name.len < sizeof error->file - 1 ? name.len : sizeof error->file - 1;
    if (n)
        memcpy(error->file, name.at + (name.len - n), n);
}

static bool add_node(struct builder *b, struct yaml_node *node, struct fy_token *at)
{
    struct yaml_node *in = b->depth ? b->open[b->depth - 1] : NULL;

    if (!in) {
        if (b->root)
            return fail_token(b, at, "more than one document in the file");
        b->root = node;
        return true;
    }
    if (in->kind == YAML_MAP && !b->key) {
        if (node->kind != YAML_SCALAR)
            return fail_token(b, at, "a key must be a single word");
        for (const struct yaml_node *e = in->first; e; e = e->next)
            if (text_equal(e->key, node->text))
                return fail_token(b, at, "the key \"%.*s\" is there twice, first in line %d",
                                  (int)(node->text.len < 60 ? node->text.len : 60), node->text.at, e->key_line);
        b->key = node;
        return true;
    }
    if (in->kind == YAML_MAP) {
        node->key = b->key->text;
        node->key_line = b->key->line;
        node->key_column = b->key->column;
        b->key = NULL;
    }
    if (b->last[b->depth - 1])
        b->last[b->depth - 1]->next = node;
    else
        in->first = node;
    b->last[b->depth - 1] = node;
    in->count++;
    return true;
}

static bool is_null(struct text t)
{
    return t.len == 0 || text_equal(t, TEXT("~")) || text_equal(t, TEXT("null"));
}

static bool node_begin(struct builder *b, enum yaml_kind kind, struct fy_token *at, struct fy_token *anchor,
                       struct fy_token *tag)
{
    if (anchor)
        return fail_token(b, anchor, "anchors (&) are not used here");
    if (tag)
        return fail_token(b, tag, "tags (!) are not used here");
    if (++b->nodes > YAML_NODES_MAX)
        return fail_token(b, at, "more than %d entries", YAML_NODES_MAX);
    struct yaml_node *node = arena_alloc(b->arena, 1, sizeof *node);
    if (!node)
        return fail_token(b, at, "too large");
    const struct fy_mark *mark = at ? fy_token_start_mark(at) : NULL;
    node->kind = kind;
    node->line = mark ? mark->line + 1 : 0;
    node->column = mark ? mark->column + 1 : 0;
    if (kind == YAML_SCALAR) {
        size_t len = 0;
        const char *text = at ? fy_token_get_text(at, &len) : NULL;
        node->text = arena_text(b->arena, (struct text){ .at = text ? text : "", .len = text ? len : 0 });
        if (!text_known(node->text))
            return fail_token(b, at, "too large");
        if (node->text.len && memchr(node->text.at, 0, node->text.len))
            return fail_token(b, at, "a NUL character in a text");
        const enum fy_scalar_style style = at ? fy_token_scalar_style(at) : FYSS_PLAIN;
        if (style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED)
            node->column--; /* the library's mark is behind the quote */
        node->plain = style == FYSS_PLAIN;
        node->null = node->plain && is_null(node->text);
    }
    if (!add_node(b, node, at))
        return false;
    if (kind == YAML_SCALAR)
        return true;
    if (b->depth == YAML_DEPTH_MAX)
        return fail_token(b, at, "nested deeper than %d levels", YAML_DEPTH_MAX);
    b->open[b->depth] = node;
    b->last[b->depth++] = NULL;
    return true;
}

static bool take_event(struct builder *b, struct fy_event *event)
{
    switch (event->type) {
    case FYET_SCALAR:
        return node_begin(b, YAML_SCALAR, event->scalar.value, event->scalar.anchor, event->scalar.tag);
    case FYET_SEQUENCE_START:
        return node_begin(b, YAML_LIST, event->sequence_start.sequence_start, event->sequence_start.anchor,
                          event->sequence_start.tag);
    case FYET_MAPPING_START:
        return node_begin(b, YAML_MAP, event->mapping_start.mapping_start, event->mapping_start.anchor,
                          event->mapping_start.tag);
    case FYET_SEQUENCE_END:
    case FYET_MAPPING_END:
        if (b->depth)
            b->depth--;
        return true;
    case FYET_ALIAS:
        return fail_token(b, event->alias.anchor, "aliases (*) are not used here");
    case FYET_DOCUMENT_START:
        if (b->root)
            return fail_token(b, event->document_start.document_start, "more than one document in the file");
        return true;
    default:
        return true;
    }
}

/* The library's first complaint, made one line. */
static bool fail_syntax(struct builder *b, struct fy_diag *diag)
{
    void *iterator = NULL;
    const struct fy_diag_error *e = fy_diag_errors_iterate(diag, &iterator);

    b->error->line = e ? e->line : 0;
    b->error->column = e ? e->column : 0;
    snprintf(b->error->message, sizeof b->error->message, "not YAML: %s", e && e->msg ? e->msg : "cannot be read");
    for (char *c = b->error->message; *c; c++)
        if ((unsigned char)*c < 0x20)
            *c = ' ';
    return false;
}

static bool build(struct builder *b, struct text source, struct fy_diag *diag)
{
    if (fy_parser_set_string(b->parser, source.at, source.len))
        return fail_syntax(b, diag);
    for (;;) {
        struct fy_event *event = fy_parser_parse(b->parser);
        if (!event)
            return fy_diag_got_error(diag) || !b->root || b->depth ? fail_syntax(b, diag) : true;
        const bool good = take_event(b, event);
        const bool last = event->type == FYET_STREAM_END;
        fy_parser_event_free(b->parser, event);
        if (!good || last)
            return good;
    }
}

/* YAML's own line breaks beyond LF and CR, and the byte order mark: nothing a policy
 * needs, and each a way to hide where a line begins. */
static bool is_odd_break(struct text character)
{
    return text_equal(character, TEXT("\xc2\x85")) || text_equal(character, TEXT("\xe2\x80\xa8")) ||
           text_equal(character, TEXT("\xe2\x80\xa9")) || text_equal(character, TEXT("\xef\xbb\xbf"));
}

/* What never reaches the library: bytes that are not text, and directives, over which
 * libfyaml 0.7.12 can loop for ever (test/corpus/policy/policy/directive_that_hangs). */
static bool check_characters(struct text source, struct policy_error *error)
{
    struct yaml_node at = { .line = 1, .column = 1 };

    for (size_t i = 0, n; i < source.len; i += n) {
        const unsigned char c = (unsigned char)source.at[i];
        n = text_utf8_length((struct text){ .at = source.at + i, .len = source.len - i });
        if (n == 0 || (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f ||
            is_odd_break((struct text){ .at = source.at + i, .len = n }))
            return yaml_fail(error, &at, false, "not text: byte 0x%02x", c);
        if (c == '%' && at.column == 1)
            return yaml_fail(error, &at, false, "directives (%%) are not used here");
        at.column++;
        if (c == '\n' || (c == '\r' && !(i + 1 < source.len && source.at[i + 1] == '\n'))) {
            at.line++;
            at.column = 1;
        }
    }
    return true;
}

bool yaml_parse(struct text name, struct text source, struct arena *arena, const struct yaml_node **ret,
                struct policy_error *error)
{
    name_error(error, name);
    if (source.len > YAML_BYTES_MAX)
        return yaml_fail(error, NULL, false, "larger than %d bytes", YAML_BYTES_MAX);
    if (!check_characters(source, error))
        return false;

    struct fy_diag_cfg diag_cfg;
    fy_diag_cfg_default(&diag_cfg);
    diag_cfg.fp = NULL;
    diag_cfg.colorize = false;
    struct fy_diag *diag = fy_diag_create(&diag_cfg);
    struct builder b = { .arena = arena, .error = error };
    if (!diag)
        return yaml_fail(error, NULL, false, "the YAML library does not start");
    fy_diag_set_collect_errors(diag, true);
    const struct fy_parse_cfg cfg = { .flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_JSON_NONE, .diag = diag };
    b.parser = fy_parser_create(&cfg);
    bool good = b.parser ? build(&b, source.len ? source : TEXT("\n"), diag)
                         : yaml_fail(error, NULL, false, "the YAML library does not start");
    if (b.parser)
        fy_parser_destroy(b.parser);
    fy_diag_destroy(diag);
    if (good && !b.root) {
        b.root = arena_alloc(arena, 1, sizeof *b.root);
        good = b.root || yaml_fail(error, NULL, false, "too large");
        if (b.root)
            *b.root = (struct yaml_node){ .null = true, .plain = true, .line = 1, .column = 1, .text = TEXT("") };
    }
    if (good)
        *ret = b.root;
    return good;
}

int yaml_read(const char *path, struct arena *arena, const struct yaml_node **ret, struct policy_error *error)
{
    const struct text name = text_of(path);
    /* Not to hang on a FIFO somebody put there. */
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    int result = fd < 0 ? -errno : 0;
    __attribute__((cleanup(memory_free_at))) char *content = memory_alloc(YAML_BYTES_MAX + 1);
    size_t len = 0;

    while (!result && len <= YAML_BYTES_MAX) {
        const ssize_t n = read(fd, content + len, YAML_BYTES_MAX + 1 - len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            result = -errno;
        if (n <= 0)
            break;
        len += (size_t)n;
    }
    if (fd >= 0)
        close(fd);
    if (result) {
        name_error(error, name);
        yaml_fail(error, NULL, false, "%s", strerror(-result));
        return result;
    }
    return yaml_parse(name, (struct text){ .at = content, .len = len }, arena, ret, error) ? 0 : -EINVAL;
}

const struct yaml_node *yaml_entry(const struct yaml_node *map, struct text key)
{
    if (map && map->kind == YAML_MAP)
        for (const struct yaml_node *e = map->first; e; e = e->next)
            if (text_equal(e->key, key))
                return e;
    return NULL;
}

static const char *kind_words(enum yaml_kind kind)
{
    return kind == YAML_MAP ? "a map (key: value)" : kind == YAML_LIST ? "a list" : "a single value";
}

bool yaml_check_keys(const struct yaml_node *map, const struct yaml_key *keys, size_t count, const char *what,
                     struct policy_error *error)
{
    if (map->kind != YAML_MAP)
        return yaml_fail(error, map, false, "%s must be a map (key: value)", what);
    for (const struct yaml_node *e = map->first; e; e = e->next) {
        size_t k = 0;
        while (k < count && !text_equal(e->key, text_of(keys[k].name)))
            k++;
        if (k == count)
            return yaml_fail(error, e, true, "unknown key \"%.*s\" in %s",
                             (int)(e->key.len < 60 ? e->key.len : 60), e->key.at, what);
        if (e->kind != keys[k].kind && !(e->kind == YAML_SCALAR && e->null))
            return yaml_fail(error, e, false, "\"%s\" must be %s", keys[k].name, kind_words(keys[k].kind));
        if (keys[k].required && e->kind == YAML_SCALAR && e->null)
            return yaml_fail(error, e, true, "\"%s\" must not be empty", keys[k].name);
    }
    for (size_t k = 0; k < count; k++)
        if (keys[k].required && !yaml_entry(map, text_of(keys[k].name)))
            return yaml_fail(error, map, false, "%s lacks \"%s\"", what, keys[k].name);
    return true;
}

bool yaml_number(const struct yaml_node *node, double min, double max, double *ret, struct policy_error *error)
{
    double value;

    if (node->kind != YAML_SCALAR || !node->plain || !text_to_real(node->text, &value) ||
        !(value >= min && value <= max))
        return yaml_fail(error, node, false, "expected a number from %g to %g", min, max);
    *ret = value;
    return true;
}

bool yaml_texts(const struct yaml_node *node, struct arena *arena, struct text_list *ret, struct policy_error *error)
{
    if (node->kind == YAML_SCALAR && node->null) {
        *ret = (struct text_list){ NULL, 0 };
        return true;
    }
    if (node->kind != YAML_LIST)
        return yaml_fail(error, node, false, "expected a list");
    struct text *items = arena_alloc(arena, node->count + 1, sizeof *items);
    if (!items)
        return yaml_fail(error, node, false, "too large");
    size_t count = 0;
    for (const struct yaml_node *e = node->first; e; e = e->next) {
        if (e->kind != YAML_SCALAR || e->text.len == 0)
            return yaml_fail(error, e, false, "expected a list of words");
        items[count++] = e->text;
    }
    *ret = (struct text_list){ .items = items, .count = count };
    return true;
}

bool yaml_word(const struct yaml_node *node, const char *const *words, size_t count, size_t *ret,
               struct policy_error *error)
{
    char choices[160] = "";
    size_t len = 0;

    for (size_t i = 0; i < count; i++) {
        if (node->kind == YAML_SCALAR && text_equal(node->text, text_of(words[i]))) {
            *ret = i;
            return true;
        }
        const int n = snprintf(choices + len, sizeof choices - len, "%s%s", i ? ", " : "", words[i]);
        if (n > 0 && (size_t)n < sizeof choices - len)
            len += (size_t)n;
    }
    return yaml_fail(error, node, false, "expected one of: %s", choices);
}
