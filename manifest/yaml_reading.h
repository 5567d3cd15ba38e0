// One file while it is read: its text, what it may still cost, and where its mistakes go.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/diagnostic.h"
#include "manifest/yaml.h"

namespace weir {

/// Ends the reading of a file from anywhere inside; what is wrong has been reported.
struct StopReading {};

class YamlReading {
 public:
  YamlReading(const Sources& sources, std::uint32_t file, const YamlLimits& limits,
              Diagnostics& diagnostics);

  /// Without a byte order mark, which the parser must not see.
  std::string_view text() const { return text_; }
  const YamlLimits& limits() const { return limits_; }
  /// Lines and columns count from 0 here, as the parser does, and from 1 in places.
  Place place_of(std::size_t line, std::size_t column) const;
  Place place_at(std::size_t offset) const;
  std::string describe(const Place& place) const { return sources_.describe(place); }

  void report(std::string_view rule, const Place& place, std::string message, std::string hint);
  [[noreturn]] void stop(std::string_view rule, const Place& place, std::string message,
                         std::string hint);

 private:
  const Sources& sources_;
  std::uint32_t file_;
  const YamlLimits& limits_;
  Diagnostics& diagnostics_;
  std::string_view text_;
  std::size_t mistakes_ = 0;
};

}  // namespace weir
