#include "manifest/print.h"

#include "manifest/interpolate.h"
#include "manifest/yaml_text.h"

namespace weir {
namespace {

class Printer {
 public:
  Printer(const MergedTree& tree, const Sources& sources) : tree_(tree), sources_(sources) {}

  std::string print() {
    print_map(tree_.root, 0, false);
    return std::move(text_);
  }

 private:
  void indent(std::size_t depth) { text_.append(2 * depth, ' '); }

  /// `is_begun`: the first line is already indented, behind the dash of a list.
  void print_map(const Node& map, std::size_t depth, bool is_begun) {
    for (const Entry& entry : map.entries) {
      if (!is_begun) indent(depth);
      is_begun = false;
      text_ += yaml_scalar(escape_interpolation(entry.key)) + ":";
      print_value(entry.value, depth + 1, ' ');
    }
  }

  void print_list(const Node& list, std::size_t depth) {
    for (const Node& item : list.items) {
      indent(depth);
      text_ += '-';
      if (item.is_map() && !item.entries.empty()) {
        text_ += ' ';
        print_map(item, depth + 1, true);
      } else {
        print_value(item, depth + 1, ' ');
      }
    }
  }

  void print_value(const Node& value, std::size_t depth, char before) {
    const bool is_block = !value.items.empty() || !value.entries.empty();
    if (!is_block) {
      text_ += before + scalar(value) + comment(value) + "\n";
      return;
    }
    text_ += "\n";
    if (value.is_map()) {
      print_map(value, depth, false);
    } else {
      print_list(value, depth);
    }
  }

  std::string scalar(const Node& value) const {
    if (value.is_map()) return "{}";
    if (value.is_list()) return "[]";
    if (value.is_null()) return "null";
    if (!value.is_text()) return value.text;
    const Origin* origin = tree_.origin_of(value);
    if (origin != nullptr && origin->is_secret) return "(secret)";
    if (origin != nullptr && origin->is_open) return yaml_scalar(value.text);
    return yaml_scalar(escape_interpolation(value.text));
  }

  std::string comment(const Node& value) const {
    std::string text = sources_.describe(value.place);
    const Origin* origin = tree_.origin_of(value);
    if (origin != nullptr && !origin->is_open) text += (text.empty() ? "" : ", ") + origin->text;
    return text.empty() ? "" : "  # " + text;
  }

  const MergedTree& tree_;
  const Sources& sources_;
  std::string text_;
};

}  // namespace

std::string print_tree(const MergedTree& tree, const Sources& sources) {
  return Printer(tree, sources).print();
}

}  // namespace weir
