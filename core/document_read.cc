#include <unordered_map>
#include <utility>
#include <vector>

#include "core/document.h"

namespace weir {
namespace {

/// Up to here a look at every key of an object is cheaper than a table of them.
constexpr std::size_t kFewKeys = 16;

/// Builds a document from the events of the library's parser. The library's own builder has no
/// limit of depth, and its look for keys that stand twice grows with the square of their number.
class Builder {
 public:
  explicit Builder(ReadDocument& result) : result_(result) {}

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(std::int64_t value) { return add(value); }
  bool number_unsigned(std::uint64_t value) { return add(value); }
  bool number_float(double value, const std::string& /*written*/) { return add(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(Document::binary_t& /*value*/) { return false; }
  bool start_object(std::size_t /*size*/) { return open(Document::object()); }
  bool start_array(std::size_t /*size*/) { return open(Document::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    OpenValue& object = open_.back();
    object.member = member_called(object, std::move(name));
    return true;
  }
  bool parse_error(std::size_t byte, const std::string& /*token*/,
                   const Document::exception& error) {
    // A number that is too large has no place.
    const bool has_place = dynamic_cast<const Document::parse_error*>(&error) != nullptr;
    result_.mistake_at = has_place ? byte : 0;
    return false;
  }

  Document take_root() { return std::move(root_); }

 private:
  /// An array or an object that has begun and not ended.
  struct OpenValue {
    Document* value = nullptr;  ///< stays where it is: what contains it waits for its end
    std::size_t member = 0;     ///< of an object: what the next value belongs to
    std::unordered_map<std::string, std::size_t> members = {};  ///< by name, once there are many
  };

  /// Without the look-up by name that comes first in the type itself.
  static Document::object_t::Container& members_of(Document& object) {
    return object.get_ref<Document::object_t&>();
  }

  static std::size_t member_called(OpenValue& open, std::string name) {
    auto& members = members_of(*open.value);
    std::size_t at = members.size();
    if (members.size() < kFewKeys) {
      for (at = 0; at < members.size() && members[at].first != name;) ++at;
    } else {
      for (std::size_t known = open.members.size(); known < members.size(); ++known) {
        open.members.emplace(members[known].first, known);
      }
      const auto found = open.members.find(name);
      if (found != open.members.end()) at = found->second;
    }
    if (at == members.size()) members.emplace_back(std::move(name), nullptr);
    return at;
  }

  template <typename Value>
  bool add(Value&& value) {
    place() = std::forward<Value>(value);
    return true;
  }

  Document& place() {
    if (open_.empty()) return root_;
    const OpenValue& parent = open_.back();
    if (parent.value->is_array()) return parent.value->emplace_back();
    return members_of(*parent.value)[parent.member].second;
  }

  bool open(Document empty) {
    if (open_.size() == kDeepestDocument) {
      result_.is_too_deep = true;
      return false;
    }
    Document& value = place();
    value = std::move(empty);
    open_.push_back({.value = &value});
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  ReadDocument& result_;
  Document root_;
  std::vector<OpenValue> open_;
};

}  // namespace

ReadDocument read_document(std::string_view text) {
  ReadDocument result;
  Builder builder(result);
  if (Document::sax_parse(text, &builder)) result.value = builder.take_root();
  return result;
}

std::optional<Document> parse_document(std::string_view text) {
  return read_document(text).value;
}

}  // namespace weir
