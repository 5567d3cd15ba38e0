#include "emulator/postgres/server_message.h"

#include <cstdint>

namespace emulator {
namespace {

std::string word_bytes(std::size_t word) {
  std::string bytes;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) bytes += static_cast<char>(word >> shift & 0xFFU);
  return bytes;
}

std::string message(char kind, const std::string& body) {
  return kind + word_bytes(body.size() + 4) + body;
}

std::string field(char kind, std::string_view text) {
  std::string bytes(1, kind);
  bytes += text;
  bytes += '\0';
  return bytes;
}

}  // namespace

std::string fatal_error(std::string_view sqlstate, std::string_view text) {
  return message('E', field('S', "FATAL") + field('V', "FATAL") + field('C', sqlstate) +
                          field('M', text) + '\0');
}

std::string ask_for_password() {
  return message('R', word_bytes(3));
}

std::string negotiate_version(const std::vector<std::string>& unknown_options) {
  std::string body = word_bytes(std::size_t{3} << 16) + word_bytes(unknown_options.size());
  for (const std::string& option : unknown_options) {
    body += option;
    body += '\0';
  }
  return message('v', body);
}

}  // namespace emulator
