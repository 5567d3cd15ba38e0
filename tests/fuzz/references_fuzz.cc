// "${…}" and names of other declarations: what a tree that YAML accepts comes to.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "manifest/interpolate.h"
#include "manifest/manifest.h"
#include "manifest/yaml.h"
#include "providers/lakebase/kinds.h"
#include "tests/fuzz/expect.h"
#include "tests/manifest/load_text.h"

namespace weir {
namespace {

/// A text with every "${" escaped is nothing but that text.
void check_escaping(const std::string& text) {
  const std::string escaped = escape_interpolation(text);
  const auto pieces = split_interpolation(escaped);
  expect(pieces.has_value(), "an escaped text cannot be split", text);
  std::string joined;
  for (const Piece& piece : *pieces) {
    expect(!piece.is_expression, "an escaped text has an expression", text);
    joined += piece.text;
  }
  expect(joined == text, "an escaped text says something else", text);
}

void reverse(Node& node) {
  std::reverse(node.entries.begin(), node.entries.end());
  for (Entry& entry : node.entries) reverse(entry.value);
  for (Node& item : node.items) reverse(item);
}

enum class Order { kAsWritten, kReversed };

test::Loaded load(const std::string& text, Order order) {
  test::Loaded loaded;
  auto root =
      read_yaml(loaded.sources, loaded.sources.add("weir.yaml", text), {}, loaded.diagnostics);
  // What is no YAML is the business of another fuzzer.
  if (!root || loaded.diagnostics.has_errors()) return loaded;
  if (order == Order::kReversed) reverse(*root);
  LoadOptions options;
  const std::vector<std::string> environments = environments_of(*root);
  if (!environments.empty()) options.environment = environments.front();
  MergedTree tree = load_tree(std::move(*root), options, loaded.sources, loaded.diagnostics);
  loaded.manifest =
      declare(std::move(tree), lakebase_catalogue(), loaded.sources, loaded.diagnostics);
  return loaded;
}

void check_places(const test::Loaded& loaded, const std::string& text) {
  for (const Diagnostic& one : loaded.diagnostics.sorted()) {
    expect(!one.rule.empty() && !one.message.empty(), "a mistake without words", text);
    const bool is_nowhere = one.place == Place{};
    expect(is_nowhere || (one.place.line > 0 && one.place.column > 0), "half a place", text);
  }
}

/// Every reference leads to a declaration or to what the service makes, and never in a circle.
void check_references(const Manifest& manifest, const std::string& text) {
  for (const Declaration& declaration : manifest.declarations) {
    const Declaration* at = &declaration;
    std::size_t steps = 0;
    while (at != nullptr) {
      expect(++steps <= manifest.declarations.size(), "a circle", text);
      const Declaration* next = nullptr;
      for (const Reference& reference : at->references) {
        const Declaration* target = manifest.find(reference.target);
        expect(reference.is_declared == (target != nullptr), "a reference to nothing", text);
        if (target != nullptr && target->kind == at->kind) next = target;
      }
      at = next;
    }
  }
}

void check(const std::string& text) {
  check_escaping(text);
  const test::Loaded loaded = load(text, Order::kAsWritten);
  const test::Loaded reversed = load(text, Order::kReversed);
  check_places(loaded, text);
  const bool has_errors = loaded.diagnostics.has_errors();
  expect(has_errors == reversed.diagnostics.has_errors(), "a mistake depends on the order of keys",
         text);
  if (has_errors) return;
  expect(test::listed(loaded.manifest) == test::listed(reversed.manifest),
         "the order of keys matters", text);
  check_references(loaded.manifest, text);
}

}  // namespace
}  // namespace weir

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weir::check({data, data + size});
  return 0;
}
