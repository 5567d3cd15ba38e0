#include "manifest/expand.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "core/address.h"
#include "manifest/leftover.h"
#include "manifest/manifest_rules.h"

namespace weir {
namespace {

constexpr const char* kForEach = "for_each";

bool has_expression(std::string_view text) {
  return text.find("${") != std::string_view::npos;
}

bool is_template(const Entry& entry) {
  return entry.value.is_map() && entry.key.find("${each.") != std::string::npos &&
         entry.value.find(kForEach) != nullptr;
}

class Expander {
 public:
  Expander(const ExpansionLimits& limits, Diagnostics& diagnostics)
      : limits_(limits), diagnostics_(diagnostics) {}

  void expand(Node& node, const Scope& scope) {
    if (is_exhausted_) return;
    if (node.is_scalar()) return expand_scalar(node, scope);
    for (Node& item : node.items) expand(item, scope);
    const bool has_open_keys = std::any_of(node.entries.begin(), node.entries.end(),
                                           [](const Entry& e) { return has_expression(e.key); });
    if (has_open_keys) return rebuild(node, scope);
    for (Entry& entry : node.entries) expand_value(entry, scope);
  }

  bool is_exhausted() const { return is_exhausted_; }

 private:
  void expand_value(Entry& entry, const Scope& scope) {
    path_.push_back({entry.key, entry.value.is_map()});
    expand(entry.value, scope);
    path_.pop_back();
  }

  void complain(const char* rule, const Place& place, std::string message, std::string hint) {
    diagnostics_.add({.rule = rule,
                      .address = declaration_at(path_),
                      .message = std::move(message),
                      .hint = std::move(hint),
                      .place = place});
  }

  void expand_scalar(Node& node, const Scope& scope) {
    if (!has_expression(node.text)) return;
    const Place place = node.place;
    if (auto error = interpolate(node, scope)) {
      if (error->rule == nullptr) return;
      return complain(error->rule, place, std::move(error->message), std::move(error->hint));
    }
    if (!spend(node)) node = leftover_at(place);
  }

  /// Counts what came in new. Stops in time: a few lines could ask for more than memory holds.
  bool spend(const Node& node) {
    if (is_exhausted_) return false;
    ++nodes_;
    bytes_ += node.text.size();
    if (nodes_ > limits_.nodes)
      return exhaust(node.place, "variables and for_each make", limits_.nodes, "values");
    if (bytes_ > limits_.bytes)
      return exhaust(node.place, "variables and for_each make", limits_.bytes >> 20, "MiB of text");
    for (const Node& item : node.items) {
      if (!spend(item)) return false;
    }
    for (const Entry& entry : node.entries) {
      bytes_ += entry.key.size();
      if (!spend(entry.value)) return false;
    }
    return true;
  }

  bool exhaust(const Place& place, const char* who, std::size_t limit, const char* what) {
    is_exhausted_ = true;
    complain(rule::kExpansion, place, fmt::format("{} more than {} {}", who, limit, what),
             "use shorter lists, or split the manifest into several with names of their own");
    return false;
  }

  /// Makes the entries of a map anew, because some of its keys are not what they will be.
  void rebuild(Node& node, const Scope& scope) {
    std::vector<Entry> entries = std::move(node.entries);
    node.entries.clear();
    node.entries.reserve(entries.size());
    std::unordered_set<std::string> keys;
    for (Entry& entry : entries) {
      if (is_exhausted_) return;
      if (is_template(entry)) {
        repeat(node, entry, scope, keys);
      } else if (!has_expression(entry.key) || expand_key(entry, scope)) {
        expand_value(entry, scope);
        add(node, std::move(entry), keys);
      }
    }
  }

  void add(Node& node, Entry entry, std::unordered_set<std::string>& keys) {
    if (keys.insert(entry.key).second) return node.entries.push_back(std::move(entry));
    complain(rule::kSameKey, entry.place, fmt::format("the key {} stands here twice", entry.key),
             "change the key, or the list that for_each goes through");
  }

  bool expand_key(Entry& entry, const Scope& scope) {
    Node key{.type = Node::Type::kText, .place = entry.place, .text = entry.key};
    auto error = interpolate(key, scope);
    if (!error && key.origin == scope.open_origin && scope.open_origin != 0) {
      error = {rule::kOutputMisplaced, "a key cannot name parts of resources",
               "use variables, env.name or each.key in keys"};
    }
    if (!error && is_leftover(key)) return false;
    // Of a secret nothing is known here but its name.
    if (!error && key.text == entry.key) {
      error = {rule::kSecretMisplaced, fmt::format("the secret {} cannot be a key", key.text),
               "secrets are for the password of a role"};
    }
    if (!error && (!key.is_scalar() || key.is_null())) {
      error = {rule::kNotText, fmt::format("a key cannot be {}", describe(key)),
               "use each.key, or a variable that is a text"};
    }
    if (error) {
      if (error->rule == nullptr) return false;
      complain(error->rule, entry.place, std::move(error->message), std::move(error->hint));
      return false;
    }
    entry.key = std::move(key.text);
    return true;
  }

  void repeat(Node& node, Entry& entry, const Scope& scope, std::unordered_set<std::string>& keys) {
    const auto found = std::find_if(entry.value.entries.begin(), entry.value.entries.end(),
                                    [](const Entry& member) { return member.key == kForEach; });
    Node items = std::move(found->value);
    entry.value.entries.erase(found);
    path_.push_back({entry.key, true});
    expand(items, scope);
    path_.pop_back();
    if (is_leftover(items)) return;
    if (!items.is_map() && !items.is_list()) {
      return complain(rule::kForEach, items.place,
                      fmt::format("for_each: expected a list or a map; not {}", describe(items)),
                      "use a variable of the type list or map");
    }
    for (const Node& item : items.items) {
      if (is_exhausted_) return;
      copy(node, entry, item, item, scope, keys);
    }
    for (const Entry& item : items.entries) {
      if (is_exhausted_) return;
      const Node key{.type = Node::Type::kText, .place = item.place, .text = item.key};
      copy(node, entry, key, item.value, scope, keys);
    }
  }

  void copy(Node& node, const Entry& entry, const Node& key, const Node& value, const Scope& scope,
            std::unordered_set<std::string>& keys) {
    if (!key.is_scalar() || key.is_null()) {
      return complain(
          rule::kForEach, key.place,
          fmt::format("for_each: expected texts or numbers in the list; not {}", describe(key)),
          "use a map: its keys are each.key, what is behind them each.value");
    }
    if (++copies_ > limits_.copies) {
      exhaust(entry.place, "for_each makes", limits_.copies, "members");
      return;
    }
    if (!spend(entry.value)) return;
    Scope inner{.variables = scope.variables,
                .environment = scope.environment,
                .each = Each{.key = &key, .value = &value},
                .open_origin = scope.open_origin,
                .is_environment_missing = scope.is_environment_missing};
    Entry made = entry;
    if (!expand_key(made, inner)) return;
    expand_value(made, inner);
    add(node, std::move(made), keys);
  }

  const ExpansionLimits& limits_;
  Diagnostics& diagnostics_;
  std::vector<PathStep> path_;
  std::size_t copies_ = 0;
  std::size_t nodes_ = 0;
  std::size_t bytes_ = 0;
  bool is_exhausted_ = false;
};

}  // namespace

bool expand(Node& root, const Scope& scope, const ExpansionLimits& limits,
            Diagnostics& diagnostics) {
  Expander expander(limits, diagnostics);
  expander.expand(root, scope);
  return !expander.is_exhausted();
}

std::string declaration_at(const std::vector<PathStep>& path) {
  Address address;
  const bool is_tree =
      !path.empty() && (path.front().key == "projects" || path.front().key == "instances");
  if (!is_tree) return "";
  for (std::size_t i = 0; i + 1 < path.size() && path[i].is_map && path[i + 1].is_map; i += 2) {
    address = address.child(path[i].key, path[i + 1].key);
  }
  return address.text();
}

}  // namespace weir
