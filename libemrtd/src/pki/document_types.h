/*
 * document_types.h - which documents a Document Signer may sign, Doc 9303-12
 * 7.1.1.6.
 */
#ifndef PKI_DOCUMENT_TYPES_H
#define PKI_DOCUMENT_TYPES_H

#include <emrtd/bytes.h>

/*
 * value: of the extension, not NULL. code: the document code of the MRZ, with
 * or without filler. A single letter in the list stands for every code that
 * begins with it; a letter and a filler for that code alone. False when the
 * list is malformed, or empty.
 */
bool emrtd_document_types(struct emrtd_bytes value, const char *code,
    bool *listed);

#endif
