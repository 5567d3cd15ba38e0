#include "core/address.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

Address address(const std::string& text) {
  return Address::parse(text).value_or(Address());
}

TEST(Address, IsAPathOfCollectionsAndKeys) {
  const Address branch = Address().child("projects", "shop").child("branches", "dev");
  EXPECT_EQ(branch.text(), "projects/shop/branches/dev");
  EXPECT_EQ(branch.key(), "dev");
  EXPECT_EQ(branch.parent().text(), "projects/shop");
  EXPECT_TRUE(branch.parent().parent().is_root());
}

TEST(Address, OfASingletonEndsWithItsName) {
  const Address permissions = Address().child("projects", "shop").singleton("permissions");
  EXPECT_EQ(permissions.text(), "projects/shop/permissions");
  EXPECT_EQ(permissions.parent().text(), "projects/shop");
}

TEST(Address, KeepsSlashesAndPercentSignsOfKeysApart) {
  const Address database = address("projects/shop/branches/dev").child("databases", "a/b%2Fc");
  EXPECT_EQ(database.text(), "projects/shop/branches/dev/databases/a%2Fb%252Fc");
  EXPECT_EQ(database.key(), "a/b%2Fc");
  EXPECT_EQ(database.parent().text(), "projects/shop/branches/dev");
}

TEST(Address, IsWithinWhatContainsItAndNotWithinANamesake) {
  EXPECT_TRUE(address("projects/shop/branches/dev").is_within(address("projects/shop")));
  EXPECT_TRUE(address("projects/shop").is_within(address("projects/shop")));
  EXPECT_TRUE(address("projects/shop").is_within(Address()));
  EXPECT_FALSE(address("projects/shop-2").is_within(address("projects/shop")));
  EXPECT_FALSE(address("projects/shop").is_within(address("projects/shop/branches/dev")));
}

TEST(Address, IsNotReadFromTextWithEmptyParts) {
  for (const char* text : {"", "/", "projects/", "/projects", "projects//shop"}) {
    EXPECT_FALSE(Address::parse(text)) << text;
  }
}

}  // namespace
}  // namespace weir
