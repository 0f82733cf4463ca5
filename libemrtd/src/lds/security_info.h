/*
 * security_info.h - SecurityInfos, Doc 9303-11 9.2: EF.CardAccess, DG14 and
 * EF.CardSecurity. Unknown infos are skipped, never refused.
 */
#ifndef LDS_SECURITY_INFO_H
#define LDS_SECURITY_INFO_H

#include "core/cursor.h"

#define EMRTD_PACE_INFOS_MAX      16
#define EMRTD_PACE_PARAMETERS_MAX 8
#define EMRTD_CA_INFOS_MAX        16
#define EMRTD_CA_KEYS_MAX         8
#define EMRTD_TA_INFOS_MAX        4
#define EMRTD_AA_INFOS_MAX        4

struct emrtd_pace_info {
	struct emrtd_bytes oid; /* content of the OBJECT IDENTIFIER */
	bool has_parameter_id;
	uint32_t parameter_id;
};

/* PACEDomainParameterInfo: explicit parameters for PACE. */
struct emrtd_pace_parameters {
	struct emrtd_bytes oid;       /* without the arc of the cipher */
	struct emrtd_bytes algorithm; /* AlgorithmIdentifier, whole */
	bool has_parameter_id;
	uint32_t parameter_id;
};

/* ChipAuthenticationInfo, of every version. */
struct emrtd_ca_info {
	struct emrtd_bytes oid;
	uint32_t version;
	bool has_key_id;
	uint32_t key_id;
};

/* ChipAuthenticationPublicKeyInfo. */
struct emrtd_ca_key {
	struct emrtd_bytes oid;  /* id-PK-DH or id-PK-ECDH */
	struct emrtd_bytes spki; /* SubjectPublicKeyInfo, whole */
	bool has_key_id;
	uint32_t key_id;
};

/* TerminalAuthenticationInfo; efCVCA is the default 011C, SFI 1C if absent. */
struct emrtd_ta_info {
	uint32_t version;
	uint16_t cvca_fid;
	uint8_t cvca_sfi; /* 0: the file has none */
};

/* ActiveAuthenticationInfo: how an ECDSA key signs. */
struct emrtd_aa_info {
	uint32_t version;
	struct emrtd_bytes signature_algorithm; /* content of the OID */
};

/* Which infos there are; a bit each in 'malformed'. */
enum emrtd_info_kind {
	EMRTD_INFO_PACE,
	EMRTD_INFO_PACE_PARAMETERS,
	EMRTD_INFO_CA,
	EMRTD_INFO_CA_KEY,
	EMRTD_INFO_TA,
	EMRTD_INFO_AA,
	EMRTD_INFO_EF_DIR
};

/* Arrays in the order of the file. */
struct emrtd_security_infos {
	struct emrtd_pace_info pace[EMRTD_PACE_INFOS_MAX];
	size_t n_pace;
	struct emrtd_pace_parameters pace_parameters[EMRTD_PACE_PARAMETERS_MAX];
	size_t n_pace_parameters;
	struct emrtd_ca_info ca[EMRTD_CA_INFOS_MAX];
	size_t n_ca;
	struct emrtd_ca_key ca_keys[EMRTD_CA_KEYS_MAX];
	size_t n_ca_keys;
	struct emrtd_ta_info ta[EMRTD_TA_INFOS_MAX];
	size_t n_ta;
	struct emrtd_aa_info aa[EMRTD_AA_INFOS_MAX];
	size_t n_aa;
	struct emrtd_bytes ef_dir; /* copy of EF.DIR, NULL ptr if none */
	size_t n_infos;            /* all, unknown ones included */
	/*
	 * 1u << kind: an info of this kind is malformed, and left out. Whoever
	 * looks for that kind must not say that the chip does not offer it.
	 */
	unsigned malformed;
};

/*
 * infos: the content of the SET. A malformed info of one kind hides no other
 * kind. EMRTD_E_MALFORMED when a member is no SecurityInfo at all,
 * EMRTD_E_LIMIT for more of a kind than there is room for.
 */
enum emrtd_error emrtd_security_infos_parse(struct emrtd_bytes infos,
    struct emrtd_diag *diag, struct emrtd_security_infos *out) EMRTD_MUST_USE;

struct emrtd_card_access {
	struct emrtd_pace_info pace[EMRTD_PACE_INFOS_MAX];
	size_t n_pace;
	size_t n_infos; /* all SecurityInfos, unknown ones included */
};

/*
 * file: SET OF SecurityInfo; filler after it is allowed. A malformed PACEInfo
 * is left out as long as another is usable, else it is EMRTD_E_MALFORMED.
 */
enum emrtd_error emrtd_card_access_parse(struct emrtd_bytes file,
    struct emrtd_diag *diag, struct emrtd_card_access *out) EMRTD_MUST_USE;

/*
 * The SecurityInfos of DG14, Doc 9303-10 4.7.14: 6E{31{...}}. *infos is the
 * content of the SET, for emrtd_security_info_next.
 */
enum emrtd_error emrtd_dg14_parse(struct emrtd_bytes file,
    struct emrtd_diag *diag, struct emrtd_bytes *infos) EMRTD_MUST_USE;
/* The content of the SET of EF.CardAccess; false when it is none. */
bool emrtd_card_access_infos(struct emrtd_bytes file,
    struct emrtd_bytes *infos);
/* The next SecurityInfo, whole and its OID; false at the end or malformed. */
bool emrtd_security_info_next(struct emrtd_bytes *infos,
    struct emrtd_bytes *whole, struct emrtd_bytes *oid);
/* True when one of them has an OID at or below this one. */
bool emrtd_security_infos_have(struct emrtd_bytes infos, const char *dotted);
/* True when one of them is this, byte for byte. */
bool emrtd_security_infos_contain(struct emrtd_bytes infos,
    struct emrtd_bytes whole);

#endif
