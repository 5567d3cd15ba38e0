#include "manifest/fields.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/nearest.h"
#include "core/value.h"
#include "manifest/combinations.h"
#include "manifest/kind_words.h"
#include "manifest/leftover.h"
#include "manifest/manifest_rules.h"

namespace weir {
namespace {

bool is_secret(const Node& node, const MergedTree& tree) {
  const Origin* origin = tree.origin_of(node);
  return origin != nullptr && origin->is_secret;
}

/// A mistake inside of a value was reported where it is; the value as such says nothing new.
bool has_leftover(const Node& node) {
  return is_leftover(node) || std::any_of(node.items.begin(), node.items.end(), has_leftover) ||
         std::any_of(node.entries.begin(), node.entries.end(),
                     [](const Entry& entry) { return has_leftover(entry.value); });
}

/// Only the name of the secret is kept; whoever needs the value asks for it when it is needed.
bool check_secret_field(const WrittenField& written, const Declaration& declaration,
                        const Declaring& declaring) {
  if (is_secret(*written.value, declaring.tree)) return true;
  declaring.complain(rule::kSecretWanted, declaration.address.text(), written.value->place,
                     fmt::format("{} must be a secret variable", written.field->name),
                     fmt::format("{}: ${{var.NAME}}, with secret: true and from: under variables",
                                 written.field->name));
  return false;
}

bool check_secrets(const WrittenField& written, const Declaration& declaration,
                   const Declaring& declaring) {
  if (is_secret_field(*declaration.kind, *written.field)) {
    return check_secret_field(written, declaration, declaring);
  }
  return refuse_secrets(*written.value, declaration.address.text(), declaring);
}

/// The field that shows the name inside Postgres, for kinds that are found by it.
const Field* name_field(const Kind& kind) {
  const auto found = std::find_if(kind.fields.begin(), kind.fields.end(), [&](const Field& field) {
    return !field.observed_at.empty() && field.observed_at == kind.postgres_name_at;
  });
  return found == kind.fields.end() ? nullptr : &*found;
}

bool is_found_by_name(const Kind& kind) {
  return kind.identity == Identity::kPostgresName || kind.identity == Identity::kRoleAlias;
}

/// What `id:` says, or the key; "" when it cannot name anything.
std::string wanted_id(const Declaration& declaration, const Node* id, const Declaring& declaring) {
  std::string text = declaration.address.key();
  if (id != nullptr && !is_leftover(*id)) {
    const std::string& address = declaration.address.text();
    if (!refuse_secrets(*id, address, declaring)) return text;
    if (!id->is_scalar() || id->is_null() || id->text.empty()) {
      declaring.complain(rule::kId, address, id->place,
                         fmt::format("id: expected a text; not {}", describe(*id)),
                         "remove it to use the key");
      return text;
    }
    text = id->text;
  }
  if (declaration.kind->identity == Identity::kId && text.find('/') != std::string::npos) {
    declaring.complain(rule::kId, declaration.address.text(),
                       id != nullptr ? id->place : declaration.place,
                       fmt::format("\"{}\" cannot be an id: it has a slash", text),
                       "ids have lower-case letters, digits and -");
  }
  return text;
}

/// Fields that `derive` makes of others are written where those are.
void inherit_places(Declaration& declaration) {
  const auto gone = std::find_if(declaration.field_places.begin(), declaration.field_places.end(),
                                 [&](const auto& place) {
                                   const Field* field = find_field(*declaration.kind, place.first);
                                   return field != nullptr && field->type != Type::kReference &&
                                          !declaration.fields.contains(place.first);
                                 });
  if (gone == declaration.field_places.end()) return;
  for (const auto& [name, value] : declaration.fields.items()) {
    declaration.field_places.try_emplace(name, gone->second);
  }
}

void derive_fields(Declaration& declaration, const std::string& id) {
  if (declaration.kind->derive == nullptr) return;
  declaration.kind->derive(declaration.fields, id);
  inherit_places(declaration);
}

/// A text may be written without quotes, as 4711 or 1.10: it is what stands there, not what the
/// number means.
Document text_document(const Node& node) {
  const bool is_text = node.type == Node::Type::kNumber || node.type == Node::Type::kBoolean;
  return is_text ? Document(node.text) : to_document(node);
}

Document texts_document(const Node& node) {
  if (!node.is_map()) return to_document(node);
  Document texts = Document::object();
  for (const Entry& entry : node.entries) texts[entry.key] = text_document(entry.value);
  return texts;
}

/// What is written, as data of the sort that the field has.
Document written_document(const Field& field, const Node& node) {
  const bool has_texts = field.type == Type::kTags || field.type == Type::kSettings;
  if (has_texts) return texts_document(node);
  const bool is_text = field.type == Type::kString || field.type == Type::kReference;
  // A boolean where one text is wanted is more likely a mistake.
  return is_text && node.type == Node::Type::kNumber ? text_document(node) : to_document(node);
}

class LifecycleReader {
 public:
  LifecycleReader(Declaration& declaration, const Declaring& declaring)
      : declaration_(declaration), declaring_(declaring) {}

  void read(const Entry& entry) {
    Lifecycle& lifecycle = declaration_.lifecycle;
    if (is_leftover(entry.value)) return;
    if (entry.key == "protect") return read_flag(entry, lifecycle.protect);
    if (entry.key == "adopt") return read_flag(entry, lifecycle.adopt);
    if (entry.key == "on_remove") return read_on_remove(entry);
    if (entry.key == "ignore") return read_ignore(entry);
    constexpr std::array<std::string_view, 4> kKeys = {"protect", "on_remove", "adopt", "ignore"};
    declaring_.complain(rule::kUnknownKey, declaration_.address.text(), entry.place,
                        fmt::format("unknown key lifecycle.{}", entry.key),
                        did_you_mean(entry.key, kKeys));
  }

 private:
  void complain(const Node& node, std::string message, std::string hint) {
    declaring_.complain(rule::kLifecycle, declaration_.address.text(), node.place,
                        std::move(message), std::move(hint));
  }

  void read_flag(const Entry& entry, bool& flag) {
    if (entry.value.type == Node::Type::kBoolean) {
      flag = to_document(entry.value).get<bool>();
      return;
    }
    complain(entry.value,
             fmt::format("lifecycle.{}: expected true or false; not {}", entry.key,
                         describe(entry.value)),
             "");
  }

  void read_on_remove(const Entry& entry) {
    constexpr std::array<std::string_view, 3> kWays = {"delete", "keep", "fail"};
    const std::string& text = entry.value.text;
    if (entry.value.is_text() && std::find(kWays.begin(), kWays.end(), text) != kWays.end()) {
      declaration_.lifecycle.on_remove = text;
      return;
    }
    complain(entry.value,
             fmt::format("lifecycle.on_remove: expected delete, keep or fail; not {}",
                         describe(entry.value)),
             did_you_mean(text, kWays));
  }

  void read_ignore(const Entry& entry) {
    if (!entry.value.is_list()) {
      return complain(
          entry.value,
          fmt::format("lifecycle.ignore: expected a list of fields; not {}", describe(entry.value)),
          "write [" + entry.value.text + "]");
    }
    for (const Node& item : entry.value.items) read_ignored(item);
    auto& ignore = declaration_.lifecycle.ignore;
    std::sort(ignore.begin(), ignore.end());
  }

  void read_ignored(const Node& item) {
    const Field* field = item.is_text() ? find_field(*declaration_.kind, item.text) : nullptr;
    if (field != nullptr && field->on_change != OnChange::kLocal) {
      declaration_.lifecycle.ignore.push_back(item.text);
      return;
    }
    std::vector<std::string_view> names;
    for (const Field& other : declaration_.kind->fields) {
      if (other.on_change != OnChange::kLocal) names.push_back(other.name);
    }
    complain(item,
             fmt::format("lifecycle.ignore: {} has no field that is {}",
                         with_article(*declaration_.kind), describe(item)),
             did_you_mean(item.text, names));
  }

  Declaration& declaration_;
  const Declaring& declaring_;
};

}  // namespace

bool refuse_secrets(const Node& node, const std::string& address, const Declaring& declaring,
                    const char* hint) {
  if (is_secret(node, declaring.tree)) {
    declaring.complain(rule::kSecretMisplaced, address, node.place,
                       fmt::format("the secret {} cannot be used here", node.text), hint);
    return false;
  }
  bool is_clean = true;
  for (const Node& item : node.items) is_clean &= refuse_secrets(item, address, declaring, hint);
  for (const Entry& entry : node.entries) {
    is_clean &= refuse_secrets(entry.value, address, declaring, hint);
  }
  return is_clean;
}

namespace {

void complain_of_value(const Field& field, const Place& place, const std::string& mistake,
                       const Declaration& declaration, const Declaring& declaring) {
  // The address of a singleton names its one field already.
  const bool is_named = declaration.kind->identity != Identity::kSingleton;
  declaring.complain(rule::kValue, declaration.address.text(), place,
                     is_named ? fmt::format("{}: {}", field.name, mistake) : mistake,
                     fmt::format("for example {}", field.example));
}

/// Each member of a list or a map may be wrong by itself, and is told of where it stands.
bool check_members(const WrittenField& written, const Declaration& declaration,
                   const Declaring& declaring) {
  const Field& field = *written.field;
  bool is_right = true;
  const auto check = [&](const Place& place, const Document& alone) {
    const auto read = read_value(field, alone);
    const auto* mistake = std::get_if<std::string>(&read);
    if (mistake == nullptr) return;
    complain_of_value(field, place, *mistake, declaration, declaring);
    is_right = false;
  };
  const bool has_items = field.type == Type::kFlags || field.type == Type::kPermissions ||
                         field.type == Type::kNames || field.type == Type::kBindings;
  if (has_items && written.value->is_list()) {
    for (const Node& item : written.value->items) {
      check(item.place, Document::array({to_document(item)}));
    }
  }
  const bool has_entries = field.type == Type::kTags || field.type == Type::kSettings ||
                           field.type == Type::kColumnTypes || field.type == Type::kColumns;
  if (has_entries && written.value->is_map()) {
    const Document values = texts_document(*written.value);
    for (const Entry& entry : written.value->entries) {
      check(entry.value.place, Document{{entry.key, values.at(entry.key)}});
    }
  }
  return is_right;
}

/// Where each entry of a list stands that others know by a key.
void note_entries(const WrittenField& written, Declaration& declaration) {
  if (written.field->type != Type::kBindings) return;
  for (const Node& item : written.value->items) {
    declaration.field_places.emplace(
        fmt::format("{}.{}", written.field->name, text_at(to_document(item), "resource_key")),
        item.place);
  }
}

}  // namespace

std::vector<WrittenReference> read_fields(const std::vector<WrittenField>& fields,
                                          Declaration& declaration, const Declaring& declaring) {
  std::vector<WrittenReference> references;
  for (const WrittenField& written : fields) {
    const Field& field = *written.field;
    declaration.field_places.emplace(field.name, written.value->place);
    if (has_leftover(*written.value)) continue;
    if (!check_secrets(written, declaration, declaring)) continue;
    if (!check_members(written, declaration, declaring)) continue;
    auto read = read_value(field, written_document(field, *written.value));
    if (const auto* mistake = std::get_if<std::string>(&read)) {
      complain_of_value(field, written.value->place, *mistake, declaration, declaring);
      continue;
    }
    note_entries(written, declaration);
    auto& value = std::get<Document>(read);
    if (field.type == Type::kReference) {
      references.push_back({&field, value.get<std::string>(), written.value->place});
    } else {
      declaration.fields[std::string(field.name)] = std::move(value);
    }
  }
  return references;
}

bool takes_id(const Kind& kind) {
  const bool is_nameless = kind.is_alone() && !kind.has_id();
  return !kind.is_apart && !is_nameless;
}

void identify(Declaration& declaration, const Node* id, const Declaring& declaring) {
  const Kind& kind = *declaration.kind;
  for (const Field& field : kind.fields) {
    if (!field.is_required || declaration.field_places.contains(std::string(field.name))) continue;
    declaring.complain(rule::kRequired, declaration.address.text(), declaration.place,
                       fmt::format("{} is missing", field.name),
                       fmt::format("add {}: {}", field.name, field.example));
  }
  if (!takes_id(kind) && id != nullptr) {
    declaring.complain(
        rule::kId, declaration.address.text(), id->place,
        fmt::format("id has no meaning here: {} has a name of its own or none", with_article(kind)),
        kind.is_a("catalog")        ? "write name: instead"
        : kind.is_a("synced_table") ? "write uc_name: instead"
                                    : "remove it");
  }
  const std::string wanted = wanted_id(declaration, takes_id(kind) ? id : nullptr, declaring);
  derive_fields(declaration, wanted);
  if (kind.identity == Identity::kId) declaration.id = wanted;
  if (kind.is_a("catalog")) declaration.id = text_at(declaration.fields, "name");
  if (kind.is_a("cdf_config")) declaration.id = wanted;
  if (!is_found_by_name(kind)) return;
  const Field* field = name_field(kind);
  if (field == nullptr) return;
  declaration.id = text_at(declaration.fields, field->name);
  if (id == nullptr || declaration.id.empty() || declaration.id == wanted) return;
  declaring.complain(
      rule::kId, declaration.address.text(), id->place,
      fmt::format("id has no meaning here: the {} is called {}", kind.name, declaration.id),
      "remove it");
}

void read_lifecycle(const Node& node, Declaration& declaration, const Declaring& declaring) {
  if (is_leftover(node) || !refuse_secrets(node, declaration.address.text(), declaring)) return;
  if (!node.is_map()) {
    return declaring.complain(rule::kLifecycle, declaration.address.text(), node.place,
                              fmt::format("lifecycle: expected a map; not {}", describe(node)),
                              "for example lifecycle: { protect: true }");
  }
  LifecycleReader reader(declaration, declaring);
  for (const Entry& entry : node.entries) reader.read(entry);
}

}  // namespace weir
