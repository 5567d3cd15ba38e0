// Manifests from texts instead of files.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "manifest/manifest.h"
#include "manifest/merge.h"
#include "manifest/yaml.h"
#include "providers/lakebase/kinds.h"
#include "tests/support/rendered.h"

namespace weir::test {

using Texts = std::vector<std::pair<std::string, std::string>>;  // name and content

/// What came out of loading, with everything that was said about it.
struct Loaded {
  Sources sources = {};
  Diagnostics diagnostics = {};
  Manifest manifest = {};

  std::string said() const { return rendered(diagnostics, sources); }
};

inline Node merged_texts(const Texts& texts, Sources& sources, Diagnostics& diagnostics) {
  std::vector<Node> roots;
  for (const auto& [name, text] : texts) {
    auto root = read_yaml(sources, sources.add(name, text), YamlLimits{}, diagnostics);
    if (root) roots.push_back(std::move(*root));
  }
  return merge_files(std::move(roots), sources, diagnostics);
}

inline Loaded load_texts(const Texts& texts, const LoadOptions& options = {}) {
  Loaded loaded;
  Node root = merged_texts(texts, loaded.sources, loaded.diagnostics);
  MergedTree tree = load_tree(std::move(root), options, loaded.sources, loaded.diagnostics);
  loaded.manifest =
      declare(std::move(tree), lakebase_catalogue(), loaded.sources, loaded.diagnostics);
  return loaded;
}

/// A header and the text.
inline Loaded load_text(const std::string& text, const LoadOptions& options = {}) {
  return load_texts({{"weir.yaml", "version: weir/v1\nname: shop\n" + text}}, options);
}

/// One line for each declaration: everything about it but its places.
inline std::string listed(const Manifest& manifest) {
  std::string text;
  for (const Declaration& each : manifest.declarations) {
    text += each.address.text() + " id=" + each.id + " in=" + each.remote_parent + " " +
            to_text(each.fields);
    for (const Reference& reference : each.references) {
      text += " " + reference.field + "->" + reference.target.text() +
              (reference.is_declared ? "" : "(implied)");
    }
    if (each.lifecycle.protect) text += " protected";
    text += "\n";
  }
  return text;
}

}  // namespace weir::test
