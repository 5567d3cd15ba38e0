// The name of a declaration: its path in the manifest, "projects/shop/branches/dev".
#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// Segments alternate between a collection and a key; a singleton such as "permissions" ends the
/// path alone. A slash or percent sign inside a key is written %2F or %25.
class Address {
 public:
  /// The root, above all projects.
  Address() = default;
  /// Nothing unless the text is non-empty segments separated by single slashes.
  static std::optional<Address> parse(std::string_view text);

  Address child(std::string_view collection, std::string_view key) const;
  Address singleton(std::string_view name) const;

  const std::string& text() const { return text_; }
  bool is_root() const { return text_.empty(); }
  /// The last segment as the manifest has it; "" for the root.
  std::string key() const;
  /// The declaration that contains this one.
  Address parent() const;
  /// Whether this is `other` or lies below it.
  bool is_within(const Address& other) const;

  auto operator<=>(const Address&) const = default;
  bool operator==(const Address&) const = default;

 private:
  explicit Address(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

/// One segment of an address as text, and back.
std::string escape_segment(std::string_view key);
std::string unescape_segment(std::string_view segment);

}  // namespace weir

template <>
struct std::hash<weir::Address> {
  std::size_t operator()(const weir::Address& address) const noexcept {
    return std::hash<std::string>()(address.text());
  }
};
