// Values inside requests: durations, timestamps, log positions, percent encoding, forms, JSON.
#include <cstddef>
#include <cstdint>
#include <string>

#include "emulator/latency.h"
#include "emulator/postgres/lsn.h"
#include "tests/fuzz/stage.h"

namespace emulator {
namespace {

void check_times(const std::string& text) {
  if (const auto duration = parse_duration(text)) {
    expect(parse_duration(to_text(*duration)) == duration, "a duration changes", text);
    const Instant start{1'787'000'000, 999'999'999};
    expect((start + *duration) - *duration == start, "a sum cannot be undone", text);
    expect((start + *duration) - start == *duration, "a difference is wrong", text);
  }
  const auto instant = parse_timestamp(text);
  if (!instant) return;
  const std::string printed = to_text(*instant);
  // An offset may lead out of the years that have four digits.
  if (printed.size() < 20 || printed[4] != '-' || printed.front() == '-') return;
  expect(parse_timestamp(printed) == instant, "a timestamp changes", text);
}

void check_human_duration(const std::string& text) {
  try {
    const Duration duration = parse_human_duration(text);
    expect(
        duration.seconds >= 0 && duration.nanoseconds >= 0 && duration.nanoseconds < 1'000'000'000,
        "a duration out of range", text);
  } catch (const std::invalid_argument&) {
    return;
  }
}

std::string percent_encode(const std::string& text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    encoded += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
  }
  return encoded;
}

void check_encodings(const std::string& text) {
  for (const PlusSign plus : {PlusSign::kLiteral, PlusSign::kSpace}) {
    const auto decoded = percent_decode(text, plus);
    if (!decoded) continue;
    expect(decoded->size() <= text.size() && decoded->find('\0') == std::string::npos,
           "decoding makes too much", text);
    expect(percent_decode(percent_encode(*decoded), plus) == decoded, "an encoding changes", text);
  }
  const auto form = parse_form(text);
  if (!form) return;
  std::string again;
  for (const auto& [key, value] : *form) {
    again += percent_encode(key) + "=" + percent_encode(value) + "&";
  }
  const bool has_empty_key = form->count("") != 0;
  expect(has_empty_key || parse_form(again) == form, "a form changes", text);
}

void check_json(const std::string& text) {
  auto document = parse_json(text);
  if (!document) return;
  const auto again = parse_json(to_text(*document));
  expect(again && *again == *document, "a document changes", text);
}

void check_lsn(const std::string& text) {
  const auto lsn = parse_lsn(text);
  if (lsn) expect(parse_lsn(lsn_text(*lsn)) == lsn, "a log position changes", text);
}

}  // namespace
}  // namespace emulator

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  emulator::check_times(text);
  emulator::check_human_duration(text);
  emulator::check_encodings(text);
  emulator::check_json(text);
  emulator::check_lsn(text);
  return 0;
}
