// The cluster that every new project starts as a copy of.
#pragma once

#include "emulator/postgres/installation.h"
#include "emulator/postgres/layout.h"

namespace emulator {

/// Makes the template unless `layout` has one: initdb takes longer than all the rest together.
void make_template(const Installation& installation, const Layout& layout);

}  // namespace emulator
