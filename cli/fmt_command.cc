#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/diagnostic_view.h"
#include "cli/line_diff.h"
#include "cli/session.h"
#include "cli/whole_file.h"
#include "manifest/files.h"
#include "manifest/format.h"
#include "manifest/header.h"
#include "manifest/manifest_rules.h"

namespace weir {
namespace {

constexpr std::string_view kStandardInput = "<stdin>";

struct Formatting {
  const Invocation& invocation;
  Sources sources = {};
  Diagnostics diagnostics = {};
  std::size_t changed = 0;

  void format(std::uint32_t file);
  void refuse(std::uint32_t file);
  void show(const std::string& name, const std::string& before, const std::string& after) const;
};

void Formatting::format(std::uint32_t file) {
  const std::optional<std::string> formatted = format_manifest(sources, file, diagnostics);
  if (!formatted) return;
  const std::string& name = sources.name(file);
  const std::string& text = sources.text(file);
  const bool is_check = invocation.options.has("check");
  const bool is_stream = name == kStandardInput;
  if (*formatted != text) {
    ++changed;
    show(name, text, *formatted);
    if (!is_check && !is_stream) write_whole_file(name, *formatted);
  }
  if (is_stream && !is_check && !invocation.options.has("diff")) print_exactly(*formatted);
}

void Formatting::refuse(std::uint32_t file) {
  diagnostics.add(
      {.rule = rule::kVersion,
       .message = fmt::format("this is no manifest: version: {} is missing", kManifestVersion),
       .hint = "begin it with that line, or format it with its own tool",
       .place = {.file = file, .line = 1, .column = 1}});
}

void Formatting::show(const std::string& name, const std::string& before,
                      const std::string& after) const {
  if (name != kStandardInput) print_text(invocation, harmless(name) + "\n");
  if (!invocation.options.has("diff")) return;
  print_text(invocation, line_diff(before, after, name, invocation.out));
}

}  // namespace

Exit run_fmt(const Invocation& invocation) {
  Formatting formatting{.invocation = invocation};
  std::vector<std::filesystem::path> paths;
  for (const std::string& argument : invocation.options.arguments()) paths.emplace_back(argument);
  const std::vector<ReadText> texts =
      read_texts(paths, FileLimits{}, formatting.sources, formatting.diagnostics);
  for (const ReadText& text : texts) {
    // What merely stands in the same folder is other people's.
    const bool is_ours = says_it_is_a_manifest(formatting.sources.text(text.file));
    if (is_ours) formatting.format(text.file);
    if (!is_ours && text.is_named) formatting.refuse(text.file);
  }
  report_diagnostics(invocation, formatting.diagnostics, formatting.sources);
  if (formatting.diagnostics.has_errors()) return Exit::kInvalid;
  const bool needs_work = invocation.options.has("check") && formatting.changed > 0;
  return needs_work ? Exit::kInvalid : Exit::kDone;
}

}  // namespace weir
