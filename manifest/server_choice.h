// Which PostgreSQL server a manifest is for, when it is not for a workspace.
#pragma once

#include <optional>

#include "core/document.h"
#include "manifest/declaring.h"
#include "manifest/manifest.h"

namespace weir {

/// Reads `server:`; reports what is wrong with it.
ServerChoice read_server_choice(const Node& node, const Declaring& declaring);
/// Finds the branch that the server stands for among the declarations; reports when it is not clear
/// which.
void choose_branch(Manifest& manifest, const Declaring& declaring);

/// Reports roles that the insides of that branch have from the branch that it comes from.
void check_roles_of_server(const Manifest& manifest, const Declaring& declaring);

/// The choice as JSON, in the words of the manifest; null for none.
Document document_of(const ServerChoice& choice);
/// The inverse; nothing for what it never writes.
std::optional<ServerChoice> read_server_choice(const Document& document);

}  // namespace weir
