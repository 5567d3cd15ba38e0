#include "core/secret.h"

#include <sstream>
#include <type_traits>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/document.h"

namespace weir {
namespace {

template <typename Type>
concept Printable = requires(std::ostream& stream, const Type& value) { stream << value; };

TEST(Secret, HasNoWayOutButReveal) {
  static_assert(Printable<std::string> && !Printable<Secret>);
  static_assert(!fmt::is_formattable<Secret>::value);
  static_assert(!std::is_constructible_v<Document, Secret>);
  static_assert(!std::is_convertible_v<Secret, std::string>);
  static_assert(!std::is_convertible_v<std::string, Secret>);
  EXPECT_EQ(Secret("dapi-1").reveal(), "dapi-1");
}

TEST(Secret, LeavesNothingBehindWhenItIsMoved) {
  Secret secret("a-token-that-is-longer-than-a-short-string");
  const Secret taken = std::move(secret);
  EXPECT_TRUE(secret.is_empty());  // NOLINT(bugprone-use-after-move,clang-analyzer-cplusplus.Move)
  EXPECT_EQ(taken, Secret("a-token-that-is-longer-than-a-short-string"));
}

TEST(Secret, WipesTheBytesOfAText) {
  std::string text = "0123456789";
  const char* bytes = text.data();
  Secret::wipe(text);
  // NOLINTNEXTLINE(clang-analyzer-cplusplus.InnerPointer): the old bytes are what is looked at
  EXPECT_EQ(std::string(bytes, 10), std::string(10, '\0'));
}

TEST(Secret, SurvivesBeingAssignedToItself) {
  Secret secret("x");
  const Secret& same = secret;
  secret = same;
  EXPECT_EQ(secret.reveal(), "x");
}

}  // namespace
}  // namespace weir
