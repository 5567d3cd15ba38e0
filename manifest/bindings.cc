#include "manifest/bindings.h"

#include <set>

#include <fmt/format.h>

#include "core/value.h"
#include "manifest/interpolate.h"
#include "manifest/kind_words.h"
#include "manifest/leftover.h"
#include "manifest/manifest_rules.h"
#include "manifest/paths.h"

namespace weir {
namespace {

class Resolver {
 public:
  Resolver(const MergedTree& tree, const Catalogue& catalogue, Diagnostics& diagnostics)
      : tree_(tree), paths_(tree.root, catalogue), diagnostics_(diagnostics) {}

  /// Changes texts alone, so that paths lead to the same places at any time.
  void resolve(Entry& app) {
    address_ = Address().child("apps", app.key).text();
    if (Node* bind = app.value.find("bind")) {
      for (Node& item : bind->items) {
        for (Entry& entry : item.entries) resolve_target(entry);
      }
    }
    if (Node* env = app.value.find("env")) {
      for (Entry& entry : env->entries) check_variable(entry.value);
    }
  }

 private:
  bool is_open(const Node& node) const {
    const Origin* origin = tree_.origin_of(node);
    return origin != nullptr && origin->is_open;
  }

  /// Reported where fields are read.
  bool is_secret(const Node& node) const {
    const Origin* origin = tree_.origin_of(node);
    return origin != nullptr && origin->is_secret;
  }

  void complain(const char* rule, const Node& node, std::string message, std::string hint) {
    diagnostics_.add({.rule = rule,
                      .address = address_,
                      .message = std::move(message),
                      .hint = std::move(hint),
                      .place = node.place});
  }

  /// What stands between "${" and "}", or the text itself.
  std::string expression_of(const Node& node) const {
    const auto pieces = is_open(node) ? split_interpolation(node.text) : std::nullopt;
    const bool is_whole = pieces && pieces->size() == 1 && pieces->front().is_expression;
    return std::string(is_whole ? pieces->front().text : std::string_view(node.text));
  }

  /// A path to a resource, which may say that its name is meant.
  ResourcePath read(const std::string& expression) {
    ResourcePath path = paths_.read(expression);
    const bool is_name = path.mistake.empty() && path.part == "name";
    return is_name ? path : paths_.read(expression + ".name");
  }

  void resolve_target(Entry& entry) {
    Node& node = entry.value;
    const bool is_target = entry.key == "database" || entry.key == "branch";
    if (!is_target || !node.is_text() || is_leftover(node) || is_secret(node)) return;
    const std::string expression = expression_of(node);
    const ResourcePath path = read(expression);
    std::string mistake = path.mistake;
    std::string hint = path.hint;
    const bool is_path = path.kind != nullptr && (!mistake.empty() || path.part == "name");
    if (!is_path || (mistake.empty() && !path.kind->is_a(entry.key))) {
      mistake = is_path ? fmt::format("that is {}, not a {}", with_article(*path.kind), entry.key)
                        : fmt::format("this is no path to a {}", entry.key);
      hint = fmt::format("write projects.KEY.branches.KEY{}, for example",
                         entry.key == "database" ? ".databases.KEY" : "");
    }
    if (!mistake.empty()) {
      complain(rule::kReference, node,
               fmt::format("bind: {} {}: {}", entry.key, expression, mistake), std::move(hint));
      node = leftover_at(node.place);
      return;
    }
    node.text = path.address.text();
    node.origin = 0;
  }

  /// Only the workspace can look up the paths of variables; that they lead somewhere is known
  /// before. "${" of texts that name nothing is escaped, so that all are read alike.
  void check_variable(Node& node) {
    if (!node.is_text() || is_leftover(node) || is_secret(node)) return;
    if (!is_open(node)) {
      node.text = escape_interpolation(node.text);
      return;
    }
    for (const Piece& piece : split_interpolation(node.text).value_or(std::vector<Piece>())) {
      if (!piece.is_expression) continue;
      const ResourcePath path = paths_.read(piece.text);
      if (path.mistake.empty()) continue;
      complain(rule::kUnknownPath, node, fmt::format("${{{}}}: {}", piece.text, path.mistake),
               path.hint);
    }
  }

  const MergedTree& tree_;
  ResourcePaths paths_;
  Diagnostics& diagnostics_;
  std::string address_;
};

}  // namespace

void resolve_bindings(MergedTree& tree, const Catalogue& catalogue, Diagnostics& diagnostics) {
  Node* apps = tree.root.find("apps");
  if (apps == nullptr) return;
  Resolver resolver(tree, catalogue, diagnostics);
  for (Entry& app : apps->entries) resolver.resolve(app);
}

void refer_to_bound(std::vector<Declaration>& declarations) {
  std::set<Address> declared;
  for (const Declaration& declaration : declarations) declared.insert(declaration.address);
  for (Declaration& declaration : declarations) {
    for (const Field& field : declaration.kind->fields) {
      const auto entries = declaration.fields.find(field.name);
      if (field.type != Type::kBindings || entries == declaration.fields.end()) continue;
      for (const Document& entry : *entries) {
        const auto target = Address::parse(target_of_binding(entry));
        if (!target) continue;
        declaration.references.push_back(
            {.field = std::string(field.name),
             .target = *target,
             .is_declared = declared.contains(*target),
             .place = declaration.place_of(
                 fmt::format("{}.{}", field.name, text_at(entry, "resource_key")))});
      }
    }
  }
}

}  // namespace weir
