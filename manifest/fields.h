// The values of one declaration: fields, id and lifecycle.
#pragma once

#include <string>
#include <vector>

#include "manifest/declaring.h"
#include "manifest/manifest.h"
#include "manifest/members.h"

namespace weir {

/// A name that stands in a field and is looked up when everything is declared.
struct WrittenReference {
  const Field* field = nullptr;
  std::string key;
  Place place = {};
};

/// Reads the written fields into `declaration` and gives the references among them.
std::vector<WrittenReference> read_fields(const std::vector<WrittenField>& fields,
                                          Declaration& declaration, const Declaring& declaring);

/// Whether `id:` may be written of it.
bool takes_id(const Kind& kind);

/// Sets the id, after `derive` filled in what follows from the fields.
void identify(Declaration& declaration, const Node* id, const Declaring& declaring);

void read_lifecycle(const Node& node, Declaration& declaration, const Declaring& declaring);

}  // namespace weir
