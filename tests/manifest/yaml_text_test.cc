#include "manifest/yaml_text.h"

#include <gtest/gtest.h>

#include "manifest/yaml.h"
#include "tests/support/rendered.h"

namespace weir {
namespace {

TEST(YamlText, IsReadBackWhateverCharactersItHas) {
  for (const char* text : {"\xC2\x85", "a\xE2\x80\xA8z", "\xE2\x80\xAE", "\xEF\xBB\xBF\xEF\xBB\xBF",
                           "\x7F\x1B[31m", "tab\tline\n", "größe 😀", "${x}", "1.10", ""}) {
    Sources sources;
    Diagnostics diagnostics;
    const std::uint32_t file = sources.add("weir.yaml", yaml_text({{"a", text}}));

    const auto node = read_yaml(sources, file, {}, diagnostics);

    ASSERT_TRUE(node) << test::rendered(diagnostics, sources);
    EXPECT_EQ(test::rendered(diagnostics, sources), "");
    EXPECT_EQ(node->find("a")->text, text);
  }
}

TEST(YamlText, EscapesWhatNobodyWouldSee) {
  EXPECT_EQ(yaml_scalar("a\xC2\x85z\x7F"), "\"a\\u0085z\\u007f\"");
}

/// As `weir fmt` would write them.
TEST(YamlText, BreaksItemsThatAreTooLongForALine) {
  const Document item = {{"to", std::string(40, 'a')},
                         {"on", {{"table", std::string(30, 'b')}}},
                         {"privileges", {"select", "insert"}}};
  EXPECT_EQ(yaml_text({{"grants", {item, {{"to", "web"}}}}}),
            "grants:\n  - to: " + std::string(40, 'a') + "\n    on: { table: " +
                std::string(30, 'b') + " }\n    privileges: [select, insert]\n  - { to: web }\n");
}

}  // namespace
}  // namespace weir
