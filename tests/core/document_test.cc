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

TEST(Document, SaysWhereAndWhyItIsRefused) {
  EXPECT_EQ(read_document("{\"a\":}").mistake_at, 6U);
  EXPECT_EQ(read_document("1e999").mistake_at, 0U);
  EXPECT_FALSE(read_document("1e999").is_too_deep);
  EXPECT_TRUE(read_document(std::string(65, '[') + std::string(65, ']')).is_too_deep);
  EXPECT_FALSE(read_document(std::string(64, '[') + std::string(64, ']')).is_too_deep);
}

TEST(Document, KeepsTheOrderOfKeysAndTheLastOfTwoOfThem) {
  EXPECT_EQ(to_text(parse_document(R"({"b":1,"a":[{},[],null],"b":{"c":-2.5}})").value()),
            R"({"b":{"c":-2.5},"a":[{},[],null]})");
}

TEST(Document, FindsKeysThatStandTwiceAmongMany) {
  std::string text = "{";
  for (int round = 0; round < 2; ++round) {
    for (int key = 0; key < 100; ++key) {
      text += (text.size() > 1 ? ",\"" : "\"") + std::to_string(key) +
              "\":" + std::to_string(key + round);
    }
  }
  const Document document = parse_document(text + "}").value();
  EXPECT_EQ(document.size(), 100U);
  EXPECT_EQ(document.at("99"), 100);
}

TEST(Document, IsReadAsTheLibraryReadsIt) {
  const std::string cases[] = {
      R"(0)",
      R"( [ -0, 12, -12, 1.5, -1.5e3, 1E-2, 0.1 ] )",
      R"([9223372036854775807, 9223372036854775808, -9223372036854775808])",
      R"([18446744073709551615, 18446744073709551616, -9223372036854775809, 1e-400])",
      R"({"a":{"b":[{}]},"c":"","":[]})",
      R"(["\\ \" \/ \b\f\n\r\t", "\u00e9\ud83d\ude00", "größe", ""])",
      "\t\r\n[true,false,null]\n",
      "\xEF\xBB\xBF{}",
      R"([01])",
      R"([+1])",
      R"([.5])",
      R"([1.])",
      R"([1e])",
      R"([-])",
      R"(["\x"])",
      R"(["a)",
      "[\"\n\"]",
      "[\"\xff\"]",
      R"([1,])",
      R"({"a":1,})",
      R"({"a" 1})",
      R"({a:1})",
      R"([1] 2)",
      R"([1 2])",
      R"(tru)",
      R"([1)",
      R"(])",
      std::string("[1\0]", 4),
  };
  for (const std::string& text : cases) {
    const auto ours = parse_document(text);
    const Document library = Document::parse(text, nullptr, false);
    ASSERT_EQ(ours.has_value(), !library.is_discarded()) << text;
    if (!ours) continue;
    EXPECT_EQ(to_text(*ours), to_text(library)) << text;
    EXPECT_EQ(Document::to_cbor(*ours), Document::to_cbor(library)) << text;
  }
}

TEST(Document, IsPrintedThoughItsBytesAreNoText) {
  EXPECT_EQ(to_text(Document("a\xff")), "\"a\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace weir
