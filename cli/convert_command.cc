#include <set>
#include <tuple>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/diagnostic_view.h"
#include "cli/json_view.h"
#include "cli/session.h"
#include "cli/whole_file.h"
#include "convert/convert.h"
#include "core/error.h"
#include "manifest/budgets.h"
#include "manifest/files.h"
#include "manifest/yaml.h"
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

/// What the written manifest still lacks, once for all of its environments.
Diagnostics what_is_missing(const std::string& yaml, const std::string& name,
                            const Invocation& invocation, Sources& sources) {
  LoadOptions options{.getenv = invocation.getenv};
  Diagnostics unreadable;
  const std::optional<Node> root =
      read_yaml(sources, sources.add(name, yaml), YamlLimits{}, unreadable);
  if (!root) return unreadable;
  std::vector<std::string> environments = environments_of(*root);
  if (environments.empty()) environments.emplace_back();
  // Too many are refused in each of them: one is enough to say so.
  if (environments.size() > CountLimits{}.environments) environments.resize(1);
  Diagnostics missing;
  std::set<std::tuple<Place, std::string, std::string>> known;
  for (const std::string& environment : environments) {
    options.environment = environment;
    Diagnostics diagnostics;
    declare_and_check(load_tree(*root, options, sources, diagnostics), sources, diagnostics);
    for (Diagnostic& each : diagnostics.sorted()) {
      if (known.emplace(each.place, each.address, each.message).second)
        missing.add(std::move(each));
    }
  }
  return missing;
}

std::vector<std::uint32_t> read_sources(const Invocation& invocation, Sources& sources,
                                        Diagnostics& diagnostics) {
  std::vector<std::filesystem::path> paths;
  for (const std::string& argument : invocation.options.arguments()) paths.emplace_back(argument);
  std::vector<std::uint32_t> files;
  for (const ReadText& text : read_texts(paths, FileLimits{}, sources, diagnostics)) {
    files.push_back(text.file);
  }
  return files;
}

/// The places of notes are in the sources, those of what is missing in the manifest.
struct Told {
  Sources sources = {};
  Diagnostics notes = {};
  Sources written = {};
  Diagnostics missing = {};
};

void tell(const Invocation& invocation, const Told& told) {
  std::vector<Diagnostic> notes = told.notes.sorted();
  std::vector<Diagnostic> missing = told.missing.sorted();
  if (invocation.is_quiet()) {
    drop_warnings(notes);
    drop_warnings(missing);
  }
  report(invocation, notes_text(notes, told.sources, invocation.err));
  if (told.missing.has_errors()) {
    report(invocation, "The manifest still needs what its source does not have:\n");
  }
  report(invocation, diagnostics_text(missing, told.written, invocation.err));
}

Document all_of(const Diagnostics& diagnostics, const Sources& sources) {
  Document all = Document::array();
  for (const Diagnostic& each : diagnostics.sorted()) {
    all.push_back(diagnostic_document(each, sources));
  }
  return all;
}

std::string as_json(const convert::Converted& converted, const Told& told, bool has_manifest) {
  Document document = {{"format_version", std::string(kFormatVersion)}};
  if (!converted.format.empty()) document["from"] = converted.format;
  if (has_manifest) document["manifest"] = converted.yaml;
  document["notes"] = all_of(told.notes, told.sources);
  document["missing"] = all_of(told.missing, told.written);
  return pretty(document);
}

}  // namespace

Exit run_convert(const Invocation& invocation) {
  const Options& options = invocation.options;
  const std::string out = options.value("out");
  const bool is_forced = options.has("force");
  if (!out.empty()) check_may_replace(out, [&](std::string_view /*text*/) { return is_forced; });
  Told told;
  const std::vector<std::uint32_t> files = read_sources(invocation, told.sources, told.notes);
  convert::Converted converted;
  if (!told.notes.has_errors()) {
    const convert::Wish wish = {.format = options.value("from"),
                                .name = options.value("name"),
                                .into = options.value("in")};
    converted = convert::convert_files(files, told.sources, wish, lakebase_catalogue(), told.notes);
  }
  const bool is_made = !converted.yaml.empty();
  if (is_made) {
    told.missing =
        what_is_missing(converted.yaml, out.empty() ? "weir.yaml" : out, invocation, told.written);
  }
  if (is_made && !out.empty()) write_whole_file(out, converted.yaml);
  if (invocation.format() == "json") {
    print_exactly(as_json(converted, told, is_made && out.empty()));
  } else {
    if (is_made && out.empty()) print_exactly(converted.yaml);
    tell(invocation, told);
  }
  if (is_made && !out.empty()) note(invocation, fmt::format("written to {}\n", harmless(out)));
  return is_made ? Exit::kDone : Exit::kError;
}

}  // namespace weir
