#include "manifest/settings.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/nearest.h"
#include "manifest/fields.h"
#include "manifest/inside/words.h"
#include "manifest/interpolate.h"
#include "manifest/leftover.h"
#include "manifest/manifest_rules.h"
#include "manifest/server_choice.h"
#include "manifest/state_choice.h"

namespace weir {
namespace {

constexpr std::array<std::string_view, 11> kKeys = {
    "version", "name",   "description", "variables", "environments", "outputs",
    "policy",  "limits", "workspace",   "server",    "state"};

const char* hint_for_secrets(std::string_view key) {
  const bool is_url = key == "server" || key == "state";
  return is_url ? "a URL with a password comes from outside: from: { env: NAME }" : kSecretHint;
}

class SettingsReader {
 public:
  SettingsReader(Manifest& manifest, const Declaring& declaring)
      : manifest_(manifest), declaring_(declaring) {}

  void read(const Entry& entry) {
    const Node& value = entry.value;
    if (declaring_.catalogue.in_collection("", entry.key) != nullptr || is_leftover(value)) return;
    if (inside::find_word(entry.key) != nullptr) return;
    if (std::find(kKeys.begin(), kKeys.end(), entry.key) == kKeys.end()) {
      return report_unknown(entry);
    }
    if (value.is_null()) return warn_of_nothing(entry);
    if (!refuse_secrets(value, "", declaring_, hint_for_secrets(entry.key))) return;
    if (entry.key == "name") return read_text(entry, manifest_.name);
    if (entry.key == "description") return read_text(entry, manifest_.description);
    if (entry.key == "version") return;
    if (entry.key == "server") {
      if (!is_leftover(value)) manifest_.server = read_server_choice(value, declaring_);
      return;
    }
    if (!value.is_map()) return report_shape(value, entry.key, "a map");
    if (entry.key == "workspace") return read_workspace(value);
    if (entry.key == "state") {
      manifest_.state = read_state_choice(value, declaring_);
      return;
    }
    if (entry.key == "policy") return read_policy(value);
    if (entry.key == "limits") return read_limits(value);
    if (entry.key == "outputs") read_outputs(value);
  }

 private:
  void complain(const char* rule, const Place& place, std::string message, std::string hint = {}) {
    declaring_.complain(rule, "", place, std::move(message), std::move(hint));
  }

  void report_shape(const Node& node, std::string_view path, std::string_view form) {
    if (is_leftover(node)) return;
    complain(rule::kShape, node.place,
             fmt::format("{}: expected {}; not {}", path, form, describe(node)));
  }

  /// A server that is not named would be a workspace instead.
  void warn_of_nothing(const Entry& entry) {
    declaring_.diagnostics.add({.severity = Severity::kWarning,
                                .rule = rule::kNullMember,
                                .message = entry.key + " has no value and says nothing",
                                .hint = "give it a value, or remove it",
                                .place = entry.place});
  }

  void report_unknown(const Entry& entry) {
    std::vector<std::string_view> known(kKeys.begin(), kKeys.end());
    for (const Kind* kind : declaring_.catalogue.kinds()) {
      if (kind->parent.empty()) known.push_back(kind->collection);
    }
    for (const inside::Word* word : inside::words_below("")) known.push_back(word->key());
    complain(rule::kUnknownKey, entry.place, fmt::format("unknown key {}", entry.key),
             did_you_mean(entry.key, known));
  }

  void read_text(const Entry& entry, std::string& text) {
    if (!entry.value.is_scalar() || entry.value.text.empty()) {
      return report_shape(entry.value, entry.key, "a text");
    }
    text = entry.value.text;
  }

  void read_workspace(const Node& node) {
    constexpr std::array<std::string_view, 2> kWorkspaceKeys = {"host", "profile"};
    manifest_.workspace.place = node.place;
    for (const Entry& entry : node.entries) {
      if (entry.key == "host") {
        read_text(entry, manifest_.workspace.host);
      } else if (entry.key == "profile") {
        read_text(entry, manifest_.workspace.profile);
      } else {
        complain(rule::kUnknownKey, entry.place, fmt::format("unknown key workspace.{}", entry.key),
                 did_you_mean(entry.key, kWorkspaceKeys));
      }
    }
  }

  void read_policy(const Node& node) {
    constexpr std::array<std::string_view, 4> kPolicyKeys = {"deny", "warn", "approvals",
                                                             "max_destroys"};
    Policy& policy = manifest_.policy;
    for (const Entry& entry : node.entries) {
      if (entry.key == "deny") {
        read_words(entry, policy.deny);
      } else if (entry.key == "warn") {
        read_words(entry, policy.warn);
      } else if (entry.key == "approvals") {
        read_words(entry, policy.approvals);
      } else if (entry.key == "max_destroys") {
        read_most(entry.value);
      } else {
        complain(rule::kUnknownKey, entry.place, fmt::format("unknown key policy.{}", entry.key),
                 did_you_mean(entry.key, kPolicyKeys));
      }
    }
  }

  void read_words(const Entry& entry, std::vector<std::string>& words) {
    if (!entry.value.is_list()) {
      return report_shape(entry.value, "policy." + entry.key, "a list of words");
    }
    for (const Node& item : entry.value.items) {
      if (!item.is_text()) {
        report_shape(item, "policy." + entry.key, "a word");
        continue;
      }
      words.push_back(item.text);
      manifest_.policy.places.emplace(item.text, item.place);
    }
  }

  void read_most(const Node& node) {
    const Document value = to_document(node);
    manifest_.policy.places.emplace("max_destroys", node.place);
    if (value.is_number_integer()) {
      manifest_.policy.max_destroys = value.get<std::int64_t>();
    } else {
      report_shape(node, "policy.max_destroys", "a whole number");
    }
  }

  void read_limits(const Node& node) {
    for (const Entry& entry : node.entries) {
      if (is_leftover(entry.value)) continue;
      manifest_.limits[entry.key] = to_document(entry.value);
      manifest_.places_of_limits[entry.key] = entry.place;
    }
  }

  void read_outputs(const Node& node) {
    for (const Entry& entry : node.entries) {
      if (!is_leftover(entry.value)) read_output(entry);
    }
    std::sort(manifest_.outputs.begin(), manifest_.outputs.end(),
              [](const Output& left, const Output& right) { return left.name < right.name; });
  }

  void read_output(const Entry& entry) {
    Output output{.name = entry.key, .expression = "", .place = entry.place};
    const std::string path = "outputs." + entry.key;
    const Node* value = entry.value.is_map() ? entry.value.find("value") : &entry.value;
    if (value == nullptr || !value->is_scalar() || value->is_null()) {
      return report_shape(value == nullptr ? entry.value : *value, path,
                          "a text, or a map with value and description");
    }
    for (const Entry& member : entry.value.entries) {
      if (member.key == "description") {
        read_text(member, output.description);
      } else if (member.key != "value") {
        constexpr std::array<std::string_view, 2> kOutputKeys = {"value", "description"};
        complain(rule::kUnknownKey, member.place,
                 fmt::format("unknown key {}.{}", path, member.key),
                 did_you_mean(member.key, kOutputKeys));
      }
    }
    output.expression = expression_of(*value);
    manifest_.outputs.push_back(std::move(output));
  }

  /// "${" of texts that name nothing is escaped, so that all expressions are read alike.
  std::string expression_of(const Node& value) const {
    const Origin* origin = declaring_.tree.origin_of(value);
    if (origin == nullptr || !origin->is_open) return escape_interpolation(value.text);
    return value.text;
  }

  Manifest& manifest_;
  const Declaring& declaring_;
};

}  // namespace

void read_settings(Manifest& manifest, const Declaring& declaring) {
  const Node& root = declaring.tree.root;
  SettingsReader reader(manifest, declaring);
  for (const Entry& entry : root.entries) reader.read(entry);
  manifest.environment = declaring.tree.environment;
  const Node* name = root.find("name");
  if (root.entries.empty() || (name != nullptr && !name->is_null())) return;
  declaring.complain(rule::kName, "", root.place,
                     "name is missing: what weir owns is kept under it",
                     "add name: and a word at the top");
}

}  // namespace weir
