// Manifests with one database, for what it says of its inside.
#pragma once

#include <gtest/gtest.h>

#include "tests/manifest/inside_text.h"
#include "tests/manifest/load_text.h"

namespace weir::test {

/// The roles web, analysts and migrator, and the database app, which says this.
inline Loaded load_database(const std::string& inside, const std::string& top = "") {
  std::string text = top + R"(
projects:
  p:
    branches:
      production:
        roles:
          web: { app: shop }
          analysts: { group: analysts }
          migrator: { login: true }
        databases:
          app:
)";
  std::size_t begin = inside.find_first_not_of('\n');
  while (begin < inside.size()) {
    const std::size_t end = std::min(inside.find('\n', begin), inside.size());
    text += "            " + inside.substr(begin, end - begin) + "\n";
    begin = end + 1;
  }
  return load_text(text);
}

/// What is wished for, without the first line and the list of roles.
inline std::string wishes_of(const std::string& inside, const std::string& top = "") {
  const Loaded loaded = load_database(inside, top);
  EXPECT_EQ(loaded.said(), "");
  std::string text;
  for (const Inside& each : loaded.manifest.insides) text += listed_wishes(each);
  return text;
}

}  // namespace weir::test
