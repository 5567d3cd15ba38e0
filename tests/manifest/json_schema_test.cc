#include "manifest/json_schema.h"

#include <gtest/gtest.h>

#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

const Document& schema() {
  static const Document schema = json_schema(lakebase_catalogue());
  return schema;
}

/// Calls `visit` with every "$ref" of a document.
template <typename Visit>
void for_each_reference(const Document& document, Visit visit) {
  if (document.is_object() && document.contains("$ref")) visit(document.at("$ref"));
  for (const Document& member : document) {
    if (member.is_structured()) for_each_reference(member, visit);
  }
}

TEST(JsonSchema, IsTheSameEachTime) {
  EXPECT_EQ(schema().dump(), json_schema(lakebase_catalogue()).dump());
  EXPECT_EQ(schema().at("$schema"), "https://json-schema.org/draft/2020-12/schema");
}

TEST(JsonSchema, DefinesWhateverItRefersTo) {
  for_each_reference(schema(), [](const Document& reference) {
    const std::string name = reference.get<std::string>().substr(std::string("#/$defs/").size());
    EXPECT_TRUE(schema().at("$defs").contains(name)) << name;
  });
}

TEST(JsonSchema, HasEveryFieldThatManifestsMayHaveWithItsText) {
  for (const Kind* kind : lakebase_catalogue().kinds()) {
    if (kind->identity == Identity::kSingleton) continue;
    const Document& properties = schema().at("$defs").at(std::string(kind->name)).at("properties");
    for (const Field& field : kind->fields) {
      std::string path(field.name);
      const std::size_t dot = path.find('.');
      if (dot != std::string::npos) path.replace(dot, 1, ".properties.");
      const Document* found = at_path(properties, path);
      EXPECT_EQ(found == nullptr, field.is_derived) << field.name;
      if (found == nullptr) continue;
      EXPECT_TRUE(text_at(*found, "description").starts_with(field.doc)) << field.name;
    }
  }
}

TEST(JsonSchema, SaysWhichFieldsGoTogether) {
  const Document& defs = schema().at("$defs");
  EXPECT_EQ(defs.at("role").at("oneOf").size(), 6U);
  EXPECT_EQ(defs.at("branch").at("dependentRequired").at("on_expiry"), Document({"expires"}));
  EXPECT_EQ(defs.at("endpoint").at("not").at("anyOf").size(), 2U);
  EXPECT_FALSE(defs.at("role_patch").contains("oneOf"));
}

}  // namespace
}  // namespace weir
