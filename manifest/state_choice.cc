#include "manifest/state_choice.h"

#include <array>

#include "manifest/leftover.h"
#include "manifest/manifest_rules.h"
#include "manifest/postgres_url.h"

namespace weir {
namespace {

constexpr std::array<std::string_view, 2> kStores = {"sqlite", "postgres"};
constexpr const char* kHint = "write state: { postgres: { from: { env: NAME } } }";

std::string read_file(const Entry& entry, const Declaring& declaring) {
  const std::string file = text_behind(entry, "state.sqlite", declaring);
  if (file.empty()) return "";
  if (file.find("://") == std::string::npos) return seen_from_manifest(entry, declaring);
  declaring.complain(rule::kShape, "", entry.value.place,
                     "state.sqlite: expected a file; not a URL", "write state: { postgres: … }");
  return "";
}

}  // namespace

StateChoice read_state_choice(const Node& node, const Declaring& declaring) {
  StateChoice choice{.place = node.place};
  const Entry* entry = only_entry(node, "state", kStores, kHint, declaring);
  if (entry == nullptr || is_leftover(entry->value)) return choice;
  if (entry->key == "sqlite") {
    choice.file = read_file(*entry, declaring);
  } else {
    choice.postgres =
        read_postgres_url(entry->value,
                          {.path = "state.postgres",
                           .hint = kHint,
                           .form = "postgres://USER@HOST:PORT/DATABASE, or a map with from"},
                          declaring);
  }
  return choice;
}

Document document_of(const StateChoice& choice) {
  if (!choice.file.empty()) return {{"sqlite", choice.file}};
  Document url = document_of(choice.postgres);
  if (url.is_null()) return nullptr;
  return {{"postgres", std::move(url)}};
}

std::optional<StateChoice> read_state_choice(const Document& document) {
  StateChoice choice{.file = text_at(document, "sqlite")};
  if (const Document* postgres = at_path(document, "postgres")) {
    choice.postgres = read_postgres_url(*postgres).value_or(PostgresUrl());
  }
  if (document_of(choice) != document) return std::nullopt;
  return choice;
}

}  // namespace weir
