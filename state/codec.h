// Records and intents as the texts that both stores keep, and hashes that show damage.
#pragma once

#include <string>
#include <string_view>

#include "core/store.h"

namespace weir {

/// A record as it is kept. The hash covers the address as well, so that no text is ever taken for
/// that of another resource.
struct Blob {
  std::string body;
  std::string hash;  ///< 32 bytes

  bool operator==(const Blob&) const = default;
};

Blob to_blob(const Address& address, const Record& record);
/// Throws StateError when the text is not the one that was kept; `where` names the store.
Record read_blob(const Address& address, const Blob& blob, const std::string& where);

/// All of an intent but its id and its operation, which are columns; a hash covers it and the id.
std::string to_body(const Intent& intent);
/// Throws StateError when the text is not the one that was kept.
Intent read_intent(const std::string& id, const std::string& operation, const std::string& body,
                   const std::string& where);

/// Says that the state `where` cannot be trusted any more, and what to do.
StateError damaged(const std::string& where, const std::string& what);

/// The bytes of hexadecimal digits; "" when they are none.
std::string from_hex(std::string_view digits);
/// 32 random hexadecimal digits.
std::string random_id();

}  // namespace weir
