// The reader of manifests, and the formatter over what it accepts.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "manifest/format.h"
#include "manifest/plain_yaml.h"
#include "manifest/text_gate.h"
#include "manifest/yaml.h"
#include "manifest/yaml_guard.h"
#include "tests/fuzz/expect.h"

namespace weir {
namespace {

struct Outcome {
  std::optional<std::string> text;
  bool has_errors = false;
  bool has_layout_error = false;
};

Outcome format(const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t file = sources.add("weir.yaml", text);
  Outcome outcome{.text = format_manifest(sources, file, diagnostics)};
  outcome.has_errors = diagnostics.has_errors();
  for (const Diagnostic& one : diagnostics.sorted()) {
    outcome.has_layout_error = outcome.has_layout_error || one.rule == "Y019";
    expect(one.place.line > 0 && one.place.column > 0, "a mistake without a place", text);
  }
  return outcome;
}

std::string meaning(const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t file = sources.add("weir.yaml", text);
  const auto node = read_yaml(sources, file, {}, diagnostics);
  expect(node || diagnostics.has_errors(), "no tree and no reason", text);
  return node && !diagnostics.has_errors() ? to_text(to_document(*node)) : "nothing";
}

/// What is read before the library is asked means what it means to the library, which has to be
/// asked for the sake of a tab.
void check_plain(const std::string& text, const std::string& meant) {
  Sources sources;
  Diagnostics diagnostics;
  const YamlLimits limits;
  const YamlReading reading(sources, sources.add("weir.yaml", text), limits, diagnostics);
  // What the gate refuses nobody reads.
  if (find_forbidden_text(reading.text()) || guard_yaml(reading.text(), limits)) return;
  if (!is_plain_yaml(reading)) return;
  expect(meaning(text + "\n#\t\n") == meant, "YAML means two things", text);
}

}  // namespace
}  // namespace weir

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const std::string before = weir::meaning(text);
  weir::check_plain(text, before);
  const weir::Outcome once = weir::format(text);
  weir::expect(once.text.has_value() != once.has_errors, "neither text nor mistake", text);
  weir::expect(before != "nothing" || !once.text, "a wrong file was formatted", text);
  if (!once.text) return 0;
  weir::expect(weir::meaning(*once.text) == before, "the meaning changes", text);
  weir::expect(weir::format(*once.text).text == once.text, "the layout is not settled", text);
  return 0;
}
