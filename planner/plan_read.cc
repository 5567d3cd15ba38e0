// From the JSON of a plan back to the plan, distrusting every value.
#include <fmt/format.h>

#include "manifest/server_choice.h"
#include "manifest/state_choice.h"
#include "planner/inside_view.h"
#include "planner/plan_file.h"

namespace weir {
namespace {

/// What is wrong with a value, and the way to it, which grows while this is passed up.
struct Unreadable {
  std::string path;
  std::string what;
};

template <typename Read>
auto within(const std::string& path, Read read) {
  try {
    return read();
  } catch (Unreadable& unreadable) {
    unreadable.path = path + unreadable.path;
    throw;
  }
}

const Document& member(const Document& document, const char* key) {
  if (!document.is_object()) throw Unreadable{"", "is not an object"};
  const auto found = document.find(key);
  if (found == document.end()) throw Unreadable{fmt::format(".{}", key), "is missing"};
  return *found;
}

[[noreturn]] void refuse(const char* key, const Document& value, std::string_view expected) {
  throw Unreadable{fmt::format(".{}", key), fmt::format("is {}, not {}", to_text(value), expected)};
}

[[noreturn]] void refuse_unknown(const char* key, const std::string& name) {
  throw Unreadable{fmt::format(".{}", key),
                   fmt::format("is \"{}\", which this version of weir does not know", name)};
}

std::string text(const Document& document, const char* key) {
  const Document& value = member(document, key);
  if (!value.is_string()) refuse(key, value, "a text");
  return value.get<std::string>();
}

bool flag(const Document& document, const char* key) {
  const Document& value = member(document, key);
  if (!value.is_boolean()) refuse(key, value, "true or false");
  return value.get<bool>();
}

std::size_t number(const Document& document, const char* key) {
  const Document& value = member(document, key);
  if (!value.is_number_unsigned()) refuse(key, value, "a whole number from 0 on");
  return value.get<std::size_t>();
}

/// The enumerator, counted from 0, whose text this is.
template <typename Enumerator>
Enumerator enumerator(const Document& document, const char* key, Enumerator last) {
  const std::string name = text(document, key);
  for (int value = 0; value <= static_cast<int>(last); ++value) {
    if (text_of(static_cast<Enumerator>(value)) == name) return static_cast<Enumerator>(value);
  }
  refuse_unknown(key, name);
}

Address address(const Document& document) {
  const std::string name = text(document, "address");
  if (name.empty()) return {};
  const auto address = Address::parse(name);
  if (!address) refuse("address", name, "an address");
  return *address;
}

Place place(const Document& document) {
  const Document& place = member(document, "place");
  return within(".place", [&]() -> Place {
    return {.file = static_cast<std::uint32_t>(number(place, "file")),
            .line = static_cast<std::uint32_t>(number(place, "line")),
            .column = static_cast<std::uint32_t>(number(place, "column"))};
  });
}

const Kind& kind(const Document& document, const Catalogue& catalogue) {
  const std::string name = text(document, "kind");
  if (name == inside_kind().name) return inside_kind();
  const Kind* kind = catalogue.find(name);
  if (kind == nullptr) refuse_unknown("kind", name);
  return *kind;
}

template <typename Value, typename Read>
std::vector<Value> list(const Document& document, const char* key, Read read) {
  const Document& items = member(document, key);
  if (!items.is_array()) refuse(key, items, "a list");
  std::vector<Value> values;
  values.reserve(items.size());
  for (const Document& item : items) {
    values.push_back(
        within(fmt::format(".{}[{}]", key, values.size()), [&] { return read(item); }));
  }
  return values;
}

std::vector<FieldChange> changes(const Document& document, const Kind& kind) {
  return list<FieldChange>(document, "changes", [&](const Document& item) -> FieldChange {
    const std::string name = text(item, "field");
    const Field* field = find_field(kind, name);
    if (field == nullptr) refuse_unknown("field", name);
    return {.field = field,
            .before = member(item, "before"),
            .after = member(item, "after"),
            .reason = enumerator(item, "reason", Reason::kRenewed),
            .needs_replacement = flag(item, "needs_replacement"),
            .is_open = flag(item, "is_open")};
  });
}

std::optional<Request> request(const Document& document) {
  const Document& request = member(document, "request");
  if (request.is_null()) return std::nullopt;
  return within(".request", [&] {
    return Request{.method = text(request, "method"),
                   .target = text(request, "target"),
                   .body = member(request, "body")};
  });
}

std::map<std::string, std::string> needs(const Document& document) {
  const Document& listed = member(document, "needs");
  if (!listed.is_object()) refuse("needs", listed, "an object");
  std::map<std::string, std::string> needs;
  for (const auto& [name, uid] : listed.items()) needs[name] = text(listed, name.c_str());
  return needs;
}

Precondition precondition(const Document& document) {
  const Document& precondition = member(document, "precondition");
  return within(".precondition", [&]() -> Precondition {
    const Document& fields = member(precondition, "fields");
    if (!fields.is_object()) refuse("fields", fields, "an object");
    return {.must_be_absent = flag(precondition, "must_be_absent"),
            .uid = text(precondition, "uid"),
            .update_time = text(precondition, "update_time"),
            .fields = fields,
            .needs = needs(precondition)};
  });
}

std::string plain_text(const Document& document) {
  if (document.is_string()) return document.get<std::string>();
  throw Unreadable{"", fmt::format("is {}, not a text", to_text(document))};
}

Loss loss(const Document& document) {
  return {.kind = text(document, "kind"),
          .name = text(document, "name"),
          .is_declared = flag(document, "is_declared"),
          .size = text(document, "size"),
          .last_activity = text(document, "last_activity")};
}

BoundApp bound_app(const Document& document) {
  return {.name = text(document, "name"), .key = text(document, "key")};
}

Record record(const Document& document) {
  if (auto read = read_record(document)) return *std::move(read);
  throw Unreadable{"", "is not a record as weir writes it"};
}

std::optional<Record> record_to_be(const Document& document) {
  const Document& to_be = member(document, "record");
  if (to_be.is_null()) return std::nullopt;
  return within(".record", [&] { return record(to_be); });
}

/// Steps come after the steps that they name, so the order is checked on the way.
std::vector<std::size_t> predecessors(const Document& document, std::size_t index) {
  return list<std::size_t>(document, "after", [&](const Document& item) {
    if (!item.is_number_unsigned() || item.get<std::size_t>() >= index) {
      throw Unreadable{"", fmt::format("is {}, not an earlier step", to_text(item))};
    }
    return item.get<std::size_t>();
  });
}

sql::Statement statement(const Document& document) {
  sql::Statement statement = {.text = text(document, "text"),
                              .tags = list<std::string>(document, "tags", plain_text),
                              .why = text(document, "why"),
                              .takes_away = flag(document, "takes_away"),
                              .is_auxiliary = flag(document, "is_auxiliary")};
  if (!member(document, "secret_at").is_null()) {
    statement.secret_at = number(document, "secret_at");
    if (*statement.secret_at > statement.text.size()) {
      refuse("secret_at", member(document, "secret_at"), "a place in the text");
    }
  }
  return statement;
}

std::vector<PlannedStatement> statements(const Document& document) {
  return list<PlannedStatement>(document, "statements", [](const Document& item) {
    return PlannedStatement{.statement = statement(item),
                            .reason = enumerator(item, "reason", Reason::kRenewed)};
  });
}

std::optional<Script> script(const Document& document) {
  const Document& script = member(document, "script");
  if (script.is_null()) return std::nullopt;
  return within(".script", [&] {
    return Script{.place = {.branch = text(script, "branch"), .database = text(script, "database")},
                  .wishes = member(script, "wishes"),
                  .statements = statements(script),
                  .passwords = list<PasswordSource>(script, "passwords",
                                                    [](const Document& item) {
                                                      return PasswordSource{
                                                          .role = text(item, "role"),
                                                          .secret = {.type = text(item, "type"),
                                                                     .name = text(item, "name")}};
                                                    }),
                  .predicted_from = text(script, "predicted_from")};
  });
}

Step step(const Document& document, std::size_t index, const Catalogue& catalogue) {
  const Kind& of = kind(document, catalogue);
  return {.action = enumerator(document, "action", Action::kExecute),
          .is_replacement = flag(document, "is_replacement"),
          .address = address(document),
          .kind = &of,
          .remote_name = text(document, "remote_name"),
          .why = text(document, "why"),
          .changes = changes(document, of),
          .request = request(document),
          .script = script(document),
          .precondition = precondition(document),
          .after = predecessors(document, index),
          .disruption = text(document, "disruption"),
          .losses = list<Loss>(document, "losses", loss),
          .bound_apps = list<BoundApp>(document, "bound_apps", bound_app),
          .recoverable_until = text(document, "recoverable_until"),
          .lock = text(document, "lock"),
          .record = record_to_be(document),
          .brings = list<Record>(document, "brings", record),
          .place = place(document)};
}

Drift drift(const Document& document, const Catalogue& catalogue) {
  const Kind& of = kind(document, catalogue);
  return {.address = address(document),
          .kind = &of,
          .is_gone = flag(document, "is_gone"),
          .changes = changes(document, of),
          .statements = statements(document),
          .place = place(document)};
}

Diagnostic diagnostic(const Document& document) {
  return {.severity = enumerator(document, "severity", Severity::kNote),
          .rule = text(document, "rule"),
          .address = text(document, "address"),
          .message = text(document, "message"),
          .hint = text(document, "hint"),
          .place = place(document)};
}

Notice notice(const Document& document) {
  return {.type = enumerator(document, "type", Notice::Type::kChangedUnseen),
          .address = address(document),
          .text = text(document, "text"),
          .place = place(document)};
}

StateChoice state(const Document& document) {
  const Document& value = member(document, "state");
  if (auto choice = read_state_choice(value)) return *choice;
  refuse("state", value, "a place of a state");
}

ServerChoice server(const Document& document) {
  const Document& value = member(document, "server");
  if (auto choice = read_server_choice(value)) return *choice;
  refuse("server", value, "a server");
}

Plan plan(const Document& document, const Catalogue& catalogue) {
  const auto made_at = parse_timestamp(text(document, "made_at"));
  if (!made_at) refuse("made_at", member(document, "made_at"), "a timestamp");
  std::size_t index = 0;
  return {.name = text(document, "name"),
          .environment = text(document, "environment"),
          .host = text(document, "host"),
          .workspace_id = text(document, "workspace_id"),
          .server = server(document),
          .made_at = *made_at,
          .manifest_hash = text(document, "manifest_hash"),
          .state = state(document),
          .lineage = text(document, "lineage"),
          .serial = static_cast<std::int64_t>(number(document, "serial")),
          .steps = list<Step>(document, "steps",
                              [&](const Document& item) { return step(item, index++, catalogue); }),
          .adoptions = list<Record>(document, "adoptions", record),
          .drift = list<Drift>(document, "drift",
                               [&](const Document& item) { return drift(item, catalogue); }),
          .unmanaged = list<Unmanaged>(document, "unmanaged",
                                       [&](const Document& item) -> Unmanaged {
                                         return {.kind = &kind(item, catalogue),
                                                 .name = text(item, "name"),
                                                 .postgres_name = text(item, "postgres_name"),
                                                 .access = text(item, "access")};
                                       }),
          .notices = list<Notice>(document, "notices", notice),
          .refusals = list<Diagnostic>(document, "refusals", diagnostic),
          .declared = number(document, "declared"),
          .adopted = number(document, "adopted"),
          .requests = number(document, "requests"),
          .queries = number(document, "queries")};
}

}  // namespace

Plan read_plan(const Document& document, const Catalogue& catalogue) {
  try {
    return plan(document, catalogue);
  } catch (const Unreadable& unreadable) {
    throw PlanFileError(fmt::format("the plan file cannot be used: plan{} {}; plan again",
                                    unreadable.path, unreadable.what));
  }
}

}  // namespace weir
