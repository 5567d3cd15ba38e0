#include "core/address.h"

#include <algorithm>

namespace weir {

std::string escape_segment(std::string_view key) {
  std::string segment;
  segment.reserve(key.size());
  for (const char c : key) {
    if (c == '/') {
      segment += "%2F";
    } else if (c == '%') {
      segment += "%25";
    } else {
      segment += c;
    }
  }
  return segment;
}

std::string unescape_segment(std::string_view segment) {
  std::string key;
  key.reserve(segment.size());
  for (std::size_t i = 0; i < segment.size(); ++i) {
    const std::string_view code = segment.substr(i, 3);
    if (code == "%2F" || code == "%25") {
      key += code == "%2F" ? '/' : '%';
      i += 2;
    } else {
      key += segment[i];
    }
  }
  return key;
}

std::optional<Address> Address::parse(std::string_view text) {
  const bool is_well_formed = !text.empty() && text.front() != '/' && text.back() != '/' &&
                              text.find("//") == std::string_view::npos;
  if (!is_well_formed) return std::nullopt;
  return Address(std::string(text));
}

Address Address::child(std::string_view collection, std::string_view key) const {
  std::string text = singleton(collection).text_;
  text += '/';
  text += escape_segment(key);
  return Address(std::move(text));
}

Address Address::singleton(std::string_view name) const {
  return Address(text_.empty() ? std::string(name) : text_ + "/" + std::string(name));
}

std::string Address::key() const {
  const std::size_t slash = text_.rfind('/');
  return unescape_segment(slash == std::string::npos ? text_ : text_.substr(slash + 1));
}

Address Address::parent() const {
  const auto slashes = std::count(text_.begin(), text_.end(), '/');
  // "a/b/c/d" lies in "a/b", and so does the singleton "a/b/c".
  const std::size_t last = text_.rfind('/');
  if (last == std::string::npos) return Address();
  if (slashes % 2 == 0) return Address(text_.substr(0, last));
  const std::size_t before = text_.rfind('/', last - 1);
  return before == std::string::npos ? Address() : Address(text_.substr(0, before));
}

bool Address::is_within(const Address& other) const {
  if (other.is_root() || *this == other) return true;
  return text_.size() > other.text_.size() && text_.starts_with(other.text_) &&
         text_[other.text_.size()] == '/';
}

}  // namespace weir
