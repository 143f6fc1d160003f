#ifndef LEASH_READER_YARA_LIBRARY_H
#define LEASH_READER_YARA_LIBRARY_H

#include <yara.h>

/* libyara by its functions, loaded at run time: it brings libmagic and libjansson along, which nobody pays for who has
 * no rules. */
#define YARA_FUNCTIONS(F) \
    F(yr_initialize) F(yr_set_configuration_uint32) \
    F(yr_compiler_create) F(yr_compiler_set_callback) F(yr_compiler_set_include_callback) F(yr_compiler_define_string_variable) \
    F(yr_compiler_add_string) F(yr_compiler_get_rules) F(yr_rules_save_stream) F(yr_rules_load_stream) \
    F(yr_scanner_create) F(yr_scanner_set_callback) F(yr_scanner_set_timeout) F(yr_scanner_set_flags) \
    F(yr_scanner_define_string_variable) F(yr_scanner_scan_mem)

struct yara_library {
#define F(name) __typeof__(name) *name;
    YARA_FUNCTIONS(F)
#undef F
};

/* The library, loaded at the first call; NULL with *ret_why when it is not there.  Call it first outside the
 * sandbox. */
const struct yara_library *yara_library(const char **ret_why);

#endif
