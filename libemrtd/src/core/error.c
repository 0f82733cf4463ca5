#include <emrtd/error.h>

static const struct {
	const char *name;
	const char *text;
	enum emrtd_error_class class;
} errors[EMRTD_N_ERRORS] = {
	[EMRTD_OK] = { "OK", "no error", EMRTD_CLASS_NONE },
#define ROW(name, class, text) \
	[EMRTD_E_##name] = { #name, text, EMRTD_CLASS_##class },
	EMRTD_ERRORS(ROW)
#undef ROW
};

static const char *const class_names[] = {
	[EMRTD_CLASS_NONE] = "none",
	[EMRTD_CLASS_USAGE] = "usage",
	[EMRTD_CLASS_RESOURCE] = "resource",
	[EMRTD_CLASS_IO] = "io",
	[EMRTD_CLASS_CARD] = "card",
	[EMRTD_CLASS_MALFORMED] = "malformed",
	[EMRTD_CLASS_ACCESS] = "access",
	[EMRTD_CLASS_CRYPTO] = "crypto",
	[EMRTD_CLASS_TRUST] = "trust",
	[EMRTD_CLASS_INTERNAL] = "internal",
};

const char *
emrtd_error_name(enum emrtd_error error)
{
	return (unsigned)error < EMRTD_N_ERRORS ? errors[error].name
						: "UNKNOWN";
}

const char *
emrtd_error_text(enum emrtd_error error)
{
	return (unsigned)error < EMRTD_N_ERRORS ? errors[error].text
						: "unknown error";
}

enum emrtd_error_class
emrtd_error_class(enum emrtd_error error)
{
	return (unsigned)error < EMRTD_N_ERRORS ? errors[error].class
						: EMRTD_CLASS_INTERNAL;
}

const char *
emrtd_error_class_name(enum emrtd_error_class class_)
{
	if ((unsigned)class_ >= sizeof(class_names) / sizeof(*class_names))
		return "unknown";
	return class_names[class_];
}
