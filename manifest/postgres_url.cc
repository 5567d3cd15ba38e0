#include "manifest/postgres_url.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>

#include "core/nearest.h"
#include "manifest/leftover.h"
#include "manifest/manifest_rules.h"

namespace weir {
namespace {

constexpr std::array<std::string_view, 2> kHolders = {"env", "file"};

bool is_url(std::string_view text) {
  return text.starts_with("postgres://") || text.starts_with("postgresql://");
}

/// Where the user is named, or among the options.
bool has_password(std::string_view url) {
  const std::size_t begin = url.find("://") + 3;
  const std::string_view authority = url.substr(begin, url.find_first_of("/?", begin) - begin);
  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos && authority.substr(0, at).find(':') != std::string_view::npos) {
    return true;
  }
  // "%70assword" is the same word.
  const std::size_t options = url.find('?', begin);
  const std::string_view said = options == std::string_view::npos ? "" : url.substr(options);
  return said.find("password") != std::string_view::npos ||
         said.find('%') != std::string_view::npos;
}

std::string without_password(const Node& node, const UrlPlace& place, const Declaring& declaring) {
  if (!has_password(node.text)) return node.text;
  declaring.complain(rule::kSecret, "", node.place,
                     place.path + ": a password cannot stand in the manifest",
                     "change the password, and say with from what holds the URL");
  return "";
}

PostgresUrl read_holder(const Node& node, const UrlPlace& place, const Declaring& declaring) {
  constexpr std::array<std::string_view, 1> kFrom = {"from"};
  const Entry* from = only_entry(node, place.path, kFrom, place.hint, declaring);
  if (from == nullptr || is_leftover(from->value)) return {};
  const std::string path = place.path + ".from";
  const Entry* holder = only_entry(from->value, path, kHolders, place.hint, declaring);
  if (holder == nullptr) return {};
  std::string name = text_behind(*holder, path + "." + holder->key, declaring);
  if (name.empty()) return {};
  if (holder->key == "file") name = seen_from_manifest(*holder, declaring);
  return {.source = holder->key, .source_name = std::move(name)};
}

}  // namespace

PostgresUrl read_postgres_url(const Node& node, const UrlPlace& place, const Declaring& declaring) {
  if (node.is_map()) return read_holder(node, place, declaring);
  if (node.is_text() && is_url(node.text)) {
    return {.text = without_password(node, place, declaring)};
  }
  declaring.complain(rule::kShape, "", node.place,
                     fmt::format("{}: expected {}", place.path, place.form), place.hint);
  return {};
}

const Entry* only_entry(const Node& node, const std::string& path,
                        std::span<const std::string_view> keys, const char* hint,
                        const Declaring& declaring) {
  bool is_known = true;
  for (const Entry& entry : node.entries) {
    if (std::find(keys.begin(), keys.end(), entry.key) != keys.end()) continue;
    declaring.complain(rule::kUnknownKey, "", entry.place,
                       fmt::format("unknown key {}.{}", path, entry.key),
                       did_you_mean(entry.key, keys));
    is_known = false;
  }
  if (!is_known) return nullptr;
  if (node.is_map() && node.entries.size() == 1) return &node.entries.front();
  declaring.complain(rule::kShape, "", node.place,
                     fmt::format("{}: expected exactly one of {}", path, fmt::join(keys, ", ")),
                     hint);
  return nullptr;
}

std::string text_behind(const Entry& entry, const std::string& path, const Declaring& declaring) {
  if (entry.value.is_text() && !entry.value.text.empty()) return entry.value.text;
  if (is_leftover(entry.value)) return "";
  declaring.complain(rule::kShape, "", entry.value.place,
                     fmt::format("{}: expected a text; not {}", path, describe(entry.value)), "");
  return "";
}

std::string seen_from_manifest(const Entry& entry, const Declaring& declaring) {
  const std::filesystem::path manifest = declaring.sources.name(entry.value.place.file);
  return (manifest.parent_path() / entry.value.text).lexically_normal().string();
}

Document document_of(const PostgresUrl& url) {
  if (!url.text.empty()) return url.text;
  if (url.source.empty()) return nullptr;
  return {{"from", {{url.source, url.source_name}}}};
}

std::optional<PostgresUrl> read_postgres_url(const Document& document) {
  PostgresUrl url;
  if (document.is_string()) url.text = document.get<std::string>();
  if (const Document* source = at_path(document, "from")) {
    for (const std::string_view holder : kHolders) {
      if (!source->contains(holder)) continue;
      url.source = holder;
      url.source_name = text_at(*source, holder);
    }
  }
  if (document_of(url) != document) return std::nullopt;
  return url;
}

}  // namespace weir
