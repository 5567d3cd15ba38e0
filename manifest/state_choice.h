// Where a manifest says that its state is.
#pragma once

#include "core/document.h"
#include "manifest/declaring.h"
#include "manifest/manifest.h"

namespace weir {

/// Reads `state:`; reports what is wrong with it.
StateChoice read_state_choice(const Node& node, const Declaring& declaring);

/// The choice as JSON, in the words of the manifest; null for none.
Document document_of(const StateChoice& choice);
/// The inverse; nothing for what it never writes.
std::optional<StateChoice> read_state_choice(const Document& document);

}  // namespace weir
