// What a database says of its inside.
#pragma once

#include "manifest/inside/reading.h"

namespace weir::inside {

/// Reads the words of a database, those of schemas and grants included.
void read_database(const WrittenWords& words, const Part& database, Reading& reading);

}  // namespace weir::inside
