#include "convert/convert.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "convert/formats.h"
#include "core/error.h"
#include "manifest/header.h"
#include "manifest/yaml.h"
#include "manifest/yaml_rules.h"

namespace weir::convert {
namespace {

using Recognise = bool (*)(const Node& root);
using Convert = void (*)(const std::vector<Node>& roots, Conversion& conversion);

struct Format {
  FormatName name;
  Recognise recognise = nullptr;
  Convert convert = nullptr;
};
constexpr std::array kFormats = {
    Format{{"bundle", "a Databricks bundle (databricks.yml)"}, is_bundle, convert_bundle},
    Format{{"deployment", "environments with lakebase settings (deployment.yaml)"},
           is_deployment,
           convert_deployment},
    Format{{"terraform", "a state or a plan of Terraform (terraform show -json)"},
           is_terraform,
           convert_terraform},
    Format{{"pgroles", "roles and grants of pgroles"}, is_pgroles, convert_pgroles}};

constexpr std::array kNames = {kFormats[0].name, kFormats[1].name, kFormats[2].name,
                               kFormats[3].name};
static_assert(kNames.size() == kFormats.size());

constexpr std::size_t kMostValues = 1'000'000;  // of one file, as of a manifest

std::size_t count_values(const Document& document) {
  std::size_t count = 1;
  if (!document.is_structured()) return count;
  for (const Document& value : document) count += count_values(value);
  return count;
}

void refuse(const std::string& file, std::string message, std::string hint,
            Diagnostics& diagnostics) {
  diagnostics.add({.message = fmt::format("{} {}", file, message), .hint = std::move(hint)});
}

/// What other programs write has no lines worth naming, and may have more than YAML's limits let
/// through.
std::optional<Node> read_json(const std::string& name, std::string_view text,
                              Diagnostics& diagnostics) {
  const ReadDocument read = read_document(text);
  if (read.is_too_deep) {
    refuse(name, fmt::format("has more than {} levels", kDeepestDocument),
           "such a depth is nothing that a tool of these formats writes", diagnostics);
    return std::nullopt;
  }
  if (!read.value) return std::nullopt;
  if (count_values(*read.value) > kMostValues) {
    refuse(name, fmt::format("has more than {} values", kMostValues), "convert parts of it",
           diagnostics);
    return std::nullopt;
  }
  return to_node(*read.value, {});
}

bool looks_like_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

/// Mistakes in numbers are told with the number, which may be a password.
Diagnostic without_value(Diagnostic mistake) {
  if (mistake.rule != yaml_rule::kLeadingZero && mistake.rule != yaml_rule::kNumber) return mistake;
  mistake.message = "this number is read differently by different readers of YAML";
  mistake.hint = "write it in quotes, or as a plain number";
  return mistake;
}

std::optional<Node> read_yaml_root(std::uint32_t file, const Sources& sources,
                                   Diagnostics& diagnostics) {
  Diagnostics mistakes;
  std::optional<Node> root = read_yaml(sources, file, YamlLimits{}, mistakes);
  for (Diagnostic& mistake : mistakes.sorted()) diagnostics.add(without_value(std::move(mistake)));
  if (mistakes.has_errors()) return std::nullopt;
  return root;
}

/// JSON of people is read as YAML, which knows the place of everything.
std::optional<Node> read_root(std::uint32_t file, const Sources& sources,
                              Diagnostics& diagnostics) {
  const std::string& text = sources.text(file);
  if (looks_like_json(text)) {
    std::optional<Node> root = read_json(sources.name(file), text, diagnostics);
    if (diagnostics.has_errors()) return std::nullopt;
    if (root && is_terraform(*root)) return root;
  }
  std::optional<Node> root = read_yaml_root(file, sources, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  if (root && root->is_map()) return root;
  refuse(sources.name(file), "has no settings in it", "name a file of one of the formats",
         diagnostics);
  return std::nullopt;
}

std::string choices() {
  std::string text;
  for (const FormatName& name : kNames) {
    text += fmt::format("\n  -from {:<12}{}", name.name, name.what);
  }
  return text;
}

bool is_raw_state(const Node& root) {
  return root.find("terraform_version") != nullptr && root.find("lineage") != nullptr;
}

void refuse_known_others(const Node& root, const std::string& file) {
  const Node* version = root.find("version");
  if (version != nullptr && version->text.starts_with("weir/")) {
    throw UsageError(fmt::format("{} is a manifest of weir already", file));
  }
  if (is_raw_state(root)) {
    throw UsageError(
        fmt::format("{} is Terraform's own file; convert what \"terraform show -json\" prints, "
                    "whose format is a promise",
                    file));
  }
}

const Format& recognised(const Node& root, const std::string& file) {
  refuse_known_others(root, file);
  std::vector<const Format*> found;
  for (const Format& format : kFormats) {
    if (format.recognise(root)) found.push_back(&format);
  }
  if (found.size() == 1) return *found.front();
  throw UsageError(fmt::format("{} looks like {}; say what it is:{}", file,
                               found.empty() ? "none of the known formats" : "more than one format",
                               choices()));
}

const Format& format_of(const Wish& wish, const std::vector<Node>& roots,
                        const std::vector<std::string>& files) {
  const auto chosen = std::find_if(kFormats.begin(), kFormats.end(), [&](const Format& format) {
    return format.name.name == wish.format;
  });
  if (chosen != kFormats.end()) return *chosen;
  const Format& first = recognised(roots.front(), files.front());
  for (std::size_t i = 1; i < roots.size(); ++i) {
    const Format& other = recognised(roots[i], files[i]);
    if (&other == &first) continue;
    throw UsageError(fmt::format("{} is {}, and {} is {}; convert them one by one", files.front(),
                                 first.name.what, files[i], other.name.what));
  }
  return first;
}

/// As wished or as the source says, else like the first thing that is declared.
std::string name_of(const Conversion& conversion) {
  if (!conversion.name.empty()) return conversion.name;
  for (const char* section : {"projects", "instances"}) {
    const Document* members = find_member(conversion.manifest, {section});
    if (members != nullptr && !members->empty()) return members->begin().key();
  }
  return "converted";
}

}  // namespace

std::span<const FormatName> all_formats() {
  return kNames;
}

Converted convert_files(std::span<const std::uint32_t> files, const Sources& sources,
                        const Wish& wish, const Catalogue& catalogue, Diagnostics& diagnostics) {
  Notes notes(diagnostics);
  Conversion conversion{.catalogue = catalogue, .notes = notes};
  conversion.name = literal(wish.name);
  if (!wish.into.empty()) conversion.destination = read_destination(wish.into);
  std::vector<Node> roots;
  for (const std::uint32_t file : files) {
    std::optional<Node> root = read_root(file, sources, diagnostics);
    if (!root) return {};
    roots.push_back(std::move(*root));
    conversion.files.push_back(sources.name(file));
  }
  if (roots.empty()) return {};
  const Format& format = format_of(wish, roots, conversion.files);
  format.convert(roots, conversion);
  if (conversion.manifest.empty()) {
    diagnostics.add({.message = "there is nothing in it that a manifest of weir could say",
                     .hint = "name the files with the resources of Lakebase"});
    return {.format = std::string(format.name.name)};
  }
  Document manifest = {{"version", "weir/v1"}, {"name", name_of(conversion)}};
  manifest.update(conversion.manifest);
  return {.format = std::string(format.name.name), .yaml = manifest_text(manifest)};
}

}  // namespace weir::convert
