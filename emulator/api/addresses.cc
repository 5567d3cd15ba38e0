#include "emulator/api/addresses.h"

#include <algorithm>

#include <fmt/format.h>

namespace emulator {
namespace {

/// The n-th loopback address behind `first`.
std::string next_address(World& world) {
  std::uint64_t address = 0;
  for (std::size_t start = 0; start < world.network.first_address.size();) {
    const std::string& text = world.network.first_address;
    const std::size_t dot = std::min(text.find('.', start), text.size());
    address = address * 256 + std::stoul(text.substr(start, dot - start));
    start = dot + 1;
  }
  address += world.ids.next("address");
  return fmt::format("{}.{}.{}.{}", (address >> 24U) & 255U, (address >> 16U) & 255U,
                     (address >> 8U) & 255U, address & 255U);
}

}  // namespace

std::string address_fact(const std::string& address) {
  return "address/" + address;
}

std::vector<std::string> addresses_of(const Row& row) {
  std::vector<std::string> addresses;
  for (const char* key : {"host", "read_only_host"}) {
    const std::string address = text_at(row.hidden, key);
    if (!address.empty()) addresses.push_back(address);
  }
  return addresses;
}

std::string next_host(World& world, const Row& row, const std::string& label) {
  if (!world.network.has_postgres) return label + ".database.example";
  std::string address = next_address(world);
  world.store.set_fact(address_fact(address), row.name);
  return address;
}

}  // namespace emulator
