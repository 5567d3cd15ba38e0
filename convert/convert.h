// From the files of another tool to one manifest.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/diagnostic.h"
#include "core/kind.h"

namespace weir::convert {

struct FormatName {
  std::string_view name;  ///< "bundle", for -from
  std::string_view what;  ///< "a Databricks bundle (databricks.yml)"
};
/// The formats that are understood.
std::span<const FormatName> all_formats();

struct Wish {
  std::string format = {};  ///< by its name; empty: what the files look like
  std::string name = {};    ///< of the manifest; empty: what the source is called
  /// Where the inside of databases goes whose server the source does not name, as an address.
  std::string into = {};
};

struct Converted {
  std::string format = {};
  std::string yaml = {};  ///< "" when nothing could be read
};

/// Converts files of `sources`, all of one format. What cannot be read is an error in
/// `diagnostics`, what does not come along a warning, what is assumed a note. Throws UsageError
/// when no format, or more than one, is recognised.
Converted convert_files(std::span<const std::uint32_t> files, const Sources& sources,
                        const Wish& wish, const Catalogue& catalogue, Diagnostics& diagnostics);

}  // namespace weir::convert
