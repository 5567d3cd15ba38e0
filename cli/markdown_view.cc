#include "cli/markdown_view.h"

#include <algorithm>
#include <functional>
#include <span>

#include <fmt/format.h>

#include "cli/sql_view.h"

namespace weir {
namespace {

/// The longest run of backticks, which a fence must exceed.
std::size_t longest_run(std::string_view text) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char letter : text) {
    run = letter == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

/// Untrusted text as a code span, in which Markdown means nothing.
std::string code(std::string_view text) {
  const std::string safe = harmless(text);
  const std::size_t run = longest_run(safe);
  const std::string fence(run + 1, '`');
  return run == 0 ? fence + safe + fence : fmt::format("{} {} {}", fence, safe, fence);
}

/// Untrusted text in a sentence: without markup, links and mentions.
std::string plain(std::string_view text) {
  std::string result;
  for (const char letter : harmless(text)) {
    if (letter == '<') {
      result += "&lt;";
    } else if (letter == '&') {
      result += "&amp;";
    } else if (letter == '@') {
      result += "@\u200B";
    } else {
      if (std::string_view("\\`*_[]#|~!>").find(letter) != std::string_view::npos) result += '\\';
      result += letter;
    }
  }
  return result;
}

std::string block(const std::string& text) {
  const std::string fence(std::max<std::size_t>(3, longest_run(text) + 1), '`');
  return fmt::format("{}diff\n{}{}\n", fence, text, fence);
}

constexpr Terminal kPlainTerminal = {};

/// `diff` marks lines by their first character, so the sign stands there.
std::string change_lines(std::string_view sign, const std::string& head,
                         const std::vector<FieldChange>& changes) {
  std::string text = fmt::format("{} {}\n", sign, harmless(head));
  for (const FieldChange& change : changes) {
    const FieldLine line = line_of(change, kPlainTerminal);
    text += fmt::format("    {}: {}{}\n", line.field, line.value,
                        line.note.empty() ? "" : fmt::format("  ({})", line.note));
  }
  return text;
}

/// What is missing inside a database, or too much.
std::string statement_lines(const Drift& drift) {
  std::string text;
  for (const PlannedStatement& planned : drift.statements) {
    text += fmt::format("    {}\n", harmless(planned.statement.why));
  }
  for (const std::string& problem : drift.problems) {
    text += fmt::format("    {}\n", harmless(problem));
  }
  return text;
}

std::string_view diff_sign(const PlanItem& item) {
  const Symbol symbol = symbol_of(item);
  if (symbol == Symbol::kUpdate) return "!";
  if (symbol == Symbol::kUndelete) return "+";
  return symbol == Symbol::kForget ? "#" : kPlainTerminal.symbol(symbol);
}

/// A bullet with everything that the reader must know before agreeing.
std::string full_bullet(const PlanItem& item, const Plan& plan) {
  std::string text = fmt::format("- {}", code(item.step->address.text()));
  if (!item.why().empty()) text += fmt::format(": {}", plain(item.why()));
  text += "\n";
  for (const FieldChange& change : item.changes()) {
    if (!change.needs_replacement) continue;
    const FieldLine line = line_of(change, kPlainTerminal);
    text += fmt::format("  - {} {}\n", line.field, code(line.value));
  }
  for (const Loss& loss : item.loser().losses) {
    text += fmt::format("  - takes with it {}\n", code(text_of(loss)));
  }
  for (const BoundApp& app : item.loser().bound_apps) {
    text += fmt::format("  - takes it from {}\n", code(text_of(app)));
  }
  if (item.step->script) {
    for (const PlannedStatement& planned : item.step->script->statements) {
      text += fmt::format("  - executes {}\n", code(shown_statement(planned.statement)));
    }
  }
  if (!item.loser().recoverable_until.empty()) {
    text += fmt::format("  - can be undeleted until {}\n",
                        plain(when(item.loser().recoverable_until, plan.made_at)));
  }
  return text;
}

std::string short_bullet(const PlanItem& item) {
  return fmt::format("- {}\n", code(item.step->address.text()));
}

/// Text that grows up to a length.
class Page {
 public:
  explicit Page(std::size_t longest) : longest_(longest) {}

  std::size_t room() const { return longest_ - std::min(longest_, text_.size()); }
  bool fits(const std::string& text) const { return text.size() <= room(); }
  void add(const std::string& text) { text_ += text; }
  std::string take() { return std::move(text_); }

 private:
  std::size_t longest_;
  std::string text_;
};

/// Kept free for the sentences that say what was left out, and for the ends of blocks.
constexpr std::size_t kReserve = 1500;

std::size_t size_of(const std::vector<std::string>& texts) {
  std::size_t size = 0;
  for (const std::string& text : texts) size += text.size();
  return size;
}

/// All in full when that fits, else all in short, else as many as fit and how many do not.
void add_dangerous(Page& page, std::string_view title, std::span<const PlanItem> items,
                   const Plan& plan) {
  if (items.empty()) return;
  page.add(fmt::format("\n#### {} ({})\n\n", title, items.size()));
  const std::size_t room = page.room() - std::min(page.room(), kReserve);
  std::vector<std::string> bullets;
  for (const PlanItem& item : items) bullets.push_back(full_bullet(item, plan));
  if (size_of(bullets) > room) {
    bullets.clear();
    for (const PlanItem& item : items) bullets.push_back(short_bullet(item));
  }
  std::size_t used = 0;
  std::size_t shown = 0;
  for (const std::string& bullet : bullets) {
    if (used + bullet.size() > room) break;
    page.add(bullet);
    used += bullet.size();
    ++shown;
  }
  if (shown < items.size()) {
    page.add(fmt::format("\n**{} more are not shown here: see the output of the run.**\n",
                         items.size() - shown));
  }
}

/// Folded blocks of a diff, until the page is full.
void add_folded(Page& page, std::string_view title, const std::vector<std::string>& entries) {
  if (entries.empty()) return;
  const std::size_t room = page.room() - std::min(page.room(), kReserve);
  std::string diff;
  std::size_t shown = 0;
  for (const std::string& entry : entries) {
    if (diff.size() + entry.size() > room) break;
    diff += entry;
    ++shown;
  }
  page.add(fmt::format("\n<details><summary>{} ({})</summary>\n\n", title, entries.size()));
  if (shown > 0) page.add(block(diff));
  if (shown < entries.size()) {
    page.add(fmt::format("\n{} more are not shown here: see the output of the run.\n",
                         entries.size() - shown));
  }
  page.add("\n</details>\n");
}

void add_head(Page& page, const Plan& plan, const std::string& summary) {
  page.add(fmt::format("### {}\n\n", summary));
  std::string about = code(plan.name.empty() ? "manifests" : plan.name);
  if (!plan.environment.empty()) about += fmt::format(", environment {}", code(plan.environment));
  if (!plan.host.empty()) about += fmt::format(", in {}", code(plan.host));
  if (page.fits(about)) page.add(about + "\n");
}

void add_refusals(Page& page, const Plan& plan) {
  if (plan.refusals.empty()) return;
  page.add(fmt::format("\n**Blocked** ({})\n\n", plan.refusals.size()));
  std::size_t shown = 0;
  const std::size_t room = page.room() / 4;
  std::size_t used = 0;
  for (const Diagnostic& refusal : plan.refusals) {
    std::string bullet = fmt::format("- {}: {}", code(refusal.address), plain(refusal.message));
    if (!refusal.hint.empty()) bullet += fmt::format(" ({})", plain(refusal.hint));
    bullet += "\n";
    if (used + bullet.size() > room) break;
    page.add(bullet);
    used += bullet.size();
    ++shown;
  }
  if (shown < plan.refusals.size()) {
    page.add(fmt::format("\n{} more are not shown here.\n", plan.refusals.size() - shown));
  }
}

std::vector<PlanItem> with_danger(const std::vector<PlanItem>& items, Danger danger) {
  std::vector<PlanItem> chosen;
  std::ranges::copy_if(items, std::back_inserter(chosen),
                       [&](const PlanItem& item) { return item.danger() == danger; });
  return chosen;
}

}  // namespace

std::string plan_markdown(const Plan& plan, std::size_t longest) {
  Page page(longest);
  add_head(page, plan, plan_summary(plan, std::nullopt));
  const std::vector<PlanItem> items = items_of(plan);
  add_refusals(page, plan);
  add_dangerous(page, "Destroys", with_danger(items, Danger::kDestroys), plan);
  add_dangerous(page, "Replaces", with_danger(items, Danger::kReplaces), plan);
  std::vector<std::string> entries;
  for (const PlanItem& item : with_danger(items, Danger::kNone)) {
    std::string head = item.step->address.text();
    if (!item.why().empty()) head += fmt::format("  ({})", item.why());
    entries.push_back(change_lines(diff_sign(item), head, item.step->changes));
    const std::optional<Script>& script = item.step->script;
    if (script) entries.back() += script_text(*script, kPlainTerminal, "    ");
  }
  add_folded(page, "Other changes", entries);
  entries.clear();
  for (const Notice& notice : plan.notices) {
    entries.push_back(change_lines("#", notice.address.text() + ": " + notice.text, {}));
  }
  add_folded(page, "Notes", entries);
  return page.take();
}

std::string drift_markdown(const Plan& plan, std::size_t longest) {
  Page page(longest);
  add_head(page, plan, drift_summary(plan, std::nullopt));
  std::vector<std::string> gone;
  std::vector<std::string> changed;
  for (const Drift& drift : plan.drift) {
    (drift.is_gone ? gone : changed)
        .push_back(change_lines(drift.is_gone ? "-" : "!", drift.address.text(), drift.changes) +
                   statement_lines(drift));
  }
  add_folded(page, fmt::format("Not {}", place_of(plan)), gone);
  add_folded(page, fmt::format("Changed {}", place_of(plan)), changed);
  std::vector<std::string> strangers;
  strangers.reserve(plan.unmanaged.size());
  for (const Unmanaged& unmanaged : plan.unmanaged) {
    strangers.push_back(change_lines("#", text_of(unmanaged), {}));
  }
  add_folded(page, "Nobody declares these", strangers);
  std::vector<std::string> unseen;
  for (const Notice& notice : plan.notices) {
    if (is_unseen(notice))
      unseen.push_back(change_lines("#", notice.address.text() + " " + notice.text, {}));
  }
  add_folded(page, "Not looked into", unseen);
  return page.take();
}

std::string failure_markdown(const std::string& headline, const std::string& text,
                             std::size_t longest) {
  const std::size_t room = longest - std::min(longest, kReserve);
  // Cut where a line ends: in the middle of a letter it would be no text.
  const std::size_t end = text.size() <= room ? text.size() : text.rfind('\n', room) + 1;
  const std::string shown = harmless_lines(std::string_view(text).substr(0, end));
  const std::string fence(std::max<std::size_t>(3, longest_run(shown) + 1), '`');
  return fmt::format("### {}\n\n{}text\n{}{}\n{}", plain(headline), fence, shown, fence,
                     end < text.size() ? "\nThe rest is left out.\n" : "");
}

}  // namespace weir
