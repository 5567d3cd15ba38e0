#include "core/document.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Document, IsReadAndWrittenByDottedPaths) {
  Document document;
  set_path(document, "spec.group.min", 2);
  set_path(document, "spec.name", "x");
  EXPECT_EQ(to_text(document), R"({"spec":{"group":{"min":2},"name":"x"}})");
  EXPECT_EQ(*at_path(document, "spec.group.min"), 2);
  EXPECT_EQ(at_path(document, "spec.name.more"), nullptr);
  EXPECT_EQ(at_path(document, "status"), nullptr);
  EXPECT_EQ(text_at(document, "spec.name"), "x");
  EXPECT_EQ(text_at(document, "spec.group"), "");
  EXPECT_FALSE(flag_at(document, "spec.name"));
}

TEST(Document, IsRefusedWhenMalformedOrTooDeep) {
  EXPECT_FALSE(parse_document("{\"a\":"));
  EXPECT_FALSE(parse_document(""));
  EXPECT_FALSE(parse_document("\xff"));
  EXPECT_TRUE(parse_document(std::string(60, '[') + std::string(60, ']')));
  EXPECT_FALSE(parse_document(std::string(100'000, '[') + std::string(100'000, ']')));
}

TEST(Document, IsPrintedThoughItsBytesAreNoText) {
  EXPECT_EQ(to_text(Document("a\xff")), "\"a\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace weir
