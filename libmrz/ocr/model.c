#include "model.h"

/*
 * The assembler takes a file in whole: no generated source, no second copy
 * in the tree. Hidden, read-only; the stack stays as the compiler says.
 */
#define EMBED(name, file)                               \
	__asm__(".pushsection .rodata\n"                \
		".globl " name "\n"                     \
		".hidden " name "\n"                    \
		".globl " name "_end\n"                 \
		".hidden " name "_end\n"                \
		".balign 16\n" name ":\n"               \
		".incbin \"" file "\"\n" name "_end:\n" \
		".byte 0\n"                             \
		".popsection\n")

EMBED("mrz_ocr_model", MRZ_OCR_MODEL_FILE);
EMBED("mrz_ocr_glyphs", MRZ_OCR_GLYPHS_FILE);
