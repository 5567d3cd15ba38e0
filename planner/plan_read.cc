// From the JSON of a plan back to the plan, distrusting every value.
#include <array>

#include <fmt/format.h>

#include "planner/plan_file.h"

namespace weir {
namespace {

std::string text(const Document& document, const char* key) {
  return document.at(key).get<std::string>();
}

bool flag(const Document& document, const char* key) {
  return document.at(key).get<bool>();
}

std::size_t number(const Document& document, const char* key) {
  const Document& value = document.at(key);
  if (!value.is_number_unsigned()) {
    throw PlanFileError(
        fmt::format("the plan file has {} for {}: plan again", to_text(value), key));
  }
  return value.get<std::size_t>();
}

[[noreturn]] void refuse(std::string_view what, const std::string& name) {
  throw PlanFileError(fmt::format(
      "the plan file says \"{}\" for the {}, which this version of weir does not know: plan again",
      name, what));
}

/// The enumerator, counted from 0, whose text this is.
template <typename Enumerator>
Enumerator enumerator(std::string_view what, const std::string& name, Enumerator last) {
  for (int value = 0; value <= static_cast<int>(last); ++value) {
    if (text_of(static_cast<Enumerator>(value)) == name) return static_cast<Enumerator>(value);
  }
  refuse(what, name);
}

constexpr std::array<std::string_view, 6> kNotices = {"expires_soon",          "expired",
                                                      "left_as_it_is",         "kept_on_removal",
                                                      "defaults_do_not_reach", "policy"};

Notice::Type notice_type(const std::string& name) {
  for (std::size_t index = 0; index < kNotices.size(); ++index) {
    if (kNotices.at(index) == name) return static_cast<Notice::Type>(index);
  }
  refuse("notice", name);
}

Severity severity(const std::string& name) {
  if (name == "error") return Severity::kError;
  if (name == "warning") return Severity::kWarning;
  if (name == "note") return Severity::kNote;
  refuse("severity", name);
}

Address address(const Document& document) {
  const std::string name = text(document, "address");
  if (name.empty()) return {};
  const auto address = Address::parse(name);
  if (!address) refuse("address", name);
  return *address;
}

Place place(const Document& document) {
  const Document& place = document.at("place");
  return {.file = static_cast<std::uint32_t>(number(place, "file")),
          .line = static_cast<std::uint32_t>(number(place, "line")),
          .column = static_cast<std::uint32_t>(number(place, "column"))};
}

const Kind& kind(const Document& document, const Catalogue& catalogue) {
  const std::string name = text(document, "kind");
  const Kind* kind = catalogue.find(name);
  if (kind == nullptr) refuse("kind", name);
  return *kind;
}

template <typename Value, typename Read>
std::vector<Value> list(const Document& document, const char* key, Read read) {
  std::vector<Value> values;
  for (const Document& item : document.at(key).get_ref<const Document::array_t&>()) {
    values.push_back(read(item));
  }
  return values;
}

std::vector<FieldChange> changes(const Document& document, const Kind& kind) {
  return list<FieldChange>(document, "changes", [&](const Document& item) -> FieldChange {
    const std::string name = text(item, "field");
    const Field* field = find_field(kind, name);
    if (field == nullptr) refuse("field", name);
    return {.field = field,
            .before = item.at("before"),
            .after = item.at("after"),
            .reason = enumerator("reason", text(item, "reason"), Reason::kRenewed),
            .needs_replacement = flag(item, "needs_replacement"),
            .is_open = flag(item, "is_open")};
  });
}

std::optional<Request> request(const Document& document) {
  const Document& request = document.at("request");
  if (request.is_null()) return std::nullopt;
  return Request{.method = text(request, "method"),
                 .target = text(request, "target"),
                 .body = request.at("body")};
}

Precondition precondition(const Document& document) {
  const Document& precondition = document.at("precondition");
  Document fields = precondition.at("fields");
  if (!fields.is_object()) refuse("value of fields", to_text(fields));
  return {.must_be_absent = flag(precondition, "must_be_absent"),
          .uid = text(precondition, "uid"),
          .update_time = text(precondition, "update_time"),
          .fields = std::move(fields)};
}

Loss loss(const Document& document) {
  return {.kind = text(document, "kind"),
          .name = text(document, "name"),
          .is_declared = flag(document, "is_declared"),
          .size = text(document, "size"),
          .last_activity = text(document, "last_activity")};
}

/// Steps come after the steps that they name, so the order is checked on the way.
std::vector<std::size_t> predecessors(const Document& document, std::size_t index) {
  return list<std::size_t>(document, "after", [&](const Document& item) {
    if (!item.is_number_unsigned() || item.get<std::size_t>() >= index) {
      refuse("predecessor", to_text(item));
    }
    return item.get<std::size_t>();
  });
}

Step step(const Document& document, std::size_t index, const Catalogue& catalogue) {
  const Kind& of = kind(document, catalogue);
  return {.action = enumerator("action", text(document, "action"), Action::kForget),
          .is_replacement = flag(document, "is_replacement"),
          .address = address(document),
          .kind = &of,
          .remote_name = text(document, "remote_name"),
          .why = text(document, "why"),
          .changes = changes(document, of),
          .request = request(document),
          .precondition = precondition(document),
          .after = predecessors(document, index),
          .disruption = text(document, "disruption"),
          .losses = list<Loss>(document, "losses", loss),
          .recoverable_until = text(document, "recoverable_until"),
          .lock = text(document, "lock"),
          .place = place(document)};
}

Drift drift(const Document& document, const Catalogue& catalogue) {
  const Kind& of = kind(document, catalogue);
  return {.address = address(document),
          .kind = &of,
          .is_gone = flag(document, "is_gone"),
          .changes = changes(document, of),
          .place = place(document)};
}

Diagnostic diagnostic(const Document& document) {
  return {.severity = severity(text(document, "severity")),
          .rule = text(document, "rule"),
          .address = text(document, "address"),
          .message = text(document, "message"),
          .hint = text(document, "hint"),
          .place = place(document)};
}

Notice notice(const Document& document) {
  return {.type = notice_type(text(document, "type")),
          .address = address(document),
          .text = text(document, "text"),
          .place = place(document)};
}

}  // namespace

Plan read_plan(const Document& document, const Catalogue& catalogue) {
  const auto made_at = parse_timestamp(text(document, "made_at"));
  if (!made_at) refuse("time", text(document, "made_at"));
  std::size_t index = 0;
  return {.name = text(document, "name"),
          .environment = text(document, "environment"),
          .host = text(document, "host"),
          .workspace_id = text(document, "workspace_id"),
          .made_at = *made_at,
          .manifest_hash = text(document, "manifest_hash"),
          .steps = list<Step>(document, "steps",
                              [&](const Document& item) { return step(item, index++, catalogue); }),
          .drift = list<Drift>(document, "drift",
                               [&](const Document& item) { return drift(item, catalogue); }),
          .unmanaged = list<Unmanaged>(document, "unmanaged",
                                       [&](const Document& item) -> Unmanaged {
                                         return {.kind = &kind(item, catalogue),
                                                 .name = text(item, "name"),
                                                 .postgres_name = text(item, "postgres_name")};
                                       }),
          .notices = list<Notice>(document, "notices", notice),
          .refusals = list<Diagnostic>(document, "refusals", diagnostic),
          .declared = number(document, "declared"),
          .adopted = number(document, "adopted"),
          .requests = number(document, "requests")};
}

}  // namespace weir
