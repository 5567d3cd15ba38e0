#include "emulator/postgres/lsn.h"

#include <charconv>

#include <fmt/format.h>

namespace emulator {
namespace {

std::optional<std::uint32_t> parse_half(std::string_view text) {
  std::uint32_t value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value, 16);
  if (text.empty() || text.size() > 8 || error != std::errc() || rest != end) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Lsn> parse_lsn(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto high = parse_half(text.substr(0, slash));
  const auto low = parse_half(text.substr(slash + 1));
  if (!high || !low) return std::nullopt;
  return (Lsn{*high} << 32) | *low;
}

std::string lsn_text(Lsn lsn) {
  return fmt::format("{:X}/{:X}", lsn >> 32, lsn & 0xFFFFFFFF);
}

std::string segment_name(const std::string& timeline, Lsn lsn) {
  const Lsn number = lsn / kSegmentSize;
  const Lsn per_file_id = (Lsn{1} << 32) / kSegmentSize;
  return fmt::format("{}{:08X}{:08X}", timeline, number / per_file_id, number % per_file_id);
}

}  // namespace emulator
