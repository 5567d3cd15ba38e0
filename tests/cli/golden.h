// Texts that are kept in files and reviewed like code; UPDATE_GOLDEN=1 writes them anew.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace weir::test {

inline std::string read_golden(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Expects that `text` is what the file has.
inline void expect_golden(const std::string& name, const std::string& text) {
  const std::filesystem::path file = std::filesystem::path(GOLDEN_FOLDER) / name;
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream(file, std::ios::binary) << text;
    return;
  }
  EXPECT_EQ(read_golden(file), text) << "UPDATE_GOLDEN=1 writes " << file;
}

}  // namespace weir::test
