#ifndef LEASH_POLICY_YAML_H
#define LEASH_POLICY_YAML_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/text.h"

/* YAML as policies and catalogues are written in: maps with scalar keys, lists and
 * scalars, one document per file.  Anchors, aliases, tags and keys given twice are
 * errors: none is needed here, and aliases let a small file grow without end.  The
 * files may come from elsewhere, so size, depth and number of nodes are limited. */
enum {
    YAML_BYTES_MAX = 1 << 20,
    YAML_DEPTH_MAX = 16,
    YAML_NODES_MAX = 20000,
};

/* What is wrong with a file, and where.  Lines and columns count from 1; line 0
 * means the file as a whole. */
struct policy_error {
    char file[256];
    int line, column;
    char message[256];
};

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
    enum yaml_kind kind;
    bool null;                      /* a plain scalar: nothing, ~ or null */
    bool plain;                     /* a scalar without quotes */
    int line, column;
    struct text text;               /* of a scalar */
    struct text key;                /* of a map's entry; unknown elsewhere */
    int key_line, key_column;
    struct yaml_node *first, *next; /* entries of a list or map, in the file's order */
    size_t count;
};

/* Parses `source`; nodes and their texts live in `arena`.  An empty document gives a
 * null scalar.  False: *error says why, *ret is untouched.  `name` is only for the error. */
__attribute__((warn_unused_result))
bool yaml_parse(struct text name, struct text source, struct arena *arena, const struct yaml_node **ret,
                struct policy_error *error);

/* The same for a file.  0, a negative errno when it cannot be read, or -EINVAL; *error
 * is set in each case but the first. */
__attribute__((warn_unused_result))
int yaml_read(const char *path, struct arena *arena, const struct yaml_node **ret, struct policy_error *error);

/* The entry of a map, or NULL. */
const struct yaml_node *yaml_entry(const struct yaml_node *map, struct text key);

/* Fills in *error at a node (or, with `at_key`, at its key); always false. */
__attribute__((format(printf, 4, 5)))
bool yaml_fail(struct policy_error *error, const struct yaml_node *node, bool at_key, const char *format, ...);

/* Keys that a map may have. */
struct yaml_key {
    const char *name;
    enum yaml_kind kind;
    bool required;
};

/* False, and *error, when `map` is no map, has a key that is not in the table, lacks a
 * required one, or has a value of another kind.  Null values pass where not required. */
__attribute__((warn_unused_result))
bool yaml_check_keys(const struct yaml_node *map, const struct yaml_key *keys, size_t count, const char *what,
                     struct policy_error *error);

/* Reading values; false, and *error, when they are something else. */
__attribute__((warn_unused_result))
bool yaml_number(const struct yaml_node *node, double min, double max, double *ret, struct policy_error *error);
/* A list of scalars that are not empty.  A null node gives a list that is unknown (items == NULL). */
__attribute__((warn_unused_result))
bool yaml_texts(const struct yaml_node *node, struct arena *arena, struct text_list *ret, struct policy_error *error);
/* The index of the node's text among `words`. */
__attribute__((warn_unused_result))
bool yaml_word(const struct yaml_node *node, const char *const *words, size_t count, size_t *ret,
               struct policy_error *error);

#endif
