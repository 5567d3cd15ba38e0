// Outputs: parts of resources, by path.
#include <algorithm>

#include <fmt/format.h>

#include "core/nearest.h"
#include "manifest/interpolate.h"
#include "manifest/rules/rule.h"

namespace weir::rules {
namespace {

/// What every resource has, beside the fields of its kind.
constexpr std::array<std::string_view, 7> kParts = {
    "id", "name", "uid", "postgres_name", "create_time", "update_time", "state"};
constexpr std::array<std::string_view, 4> kHosts = {"host", "read_write_pooled_host",
                                                    "read_only_host", "read_only_pooled_host"};

std::vector<std::string_view> parts_of(const Kind& kind) {
  std::vector<std::string_view> parts(kParts.begin(), kParts.end());
  for (const Field& field : kind.fields) {
    if (!field.observed_at.empty()) parts.push_back(field.name);
  }
  if (kind.name == "endpoint") parts.insert(parts.end(), kHosts.begin(), kHosts.end());
  if (kind.name == "instance") parts.insert(parts.end(), {"host", "read_only_host"});
  if (kind.name == "project") parts.emplace_back("owner");
  if (kind.name == "data_api") parts.emplace_back("url");
  if (kind.name == "app") parts.insert(parts.end(), {"url", "service_principal_client_id"});
  return parts;
}

/// What a path leads to, and the rest of it: the name of a part.
struct Target {
  const Declaration* declaration = nullptr;
  std::string_view part;
};

/// The longest key first: keys may have dots. What there is one of has none.
Target step(const Index& index, const Address& address, std::string_view rest,
            bool may_pass = true) {
  const std::size_t dot = rest.find('.');
  if (dot == std::string_view::npos) return {};
  const std::string_view collection = rest.substr(0, dot);
  const std::string_view after = rest.substr(dot + 1);
  for (std::size_t end = after.rfind('.'); end != std::string_view::npos && end > 0;
       end = after.rfind('.', end - 1)) {
    const Declaration* found = index.find(address.child(collection, after.substr(0, end)));
    if (found != nullptr) return {.declaration = found, .part = after.substr(end + 1)};
  }
  const Declaration* only = index.find(address.singleton(collection));
  if (only != nullptr) return {.declaration = only, .part = after};
  const std::size_t end = after.find('.');
  if (!may_pass || end == std::string_view::npos) return {};
  // A schema is no declaration, and has some.
  return step(index, address.child(collection, after.substr(0, end)), after.substr(end + 1), false);
}

Target find_target(const Index& index, std::string_view path) {
  Target target = step(index, Address(), path);
  while (target.declaration != nullptr) {
    const Target next = step(index, target.declaration->address, target.part);
    if (next.declaration == nullptr) return target;
    target = next;
  }
  return target;
}

void check_path(const Output& output, std::string_view path, const Scene& scene,
                Findings& findings) {
  const Target target = find_target(scene.index, path);
  if (target.declaration == nullptr || target.part.empty()) return;
  const Kind& kind = *target.declaration->kind;
  const auto parts = parts_of(kind);
  const std::size_t dot = target.part.find('.');
  const bool is_nested = std::ranges::any_of(parts, [&](std::string_view part) {
    return dot != std::string_view::npos && part.starts_with(target.part.substr(0, dot + 1));
  });
  // Implied resources have members; the loader reports what leads nowhere.
  if (dot != std::string_view::npos && !is_nested && !kind.is_unlisted) return;
  if (std::find(parts.begin(), parts.end(), target.part) != parts.end()) return;
  std::string hint = did_you_mean(target.part, parts);
  if (hint.empty()) hint = "write a part such as name, or one of its fields";
  findings.push_back({.address = "outputs." + output.name,
                      .message = fmt::format("${{{}}}: there is no part {} of the {}", path,
                                             target.part, target.declaration->kind->name),
                      .hint = std::move(hint),
                      .place = output.place});
}

void check_parts(const Scene& scene, Findings& findings) {
  for (const Output& output : scene.manifest.outputs) {
    const auto pieces = split_interpolation(output.expression);
    if (!pieces) continue;
    for (const Piece& piece : *pieces) {
      if (piece.is_expression) check_path(output, piece.text, scene, findings);
    }
  }
}

constexpr std::array kRules = {
    Rule{.id = "L130",
         .summary = "An output names parts that resources have.",
         .source = "the manifest language",
         .severity = Severity::kWarning,
         .check_manifest = &check_parts},
};

}  // namespace

std::span<const Rule> output_rules() {
  return kRules;
}

}  // namespace weir::rules
