#include "convert/fields.h"

#include <algorithm>

#include <fmt/format.h>

#include "convert/manifest_tree.h"
#include "core/units.h"
#include "core/value.h"

namespace weir::convert {
namespace {

const Node* at(const Node& root, std::string_view path) {
  const Node* node = &root;
  while (node != nullptr && !path.empty()) {
    const std::size_t dot = path.find('.');
    node = node->find(path.substr(0, dot));
    path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
  }
  return node == nullptr || node->is_null() ? nullptr : node;
}

void take_all(const Node& node, std::set<const Node*>& taken) {
  taken.insert(&node);
  for (const Node& item : node.items) take_all(item, taken);
  for (const Entry& entry : node.entries) take_all(entry.value, taken);
}

/// Whether anything in it was taken.
bool is_touched(const Node& node, const Body& body) {
  const auto touched = [&](const Node& inner) { return is_touched(inner, body); };
  return body.was_taken(node) || std::any_of(node.items.begin(), node.items.end(), touched) ||
         std::any_of(node.entries.begin(), node.entries.end(),
                     [&](const Entry& entry) { return touched(entry.value); });
}

void visit_rest(const Body& body, const Node& map, const std::string& prefix, const Tell& tell) {
  for (const Entry& entry : map.entries) {
    const Node& value = entry.value;
    if (body.was_taken(value) || value.is_null()) continue;
    const std::string path = prefix + entry.key;
    if (value.is_map() && is_touched(value, body)) {
      visit_rest(body, value, path + ".", tell);
    } else {
      tell(path, value, entry.place);
    }
  }
}

Written problem(std::string text) {
  return {.value = nullptr, .problem = std::move(text)};
}

Written written_duration(const Node& value) {
  if (is_open(value.text)) return {.value = value.text};
  const auto duration = parse_duration(value.text);
  if (!duration) return problem("is no duration");
  return {.value = duration_text(*duration)};
}

Written written_choice(const Field& field, const Node& value) {
  if (is_open(value.text)) return problem("depends on a variable that has the API's words");
  for (const Choice& choice : field.choices) {
    const std::string_view wire = choice.wire.empty() ? choice.name : choice.wire;
    if (wire == value.text) return {.value = std::string(choice.name)};
  }
  return problem("has a value that weir does not know");
}

Written written_days(const Node& value) {
  const Document days = to_document(value);
  if (!days.is_number_integer()) return problem("is no number of days");
  return {.value = fmt::format("{}d", days.get<std::int64_t>())};
}

/// A map of texts, or a list of maps with a key and a value.
Written written_texts(const Node& value) {
  Document texts = Document::object();
  for (const Entry& entry : value.entries) texts[entry.key] = entry.value.text;
  for (const Node& item : value.items) {
    const Node* key = item.find("key");
    const Node* text = item.find("value");
    if (key == nullptr || !key->is_scalar()) return problem("has an entry without a key");
    texts[key->text] = text == nullptr ? "" : text->text;
  }
  return {.value = std::move(texts)};
}

Written written_group(const Node& value) {
  const Node* least = value.find("min");
  const Node* most = value.find("max");
  if (least == nullptr || most == nullptr || least->text != most->text) {
    return problem("has no size: min and max must be there, and be the same");
  }
  Document group = {{"size", to_document(*most)}};
  const Node* readable = value.find("enable_readable_secondaries");
  if (readable != nullptr && to_document(*readable) == true) group["readable_secondaries"] = true;
  return {.value = std::move(group)};
}

Written written_flags(const Field& field, const Node& value) {
  Document names = Document::array();
  for (const Choice& choice : field.choices) {
    const Node* flag = value.find(choice.wire.empty() ? choice.name : choice.wire);
    if (flag != nullptr && to_document(*flag) == true) names.push_back(std::string(choice.name));
  }
  for (const Entry& entry : value.entries) {
    const bool is_known =
        std::any_of(field.choices.begin(), field.choices.end(), [&](const Choice& choice) {
          return entry.key == (choice.wire.empty() ? choice.name : choice.wire);
        });
    if (!is_known && !entry.value.is_null()) return problem("has a flag that weir does not know");
  }
  return {.value = std::move(names)};
}

Written written_superuser(const Node& value) {
  constexpr std::string_view kSuperuser = "DATABRICKS_SUPERUSER";
  if (value.is_scalar()) {
    return value.text == kSuperuser ? Written{.value = true}
                                    : problem("names a role that weir does not know");
  }
  const bool are_known = std::all_of(value.items.begin(), value.items.end(),
                                     [&](const Node& item) { return item.text == kSuperuser; });
  if (!are_known) return problem("names a role that weir does not know");
  return {.value = !value.items.empty()};
}

Written written_names(const Node& value) {
  Document names = Document::array();
  for (const Node& item : value.items) {
    if (!item.is_scalar()) return problem("is no list of names");
    names.push_back(item.text);
  }
  return {.value = std::move(names)};
}

/// The service answers with lists what manifests have as maps; both ways are in the field's table.
Written written_columns(const Field& field, const Node& value) {
  Document resource = Document::object();
  set_path(resource, field.sent_as, to_document(value));
  const Document canonical =
      observe_value(field, resource, [](const Field&, const std::string& name) { return name; });
  if (!canonical.is_object() || canonical.size() != value.items.size()) {
    return problem("has a column that weir does not understand");
  }
  return {.value = written_value(field, canonical)};
}

Written take_oneof(std::string_view path, std::string_view duration, std::string_view never,
                   Body& body) {
  const std::string prefix = path.empty() ? "" : std::string(path) + ".";
  const Node* is_never = body.take(prefix + std::string(never));
  if (is_never != nullptr && to_document(*is_never) == true) return {.value = "never"};
  if (const Node* value = body.take(prefix + std::string(duration)))
    return written_duration(*value);
  return {};
}

Written take_expiry(std::string_view path, Body& body) {
  Written written = take_oneof(path, "ttl", "no_expiry", body);
  const Node* time = body.take(path.empty() ? "expire_time" : std::string(path) + ".expire_time");
  if (written.value.is_null() && written.problem.empty() && time != nullptr) {
    written.value = time->text;
  }
  return written;
}

}  // namespace

const Node* Body::look(std::string_view path) const {
  return at(node_, path);
}

const Node* Body::take(std::string_view path) {
  const Node* node = look(path);
  if (node != nullptr) take_all(*node, taken_);
  return node;
}

std::string Body::take_text(std::string_view path) {
  const Node* node = take(path);
  return node != nullptr && node->is_scalar() ? node->text : "";
}

bool Body::take_flag(std::string_view path) {
  const Node* node = take(path);
  return node != nullptr && to_document(*node) == true;
}

void for_each_rest(const Body& body, const Tell& tell) {
  visit_rest(body, body.node(), "", tell);
}

void tell_rest(const Body& body, const std::string& address, Notes& notes) {
  for_each_rest(body, [&](const std::string& path, const Node&, const Place& place) {
    notes.lost({place, address.empty() ? path : address + "." + path},
               "means nothing to weir, and is left out",
               "keep it with the tool that it is for, when it is needed");
  });
}

Written written_field(const Field& field, const Node& value) {
  switch (field.type) {
    case Type::kDuration:
      return written_duration(value);
    case Type::kChoice:
      return written_choice(field, value);
    case Type::kDays:
      return written_days(value);
    case Type::kTags:
    case Type::kSettings:
      return written_texts(value);
    case Type::kGroup:
      return written_group(value);
    case Type::kFlags:
      return written_flags(field, value);
    case Type::kSuperuser:
      return written_superuser(value);
    case Type::kNames:
      return written_names(value);
    case Type::kColumnTypes:
    case Type::kColumns:
      return written_columns(field, value);
    default:
      return value.is_scalar() ? Written{.value = to_document(value)}
                               : problem("is no single value");
  }
}

Written take_field(const Field& field, std::string_view root, Body& body) {
  std::string_view path = field.sent_as;
  if (path.starts_with(root)) path.remove_prefix(root.size());
  // The object of a oneof may be the very one that sources leave out.
  if (!root.empty() && path == root.substr(0, root.size() - 1)) path = "";
  if (field.type == Type::kExpiry) return take_expiry(path, body);
  if (field.type == Type::kSuspension) {
    return take_oneof(path, "suspend_timeout_duration", "no_suspension", body);
  }
  const Node* value = body.take(path);
  return value == nullptr ? Written{} : written_field(field, *value);
}

void put_field(Document& fields, const Field& field, Document value) {
  set_path(fields, field.name, std::move(value));
}

void join_capacity(Document& fields) {
  const auto least = fields.find("min_cu");
  const auto most = fields.find("max_cu");
  if (least == fields.end() || most == fields.end() || *least != *most) return;
  Document joined = Document::object();
  for (const auto& [key, value] : fields.items()) {
    if (key != "max_cu") joined[key == "min_cu" ? "cu" : key] = value;
  }
  fields = std::move(joined);
}

}  // namespace weir::convert
