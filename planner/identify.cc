#include "planner/identify.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

namespace weir {
namespace {

constexpr std::size_t kLongestId = 63;
constexpr std::size_t kShortestId = 4;

std::string member_name(const Kind& kind, const std::string& parent, const std::string& key) {
  std::string name = parent.empty() ? "" : parent + "/";
  name.append(kind.name_key());
  return key.empty() ? name : name + "/" + key;
}

/// FNV-1a: eight digits that follow from the name alone.
std::string digits_of(const std::string& text) {
  std::uint32_t hash = 2166136261U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return fmt::format("{:08x}", hash);
}

std::string with_digits(const std::string& id, const std::string& postgres_name) {
  return id.substr(0, kLongestId - 9) + "-" + digits_of(postgres_name);
}

std::string slug(const std::string& name) {
  std::string slug;
  for (const char c : name) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    const bool is_kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    slug += is_upper ? static_cast<char>(c - 'A' + 'a') : is_kept ? c : '-';
  }
  while (slug.ends_with('-')) slug.pop_back();
  slug.erase(0, slug.find_first_not_of('-'));
  return slug;
}

}  // namespace

const Kind* kind_at(const Catalogue& catalogue, const Address& address) {
  if (address.is_root()) return nullptr;
  const Address parent = address.parent();
  const Kind* container = kind_at(catalogue, parent);
  const std::string_view below =
      std::string_view(address.text()).substr(parent.is_root() ? 0 : parent.text().size() + 1);
  return catalogue.in_collection(container == nullptr ? "" : container->name,
                                 below.substr(0, below.find('/')));
}

bool has_postgres_name(const Kind& kind) {
  return kind.identity == Identity::kPostgresName || kind.identity == Identity::kRoleAlias;
}

const Document& value_of(const Document& fields, const Field& field) {
  static const Document nothing;
  const auto value = fields.find(field.name);
  return value == fields.end() ? nothing : *value;
}

std::string id_for(const Kind& kind, const Document& fields, const std::string& postgres_name) {
  const std::string identity = text_at(fields, "identity");
  std::string id =
      slug(identity == "user" ? postgres_name.substr(0, postgres_name.find('@')) : postgres_name);
  if (identity == "service_principal") id = "sp-" + id;
  if (id.empty()) id = digits_of(postgres_name);
  const bool begins_right = id.front() >= 'a' && id.front() <= 'z';
  if (!begins_right || id.size() < kShortestId) id = std::string(kind.name) + "-" + id;
  return id.size() > kLongestId ? with_digits(id, postgres_name) : id;
}

bool has_guessed_id(const Record& record) {
  return text_at(record.fields, "auth_method") == "no_login";
}

bool is_same_resource(const Record& record, const Observed& live) {
  if (!record.uid.empty() && !live.uid.empty()) return record.uid == live.uid;
  const auto agree = [](const std::string& one, const std::string& other) {
    return one.empty() || other.empty() || one == other;
  };
  const auto& fields = live.kind->fields;
  const auto name = std::ranges::find(fields, live.kind->postgres_name_at, &Field::observed_at);
  const bool has_name = has_postgres_name(*live.kind) && name != fields.end();
  return agree(record.create_time, live.create_time) &&
         (!has_name || agree(text_at(record.fields, name->name), live.postgres_name));
}

std::string parent_of_name(const std::string& remote_name) {
  const auto slashes = std::count(remote_name.begin(), remote_name.end(), '/');
  std::size_t end = remote_name.rfind('/');
  if (slashes % 2 != 0 && end != std::string::npos && end > 0) {
    end = remote_name.rfind('/', end - 1);
  }
  return end == std::string::npos ? "" : remote_name.substr(0, end);
}

/// Its address says nothing of where it is.
static bool is_known_by_name(const Kind& kind) {
  return kind.is_apart || kind.is_foreign;
}

Wishes::Wishes(const Manifest& manifest, const Records& records, const Observations& observations,
               const Catalogue& catalogue)
    : observations_(observations), catalogue_(catalogue) {
  std::vector<const Declaration*> sorted;
  sorted.reserve(manifest.declarations.size());
  for (const Declaration& declaration : manifest.declarations) sorted.push_back(&declaration);
  std::sort(sorted.begin(), sorted.end(), [](const Declaration* left, const Declaration* right) {
    return left->address < right->address;
  });
  std::unordered_map<std::string, const Record*> apart;
  for (const auto& [address, record] : records) {
    const Kind* kind = catalogue.find(record.kind);
    if (kind != nullptr && is_known_by_name(*kind)) apart.emplace(record.remote_name, &record);
  }
  all_.reserve(sorted.size());
  by_address_.reserve(sorted.size());
  by_name_.reserve(sorted.size());
  for (const Declaration* declaration : sorted) {
    Wish wish = {.declaration = declaration, .wanted = declaration->fields};
    const auto record = records.find(declaration->address);
    if (record != records.end()) wish.record = &record->second;
    if (wish.record == nullptr && is_known_by_name(*declaration->kind)) {
      // It may have been applied under another one.
      const auto moved = apart.find(declaration->remote_name());
      if (moved != apart.end()) wish.record = moved->second;
    }
    wish.parent = nearest(declaration->address.parent());
    name(wish);
    by_address_.emplace(declaration->address, all_.size());
    by_name_.emplace(wish.remote_name, all_.size());
    all_.push_back(std::move(wish));
  }
  for (Wish& wish : all_) resolve(wish);
  name_bound();
}

/// What contains it; schemas are no wishes.
std::size_t Wishes::nearest(Address above) const {
  for (; !above.is_root(); above = above.parent()) {
    const auto found = by_address_.find(above);
    if (found != by_address_.end()) return found->second;
  }
  return kNowhere;
}

const Wish* Wishes::find(const Address& address) const {
  const auto found = by_address_.find(address);
  return found == by_address_.end() ? nullptr : &all_[found->second];
}

const Wish* Wishes::named(const std::string& remote_name) const {
  const auto found = by_name_.find(remote_name);
  return found == by_name_.end() ? nullptr : &all_[found->second];
}

const Wish* Wishes::find_postgres(const Kind& kind, const std::string& parent,
                                  const std::string& postgres_name) const {
  const auto found = by_postgres_name_.find(member_name(kind, parent, postgres_name));
  return found == by_postgres_name_.end() ? nullptr : named(found->second);
}

void Wishes::rename(std::size_t index, const std::string& remote_name) {
  Wish& wish = all_[index];
  const Declaration& declaration = *wish.declaration;
  by_name_.erase(wish.remote_name);
  by_name_[remote_name] = index;
  by_postgres_name_[member_name(*declaration.kind, declaration.remote_parent, declaration.id)] =
      remote_name;
  wish.remote_name = remote_name;
  for (std::size_t inside = index + 1; inside < all_.size(); ++inside) {
    Wish& member = all_[inside];
    if (!member.declaration->address.is_within(declaration.address)) break;
    by_name_.erase(member.remote_name);
    name_by_id(member);
    by_name_[member.remote_name] = inside;
  }
}

void Wishes::want(std::size_t index, const Field& field, const Document& value, bool is_as_before) {
  Document& wanted = all_[index].wanted;
  if (is_as_before) all_[index].follows = &field;
  wanted.erase(std::string(field.name));
  if (!value.is_null()) wanted[std::string(field.name)] = value;
}

void Wishes::join(std::size_t index, const std::string& remote_name) {
  all_[index].joins = remote_name;
}

/// What contains it may be called by the workspace alone.
void Wishes::name_by_id(Wish& wish) {
  const Declaration& declaration = *wish.declaration;
  const Kind& kind = *declaration.kind;
  const bool is_of_content = wish.parent != kNowhere && !kind.is_apart &&
                             has_postgres_name(*all_[wish.parent].declaration->kind);
  wish.remote_name =
      member_name(kind, is_of_content ? all_[wish.parent].remote_name : declaration.remote_parent,
                  kind.has_id() ? declaration.id : "");
  const Observed* found = observations_.find(wish.remote_name);
  if (found != nullptr) (found->is_deleted() ? wish.deleted : wish.live) = found;
}

/// Finds the resource and its name. Roles and databases are known by their names inside Postgres:
/// ids of those that the service makes follow no rule that we could rely on.
void Wishes::name(Wish& wish) {
  const Declaration& declaration = *wish.declaration;
  const Kind& kind = *declaration.kind;
  if (!has_postgres_name(kind)) return name_by_id(wish);
  const Observed* found =
      observations_.find_postgres(kind, declaration.remote_parent, declaration.id);
  if (found != nullptr) {
    (found->is_deleted() ? wish.deleted : wish.live) = found;
    wish.remote_name = found->name;
  } else {
    const auto is_taken = [&](const std::string& name) {
      return by_name_.contains(name) || observations_.find(name) != nullptr;
    };
    // On a server without a control plane, and in an instance, the name is all the id that there
    // is.
    const std::string id = declaration.takes_requests && !kind.api->is_plain
                               ? id_for(kind, declaration.fields, declaration.id)
                               : escape_segment(declaration.id);
    wish.remote_name = member_name(kind, declaration.remote_parent, id);
    if (is_taken(wish.remote_name)) {
      wish.remote_name =
          member_name(kind, declaration.remote_parent, with_digits(id, declaration.id));
    }
  }
  by_postgres_name_[member_name(kind, declaration.remote_parent, declaration.id)] =
      wish.remote_name;
}

/// Adds what the references mean to the wanted values.
void Wishes::resolve(Wish& wish) const {
  for (const Reference& reference : wish.declaration->references) {
    const Field* field = find_field(*wish.declaration->kind, reference.field);
    if (field == nullptr || field->type != Type::kReference) continue;
    const Wish* target = find(reference.target);
    if (target != nullptr) {
      const bool is_postgres = has_postgres_name(*target->declaration->kind);
      wish.wanted[reference.field] = is_postgres ? target->declaration->id : target->remote_name;
      continue;
    }
    // Not declared, so the service makes it: its id is its key.
    const Address container = reference.target.parent();
    const Wish* parent = find(container);
    wish.wanted[reference.field] =
        parent == nullptr
            ? reference.target.text()
            : parent->remote_name + reference.target.text().substr(container.text().size());
  }
}

void Wishes::name_bound() {
  for (Wish& wish : all_) {
    for (const Field& field : wish.declaration->kind->fields) {
      if (field.type == Type::kBindings) resolve_bound(wish, field);
    }
  }
}

void Wishes::resolve_bound(Wish& wish, const Field& field) const {
  const std::string name(field.name);
  if (!wish.declaration->fields.contains(name)) return;
  Document entries = wish.declaration->fields.at(name);
  for (Document& entry : entries) {
    for (const char* member : {"database", "branch"}) {
      const auto address = Address::parse(text_at(entry, member));
      if (address) entry[member] = name_at(*address);
    }
  }
  wish.wanted[name] = std::move(entries);
}

/// What is not declared is made by the service, which gives it an id by a rule of its own.
std::string Wishes::name_at(const Address& address) const {
  if (const Wish* wish = find(address)) return wish->remote_name;
  // What is remembered is called as the service calls it.
  const Kind* kind = kind_at(catalogue_, address);
  if (kind == nullptr || observations_.find(address.text()) != nullptr) return address.text();
  const std::string parent = name_at(address.parent());
  const std::string key = address.key();
  if (!has_postgres_name(*kind)) return member_name(*kind, parent, key);
  const Observed* found = observations_.find_postgres(*kind, parent, key);
  if (found != nullptr) return found->name;
  return member_name(*kind, parent,
                     kind->api->is_plain ? escape_segment(key) : id_for(*kind, {}, key));
}

std::string Wishes::name_of(const Field& field, const std::string& value,
                            const std::string& parent) const {
  const Kind* kind = catalogue_.find(field.refers_to);
  if (kind == nullptr || !has_postgres_name(*kind)) return value;
  const auto wished = by_postgres_name_.find(member_name(*kind, parent, value));
  if (wished != by_postgres_name_.end()) return wished->second;
  const Observed* observed = observations_.find_postgres(*kind, parent, value);
  return observed == nullptr ? value : observed->name;
}

}  // namespace weir
