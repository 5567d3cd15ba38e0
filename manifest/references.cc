#include "manifest/references.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/nearest.h"
#include "manifest/kind_words.h"
#include "manifest/manifest_rules.h"

namespace weir {
namespace {

/// Looking for similar names costs time, so a manifest full of mistakes gets fewer hints.
constexpr std::size_t kMostComparisons = 200'000;

class Resolver {
 public:
  Resolver(std::vector<Declaration>& declarations, const Declaring& declaring)
      : declarations_(declarations), declaring_(declaring) {
    index_.reserve(declarations.size());
    for (std::size_t i = 0; i < declarations.size(); ++i) {
      index_.emplace(declarations[i].address.text(), i);
    }
  }

  void resolve(const OpenReference& written) {
    const Kind* kind = declaring_.catalogue.find(written.field->refers_to);
    if (kind == nullptr) return;  // the catalogue has no such kind: its tests would fail
    const OpenReference open = with_key(*kind, written);
    Reference reference{.field = std::string(open.field->name),
                        .target = open.scope.child(kind->collection, open.key),
                        .place = open.place};
    if (!index_.contains(reference.target.text())) {
      reference.is_declared = false;
      const Declaration* same_id = find_by_id(*kind, open);
      const bool is_implied =
          std::find(kind->implied.begin(), kind->implied.end(), open.key) != kind->implied.end();
      if (same_id != nullptr || !is_implied) return report(*kind, open, same_id);
    }
    declarations_[open.declaration].references.push_back(std::move(reference));
  }

 private:
  using Members = std::vector<const Declaration*>;

  /// What may be named, by the collection that it stands in; made when it is first needed.
  const Members& members_of(const Kind& kind, const Address& scope) {
    if (members_.empty()) {
      for (const Declaration& declaration : declarations_) {
        members_[collection_of(*declaration.kind, declaration.address.parent())].push_back(
            &declaration);
      }
    }
    return members_[collection_of(kind, scope)];
  }

  /// A full name in the workspace, as ${projects.shop.branches.dev.name} gives it, becomes the key
  /// of what has it.
  OpenReference with_key(const Kind& kind, const OpenReference& written) {
    const auto scope = index_.find(written.scope.text());
    if (scope == index_.end() || kind.identity != Identity::kId || kind.is_apart) return written;
    const std::string prefix =
        fmt::format("{}/{}/", declarations_[scope->second].remote_name(), kind.collection);
    if (!written.key.starts_with(prefix)) return written;
    OpenReference open = written;
    open.key.erase(0, prefix.size());
    const Declaration* named = find_by_id(kind, open);
    if (named != nullptr) open.key = named->address.key();
    return open;
  }

  static std::string collection_of(const Kind& kind, const Address& parent) {
    return parent.singleton(kind.collection).text();
  }

  const Declaration* find_by_id(const Kind& kind, const OpenReference& open) {
    if (ids_.empty()) {
      for (const Declaration& declaration : declarations_) {
        const Address parent = declaration.address.parent();
        ids_.emplace(id_key(*declaration.kind, parent, declaration.id), &declaration);
      }
    }
    const auto found = ids_.find(id_key(kind, open.scope, open.key));
    return found == ids_.end() ? nullptr : found->second;
  }

  static std::string id_key(const Kind& kind, const Address& parent, const std::string& id) {
    return collection_of(kind, parent) + '\n' + id;
  }

  void report(const Kind& kind, const OpenReference& open, const Declaration* same_id) {
    std::string hint;
    if (same_id != nullptr) {
      hint = fmt::format("the {} that the service calls \"{}\" has the key {} here: write {}: {}",
                         kind.name, open.key, same_id->address.key(), open.field->name,
                         same_id->address.key());
    } else {
      hint = similar(kind, open);
    }
    if (hint.empty()) {
      hint =
          fmt::format("declare it under {}, or name one that is", collection_of(kind, open.scope));
    }
    const Declaration& declaration = declarations_[open.declaration];
    declaring_.complain(rule::kReference, declaration.address.text(), open.place,
                        fmt::format("{}: there is no {} \"{}\" in {}", open.field->name, kind.name,
                                    open.key, open.scope.text()),
                        std::move(hint));
  }

  std::string similar(const Kind& kind, const OpenReference& open) {
    std::vector<std::string> keys;
    for (const std::string_view implied : kind.implied) keys.emplace_back(implied);
    const Members& members = members_of(kind, open.scope);
    if (members.size() > kMostComparisons - comparisons_) return "";
    comparisons_ += members.size();
    for (const Declaration* member : members) keys.push_back(member->address.key());
    return did_you_mean(open.key, std::vector<std::string_view>(keys.begin(), keys.end()));
  }

  std::vector<Declaration>& declarations_;
  const Declaring& declaring_;
  std::unordered_map<std::string_view, std::size_t> index_;
  std::unordered_map<std::string, Members> members_;
  std::unordered_map<std::string, const Declaration*> ids_;
  std::size_t comparisons_ = 0;
};

/// Follows the references of each declaration to its own kind, of which a kind has at most one.
class Circles {
 public:
  explicit Circles(const std::vector<Declaration>& declarations) : next_(declarations.size()) {
    std::unordered_map<std::string_view, std::size_t> index;
    index.reserve(declarations.size());
    for (std::size_t i = 0; i < declarations.size(); ++i) {
      index.emplace(declarations[i].address.text(), i);
    }
    for (std::size_t i = 0; i < declarations.size(); ++i) {
      for (const Reference& reference : declarations[i].references) {
        const Field* field = find_field(*declarations[i].kind, reference.field);
        if (field == nullptr || field->refers_to != declarations[i].kind->name) continue;
        const auto target = index.find(reference.target.text());
        if (target != index.end()) next_[i] = target->second;
      }
    }
  }

  /// Each circle once, as indices in the order of its references.
  std::vector<std::vector<std::size_t>> find() const {
    std::vector<std::vector<std::size_t>> circles;
    std::vector<std::size_t> visit(next_.size());  // the walk that came by; 0: none yet
    for (std::size_t start = 0; start < next_.size(); ++start) {
      std::optional<std::size_t> at = start;
      while (at && visit[*at] == 0) {
        visit[*at] = start + 1;
        at = next_[*at];
      }
      if (at && visit[*at] == start + 1) circles.push_back(circle_from(*at));
    }
    return circles;
  }

 private:
  std::vector<std::size_t> circle_from(std::size_t start) const {
    std::vector<std::size_t> circle = {start};
    for (auto at = next_[start]; at && *at != start; at = next_[*at]) circle.push_back(*at);
    return circle;
  }

  std::vector<std::optional<std::size_t>> next_;
};

const Reference* reference_to(const Declaration& declaration, const Address& target) {
  const auto found =
      std::find_if(declaration.references.begin(), declaration.references.end(),
                   [&](const Reference& reference) { return reference.target == target; });
  return found == declaration.references.end() ? nullptr : &*found;
}

void report_circle(const std::vector<Declaration>& declarations, std::vector<std::size_t> circle,
                   const Declaring& declaring) {
  // The same circle reads the same, whatever the order of the files.
  std::rotate(circle.begin(),
              std::min_element(circle.begin(), circle.end(),
                               [&](std::size_t left, std::size_t right) {
                                 return declarations[left].address < declarations[right].address;
                               }),
              circle.end());
  const Declaration& first = declarations[circle.front()];
  const Declaration& second = declarations[circle[1 % circle.size()]];
  std::vector<std::string> keys;
  keys.reserve(circle.size() + 1);
  for (const std::size_t i : circle) keys.push_back(declarations[i].address.key());
  keys.push_back(keys.front());
  const Reference* reference = reference_to(first, second.address);
  const std::string field = reference != nullptr ? reference->field : "";
  declaring.complain(
      rule::kCycle, first.address.text(), reference != nullptr ? reference->place : first.place,
      fmt::format("{} leads in a circle: {}", field, fmt::join(keys, " → ")),
      fmt::format("let one of them name {} outside of the circle", with_article(*first.kind)));
}

}  // namespace

void resolve_references(std::vector<Declaration>& declarations,
                        const std::vector<OpenReference>& open, const Declaring& declaring) {
  Resolver resolver(declarations, declaring);
  for (const OpenReference& reference : open) resolver.resolve(reference);
}

void check_cycles(const std::vector<Declaration>& declarations, const Declaring& declaring) {
  for (std::vector<std::size_t>& circle : Circles(declarations).find()) {
    report_circle(declarations, std::move(circle), declaring);
  }
}

/// What tells a declaration from its siblings; "" when nothing does. The name of an app's role is
/// known only to the workspace, but an app has one.
static std::string name_of(const Declaration& declaration) {
  if (!declaration.id.empty()) return fmt::format("\"{}\"", declaration.id);
  const std::string app = text_at(declaration.fields, "app");
  return app.empty() ? "" : fmt::format("of the app \"{}\"", app);
}

/// Of what stands in a database only the workspace knows what that is called.
static const std::string& container_of(const Declaration& declaration, const Address& above) {
  const bool is_known = !declaration.remote_parent.empty() || declaration.kind->is_apart;
  return is_known ? declaration.remote_parent : above.text();
}

void check_names(const std::vector<Declaration>& declarations, const Declaring& declaring) {
  std::unordered_map<std::string, const Declaration*> owners;
  owners.reserve(declarations.size());
  for (const Declaration& declaration : declarations) {
    const std::string id = name_of(declaration);
    if (id.empty()) continue;
    const Address parent = declaration.address.parent();
    const bool is_in_schema = !declaration.kind->way_down().empty();
    const std::string name =
        fmt::format("{}\n{}\n{}", declaration.kind->name,
                    container_of(declaration, is_in_schema ? parent.parent() : parent), id);
    const auto [owner, is_new] = owners.emplace(name, &declaration);
    if (is_new) continue;
    declaring.complain(
        rule::kSameName, declaration.address.text(), declaration.place,
        fmt::format("the {} {} is declared twice: here and as {} at {}", declaration.kind->name, id,
                    owner->second->address.key(), declaring.sources.describe(owner->second->place)),
        declaration.id.empty() ? "remove one of them" : "remove one of them, or change its id");
  }
}

}  // namespace weir
