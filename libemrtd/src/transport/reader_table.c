#include "transport/reader_table.h"

#include "transport/reader_table_rows.h"

#define N_ROWS (sizeof(reader_rows) / sizeof(reader_rows[0]))

const struct emrtd_reader_row *
emrtd_reader_row(uint16_t vendor, uint16_t product, int interface)
{
	const struct emrtd_reader_row *found = NULL;

	for (size_t i = 0; i < N_ROWS; i++) {
		const struct emrtd_reader_row *row = &reader_rows[i];

		if (row->vendor != vendor || row->product != product)
			continue;
		if (interface >= 0 && row->interface == interface)
			return row;
		if (interface < 0) {
			if (found == NULL ||
			    !(found->flags & EMRTD_ROW_CONTACTLESS))
				found = row;
		} else if (row->interface < 0) {
			found = row;
		}
	}
	return found;
}

const struct emrtd_reader_row *
emrtd_reader_rows(size_t *n)
{
	*n = N_ROWS;
	return reader_rows;
}
