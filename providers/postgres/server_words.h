// What a server says when it refuses something, taken apart: pure functions of libpq's text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::postgres {

/// One line each, without control characters and of limited length.
struct ServerWords {
  std::string sqlstate = {};  ///< "" when the words are not the server's
  std::string message = {};
  std::string detail = {};
  std::string hint = {};
};

/// Reads a message of libpq in its verbose form, the only one that has the SQLSTATE of a refused
/// login. Quotations of the statement are left out: they may hold a part of a secret.
ServerWords read_server_words(std::string_view text);

/// "permission denied for schema app (42501); the detail; the hint"
std::string words_of(const ServerWords& words);

/// Whether the same may succeed when it is tried again.
enum class Hope : std::uint8_t {
  kNone,
  kBrief,  ///< somebody else changed the same at that moment, or it is a mistake
  kGood,
};

/// Of a statement in a transaction that is begun anew.
Hope hope_for_statement(std::string_view sqlstate);
/// Of a connection that the server refused.
Hope hope_for_login(std::string_view sqlstate);
/// The session is over.
bool ends_session(std::string_view sqlstate);
bool is_refused_login(std::string_view sqlstate);
/// Otherwise it was not the password that decided.
bool is_refused_password(std::string_view sqlstate);
/// What people can do about a refused statement; "" when its words say it.
std::string_view advice_on(std::string_view sqlstate);

}  // namespace weir::postgres
