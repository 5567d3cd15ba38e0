#include "manifest/members.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "core/nearest.h"
#include "manifest/fields.h"
#include "manifest/inside/words.h"
#include "manifest/leftover.h"
#include "manifest/manifest_rules.h"

namespace weir {
namespace {

class Sorter {
 public:
  Sorter(const Kind& kind, const Address& address, const Catalogue& catalogue,
         Diagnostics& diagnostics)
      : kind_(kind), address_(address), catalogue_(catalogue), diagnostics_(diagnostics) {}

  /// `prefix` leads into a nested field: "default_endpoint.".
  void sort(const Node& node, const std::string& prefix) {
    for (const Entry& entry : node.entries) {
      const std::string name = prefix + entry.key;
      const Field* field = find_field(kind_, name);
      if (field != nullptr) {
        take_field(*field, entry);
      } else if (is_nested(name)) {
        take_nested(entry, name);
      } else if (!prefix.empty() || !take_word(entry)) {
        report_unknown(entry, prefix);
      }
    }
  }

  Members take_members() {
    // Fields of one kind stand in one table, so their addresses have its order.
    std::sort(members_.fields.begin(), members_.fields.end(),
              [](const WrittenField& left, const WrittenField& right) {
                return left.field < right.field;
              });
    return std::move(members_);
  }

 private:
  bool is_nested(const std::string& name) const {
    return std::any_of(kind_.fields.begin(), kind_.fields.end(), [&](const Field& field) {
      return field.name.size() > name.size() && field.name.starts_with(name) &&
             field.name[name.size()] == '.';
    });
  }

  void complain(const char* rule, const Place& place, std::string message, std::string hint) {
    diagnostics_.add({.rule = rule,
                      .address = address_.text(),
                      .message = std::move(message),
                      .hint = std::move(hint),
                      .place = place});
  }

  void take_field(const Field& field, const Entry& entry) {
    if (field.is_derived) {
      return complain(rule::kDerived, entry.place,
                      fmt::format("{} cannot be written: it follows from other fields", field.name),
                      "remove it");
    }
    if (entry.value.is_null() && !is_leftover(entry.value)) return report_null(entry);
    members_.fields.push_back({&field, &entry.value, entry.place});
  }

  void take_nested(const Entry& entry, const std::string& name) {
    if (is_leftover(entry.value)) return;
    if (entry.value.is_null()) return report_null(entry);
    if (entry.value.is_map()) return sort(entry.value, name + ".");
    complain(rule::kShape, entry.value.place,
             fmt::format("{}: expected a map; not {}", name, describe(entry.value)), "");
  }

  void report_null(const Entry& entry) {
    diagnostics_.add({.severity = Severity::kWarning,
                      .rule = rule::kNullMember,
                      .address = address_.text(),
                      .message = fmt::format("{} has no value and says nothing", entry.key),
                      .hint = "give it a value, or remove it",
                      .place = entry.place});
  }

  /// Everything that is no field. False when nobody knows the word.
  bool take_word(const Entry& entry) {
    if (const Kind* member = catalogue_.in_collection(kind_.name, entry.key)) {
      members_.collections.push_back({member, &entry});
    } else if (entry.key == "id") {
      members_.id = &entry.value;
    } else if (entry.key == "lifecycle") {
      members_.lifecycle = &entry.value;
    } else if (inside::find_word(fmt::format("{}.{}", kind_.sort(), entry.key)) != nullptr) {
      members_.inside.push_back(&entry);
    } else if (entry.key == "for_each") {
      complain(rule::kForEach, entry.place,
               "for_each repeats only a member whose key has ${each.key} in it",
               "write the key as \"name_${each.key}\"");
    } else {
      return false;
    }
    return true;
  }

  void report_unknown(const Entry& entry, const std::string& prefix) {
    std::vector<std::string_view> known;
    for (const Field& field : kind_.fields) {
      if (field.is_derived || !field.name.starts_with(prefix)) continue;
      const std::string_view rest = field.name.substr(prefix.size());
      known.push_back(rest.substr(0, rest.find('.')));
    }
    if (prefix.empty()) {
      for (const Kind* member : catalogue_.kinds()) {
        if (member->parent == kind_.name) known.push_back(member->collection);
      }
      for (const inside::Word* word : inside::words_below(kind_.sort()))
        known.push_back(word->key());
      known.insert(known.end(), {"lifecycle", "for_each"});
      if (takes_id(kind_)) known.emplace_back("id");
    }
    std::string hint = did_you_mean(entry.key, known);
    if (hint.empty()) hint = fmt::format("see weir explain {}", kind_.name);
    complain(rule::kUnknownKey, entry.place, fmt::format("unknown key {}{}", prefix, entry.key),
             std::move(hint));
  }

  const Kind& kind_;
  const Address& address_;
  const Catalogue& catalogue_;
  Diagnostics& diagnostics_;
  Members members_;
};

}  // namespace

Members sort_members(const Kind& kind, const Node& node, const Address& address,
                     const Catalogue& catalogue, Diagnostics& diagnostics) {
  Sorter sorter(kind, address, catalogue, diagnostics);
  sorter.sort(node, "");
  return sorter.take_members();
}

}  // namespace weir
