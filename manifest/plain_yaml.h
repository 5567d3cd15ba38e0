// Reads YAML as manifests are usually written, at a tenth of what the library's scanner costs.
#pragma once

#include "manifest/tree_builder.h"
#include "manifest/yaml_reading.h"

namespace weir {

/// Whether a text that the guard has let through is so plain that `read_plain_yaml` may read it:
/// block maps and lists, brackets that close on their line, texts of one line without escapes.
/// Everything else, and whatever could be a mistake, is for the library.
bool is_plain_yaml(const YamlReading& reading);

/// Gives the builder what the library would give it.
void read_plain_yaml(const YamlReading& reading, TreeBuilder& builder);

}  // namespace weir
