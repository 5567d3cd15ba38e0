#include "manifest/text_gate.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(TextGate, FindsWhatIsForbiddenWhereverItStands) {
  for (std::size_t offset = 0; offset < 200; ++offset) {
    std::string text(200, 'a');
    text[offset] = '\x01';
    const auto found = find_forbidden_text(text);
    ASSERT_TRUE(found) << offset;
    EXPECT_EQ(found->offset, offset);
    EXPECT_TRUE(found->is_utf8);
  }
}

TEST(TextGate, FindsNothingInTextOfAnyLength) {
  for (std::size_t size = 0; size < 200; ++size) {
    EXPECT_FALSE(find_forbidden_text(std::string(size, 'a'))) << size;
    EXPECT_FALSE(find_forbidden_text(std::string(size, 'a') + "\t\n\r\n~\xC3\xA4")) << size;
  }
}

TEST(TextGate, FindsEachControlCharacterAmongPlainBytes) {
  for (int byte = 0; byte < 0x80; ++byte) {
    std::string text(130, ' ');
    text[64] = static_cast<char>(byte);
    const bool is_welcome = byte == '\n' || byte == '\t' || (byte >= 0x20 && byte < 0x7F);
    EXPECT_EQ(find_forbidden_text(text).has_value(), !is_welcome) << byte;
  }
}

}  // namespace
}  // namespace weir
