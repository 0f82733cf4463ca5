#include "model.h"

/*
 * The assembler takes the file in whole: no generated source, no second copy
 * in the tree. Hidden, read-only; the stack stays as the compiler says.
 */
__asm__(".pushsection .rodata\n"
	".globl mrz_ocr_model\n"
	".hidden mrz_ocr_model\n"
	".globl mrz_ocr_model_end\n"
	".hidden mrz_ocr_model_end\n"
	".balign 16\n"
	"mrz_ocr_model:\n"
	".incbin \"" MRZ_OCR_MODEL_FILE "\"\n"
	"mrz_ocr_model_end:\n"
	".byte 0\n"
	".popsection\n");
