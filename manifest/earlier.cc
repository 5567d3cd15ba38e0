#include "manifest/earlier.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "manifest/inside/written_words.h"
#include "manifest/manifest_rules.h"

namespace weir {
namespace {

class EarlierReader {
 public:
  EarlierReader(Manifest& manifest, const Declaring& declaring)
      : manifest_(manifest), declaring_(declaring) {}

  void read(const Entry& entry) {
    if (entry.key != "moved" && entry.key != "removed") return;
    if (!refuse_secrets(entry.value, entry.key, declaring_)) return;
    const inside::Subject whole{declaring_};
    if (!inside::check_form(*inside::find_word(entry.key), entry, whole)) return;
    const inside::Subject subject{declaring_, entry.key};
    for (const Node& item : entry.value.items) {
      if (!item.is_map()) continue;
      const inside::WrittenWords words = inside::read_words(entry.key, item, subject);
      entry.key == "moved" ? read_moved(words, item) : read_removed(words, item);
    }
  }

 private:
  void read_moved(const inside::WrittenWords& words, const Node& item) {
    const auto from = undeclared(words, "from");
    const auto to = address(words, "to");
    if (!from || !to) return;
    if (manifest_.find(*to) == nullptr) {
      complain(*words.value("to"), fmt::format("to: nothing is declared at {}", to->text()),
               "write the address at which it is declared now");
      return;
    }
    manifest_.moved.push_back({.from = *from, .to = *to, .place = item.place});
  }

  void read_removed(const inside::WrittenWords& words, const Node& item) {
    const auto gone = undeclared(words, "address");
    if (!gone || words.value("action") == nullptr) return;
    manifest_.removed.push_back(
        {.address = *gone, .is_abandoned = words.text("action") == "abandon", .place = item.place});
  }

  /// Written with dots, as in references, or with slashes, as plans print it.
  std::optional<Address> address(const inside::WrittenWords& words, std::string_view word) {
    if (words.value(word) == nullptr) return std::nullopt;
    std::string text = words.text(word);
    if (text.find('/') == std::string::npos) std::ranges::replace(text, '.', '/');
    auto parsed = Address::parse(text);
    if (!parsed) {
      complain(*words.value(word), fmt::format("{}: \"{}\" is no address", word, words.text(word)),
               "for example projects.shop.branches.dev");
    }
    return parsed;
  }

  std::optional<Address> undeclared(const inside::WrittenWords& words, std::string_view word) {
    auto parsed = address(words, word);
    if (!parsed || manifest_.find(*parsed) == nullptr) return parsed;
    complain(*words.value(word), fmt::format("{}: {} is declared", word, parsed->text()),
             "take its declaration away, or this entry");
    return std::nullopt;
  }

  void complain(const Node& node, std::string message, std::string hint) {
    declaring_.complain(rule::kReference, "", node.place, std::move(message), std::move(hint));
  }

  Manifest& manifest_;
  const Declaring& declaring_;
};

}  // namespace

void read_earlier(Manifest& manifest, const Declaring& declaring) {
  EarlierReader reader(manifest, declaring);
  for (const Entry& entry : declaring.tree.root.entries) reader.read(entry);
}

}  // namespace weir
