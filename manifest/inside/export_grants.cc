#include "manifest/inside/export_grants.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "core/value.h"
#include "manifest/inside/object_name.h"
#include "sql/quote.h"

namespace weir::inside {
namespace {

using sql::ObjectClass;

/// The words for objects of a class: one of them, all in a schema, those that come.
struct ClassWords {
  ObjectClass object_class;
  std::string_view one;
  std::string_view all;
  std::string_view later;
};
constexpr std::array kClassWords = {
    ClassWords{ObjectClass::kDatabase, "database", "", ""},
    ClassWords{ObjectClass::kSchema, "schema", "", "schemas"},
    ClassWords{ObjectClass::kTable, "table", "tables_in", "tables"},
    ClassWords{ObjectClass::kColumn, "table", "", ""},
    ClassWords{ObjectClass::kSequence, "sequence", "sequences_in", "sequences"},
    ClassWords{ObjectClass::kRoutine, "function", "functions_in", "functions"},
    ClassWords{ObjectClass::kType, "type", "types_in", "types"},
    ClassWords{ObjectClass::kLargeObject, "large_object", "", ""}};

const ClassWords& words_for(ObjectClass object_class) {
  return *std::ranges::find(kClassWords, object_class, &ClassWords::object_class);
}

struct GivenWords {
  sql::PrivilegeSet privileges = {};
  bool is_grantable = false;
};

/// What may be given on is an item of its own.
std::vector<GivenWords> given_words(const sql::Share& share) {
  std::vector<GivenWords> given;
  const sql::PrivilegeSet plain = share.privileges - share.grantable;
  if (!plain.is_empty() || share.grantable.is_empty()) given.push_back({plain});
  if (!share.grantable.is_empty()) given.push_back({share.grantable, true});
  return given;
}

void put_given(Document& item, const GivenWords& given) {
  const auto words = sql::words_of(given.privileges);
  item["privileges"] = words.empty() ? Document("none") : one_or_list(words);
  if (given.is_grantable) item["grant_option"] = true;
}

}  // namespace

void GrantWriter::add(sql::RoleId grantee, Document on, const sql::Share& share) {
  for (const GivenWords& given : given_words(share)) {
    Document item = {{"to", database_.names.at(grantee)}, {"on", on}};
    put_given(item, given);
    grants.push_back(std::move(item));
  }
}

void GrantWriter::add_place(sql::RoleId grantee, ObjectClass object_class, const std::string& name,
                            const sql::Share& share) {
  add(grantee, {{words_for(object_class).one, name}}, share);
}

void GrantWriter::add_all(sql::RoleId grantee, ObjectClass object_class, const std::string& schema,
                          const sql::Share& share) {
  add(grantee, {{words_for(object_class).all, schema}}, share);
}

void GrantWriter::add_object(sql::RoleId grantee, ObjectClass object_class,
                             const std::string& schema, const std::string& name,
                             const sql::Share& share) {
  const std::string text =
      schema.empty() ? name : written_object_name(*database_.catalogue, object_class, schema, name);
  if (!text.empty()) return add(grantee, {{words_for(object_class).one, text}}, share);
  left_out_.push_back(fmt::format("what {} has on {} {}.{}, as manifests cannot name that",
                                  database_.names.at(grantee), sql::noun(object_class),
                                  sql::shown_name(schema), sql::shown_name(name)));
}

void GrantWriter::add_columns(sql::RoleId grantee, const std::string& schema,
                              const ColumnHolding& columns) {
  const std::string table =
      written_object_name(*database_.catalogue, ObjectClass::kTable, schema, columns.table);
  const bool has_names = std::ranges::all_of(columns.columns, [](const std::string& column) {
    return sql::problem_with_name(column).empty();
  });
  if (has_names && !table.empty()) {
    return add(grantee, {{"table", table}, {"columns", columns.columns}}, columns.share);
  }
  left_out_.push_back(fmt::format("what {} has on columns of {}.{}, as manifests cannot name them",
                                  database_.names.at(grantee), sql::shown_name(schema),
                                  sql::shown_name(columns.table)));
}

void GrantWriter::add_default(sql::RoleId creator, const std::string& schema,
                              ObjectClass object_class, sql::RoleId grantee,
                              const sql::Share& share) {
  const auto maker = database_.names.find(creator);
  const std::string_view word = words_for(object_class).later;
  if (word.empty() || maker == database_.names.end() || creator == sql::kPublic) {
    left_out_.push_back(fmt::format(
        "what {} that {} makes will give to {}, as {}", sql::plural(object_class),
        sql::shown_name(database_.catalogue->name_of(creator)), database_.names.at(grantee),
        word.empty() ? "manifests have no word for that" : "no manifest declares who makes them"));
    return;
  }
  for (const GivenWords& given : given_words(share)) {
    Document item = {{"for", maker->second}};
    if (!schema.empty()) item["in"] = schema;
    item["on"] = word;
    item["to"] = database_.names.at(grantee);
    put_given(item, given);
    default_privileges_.push_back(std::move(item));
  }
}

Document GrantWriter::sorted_defaults() {
  const auto key = [](const Document& item) {
    const std::string schema = text_at(item, "in");
    return std::tuple(schema.empty(), schema, text_at(item, "for"), text_at(item, "on"),
                      text_at(item, "to"));
  };
  std::stable_sort(default_privileges_.begin(), default_privileges_.end(),
                   [&](const Document& a, const Document& b) { return key(a) < key(b); });
  return std::move(default_privileges_);
}

}  // namespace weir::inside
