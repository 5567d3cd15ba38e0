// The manifest that is being made, as data, and its text.
#pragma once

#include <initializer_list>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/document.h"

namespace weir::convert {

/// Keys from the top of a manifest on; any of them may have dots.
using Path = std::vector<std::string>;

/// The member at a path; it and the maps on the way are made where they are missing.
Document& member(Document& root, const Path& path);
/// Null when there is none.
const Document* find_member(const Document& root, const Path& path);
Path below(Path path, std::initializer_list<std::string_view> keys);

/// What all of them have in common.
Document shared_by(std::span<const Document> trees);
/// The patch that makes `wanted` of `base`: null takes away.
Document patch_between(const Document& base, const Document& wanted);

/// The text as `weir fmt` leaves it, with keys in the order in which people write them.
std::string manifest_text(const Document& manifest);

/// A text that stands for itself in a manifest: no "${" of it is looked up.
std::string literal(std::string_view text);
/// The names of the variables that texts of a tree use.
std::set<std::string> variables_in(const Document& tree);
/// Whether a text of a manifest depends on a variable or an environment.
bool is_open(std::string_view text);

}  // namespace weir::convert
