#include "manifest/node.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Node, BecomesTheDocumentThatItStandsFor) {
  const Document document = Document::parse(
      R"({"z": [1, -2, 0.5, true, null], "a": {"text": "7d"}, "large": 18446744073709551615})");

  EXPECT_EQ(to_document(to_node(document, {})), document);
}

TEST(Node, KeepsTheOrderOfKeys) {
  const Document document = Document::parse(R"({"z": 1, "a": 2})");

  EXPECT_EQ(to_document(to_node(document, {})).dump(), R"({"z":1,"a":2})");
}

TEST(Node, FindsAKeyAndNothingElse) {
  const Node node = to_node(Document::parse(R"({"z": 1, "a": "b"})"), {});

  ASSERT_NE(node.find("a"), nullptr);
  EXPECT_EQ(node.find("a")->text, "b");
  EXPECT_EQ(node.find("b"), nullptr);
}

struct NumberCase {
  std::string text;
  Document value;
};

TEST(Node, ReadsNumbersOfTheCoreSchema) {
  const NumberCase cases[] = {
      {"10", 10},   {"-7", -7},      {"+7", 7},
      {"0x1F", 31}, {"0o17", 15},    {"1.5", 1.5},
      {".5", 0.5},  {"1e3", 1000.0}, {"9223372036854775808", 9223372036854775808U},
  };
  for (const NumberCase& one : cases) {
    const Node node{.type = Node::Type::kNumber, .text = one.text};
    EXPECT_EQ(to_document(node), one.value) << one.text;
  }
}

TEST(Node, IsDescribedInWords) {
  EXPECT_EQ(describe(to_node(Document::parse("4"), {})), "the number 4");
  EXPECT_EQ(describe(to_node(Document::parse("true"), {})), "the boolean true");
  EXPECT_EQ(describe(to_node(Document::parse("null"), {})), "null");
  EXPECT_EQ(describe(to_node(Document::parse("[1]"), {})), "a list");
  EXPECT_EQ(describe(to_node(Document::parse("{}"), {})), "a map");
  EXPECT_EQ(describe(to_node(Document::parse("\"7d\""), {})), "the text \"7d\"");
}

TEST(Node, IsDescribedWithTheBeginningOfALongText) {
  const Node node = to_node(Document(std::string(39, 'x') + "äöü"), {});

  EXPECT_EQ(describe(node), "the text \"" + std::string(39, 'x') + "…\"");
}

}  // namespace
}  // namespace weir
