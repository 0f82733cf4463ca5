/*
 * emrtd/json.h - a JSON writer without allocation, for hostile strings.
 *
 * Commas, nesting and indentation are the writer's; every string is escaped.
 * Text that is not UTF-8 is written as {"hex": "..."}.
 */
#ifndef EMRTD_JSON_H
#define EMRTD_JSON_H

#include <emrtd/bytes.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EMRTD_JSON_DEPTH 16

struct emrtd_json {
	/* Takes n bytes of text; false ends the writing. */
	bool (*write)(void *self, const char *text, size_t n);
	void *self;
	bool pretty; /* indented, a line each; else all on one line */
	bool bad;    /* sticky: the sink refused, or nesting is wrong */
	unsigned depth;
	bool has_items[EMRTD_JSON_DEPTH];
	bool is_array[EMRTD_JSON_DEPTH];
};

/* A writer on a sink. Borrows self until the last call. */
EMRTD_API void emrtd_json_init(struct emrtd_json *json,
    bool (*write)(void *self, const char *text, size_t n), void *self,
    bool pretty);

/*
 * Members and items. 'key' is the member's name, or NULL inside an array and
 * at the top. Keys are the program's own and are not escaped.
 */
EMRTD_API void emrtd_json_object(struct emrtd_json *json, const char *key);
EMRTD_API void emrtd_json_array(struct emrtd_json *json, const char *key);
/* Ends the innermost object or array; call the one that was begun. */
EMRTD_API void emrtd_json_end_object(struct emrtd_json *json);
EMRTD_API void emrtd_json_end_array(struct emrtd_json *json);
/* NUL-terminated text; NULL writes null. */
EMRTD_API void emrtd_json_string(struct emrtd_json *json, const char *key,
    const char *text);
EMRTD_API void emrtd_json_text(struct emrtd_json *json, const char *key,
    struct emrtd_bytes text);
/* Lower-case hexadecimal. */
EMRTD_API void emrtd_json_hex(struct emrtd_json *json, const char *key,
    struct emrtd_bytes bytes);
EMRTD_API void emrtd_json_base64(struct emrtd_json *json, const char *key,
    struct emrtd_bytes bytes);
EMRTD_API void emrtd_json_int(struct emrtd_json *json, const char *key,
    int64_t value);
EMRTD_API void emrtd_json_bool(struct emrtd_json *json, const char *key,
    bool value);
EMRTD_API void emrtd_json_null(struct emrtd_json *json, const char *key);
/* Text that is a JSON value already, e.g. a record of another tool. */
EMRTD_API void emrtd_json_raw(struct emrtd_json *json, const char *key,
    struct emrtd_bytes value);
/* Writes the final newline; true when everything was written and closed. */
EMRTD_API bool emrtd_json_finish(struct emrtd_json *json);

#ifdef __cplusplus
}
#endif
#endif
