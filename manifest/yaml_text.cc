#include "manifest/yaml_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "manifest/scalar.h"
#include "sql/quote.h"

namespace weir {
namespace {

constexpr std::size_t kWidth = 100;

bool is_plain_character(char c) {
  const bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return is_word || c == '_' || c == '-' || c == '.' || c == '/' || c == '+' || c == '@';
}

bool is_plain(std::string_view text) {
  if (text.empty() || text.front() == '-' || text.front() == '@' || text.front() == '.') {
    return false;
  }
  return std::all_of(text.begin(), text.end(), is_plain_character) &&
         classify_plain(text) == PlainScalar::kText;
}

std::string inline_text(const Document& document) {
  if (document.is_string()) return yaml_scalar(document.get<std::string>());
  if (!document.is_structured()) return to_text(document);
  std::string text = document.is_array() ? "[" : "{ ";
  bool is_first = true;
  for (const auto& [key, value] : document.items()) {
    if (!is_first) text += ", ";
    is_first = false;
    if (document.is_object()) text += yaml_scalar(key) + ": ";
    text += inline_text(value);
  }
  if (document.empty()) return document.is_array() ? "[]" : "{}";
  return text + (document.is_array() ? "]" : " }");
}

bool is_flat(const Document& document) {
  return std::none_of(document.begin(), document.end(),
                      [](const Document& value) { return value.is_structured(); });
}

class Writer {
 public:
  std::string text;

  void write(const Document& document, std::size_t depth) {
    document.is_object() ? write_map(document, depth) : write_list(document, depth);
  }

 private:
  void write_map(const Document& map, std::size_t depth) {
    for (const auto& [key, value] : map.items()) {
      text.append(depth * 2, ' ');
      text += yaml_scalar(key) + ":";
      write_value(value, depth, key.size());
    }
  }

  void write_list(const Document& list, std::size_t depth) {
    for (const Document& item : list) {
      const std::string line = inline_text(item);
      const bool is_on_line = !item.is_object() || depth * 2 + 2 + line.size() <= kWidth;
      const std::size_t start = text.size();
      if (is_on_line) {
        text += std::string(depth * 2 + 2, ' ') + line + "\n";
      } else {
        write_map(item, depth + 1);
      }
      text[start + depth * 2] = '-';
    }
  }

  /// Members of a manifest's tree stand in blocks; small values stand on the line of their key.
  void write_value(const Document& value, std::size_t depth, std::size_t key_length) {
    const std::string line = value.is_structured() && !is_flat(value) ? "" : inline_text(value);
    const bool is_list_of_maps = value.is_array() && line.empty();
    const bool is_on_line = !line.empty() && (depth * 2 + key_length + 2 + line.size() <= kWidth) &&
                            (!value.is_object() || value.size() <= 2 || value.empty());
    if (is_on_line || (!value.is_structured())) {
      text += " " + inline_text(value) + "\n";
      return;
    }
    text += "\n";
    is_list_of_maps ? write_list(value, depth + 1) : write(value, depth + 1);
  }
};

}  // namespace

std::string yaml_scalar(std::string_view text) {
  // What nobody sees is an escape, as the loader takes much of it only so.
  return is_plain(text) ? std::string(text) : sql::shown_name(to_text(Document(std::string(text))));
}

std::string yaml_text(const Document& document) {
  if (!document.is_structured() || document.empty()) return inline_text(document) + "\n";
  Writer writer;
  writer.write(document, 0);
  return std::move(writer.text);
}

}  // namespace weir
