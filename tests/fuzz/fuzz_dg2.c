/*
 * The files that come from a chip in the application: EF.COM, DG1, DG2.
 * Every view lies inside the input, every count inside its array.
 */
#include <emrtd/lds.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool holds)
{
	if (!holds)
		abort();
}

static bool
inside(struct emrtd_bytes part, struct emrtd_bytes whole)
{
	return part.ptr == NULL ||
	       (part.ptr >= whole.ptr &&
		   part.ptr + part.len <= whole.ptr + whole.len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct emrtd_bytes in = emrtd_bytes(data, size), mrz;
	struct emrtd_diag diag;
	struct emrtd_com com;
	struct emrtd_dg2 dg2;
	enum emrtd_file file;

	if (emrtd_file_by_content(in, &file))
		check(file < EMRTD_N_FILES);
	if (emrtd_com_parse(in, &diag, &com) == EMRTD_OK)
		check(inside(com.lds_version, in) &&
		      inside(com.unicode_version, in) &&
		      (com.data_groups & ~0x1FFFEu) == 0);
	if (emrtd_dg1_parse(in, &diag, &mrz) == EMRTD_OK)
		check(inside(mrz, in));
	if (emrtd_dg2_parse(in, &diag, &dg2) != EMRTD_OK)
		return 0;
	check(dg2.n_faces > 0 && dg2.n_faces <= EMRTD_FACES_MAX);
	for (unsigned i = 0; i < dg2.n_faces; i++) {
		check(inside(dg2.faces[i].image, in));
		check(dg2.faces[i].format == EMRTD_IMAGE_UNKNOWN ||
		      dg2.faces[i].image.len >= 3);
	}
	return 0;
}
