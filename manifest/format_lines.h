// The lines that the formatter writes: indentation, paragraphs and comments.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "manifest/format_flow.h"

namespace weir {

class FormatLines {
 public:
  /// Asks for an empty line before the next one; several are one, and none begins a file.
  void add_blank() { wants_blank_ = !lines_.empty(); }
  void add_comment(std::size_t depth, std::string_view comment);
  /// The first line of a value, at a depth of two spaces each.
  void add(std::size_t depth, std::string_view code, std::string comment = {});
  /// A line of a text, as it is.
  void add_raw(std::string line);
  /// `head` is what stands before the value: "key:", "-", or nothing. On one line when it fits.
  void add_flow(std::size_t depth, std::string head, const FlowValue& value, std::string comment);
  /// The text of all lines; comments of neighbours begin in one column.
  std::string text() const;

 private:
  struct Line {
    std::string code;
    std::string comment;
  };

  void add_items(std::size_t depth, const FlowValue& value);
  void add_pending_dash();
  std::size_t width_of_run(std::size_t begin, std::size_t& end) const;

  std::vector<Line> lines_;
  bool wants_blank_ = false;
  std::string dashes_;  ///< of lists whose first item is not written yet, with the indentation
};

}  // namespace weir
