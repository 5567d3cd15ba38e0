// How people name the objects of a database.
#include "sql/object_named.h"

#include <gtest/gtest.h>

namespace weir::sql {
namespace {

Catalogue shop() {
  Catalogue catalogue;
  catalogue.groups = {
      {.object_class = ObjectClass::kSchema, .names = {"app"}},
      {.object_class = ObjectClass::kTable, .schema = "app", .names = {"My Orders", "say \"hi\""}},
      {.object_class = ObjectClass::kColumn,
       .schema = "app",
       .table = "My Orders",
       .names = {"total"}},
      {.object_class = ObjectClass::kRoutine, .schema = "app", .names = {"Sum Up(integer, text)"}}};
  return catalogue;
}

std::string found(std::string_view text) {
  const std::vector<Target> targets = objects_named(shop(), text);
  return targets.empty() ? "" : targets.front().name;
}

TEST(ObjectNamed, TakesNamesAsTheyStand) {
  EXPECT_EQ(found("app"), "app");
  EXPECT_EQ(found("app.My Orders"), "My Orders");
  EXPECT_EQ(found("app.My Orders.total"), "total");
  EXPECT_EQ(found("app.Sum Up(integer, text)"), "Sum Up(integer, text)");
}

TEST(ObjectNamed, TakesEachNameInQuotationMarks) {
  EXPECT_EQ(found("app.\"My Orders\""), "My Orders");
  EXPECT_EQ(found("\"app\".\"My Orders\".\"total\""), "total");
  EXPECT_EQ(found("app.\"say \"\"hi\"\"\""), "say \"hi\"");
  EXPECT_EQ(found("app.\"Sum Up\"(integer, text)"), "Sum Up(integer, text)");
}

TEST(ObjectNamed, TakesAColumnThatCarriesNothingForOneOfItsTable) {
  EXPECT_EQ(found("app.My Orders.customer"), "customer");
  EXPECT_EQ(found("app.\"My Orders\".\"a \"\"b\"\"\""), "a \"b\"");
  EXPECT_EQ(found("app.Other.customer"), "");
  EXPECT_EQ(found("app.My Orders."), "");
}

TEST(ObjectNamed, FindsNothingByHalfAName) {
  EXPECT_EQ(found("app.My"), "");
  EXPECT_EQ(found("app.\"My Orders"), "");
  EXPECT_EQ(found("\"app.My Orders\""), "");
  EXPECT_EQ(found("app.Sum Up"), "");
}

}  // namespace
}  // namespace weir::sql
