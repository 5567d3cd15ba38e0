// What ends a fuzzer of the reconciler: a property that does not hold.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace weir {

inline void expect(bool holds, const char* what, const std::string& text) {
  if (holds) return;
  std::fprintf(stderr, "%s:\n%s\n", what, text.c_str());
  std::abort();
}

}  // namespace weir
