#include "manifest/state_choice.h"

#include <array>
#include <filesystem>

#include <fmt/format.h>

#include "core/nearest.h"
#include "manifest/leftover.h"
#include "manifest/manifest_rules.h"

namespace weir {
namespace {

constexpr std::array<std::string_view, 2> kStores = {"sqlite", "postgres"};
constexpr std::array<std::string_view, 2> kHolders = {"env", "file"};
constexpr const char* kHint = "write state: { postgres: { from: { env: NAME } } }";

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

class StateReader {
 public:
  explicit StateReader(const Declaring& declaring) : declaring_(declaring) {}

  StateChoice read(const Node& node) {
    StateChoice choice{.place = node.place};
    const Entry* entry = only_entry(node, "state", kStores);
    if (entry == nullptr || is_leftover(entry->value)) return choice;
    if (entry->key == "sqlite") {
      choice.file = seen_from_here(*entry);
    } else if (entry->value.is_map()) {
      read_holder(entry->value, choice);
    } else if (entry->value.is_text() && is_url(entry->value.text)) {
      choice.url = without_password(entry->value);
    } else {
      complain(rule::kShape, entry->value.place,
               "state.postgres: expected postgres://USER@HOST:PORT/DATABASE, or a map with from",
               kHint);
    }
    return choice;
  }

 private:
  void complain(const char* rule, const Place& place, std::string message, std::string hint) {
    declaring_.complain(rule, "", place, std::move(message), std::move(hint));
  }

  /// The member of a map that has exactly one of the keys, and nothing else.
  const Entry* only_entry(const Node& node, const std::string& path,
                          std::span<const std::string_view> keys) {
    bool is_known = true;
    for (const Entry& entry : node.entries) {
      if (std::find(keys.begin(), keys.end(), entry.key) != keys.end()) continue;
      complain(rule::kUnknownKey, entry.place, fmt::format("unknown key {}.{}", path, entry.key),
               did_you_mean(entry.key, keys));
      is_known = false;
    }
    if (!is_known) return nullptr;
    if (node.is_map() && node.entries.size() == 1) return &node.entries.front();
    complain(rule::kShape, node.place,
             fmt::format("{}: expected exactly one of {}", path, fmt::join(keys, ", ")), kHint);
    return nullptr;
  }

  std::string text_in(const Entry& entry, const std::string& path) {
    if (entry.value.is_text() && !entry.value.text.empty()) return entry.value.text;
    if (is_leftover(entry.value)) return "";
    complain(rule::kShape, entry.value.place,
             fmt::format("{}: expected a text; not {}", path, describe(entry.value)), "");
    return "";
  }

  /// A manifest means the same wherever weir is called.
  std::string seen_from_here(const Entry& entry) {
    const std::filesystem::path file = text_in(entry, "state.sqlite");
    if (file.empty()) return "";
    if (file.string().find("://") != std::string::npos) {
      complain(rule::kShape, entry.value.place, "state.sqlite: expected a file; not a URL",
               "write state: { postgres: … }");
      return "";
    }
    return seen_from_manifest(entry);
  }

  std::string seen_from_manifest(const Entry& entry) const {
    const std::filesystem::path manifest = declaring_.sources.name(entry.value.place.file);
    return (manifest.parent_path() / entry.value.text).lexically_normal().string();
  }

  void read_holder(const Node& node, StateChoice& choice) {
    constexpr std::array<std::string_view, 1> kFrom = {"from"};
    const Entry* from = only_entry(node, "state.postgres", kFrom);
    if (from == nullptr || is_leftover(from->value)) return;
    const Entry* holder = only_entry(from->value, "state.postgres.from", kHolders);
    if (holder == nullptr) return;
    choice.source_name = text_in(*holder, "state.postgres.from." + holder->key);
    if (choice.source_name.empty()) return;
    choice.source = holder->key;
    if (choice.source == "file") choice.source_name = seen_from_manifest(*holder);
  }

  std::string without_password(const Node& node) {
    if (!has_password(node.text)) return node.text;
    complain(rule::kSecret, node.place, "state.postgres: a password cannot stand in the manifest",
             "change the password, and say with from what holds the URL");
    return "";
  }

  const Declaring& declaring_;
};

}  // namespace

StateChoice read_state_choice(const Node& node, const Declaring& declaring) {
  return StateReader(declaring).read(node);
}

Document document_of(const StateChoice& choice) {
  if (!choice.file.empty()) return {{"sqlite", choice.file}};
  if (!choice.url.empty()) return {{"postgres", choice.url}};
  if (choice.source.empty()) return nullptr;
  return {{"postgres", {{"from", {{choice.source, choice.source_name}}}}}};
}

std::optional<StateChoice> read_state_choice(const Document& document) {
  StateChoice choice;
  if (const Document* source = at_path(document, "postgres.from")) {
    for (const std::string_view holder : kHolders) {
      if (!source->contains(holder)) continue;
      choice.source = holder;
      choice.source_name = text_at(*source, holder);
    }
  } else {
    choice.file = text_at(document, "sqlite");
    choice.url = text_at(document, "postgres");
  }
  if (document_of(choice) != document) return std::nullopt;
  return choice;
}

}  // namespace weir
