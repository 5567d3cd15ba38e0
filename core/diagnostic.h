// What the user can mend: each mistake as a value, so that one run reports all of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Where something is written. Lines and columns count from 1; file 0 means nowhere.
struct Place {
  std::uint32_t file = 0;  ///< a number that Sources gave
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  auto operator<=>(const Place&) const = default;
};

/// The texts that places point into.
class Sources {
 public:
  /// Keeps a text and gives the number of its file, from 1 on.
  std::uint32_t add(std::string name, std::string text);
  std::uint32_t count() const { return static_cast<std::uint32_t>(sources_.size()); }
  const std::string& name(std::uint32_t file) const;
  const std::string& text(std::uint32_t file) const;
  /// A line without its end, or "" when there is none.
  std::string_view line(const Place& place) const;
  /// "weir.yaml:12:5", or "" for nowhere.
  std::string describe(const Place& place) const;

 private:
  struct Source {
    std::string name;
    std::string text;
    /// How many lines end before each block of the text, so that a line is found without reading
    /// all before it, at a cost far below that of the text, however short its lines are.
    std::vector<std::uint32_t> ends_before_block;
  };
  std::vector<Source> sources_;
};

enum class Severity { kError, kWarning, kNote };

/// "error", "warning", "note".
std::string_view text_of(Severity severity);

struct Diagnostic {
  Severity severity = Severity::kError;
  std::string rule = {};     ///< stable id, "L012"
  std::string address = {};  ///< the declaration it is about; empty for the file as such
  std::string message = {};
  std::string hint = {};  ///< what to do, one sentence
  Place place = {};
};

class Diagnostics {
 public:
  void add(Diagnostic diagnostic);
  bool has_errors() const { return has_errors_; }
  bool is_empty() const { return all_.empty(); }
  /// By place, then in the order of their addition.
  std::vector<Diagnostic> sorted() const;

 private:
  std::vector<Diagnostic> all_;
  bool has_errors_ = false;
};

}  // namespace weir
