#include "manifest/server_part.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace weir {
namespace {

/// "1 project, 2 endpoints, permissions", in the order in which they come.
class Counts {
 public:
  void add(const Kind& kind) {
    for (auto& [known, count] : counts_) {
      if (known == &kind) return void(++count);
    }
    counts_.emplace_back(&kind, 1);
  }

  std::string text() const {
    std::vector<std::string> texts;
    texts.reserve(counts_.size());
    for (const auto& [kind, count] : counts_) {
      texts.push_back(
          kind->identity == Identity::kSingleton
              ? std::string(kind->collection)
              : fmt::format("{} {}", count, count == 1 ? kind->name : kind->collection));
    }
    return fmt::format("{}", fmt::join(texts, ", "));
  }

 private:
  std::vector<std::pair<const Kind*, std::size_t>> counts_;
};

class Keeping {
 public:
  explicit Keeping(Manifest& manifest) : manifest_(manifest) {}

  void run() {
    Counts not_looked_at;
    for (const Declaration& declaration : manifest_.declarations) {
      if (!is_on_server(declaration)) not_looked_at.add(*declaration.kind);
    }
    std::erase_if(manifest_.declarations, [&](const Declaration& declaration) {
      return !is_on_server(declaration) && !contains_members(declaration);
    });
    std::erase_if(manifest_.insides,
                  [&](const Inside& inside) { return manifest_.find(inside.address) == nullptr; });
    for (Declaration& declaration : manifest_.declarations) {
      if (declaration.remote_name() == manifest_.server.branch) {
        remark(declaration,
               "is a server without a control plane here; not looked at: " + not_looked_at.text());
      }
      leave_to_statements(declaration);
    }
  }

 private:
  bool is_on_server(const Declaration& declaration) const {
    return declaration.remote_parent == manifest_.server.branch &&
           (declaration.kind->name == "database" || declaration.kind->name == "role");
  }

  /// The branch, and what contains it.
  bool contains_members(const Declaration& declaration) const {
    const std::string name = declaration.remote_name();
    return !name.empty() && (manifest_.server.branch + "/").starts_with(name + "/");
  }

  /// Its name is left. The rest is the service's business, or among the wishes for the inside.
  void leave_to_statements(Declaration& declaration) {
    if (flag_at(declaration.fields, "superuser") && is_on_server(declaration)) {
      remark(
          declaration,
          "superuser means nothing here: a server has no databricks_superuser, and the role gets "
          "none of its rights");
    }
    Document names = Document::object();
    for (const char* field : {"app", "postgres_role", "postgres_database"}) {
      if (declaration.fields.contains(field)) names[field] = declaration.fields[field];
    }
    declaration.fields = std::move(names);
    declaration.references.clear();
    declaration.takes_requests = false;
  }

  void remark(const Declaration& declaration, std::string text) {
    manifest_.remarks.push_back(
        {.address = declaration.address, .text = std::move(text), .place = declaration.place});
  }

  Manifest& manifest_;
};

}  // namespace

void keep_what_a_server_has(Manifest& manifest) {
  if (manifest.server.is_made()) Keeping(manifest).run();
}

}  // namespace weir
