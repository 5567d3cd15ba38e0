// YAML 1.2's core schema: what a scalar without quotes means.
#pragma once

#include <string_view>

#include "core/document.h"
#include "manifest/node.h"

namespace weir {

enum class PlainScalar { kNull, kBoolean, kNumber, kText, kLeadingZero, kNotFinite };

/// The meaning of a plain scalar. Numbers with a leading zero, which mean 8 to some readers and 10
/// to others, and numbers that no JSON value can hold are told apart.
PlainScalar classify_plain(std::string_view text);
/// The value of a number of the core schema; a text when it is none.
Document number_document(std::string_view text);

}  // namespace weir
