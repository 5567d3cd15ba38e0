// Wishes as JSON, for plan files and for what is remembered.
#pragma once

#include <optional>

#include "core/document.h"
#include "sql/wishes.h"

namespace weir::sql {

Document document_of(const Wishes& wishes);
/// The inverse; nothing for what it never writes.
std::optional<Wishes> read_wishes(const Document& document);

}  // namespace weir::sql
