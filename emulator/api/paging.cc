#include "emulator/api/paging.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "emulator/api/resource_name.h"

namespace emulator {
namespace {

std::size_t page_size(const World& world, const Call& call, const ListRequest& list) {
  const std::size_t standard = world.contract.assumptions.integer("default_page_size");
  const auto found = call.request.query.find(list.size_parameter);
  if (found == call.request.query.end() || found->second.empty()) return standard;
  std::int64_t size = 0;
  const std::string& text = found->second;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), size);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) {
    throw world.contract.problem("parameter_malformed",
                                 {{"parameter", list.size_parameter}, {"value", text}});
  }
  if (size < 0) throw world.contract.problem("page_size_negative");
  if (size == 0) return standard;
  if (static_cast<std::size_t>(size) <= list.maximum_size) return static_cast<std::size_t>(size);
  if (world.contract.assumptions.is("page_size_above_maximum", "clamped")) {
    return list.maximum_size;
  }
  throw world.contract.problem("page_size_large", {{"maximum", std::to_string(list.maximum_size)}});
}

/// Where in which order a list goes on.
struct ListPlace {
  std::string after = {};
  std::optional<std::int64_t> order = {};
};

/// Tokens are opaque to clients: the id behind which the next page begins, in hexadecimal, behind
/// the seed of its order: a walk ends in the order in which it began.
std::string page_token(const std::string& last, std::optional<std::int64_t> order) {
  std::string token = order ? fmt::format("{}.", *order) : "";
  for (const char c : last_segment(last)) {
    token += fmt::format("{:02x}", static_cast<unsigned char>(c));
  }
  return token;
}

std::optional<std::int64_t> order_of_token(const World& world, std::string_view seed) {
  std::int64_t order = 0;
  const auto parsed = std::from_chars(seed.data(), seed.data() + seed.size(), order);
  if (parsed.ec != std::errc{} || parsed.ptr != seed.data() + seed.size()) {
    throw world.contract.problem("page_token_invalid");
  }
  return order;
}

ListPlace place_behind_token(const World& world, const std::string& prefix, std::string token) {
  ListPlace place;
  if (const std::size_t dot = token.find('.'); dot != std::string::npos) {
    place.order = order_of_token(world, std::string_view(token).substr(0, dot));
    token.erase(0, dot + 1);
  }
  std::string id;
  for (std::size_t i = 0; i < token.size(); i += 2) {
    unsigned value = 0;
    const char* end = token.data() + std::min(i + 2, token.size());
    const auto parsed = std::from_chars(token.data() + i, end, value, 16);
    if (parsed.ec != std::errc{} || parsed.ptr != end || token.size() % 2 != 0) {
      throw world.contract.problem("page_token_invalid");
    }
    id += static_cast<char>(value);
  }
  place.after = prefix + id;
  return place;
}

}  // namespace

std::string list_page(World& world, const Call& call, const ListRequest& list) {
  const auto token = call.request.query.find("page_token");
  const ListPlace place = token == call.request.query.end()
                              ? ListPlace{.order = call.request.list_order}
                              : place_behind_token(world, list.prefix, token->second);
  const Store::Page page = world.store.page({.kind = list.kind,
                                             .parent = list.parent,
                                             .after = place.after,
                                             .limit = page_size(world, call, list),
                                             .with_deleted = list.with_deleted,
                                             .order = place.order});
  const bool is_key_shown =
      !page.documents.empty() || world.contract.assumptions.is("empty_collection", "empty_list");
  std::string text = "{";
  if (is_key_shown) text += fmt::format("\"{}\":[{}]", list.plural, page.documents);
  if (!page.last.empty())
    text += fmt::format(",\"next_page_token\":\"{}\"", page_token(page.last, place.order));
  return text + "}";
}

}  // namespace emulator
