#include "manifest/inside/forms.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/nearest.h"
#include "manifest/leftover.h"
#include "manifest/manifest_rules.h"

namespace weir::inside {
namespace {

bool is_right(const Word& word, const Node& node) {
  switch (word.form) {
    case Form::kText:
      return is_text(node);
    case Form::kChoice:
      return node.is_text() &&
             std::find(word.choices.begin(), word.choices.end(), node.text) != word.choices.end();
    case Form::kFlag:
      return node.type == Node::Type::kBoolean;
    case Form::kNames:
      return is_text(node) || node.is_list();
    case Form::kPrivileges:
      return is_text(node) || node.is_list() || node.is_map();
    case Form::kTexts:
    case Form::kAccess:
    case Form::kMap:
    case Form::kMembers:
      return node.is_map();
    case Form::kItems:
    case Form::kNamesOrItems:
      return node.is_list();
    case Form::kResource:
    case Form::kResources:
      return true;  // whoever declares them tells what is wrong
  }
  return false;
}

/// An example in one line, or where to find it.
std::string example_hint(const Word& word) {
  if (word.example.find('\n') == std::string_view::npos) {
    return fmt::format("for example {}", word.example);
  }
  return fmt::format("see weir explain {}", word.path);
}

/// What is wrong with values one level further down, where the form has such.
class Parts {
 public:
  Parts(const Word& word, const Subject& subject) : word_(word), subject_(subject) {}

  void check(const Node& node) const {
    if (word_.form == Form::kResource || word_.form == Form::kResources) return;
    if (word_.form == Form::kTexts || word_.form == Form::kAccess) return check_entries(node);
    if (word_.form == Form::kMembers) return check_members(node);
    const bool has_names = word_.form == Form::kNames || word_.form == Form::kPrivileges;
    if (has_names) refuse_empty(node, "");
    for (const Node& item : node.items) check_item(item);
  }

 private:
  void complain(const Node& node, std::string_view key, std::string_view form) const {
    if (is_leftover(node)) return;
    subject_.complain(rule::kShape, node.place,
                      fmt::format("{}{}{}: expected {}; not {}", name_in_messages(word_.path),
                                  key.empty() ? "" : ".", key, form, describe(node)),
                      example_hint(word_));
  }

  bool is_about_privileges() const {
    return word_.form != Form::kNames || word_.key() == "privileges" || word_.key() == "schema";
  }

  /// Whether nothing or everything is meant, a list with nothing in it does not say.
  void refuse_empty(const Node& node, std::string_view key) const {
    if (!node.is_list() || !node.items.empty()) return;
    subject_.complain(rule::kValue, node.place,
                      fmt::format("{}{}{}: the list is empty", name_in_messages(word_.path),
                                  key.empty() ? "" : ".", key),
                      is_about_privileges() ? "write none to take everything away, or remove it"
                                            : "name at least one, or remove it");
  }

  void check_item(const Node& item) const {
    const bool takes_text = word_.form != Form::kItems;
    const bool takes_map = word_.form == Form::kItems || word_.form == Form::kNamesOrItems;
    if ((takes_text && is_text(item)) || (takes_map && item.is_map())) return;
    complain(item, "", takes_map ? takes_text ? "a name, or a map" : "a map" : "a text");
  }

  void check_entries(const Node& node) const {
    for (const Entry& entry : node.entries) {
      if (word_.form == Form::kTexts) {
        const bool is_value = entry.value.is_scalar() && !entry.value.is_null();
        if (!is_value) complain(entry.value, entry.key, "a text");
      } else if (entry.value.is_list()) {
        refuse_empty(entry.value, entry.key);
        for (const Node& item : entry.value.items) {
          if (!is_text(item)) complain(item, entry.key, "a text");
        }
      } else if (!is_text(entry.value)) {
        complain(entry.value, entry.key, "a text, or a list of texts");
      }
    }
  }

  void check_members(const Node& node) const {
    for (const Entry& entry : node.entries) {
      if (is_leftover(entry.value)) continue;
      if (entry.value.is_null()) {
        warn_of_null(entry);
      } else if (!entry.value.is_map()) {
        complain(entry.value, entry.key, "a map");
      } else if (entry.key.empty()) {
        subject_.complain(rule::kId, entry.place,
                          fmt::format("{} has an empty key", name_in_messages(word_.path)),
                          "give it a name");
      }
    }
  }

  void warn_of_null(const Entry& entry) const {
    subject_.declaring.diagnostics.add(
        {.severity = Severity::kWarning,
         .rule = rule::kNullMember,
         .address = subject_.address,
         .message = fmt::format("{} has nothing behind it and declares nothing", entry.key),
         .hint = fmt::format("write {}: {{}} to declare it, or remove it", entry.key),
         .place = entry.place});
  }

  const Word& word_;
  const Subject& subject_;
};

}  // namespace

std::string_view name_in_messages(std::string_view path) {
  const std::size_t dot = path.find('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

bool check_form(const Word& word, const Entry& entry, const Subject& subject) {
  const Node& node = entry.value;
  if (is_leftover(node)) return false;
  if (node.is_null()) {
    subject.declaring.diagnostics.add(
        {.severity = Severity::kWarning,
         .rule = rule::kNullMember,
         .address = subject.address,
         .message = fmt::format("{} has no value and says nothing", entry.key),
         .hint = "give it a value, or remove it",
         .place = entry.place});
    return false;
  }
  if (is_right(word, node)) {
    Parts(word, subject).check(node);
    return true;
  }
  const std::string hint = node.is_text() ? did_you_mean(node.text, word.choices) : std::string();
  subject.complain(rule::kShape, node.place,
                   fmt::format("{}: expected {}; not {}", name_in_messages(word.path),
                               form_in_words(word), describe(node)),
                   hint.empty() ? example_hint(word) : hint);
  return false;
}

std::vector<const Node*> names_of(const Node& value) {
  if (is_text(value)) return {&value};
  std::vector<const Node*> names;
  for (const Node& item : value.items) {
    if (is_text(item)) names.push_back(&item);
  }
  return names;
}

bool says(const Node& node, std::string_view word) {
  return std::equal(node.text.begin(), node.text.end(), word.begin(), word.end(),
                    [](char left, char right) { return (left | 0x20) == right; });
}

bool is_text(const Node& node) {
  const bool is_written = node.is_text() || node.type == Node::Type::kNumber;
  return is_written && !node.text.empty();
}

}  // namespace weir::inside
