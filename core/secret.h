// A text that must not be seen: it has no way into streams, formats or JSON but reveal().
#pragma once

#include <cstring>
#include <string>
#include <utility>

namespace weir {

/// Wipes its memory when it ends or takes another value.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(text) { wipe(text); }
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { wipe(other.text_); }
  Secret& operator=(const Secret& other) {
    if (this == &other) return *this;
    wipe(text_);
    text_ = other.text_;
    return *this;
  }
  Secret& operator=(Secret&& other) noexcept {
    if (this == &other) return *this;
    wipe(text_);
    text_ = std::move(other.text_);
    wipe(other.text_);
    return *this;
  }
  ~Secret() { wipe(text_); }

  /// The text itself, for the one place that must send it.
  const std::string& reveal() const { return text_; }
  bool is_empty() const { return text_.empty(); }
  bool operator==(const Secret&) const = default;

  /// Overwrites a text and empties it.
  static void wipe(std::string& text) {
    // A short text stays in the string's own buffer even after it was moved away.
    explicit_bzero(text.data(), text.capacity());
    text.clear();
  }

 private:
  std::string text_;
};

}  // namespace weir
