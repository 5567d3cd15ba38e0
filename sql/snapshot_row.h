// Cells of the snapshot, each taken only as what it should be.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "core/document.h"
#include "core/error.h"
#include "sql/catalogue.h"

namespace weir::sql {

/// The text has another shape than the query gives; caught by the reader, where it becomes the
/// problem.
class MalformedSnapshot : public Error {
 public:
  using Error::Error;
};

inline std::string text_in(const Document& cell) {
  if (!cell.is_string()) throw MalformedSnapshot("a text is missing");
  return cell.get<std::string>();
}

inline const Document& list_in(const Document& cell) {
  if (!cell.is_array()) throw MalformedSnapshot("a list is missing");
  return cell;
}

/// One row of the answer, whose cells are taken in their order.
class Row {
 public:
  Row(const Document& cells, std::size_t size, std::string_view part) : cells_(cells) {
    if (!cells.is_array() || cells.size() != size) {
      throw MalformedSnapshot(fmt::format("its {} has a row that is no row", part));
    }
  }

  const Document& next() { return cells_[at_++]; }
  std::string text() { return text_in(next()); }
  std::optional<std::string> optional_text() {
    if (cells_[at_].is_null()) return ++at_, std::nullopt;
    return text();
  }
  bool flag() {
    const Document& cell = next();
    if (!cell.is_boolean()) throw MalformedSnapshot("a flag is missing");
    return cell.get<bool>();
  }
  /// A flag that older servers do not have.
  std::optional<bool> optional_flag() {
    if (cells_[at_].is_null()) return ++at_, std::nullopt;
    return flag();
  }
  RoleId role() {
    const Document& cell = next();
    const bool is_id = cell.is_number_unsigned() &&
                       cell.get<std::uint64_t>() <= std::numeric_limits<RoleId>::max();
    if (!is_id) throw MalformedSnapshot("a role is missing");
    return cell.get<RoleId>();
  }
  int number() {
    const Document& cell = next();
    const bool is_int = cell.is_number_integer() &&
                        cell.get<std::int64_t>() >= std::numeric_limits<int>::min() &&
                        cell.get<std::int64_t>() <= std::numeric_limits<int>::max();
    if (!is_int) throw MalformedSnapshot("a number is missing");
    return cell.get<int>();
  }

 private:
  const Document& cells_;
  std::size_t at_ = 0;
};

}  // namespace weir::sql
