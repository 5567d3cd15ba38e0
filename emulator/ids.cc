#include "emulator/ids.h"

#include <array>
#include <stdexcept>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

namespace emulator {
namespace {

constexpr std::array kAdjectives = {"calm",  "warm",  "wild",  "blue",  "quiet", "bold",
                                    "plain", "late",  "young", "broad", "cool",  "early",
                                    "fair",  "green", "merry", "round"};
constexpr std::array kNouns = {"river", "field",  "cloud", "stone", "meadow", "harbor",
                               "lake",  "forest", "dawn",  "hill",  "wave",   "snow",
                               "leaf",  "brook",  "reef",  "valley"};

/// splitmix64: one well-mixed number for each input.
std::uint64_t mix(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31U);
}

std::string words(const char* prefix, std::uint64_t drawn) {
  return fmt::format("{}-{}-{}-{:08x}", prefix, kAdjectives.at(drawn >> 60U),
                     kNouns.at((drawn >> 56U) & 15U), static_cast<std::uint32_t>(drawn));
}

std::uint64_t random_number() {
  std::uint64_t number = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&number), sizeof number) != 1) {
    throw std::runtime_error("the system gives no random bytes");
  }
  return number;
}

}  // namespace

Ids::Ids(Store& store, std::uint64_t seed) : store_(store), seed_(seed) {
  if (seed_ == 0) {
    if (store_.fact("ids/seed").empty())
      store_.set_fact("ids/seed", std::to_string(random_number()));
    seed_ = std::stoull(store_.fact("ids/seed"));
  }
}

std::uint64_t Ids::next(const std::string& row) {
  const std::string key = "ids/next/" + row;
  const std::string last = store_.fact(key);
  const std::uint64_t number = last.empty() ? 1 : std::stoull(last) + 1;
  store_.set_fact(key, std::to_string(number));
  return number;
}

std::uint64_t Ids::draw() {
  return mix(seed_ ^ mix(next("draw")));
}

std::string Ids::project_uid() {
  return uuid();
}
std::string Ids::branch_uid() {
  return words("br", draw());
}
std::string Ids::endpoint_uid() {
  return words("ep", draw());
}

std::string Ids::uuid() {
  const std::uint64_t high = draw();
  const std::uint64_t low = draw();
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", high >> 32U, (high >> 16U) & 0xffffU,
                     high & 0xfffU, 0x8000U | ((low >> 48U) & 0x3fffU), low & 0xffffffffffffULL);
}

/// Base64 as the service's own: it may contain slashes, so clients must not split it.
std::string Ids::operation_id() {
  const std::uint64_t drawn = draw();
  std::array<unsigned char, 13> text{};
  EVP_EncodeBlock(text.data(), reinterpret_cast<const unsigned char*>(&drawn), sizeof drawn);
  return reinterpret_cast<const char*>(text.data());
}

std::string Ids::short_hex() {
  return fmt::format("{:08x}", static_cast<std::uint32_t>(draw()));
}

/// Not in the store: a trace id changes nothing, so reading costs no write.
std::string Ids::trace_id() {
  return fmt::format("{:016x}", mix(seed_ ^ ~mix(++trace_)));
}

std::string make_secret(const std::string& prefix) {
  std::array<unsigned char, 32> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw std::runtime_error("the system gives no random bytes");
  }
  std::string secret = prefix;
  for (const unsigned char byte : bytes) secret += fmt::format("{:02x}", byte);
  return secret;
}

std::string fingerprint(const std::string& secret) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(secret.data(), secret.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", digest.at(i));
  return text;
}

}  // namespace emulator
