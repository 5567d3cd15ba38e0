#include "providers/http/credential.h"

#include <string>

#include <gtest/gtest.h>

#include "core/error.h"

namespace weir::http {
namespace {

std::string complaint(const std::string& text) {
  try {
    clean_credential(Secret(text), "the token from DATABRICKS_TOKEN");
  } catch (const ConfigurationError& error) {
    return error.what();
  }
  return "";
}

TEST(Credential, LosesTheWhiteSpaceAtItsEnds) {
  EXPECT_EQ(clean_credential(Secret(" \tdapi-1\r\n\n"), "x").reveal(), "dapi-1");
  EXPECT_TRUE(clean_credential(Secret(" \n"), "x").is_empty());
  EXPECT_TRUE(clean_credential(Secret(), "x").is_empty());
  EXPECT_EQ(clean_credential(Secret("open sesame"), "x").reveal(), "open sesame");
}

TEST(Credential, IsRefusedWhenItCouldEndAHeader) {
  struct Case {
    std::string text;
    std::string what;
  };
  for (const Case& each : {Case{"dapi\r\nX-Evil: 1", "a line break at byte 5"},
                           Case{"\ndapi\nx", "a line break at byte 6"},
                           Case{std::string("da\0pi", 5), "a zero byte at byte 3"},
                           Case{"da\x1b[2Jpi", "a control character at byte 3"},
                           Case{"dapi\x7f-", "a control character at byte 5"},
                           Case{"däpi", "a character outside of ASCII at byte 2"}}) {
    EXPECT_EQ(complaint(each.text), "the token from DATABRICKS_TOKEN has " + each.what +
                                        ", which no credential has; set it anew without");
  }
}

TEST(Credential, IsNoWholeFile) {
  EXPECT_EQ(complaint(std::string(std::size_t{32} << 10U, 'x')), "");
  EXPECT_EQ(complaint(std::string(40'000, 'x')),
            "the token from DATABRICKS_TOKEN has 40000 bytes, which is longer than any credential; "
            "check what was put there");
}

}  // namespace
}  // namespace weir::http
