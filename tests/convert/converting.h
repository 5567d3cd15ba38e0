// Conversions from texts instead of files.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "convert/convert.h"
#include "manifest/manifest.h"
#include "manifest/rules.h"
#include "manifest/yaml.h"
#include "providers/lakebase/kinds.h"
#include "tests/support/rendered.h"

namespace weir::test {

struct Conversion {
  std::string yaml = {};
  std::string said = {};
  std::string format = {};
};

inline Conversion converted(const std::vector<std::pair<std::string, std::string>>& texts,
                            const convert::Wish& wish = {}) {
  Sources sources;
  Diagnostics diagnostics;
  std::vector<std::uint32_t> files;
  files.reserve(texts.size());
  for (const auto& [name, text] : texts) files.push_back(sources.add(name, text));
  convert::Converted result =
      convert::convert_files(files, sources, wish, lakebase_catalogue(), diagnostics);
  return {.yaml = std::move(result.yaml),
          .said = rendered(diagnostics, sources),
          .format = std::move(result.format)};
}

inline Conversion converted(const std::string& name, const std::string& text,
                            const convert::Wish& wish = {}) {
  return converted({{name, text}}, wish);
}

/// What `weir validate` says of a manifest, in all of its environments.
inline std::string mistakes_in(const std::string& yaml) {
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t file = sources.add("weir.yaml", yaml);
  const std::optional<Node> root = read_yaml(sources, file, YamlLimits{}, diagnostics);
  if (!root) return rendered(diagnostics, sources);
  std::vector<std::string> environments = environments_of(*root);
  if (environments.empty()) environments.emplace_back();
  std::string said;
  LoadOptions options;
  for (const std::string& environment : environments) {
    options.environment = environment;
    Diagnostics found;
    MergedTree tree = load_tree(*root, options, sources, found);
    const Manifest manifest = declare(std::move(tree), lakebase_catalogue(), sources, found);
    check_rules(manifest, Limits(manifest.limits), found);
    const std::string text = rendered(found, sources);
    if (text.empty()) continue;
    if (!environment.empty()) said.append("in ").append(environment).append(":\n");
    said += text;
  }
  return said;
}

}  // namespace weir::test
