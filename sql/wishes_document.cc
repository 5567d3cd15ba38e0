#include "sql/wishes_document.h"

#include <concepts>
#include <string>
#include <type_traits>
#include <vector>

namespace weir::sql {
namespace {

template <typename Given, typename Wanted>
concept Is = std::same_as<std::remove_const_t<Given>, Wanted>;

// Each wish names its members once, for the way out and the way in.
template <typename Io, Is<Grantee> W>
void each_member(Io& io, W& wish) {
  io("role", wish.role);
  io("public", wish.is_public);
}

template <typename Io, Is<Target> W>
void each_member(Io& io, W& wish) {
  io("class", wish.object_class);
  io("schema", wish.schema);
  io("table", wish.table);
  io("name", wish.name);
}

template <typename Io, Is<RoleWish> W>
void each_member(Io& io, W& wish) {
  io("tag", wish.tag);
  io("name", wish.name);
  io("login", wish.can_login);
  io("superuser", wish.is_superuser);
  io("inherit", wish.inherits);
  io("createrole", wish.can_create_roles);
  io("createdb", wish.can_create_databases);
  io("replication", wish.can_replicate);
  io("bypassrls", wish.bypasses_row_security);
  io("connection_limit", wish.connection_limit);
  io("sets_password", wish.sets_password);
}

template <typename Io, Is<MembershipWish> W>
void each_member(Io& io, W& wish) {
  io("tag", wish.tag);
  io("role", wish.role);
  io("member", wish.member);
  io("is_wanted", wish.is_wanted);
  io("admin", wish.is_admin);
  io("inherit", wish.inherits);
  io("set", wish.can_set);
}

template <typename Io, Is<SchemaWish> W>
void each_member(Io& io, W& wish) {
  io("tag", wish.tag);
  io("name", wish.name);
  io("owner", wish.owner);
}

template <typename Io, Is<ExtensionWish> W>
void each_member(Io& io, W& wish) {
  io("tag", wish.tag);
  io("name", wish.name);
  io("version", wish.version);
  io("schema", wish.schema);
}

template <typename Io, Is<SettingWish> W>
void each_member(Io& io, W& wish) {
  io("tag", wish.tag);
  io("role", wish.role);
  io("name", wish.name);
  io("value", wish.value);
}

template <typename Io, Is<OwnerWish> W>
void each_member(Io& io, W& wish) {
  io("tag", wish.tag);
  io("target", wish.target);
  io("owner", wish.owner);
}

template <typename Io, Is<AccessWish> W>
void each_member(Io& io, W& wish) {
  io("tag", wish.tag);
  io("grantee", wish.grantee);
  io("target", wish.target);
  io("privileges", wish.privileges);
  io("grantable", wish.is_grantable);
  io("future", wish.covers_future);
  io("release", wish.is_release);
}

template <typename Io, Is<ExclusiveWish> W>
void each_member(Io& io, W& wish) {
  io("tag", wish.tag);
  io("target", wish.target);
}

template <typename Io, Is<DefaultWish> W>
void each_member(Io& io, W& wish) {
  io("tag", wish.tag);
  io("creator", wish.creator);
  io("schema", wish.schema);
  io("class", wish.object_class);
  io("grantee", wish.grantee);
  io("privileges", wish.privileges);
  io("grantable", wish.is_grantable);
  io("release", wish.is_release);
}

template <typename Io, Is<FutureWish> W>
void each_member(Io& io, W& wish) {
  io("tag", wish.tag);
  io("schema", wish.schema);
  io("class", wish.object_class);
  io("grantee", wish.grantee);
  io("privileges", wish.privileges);
  io("grantable", wish.is_grantable);
  io("creators", wish.creators);
}

template <typename Io, Is<IndexText> W>
void each_member(Io& io, W& index) {
  io("unique", index.is_unique);
  io("definition", index.definition);
}

template <typename Io, Is<ColumnComment> W>
void each_member(Io& io, W& comment) {
  io("column", comment.column);
  io("text", comment.text);
}

template <typename Io, Is<AfterCreateWish> W>
void each_member(Io& io, W& wish) {
  io("tag", wish.tag);
  io("schema", wish.schema);
  io("table", wish.table);
  io("indexes", wish.indexes);
  io("comment", wish.comment);
  io("columns", wish.columns);
}

template <typename Io, Is<SchemaEndWish> W>
void each_member(Io& io, W& wish) {
  io("tag", wish.tag);
  io("name", wish.name);
}

template <typename Io, Is<TableEndWish> W>
void each_member(Io& io, W& wish) {
  io("tag", wish.tag);
  io("schema", wish.schema);
  io("name", wish.name);
  io("drops", wish.drops);
}

template <typename Io, Is<CopiedTable> W>
void each_member(Io& io, W& table) {
  io("schema", table.schema);
  io("name", table.name);
}

template <typename Io, Is<RetirementWish> W>
void each_member(Io& io, W& wish) {
  io("tag", wish.tag);
  io("role", wish.role);
  io("heir", wish.heir);
}

template <typename Io, Is<RoleEndWish> W>
void each_member(Io& io, W& wish) {
  io("tag", wish.tag);
  io("role", wish.role);
}

template <typename Io, Is<Wishes> W>
void each_member(Io& io, W& wishes) {
  io("roles", wishes.roles);
  io("memberships", wishes.memberships);
  io("schemas", wishes.schemas);
  io("extensions", wishes.extensions);
  io("settings", wishes.settings);
  io("owners", wishes.owners);
  io("access", wishes.access);
  io("exclusive", wishes.exclusive);
  io("defaults", wishes.defaults);
  io("future", wishes.future);
  io("after_create", wishes.after_create);
  io("ends", wishes.ends);
  io("table_ends", wishes.table_ends);
  io("copies", wishes.copies);
  io("retirements", wishes.retirements);
  io("role_ends", wishes.role_ends);
}

/// Leaves out what says nothing, so that the usual wish is short.
class Writer {
 public:
  template <typename Value>
  void operator()(const char* name, const Value& value) {
    if (value != Value{}) document_[name] = written(value);
  }
  template <typename Wish>
  void operator()(const char* name, const std::vector<Wish>& wishes) {
    if (wishes.empty()) return;
    Document& list = document_[name] = Document::array();
    for (const Wish& wish : wishes) list.push_back(written(wish));
  }
  void operator()(const char* name, const ObjectClass& object_class) {
    document_[name] = written(object_class);
  }
  // Their usual value is not the first one.
  void operator()(const char* name, const bool& value) {
    if (value != usually(name)) document_[name] = value;
  }

  Document take() { return std::move(document_); }

  static bool usually(std::string_view name) { return name == "is_wanted" || name == "future"; }

 private:
  static Document written(const std::string& text) { return text; }
  static Document written(PrivilegeSet privileges) { return words_of(privileges); }
  static Document written(ObjectClass object_class) { return std::string(noun(object_class)); }
  template <typename Value>
  static Document written(const std::optional<Value>& value) {
    return *value;
  }
  template <typename Wish>
  static Document written(const Wish& wish) {
    Writer writer;
    each_member(writer, wish);
    return writer.take();
  }

  Document document_ = Document::object();
};

class Reader {
 public:
  explicit Reader(const Document& document)
      : document_(document), is_right_(document.is_object()) {}

  template <typename Value>
  void operator()(const char* name, Value& value) {
    const auto found = is_right_ ? document_.find(name) : document_.end();
    if (found == document_.end()) return;
    ++known_;
    is_right_ = read(*found, value);
  }
  void operator()(const char* name, bool& value) {
    value = Writer::usually(name);
    operator()<bool>(name, value);
  }

  /// Whether it was all as it is written, and nothing else.
  bool is_right() const { return is_right_ && known_ == document_.size(); }

 private:
  static bool read(const Document& document, std::string& text) {
    if (!document.is_string()) return false;
    text = document.get<std::string>();
    return true;
  }
  static bool read(const Document& document, bool& flag) {
    if (!document.is_boolean()) return false;
    flag = document.get<bool>();
    return true;
  }
  static bool read(const Document& document, int& number) {
    if (!document.is_number_integer()) return false;
    number = document.get<int>();
    return document == number;
  }
  static bool read(const Document& document, PrivilegeSet& privileges) {
    std::vector<std::string> words;
    if (!read(document, words)) return false;
    for (const std::string& word : words) {
      const auto privilege = privilege_named(word);
      if (!privilege) return false;
      privileges.add(*privilege);
    }
    return true;
  }
  static bool read(const Document& document, ObjectClass& object_class) {
    for (int number = 0; number <= static_cast<int>(ObjectClass::kLargeObject); ++number) {
      object_class = static_cast<ObjectClass>(number);
      if (document == std::string(noun(object_class))) return true;
    }
    return false;
  }
  template <typename Value>
  static bool read(const Document& document, std::optional<Value>& value) {
    return read(document, value.emplace());
  }
  template <typename Value>
  static bool read(const Document& document, std::vector<Value>& values) {
    if (!document.is_array()) return false;
    for (const Document& item : document) {
      if (!read(item, values.emplace_back())) return false;
    }
    return true;
  }
  template <typename Wish>
  static bool read(const Document& document, Wish& wish) {
    Reader reader(document);
    each_member(reader, wish);
    return reader.is_right();
  }

  const Document& document_;
  bool is_right_;
  std::size_t known_ = 0;
};

}  // namespace

Document document_of(const Wishes& wishes) {
  Writer writer;
  each_member(writer, wishes);
  return writer.take();
}

std::optional<Wishes> read_wishes(const Document& document) {
  Wishes wishes;
  Reader reader(document);
  each_member(reader, wishes);
  if (!reader.is_right()) return std::nullopt;
  return wishes;
}

}  // namespace weir::sql
