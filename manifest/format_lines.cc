#include "manifest/format_lines.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

constexpr std::size_t kWidth = 100;

}  // namespace

void FormatLines::add_comment(std::size_t depth, std::string_view comment) {
  add_pending_dash();
  add(depth, "", std::string(comment));
}

void FormatLines::add(std::size_t depth, std::string_view code, std::string comment) {
  if (std::exchange(wants_blank_, false)) lines_.emplace_back();
  std::string line = dashes_.empty() ? std::string(depth * 2, ' ') : std::exchange(dashes_, "");
  if (code.empty()) {
    // A comment of its own line is code here: it takes no part in the columns of others.
    lines_.push_back({line + comment, ""});
  } else {
    line += code;
    lines_.push_back({std::move(line), std::move(comment)});
  }
}

void FormatLines::add_raw(std::string line) {
  lines_.push_back({std::move(line), ""});
}

void FormatLines::add_pending_dash() {
  if (dashes_.empty()) return;
  std::string line = std::exchange(dashes_, "");
  line.pop_back();
  lines_.push_back({std::move(line), ""});
}

void FormatLines::add_flow(std::size_t depth, std::string head, const FlowValue& value,
                           std::string comment) {
  const std::string line = flow_on_line(value);
  const std::size_t width = depth * 2 + head.size() + 1 + line.size();
  const bool is_whole = value.type == FlowValue::Type::kScalar || value.items.empty();
  if (!has_comments(value) && (is_whole || width <= kWidth)) {
    const bool needs_blank = !head.empty() && !line.empty();
    add(depth, head + (needs_blank ? " " : "") + line, std::move(comment));
    return;
  }
  if (head.empty() && value.properties.empty()) {
    if (!comment.empty()) add_comment(depth, comment);
    add_items(depth, value);
    return;
  }
  if (head == "-" && value.properties.empty() && comment.empty()) {
    dashes_ = (dashes_.empty() ? std::string(depth * 2, ' ') : dashes_) + "- ";
    add_items(depth + 1, value);
    return;
  }
  if (!value.properties.empty()) head += (head.empty() ? "" : " ") + value.properties;
  const std::size_t inner = head == value.properties ? depth : depth + 1;
  add(depth, head, std::move(comment));
  add_items(inner, value);
}

void FormatLines::add_items(std::size_t depth, const FlowValue& value) {
  const bool is_map = value.type == FlowValue::Type::kMap;
  for (const FlowItem& item : value.items) {
    for (const std::string& comment : item.comments_before) add_comment(depth, comment);
    add_flow(depth, is_map ? item.key + ":" : "-", item.value, item.comment);
  }
  for (const std::string& comment : value.last_comments) add_comment(depth, comment);
}

/// The widest code among neighbours that all have a comment.
std::size_t FormatLines::width_of_run(std::size_t begin, std::size_t& end) const {
  std::size_t width = 0;
  for (end = begin; end < lines_.size() && !lines_[end].comment.empty(); ++end) {
    width = std::max(width, lines_[end].code.size());
  }
  return width;
}

std::string FormatLines::text() const {
  std::string text;
  std::size_t end = 0;
  std::size_t width = 0;
  for (std::size_t at = 0; at < lines_.size(); ++at) {
    const Line& line = lines_[at];
    if (at >= end) width = width_of_run(at, end);
    text += line.code;
    if (!line.comment.empty()) {
      text.append(width - line.code.size() + 2, ' ');
      text += line.comment;
    }
    text += '\n';
  }
  return text;
}

}  // namespace weir
