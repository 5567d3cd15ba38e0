#include <unordered_map>
#include <utility>
#include <vector>

#include "core/document.h"
#include "core/plain_json.h"

namespace weir {
namespace {

/// Up to here a look at every key of an object is cheaper than a table of them.
constexpr std::size_t kFewKeys = 16;

/// Builds a document from the events of a parser. The library's own builder has no limit of depth,
/// its look for keys that stand twice grows with the square of their number, and an object that
/// grows copies what is in it.
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
  bool end_object() {
    OpenValue& object = open_.back();
    auto& members = object.value.get_ref<Document::object_t&>();
    members.reserve(members_.size() - object.first);
    for (std::size_t at = object.first; at < members_.size(); ++at) {
      members.Document::object_t::Container::emplace_back(std::move(members_[at].name),
                                                          std::move(members_[at].value));
    }
    members_.resize(object.first);
    return close();
  }
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
  struct Member {
    std::string name = {};
    Document value = {};
  };
  /// An array or an object that has begun and not ended.
  struct OpenValue {
    Document value;          ///< of an object without its members, as long as they may grow
    std::size_t first = 0;   ///< of an object: where its members begin
    std::size_t member = 0;  ///< of an object: what the next value belongs to
    std::unordered_map<std::string, std::size_t> places = {};  ///< by name, once there are many
  };

  std::size_t member_called(OpenValue& object, std::string name) {
    std::size_t at = object.first;
    if (members_.size() - object.first < kFewKeys) {
      while (at < members_.size() && members_[at].name != name) ++at;
    } else {
      for (std::size_t known = object.places.size() + object.first; known < members_.size();
           ++known) {
        object.places.emplace(members_[known].name, known);
      }
      const auto found = object.places.find(name);
      at = found != object.places.end() ? found->second : members_.size();
    }
    if (at == members_.size()) members_.push_back({.name = std::move(name)});
    return at;
  }

  template <typename Value>
  bool add(Value&& value) {
    place() = std::forward<Value>(value);
    return true;
  }

  Document& place() {
    if (open_.empty()) return root_;
    OpenValue& parent = open_.back();
    return parent.value.is_array() ? parent.value.emplace_back() : members_[parent.member].value;
  }

  bool open(Document empty) {
    if (open_.size() == kDeepestDocument) {
      result_.is_too_deep = true;
      return false;
    }
    open_.push_back({.value = std::move(empty), .first = members_.size()});
    return true;
  }

  bool close() {
    Document value = std::move(open_.back().value);
    open_.pop_back();
    return add(std::move(value));
  }

  ReadDocument& result_;
  Document root_;
  std::vector<OpenValue> open_;
  std::vector<Member> members_;  ///< of the objects that are open
};

template <typename Parse>
ReadDocument built_by(Parse parse) {
  ReadDocument result;
  Builder builder(result);
  if (parse(builder)) result.value = builder.take_root();
  return result;
}

}  // namespace

ReadDocument read_document(std::string_view text) {
  ReadDocument plain = built_by([&](Builder& builder) { return PlainJson(text, builder).read(); });
  if (plain.value) return plain;
  return built_by([&](Builder& builder) { return Document::sax_parse(text, &builder); });
}

std::optional<Document> parse_document(std::string_view text) {
  return read_document(text).value;
}

}  // namespace weir
