#include "shop.h"

#include "test.h"

#include <string.h>

/*
 * How the state issues when nobody meddles: Doc 9303-10 and -12. A setting of
 * "ds" is looked for as ds.NAME, then as signer.NAME, then as NAME.
 */
static const struct shop_setting defaults[] = {
	/* What is verified, and when. */
	{ "at", "2026-06-01" },
	{ "files", "com dg1 dg2 dg14 dg15" },
	{ "trust", "csca" },
	{ "paths", "" },
	{ "lists", "crl" },
	{ "test-trust", "no" },
	{ "optical", "" },

	/* Certificates. */
	{ "cert", "(30 $tbs =alg (03 00))" },
	{ "tbs", "(30 (A0 (02 $version)) (02 $serial) =alg =issuer (30 $from "
		 "$to) $subject =spki (A3 (30 $exts)))" },
	{ "version", "02" },
	{ "name-c", "(31 (30 .2.5.4.6 (13 $c)))" },
	{ "name-o", "(31 (30 .2.5.4.10 (0C $o)))" },
	{ "name-cn", "(31 (30 .2.5.4.3 (0C $cn)))" },
	{ "subject", "(30 $name-c $name-o $name-cn)" },
	{ "c", "'UT'" },
	{ "o", "'Utopia'" },
	{ "cn", "'CSCA Utopia'" },
	{ "state", "'UTO'" },
	{ "ca.issuer", "csca" },
	{ "ca.from", "(17 '220101000000Z')" },
	{ "ca.to", "(17 '391231235959Z')" },
	{ "ca.pkup", "(80 '20220101000000Z') (81 '20280101000000Z')" },
	{ "ca.exts", "$ext-aki $ext-ski $ext-ku $ext-bc $ext-pkup $ext-crldp "
		     "$ext-san $ext-ian" },
	{ "ca.usage", "03020106" },
	{ "ca.bc", "(30 0101FF (02 00))" },
	{ "ca.serial", "2A" },
	{ "csca.key", "$ca-key" },
	{ "signer.issuer", "csca" },
	{ "signer.cn", "'Document Signer 7'" },
	{ "signer.from", "(17 '260101000000Z')" },
	{ "signer.to", "(17 '370331235959Z')" },
	{ "signer.pkup", "(80 '20260101000000Z') (81 '20260401000000Z')" },
	{ "signer.exts", "$ext-aki $ext-ski $ext-ku $ext-pkup $ext-crldp "
			 "$ext-san $ext-ian $ext-types" },
	{ "signer.usage", "03020780" },
	{ "signer.serial", "1234" },
	{ "signer.key", "$ds-key" },
	{ "types", "(13 'P')" },
	{ "ext-aki", "(30 .2.5.29.35 (04 (30 (80 =issuer-kid))))" },
	{ "ext-ski", "(30 .2.5.29.14 (04 (04 =kid)))" },
	{ "ext-ku", "(30 .2.5.29.15 0101FF (04 $usage))" },
	{ "ext-bc", "(30 .2.5.29.19 0101FF (04 $bc))" },
	{ "ext-pkup", "(30 .2.5.29.16 (04 (30 $pkup)))" },
	{ "ext-crldp", "(30 .2.5.29.31 (04 (30 (30 (A0 (A0 (86 "
		       "'https://utopia.example/crl')))))))" },
	{ "ext-san", "(30 .2.5.29.17 (04 (30 (A4 (30 (31 (30 .2.5.4.7 (13 "
		     "$state))))))))" },
	{ "ext-ian", "(30 .2.5.29.18 (04 (30 (A4 (30 (31 (30 .2.5.4.7 (13 "
		     "$state))))))))" },
	{ "ext-types", "(30 .2.23.136.1.1.6.2 (04 (30 020100 (31 $types))))" },
	{ "ext-name-change", "(30 .2.23.136.1.1.6.1 (04 0500))" },

	/* The next key of the state, its link, a sub-CA, another state. */
	{ "next.key", "$next-key" },
	{ "next.serial", "2B" },
	{ "next.issuer", "next" },
	{ "link.key", "$next-key" },
	{ "link.serial", "2C" },
	{ "back.key", "$ca-key" },
	{ "back.issuer", "next" },
	{ "back.serial", "2D" },
	{ "sub.key", "$next-key" },
	{ "sub.cn", "'Sub CA'" },
	{ "sub.serial", "2E" },
	{ "other.key", "$other-key" },
	{ "other.issuer", "other" },
	{ "other.c", "'AT'" },
	{ "other.o", "'Austria'" },
	{ "other.cn", "'CSCA Austria'" },
	{ "other.state", "'AUT'" },
	{ "forged.key", "$other-key" },
	{ "forged.issuer", "forged" },
	{ "ds2.serial", "1235" },
	{ "ds2.key", "$other-ds-key" },

	/* Revocation lists. */
	{ "list", "(30 $tbslist =alg (03 00))" },
	{ "tbslist", "(30 (02 01) =alg =issuer $this $next $revoked (A0 (30 "
		     "$ext-aki $ext-number)))" },
	{ "list.issuer", "csca" },
	{ "this", "(17 '260515000000Z')" },
	{ "next", "(17 '260801000000Z')" },
	{ "revoked", "(30 (30 (02 7766) (17 '260401000000Z')))" },
	{ "ext-number", "(30 .2.5.29.20 (04 (02 01)))" },

	/* SignedData, and EF.SOD. */
	{ "sod.file", "(77 $cms)" },
	{ "cs.file", "$cms" },
	{ "cms", "(30 .1.2.840.113549.1.7.2 (A0 (30 (02 $cmsversion) (31 "
		 "=digestalg) (30 $type (A0 (04 $content))) (A0 =certs) (31 "
		 "$si))))" },
	{ "cmsversion", "03" },
	{ "si", "(30 (02 $siversion) $sid =digestalg (A0 $attrs) =alg (04))" },
	{ "siversion", "01" },
	{ "sid", "(30 =signer-issuer (02 =signer-serial))" },
	{ "sid-key", "(80 =signer-kid)" },
	{ "attrs", "$attr-type $attr-digest" },
	{ "attr-type", "(30 .1.2.840.113549.1.9.3 (31 $type))" },
	{ "attr-digest", "(30 .1.2.840.113549.1.9.4 (31 (04 00)))" },
	{ "attr-time", "(30 .1.2.840.113549.1.9.5 (31 $time))" },
	{ "time", "(17 '260201120000Z')" },
	{ "hash", "sha256" },
	{ "ldshash", "sha256" },
	{ "signer", "ds" },
	{ "certs", "ds" },
	{ "sod.type", ".2.23.136.1.1.1" },
	{ "sod.content", "(30 (02 $ldsversion) =ldshashalg (30 =hashes) "
			 "$ldsinfo)" },
	{ "ldsversion", "00" },
	{ "ldsinfo", "" },
	{ "ldsinfo-1.8", "(30 (13 '0108') (13 '040000'))" },
	{ "cs.type", ".0.4.0.127.0.7.3.2.1" },
	{ "cs.content", "(31 $infos $chip-key-info)" },

	/* Files. */
	{ "com", "(60 (5F01 '0107') (5F36 '040000') (5C =tags))" },
	{ "dg1", "(61 (5F1F $mrz))" },
	{ "mrz", "'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<'"
		 "'L898902C36UTO7408122F3204153ZE184226B<<<<<16'" },
	{ "mrz-second", "'P<UTOMUSTER<<BERTA<<<<<<<<<<<<<<<<<<<<<<<<<<'"
			"'X4711AB122UTO8102036F3301018<<<<<<<<<<<<<<<2'" },
	{ "mrz-austria", "'P<AUTMUSTER<<BERTA<<<<<<<<<<<<<<<<<<<<<<<<<<'"
			 "'X4711AB122AUT8102036F3301018<<<<<<<<<<<<<<<2'" },
	{ "dg2", "(75 (7F61 020101 (7F60 $bht2 (5F2E $face))))" },
	{ "bht2", "(A1 (80 0101) (81 02) (82 00) (87 0101) (88 0008))" },
	{ "face", "$face-header $face-points $face-image-info $jpeg" },
	/* One image, no feature points. */
	{ "face-header", "'FAC' 00 '010' 00 0000003F 0001 00000031 0000 "
			 "02 00 00 000000 0000 000000 000000" },
	{ "face-points", "" },
	{ "face-image-info", "01 00 000C 0010 01 00 0000 0000" },
	{ "jpeg", "FFD8FFC0000B080010000C01011100FFD9" },
	{ "dg3", "(63 (7F61 020102 (7F60 (A1 (81 08) (82 0A) (87 0101) (88 "
		 "0007)) (5F2E $finger)) (7F60 (A1 (81 08) (82 09) (87 0101) "
		 "(88 0007)) (5F2E $finger))))" },
	/* ISO/IEC 19794-4: WSQ, of nothing that could be seen. */
	{ "finger", "'FIR' 00 '010' 00 000000000032 0000 001F 01 01 01F4 01F4 "
		    "01F4 01F4 08 $finger-coding 0000 00000012 00 01 01 00 00 "
		    "0002 0002 00 $finger-image" },
	{ "finger-coding", "02" },
	{ "finger-image", "FFA0FFA1" },
	/* ISO/IEC 19794-6: gray, uncompressed. */
	{ "iris", "'IIR' 00 '010' 00 0000003F 0000 01 002D 0000 0000 "
		  "$iris-coding 0002 0002 08 00 "
		  "00000000000000000000000000000000 00 0001 0001 00 0000 0000 "
		  "00000004 $iris-image" },
	{ "iris-coding", "0002" },
	{ "iris-image", "10203040" },
	{ "dg4", "(76 (7F61 020102 (7F60 (A1 (81 10) (82 01) (87 0101) (88 "
		 "0009)) (5F2E $iris)) (7F60 (A1 (81 10) (82 02) (87 0101) "
		 "(88 0009)) (5F2E $iris))))" },
	{ "dg7", "(67 020101 (5F43 $jpeg))" },
	{ "dg10", "(6A 020101)" },
	{ "dg11", "(6B (5C 5F0E) (5F0E 'ERIKSSON<<ANNA<MARIA'))" },
	{ "dg12", "(6C (5C 5F26) (5F26 $issued))" },
	{ "issued", "'20260215'" },
	{ "dg13", "(6D 00)" },
	{ "dg14", "(6E (31 $infos $chip-key-info))" },
	{ "pace-info", "(30 .0.4.0.127.0.7.2.2.4.2.2 020102 02010D)" },
	{ "ca-info", "(30 .0.4.0.127.0.7.2.2.3.2.2 020101)" },
	{ "infos", "$pace-info $ca-info" },
	{ "chip-key-info", "(30 .0.4.0.127.0.7.2.2.1.2 =chip.spki)" },
	{ "chip.key", "$chip-key" },
	{ "chip-key", "explicit-brainpoolP256r1:chip" },
	{ "dg15", "(6F =aa.spki)" },
	{ "aa.key", "$aa-key" },
	{ "aa-key", "rsa2048:aa" },
	{ "access", "(31 $pace-info)" },
	{ "cvca", "(42 'UTCVCA00001')" },
};

const char *
shop_default(const char *name)
{
	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
		if (strcmp(defaults[i].name, name) == 0)
			return defaults[i].value;
	}
	return NULL;
}

/*
 * Keys and algorithms that documents come with, then the documents beside the
 * one at hand. "base" names the settings that go before.
 */
static const struct shop_setting bases[] = {
	{ "rsa-pkcs1", "alg=pkcs1-sha256; ca-key=rsa3072:csca; "
		       "next-key=rsa3072:next; other-key=rsa3072:other; "
		       "ds-key=rsa2048:ds; other-ds-key=rsa2048:ds2" },
	{ "rsa-pss", "alg=pss-sha256; ca-key=rsa3072:csca; "
		     "next-key=rsa3072:next; other-key=rsa3072:other; "
		     "ds-key=rsa2048:ds; other-ds-key=rsa2048:ds2" },
	{ "ecdsa-named", "alg=ecdsa-sha256; ca-key=P-256:csca; "
			 "next-key=P-256:next; other-key=P-256:other; "
			 "ds-key=P-256:ds; other-ds-key=P-256:ds2" },
	{ "ecdsa-explicit", "alg=ecdsa-sha384; hash=sha384; "
			    "ca-key=explicit-P-384:csca; "
			    "next-key=explicit-P-384:next; "
			    "other-key=explicit-P-384:other; "
			    "ds-key=explicit-brainpoolP384r1:ds; "
			    "other-ds-key=explicit-brainpoolP384r1:ds2" },
	{ "ecdsa-plain", "alg=plain-sha256; "
			 "ca-key=explicit-brainpoolP256r1:csca; "
			 "next-key=explicit-brainpoolP256r1:next; "
			 "other-key=explicit-brainpoolP256r1:other; "
			 "ds-key=explicit-brainpoolP256r1:ds; "
			 "other-ds-key=explicit-brainpoolP256r1:ds2" },
	/* As the laboratory's own documents are. */
	{ "eac", "alg=pss-sha256; ca-key=rsa3072:csca; ds-key=rsa2048:ds; "
		 "files=com dg1 dg2 dg3 dg4 dg14" },
	{ "eac-aa", "alg=pss-sha256; ca-key=rsa3072:csca; ds-key=rsa2048:ds; "
		    "files=com dg1 dg2 dg3 dg4 dg14 dg15" },
	{ "pace", "alg=pss-sha256; ca-key=rsa3072:csca; ds-key=rsa2048:ds; "
		  "files=com dg1 dg2 dg14 access cs" },
	{ "cvca", "alg=pss-sha256; ca-key=rsa3072:csca; ds-key=rsa2048:ds; "
		  "files=com dg1 dg2 dg3 dg4 dg14 cvca" },
	{ "second",
	    "mrz=$mrz-second; jpeg=FFD8FFC0000B080010000C01011100FF00" },
	{ "foreign", "mrz=$mrz-austria; ds.issuer=other; ds.c='AT'; "
		     "ds.o='Austria'; ds.state='AUT'; ds.key=$other-ds-key; "
		     "crl.issuer=other; crl.key=$other-key; trust=other" },
};

const char *
shop_base(const char *name)
{
	for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
		if (strcmp(bases[i].name, name) == 0)
			return bases[i].value;
	}
	return NULL;
}

/* Those that documents are made of; NULL past the last. */
const char *
shop_base_at(size_t index)
{
	return index < 5 ? bases[index].name : NULL;
}
