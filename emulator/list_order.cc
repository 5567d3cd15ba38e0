#include "emulator/list_order.h"

#include <random>

namespace emulator {

std::int64_t place_in_order(std::string_view name, std::int64_t seed) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
  for (const char letter : name) {
    hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3ULL;
  }
  return static_cast<std::int64_t>(std::mt19937_64(hash ^ static_cast<std::uint64_t>(seed))());
}

}  // namespace emulator
