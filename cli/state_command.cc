// What weir remembers: shown, and in need mended.
#include <algorithm>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/interrupts.h"
#include "cli/json_view.h"
#include "cli/lease.h"
#include "cli/question.h"
#include "cli/session.h"
#include "cli/state_place.h"
#include "cli/world.h"

namespace weir {
namespace {

std::string records_text(const Records& records) {
  std::size_t width = 0;
  for (const auto& [address, record] : records) {
    width = std::max(width, harmless(address.text()).size());
  }
  std::string text;
  for (const auto& [address, record] : records) {
    text +=
        fmt::format("{:<{}}  {}\n", harmless(address.text()), width, harmless(record.remote_name));
  }
  return text.empty() ? "Nothing is remembered.\n" : text;
}

/// What an apply has begun and not ended, or is at.
std::string open_text(const std::vector<Intent>& intents) {
  std::string text;
  for (const Intent& intent : intents) {
    text += fmt::format("open since {}: {} {}{}\n", intent.prepared_at, intent.action,
                        harmless(intent.address.text()),
                        intent.operation.empty() ? "" : ", " + harmless(intent.operation));
  }
  return text;
}

Document open_document(const std::vector<Intent>& intents) {
  Document list = Document::array();
  for (const Intent& intent : intents) {
    list.push_back({{"path", intent.address.text()},
                    {"action", intent.action},
                    {"operation", intent.operation},
                    {"since", intent.prepared_at}});
  }
  return list;
}

Document records_document(const Records& records, const std::vector<Intent>& intents,
                          const Head& head) {
  Document list = Document::array();
  for (const auto& [address, record] : records) list.push_back(document_of(record));
  return {{"format_version", std::string(kFormatVersion)},
          {"lineage", head.lineage},
          {"serial", head.serial},
          {"host", head.host},
          {"workspace_id", head.workspace_id},
          {"records", std::move(list)},
          {"open", open_document(intents)}};
}

Document side_document(const std::optional<Record>& record) {
  return record ? document_of(*record) : Document();
}

Document entry_document(const HistoryEntry& entry) {
  return {{"serial", entry.serial},
          {"at", entry.at},
          {"run", entry.run},
          {"action", entry.action},
          {"path", entry.address.text()},
          {"before", side_document(entry.before)},
          {"after", side_document(entry.after)}};
}

std::int64_t serial_in(const std::string& text) {
  if (const auto serial = whole_number_in(text, 0)) return *serial;
  throw UsageError(fmt::format("{} is no serial; weir state history lists them", harmless(text)));
}

/// How a record differs, a line for each member.
std::string difference_text(const std::optional<Record>& before,
                            const std::optional<Record>& after) {
  const Document left = before ? document_of(*before) : Document::object();
  const Document right = after ? document_of(*after) : Document::object();
  std::string text;
  for (const auto& [key, value] : left.items()) {
    const auto other = right.find(key);
    if (other != right.end() && *other == value) continue;
    text += fmt::format("    - {}: {}\n", key, harmless(to_text(value)));
  }
  for (const auto& [key, value] : right.items()) {
    const auto other = left.find(key);
    if (other != left.end() && *other == value) continue;
    text += fmt::format("    + {}: {}\n", key, harmless(to_text(value)));
  }
  return text;
}

/// One command of `weir state`, on an open state.
struct Asked {
  const Invocation& invocation;
  const Clock& clock;
  Store& store;
  std::vector<std::string> arguments;

  bool wants_json() const { return invocation.format() == "json"; }
  void need(std::size_t least, std::size_t most, std::string_view usage) const {
    if (arguments.size() >= least && arguments.size() <= most) return;
    throw UsageError(fmt::format("usage: weir state {}", usage));
  }
};

Exit list(const Asked& asked) {
  asked.need(0, 0, "list");
  const Records records = asked.store.records();
  const std::vector<Intent> intents = asked.store.intents();
  if (asked.wants_json()) {
    print_exactly(pretty(records_document(records, intents, asked.store.head())));
  } else {
    print_text(asked.invocation, records_text(records) + open_text(intents));
  }
  return Exit::kDone;
}

[[noreturn]] void refuse_unknown(const std::string& address) {
  throw UsageError(
      fmt::format("nothing is remembered of {}; weir state list shows what is", harmless(address)));
}

Exit show(const Asked& asked) {
  asked.need(1, 1, "show ADDRESS");
  const Records records = asked.store.records();
  const auto address = Address::parse(asked.arguments.front());
  const auto found = address ? records.find(*address) : records.end();
  if (found == records.end()) refuse_unknown(asked.arguments.front());
  print_exactly(pretty(document_of(found->second)));
  return Exit::kDone;
}

Exit history(const Asked& asked) {
  asked.need(0, 0, "history");
  const std::vector<HistoryEntry> entries = asked.store.history(0);
  if (asked.wants_json()) {
    Document list = Document::array();
    for (const HistoryEntry& entry : entries) list.push_back(entry_document(entry));
    print_exactly(
        pretty({{"format_version", std::string(kFormatVersion)}, {"history", std::move(list)}}));
    return Exit::kDone;
  }
  std::string text;
  for (const HistoryEntry& entry : entries) {
    text += fmt::format("{:>6}  {}  {:<8}  {}\n", entry.serial, entry.at, entry.action,
                        harmless(entry.address.text()));
  }
  print_text(asked.invocation, text.empty() ? "Nothing has happened.\n" : text);
  return Exit::kDone;
}

/// Between two serials, or from one until now.
Exit diff(const Asked& asked) {
  asked.need(1, 2, "diff SERIAL [SERIAL]");
  const std::int64_t from = serial_in(asked.arguments.front());
  const std::int64_t last = asked.store.head().serial;
  const std::int64_t to = asked.arguments.size() > 1 ? serial_in(asked.arguments[1]) : last;
  if (std::max(from, to) > last) {
    throw UsageError(
        fmt::format("there is no serial {} yet; the last one is {}", std::max(from, to), last));
  }
  if (to < from) throw UsageError("the first serial must be the earlier one");
  std::map<Address, std::pair<std::optional<Record>, std::optional<Record>>> changes;
  for (const HistoryEntry& entry : asked.store.history(from)) {
    if (entry.serial > to) break;
    auto [change, is_new] = changes.try_emplace(entry.address, entry.before, entry.after);
    if (!is_new) change->second.second = entry.after;
  }
  std::erase_if(changes, [](const auto& each) { return each.second.first == each.second.second; });
  if (asked.wants_json()) {
    Document list = Document::array();
    for (const auto& [address, change] : changes) {
      list.push_back({{"path", address.text()},
                      {"before", side_document(change.first)},
                      {"after", side_document(change.second)}});
    }
    print_exactly(
        pretty({{"format_version", std::string(kFormatVersion)}, {"diff", std::move(list)}}));
    return Exit::kDone;
  }
  std::string text;
  for (const auto& [address, change] : changes) {
    text += harmless(address.text()) + "\n" + difference_text(change.first, change.second);
  }
  print_text(asked.invocation, text.empty() ? "No difference.\n" : text);
  return Exit::kDone;
}

bool is_approved(const Asked& asked, const std::string& question) {
  if (asked.invocation.options.has("auto-approve")) return true;
  if (!is_anybody_there(asked.invocation)) {
    refuse_to_ask(asked.invocation);
  }
  const Interrupts interrupts;
  return is_confirmed(asked.invocation, question, [] {});
}

/// Drops what is remembered, and a step that never ends: nobody waits for that any more.
Commit forgetting(Store& store, const Address& address) {
  Commit commit;
  for (const Intent& intent : store.intents()) {
    if (intent.address == address) commit.closed.push_back(intent.id);
  }
  if (store.records().contains(address)) {
    commit.remembered.push_back({.action = "forget", .address = address});
  }
  return commit;
}

Exit remove(const Asked& asked) {
  asked.need(1, 1, "rm ADDRESS");
  const auto address = Address::parse(asked.arguments.front());
  const Commit seen = address ? forgetting(asked.store, *address) : Commit();
  if (seen.is_empty()) refuse_unknown(asked.arguments.front());
  const std::string name = harmless(address->text());
  const std::string_view open = seen.closed.empty() ? "" : "What is open of it is given up. ";
  if (!is_approved(asked, fmt::format("Forget {}? {}It stays in the workspace and is a stranger "
                                      "from now on. Only \"yes\" is taken for yes: ",
                                      name, open))) {
    return Exit::kError;
  }
  HeldLease lease(asked.invocation, asked.clock, asked.store, "");
  asked.store.commit(forgetting(asked.store, *address));
  lease.release(std::string(outcome::kForgotten));
  report(asked.invocation, fmt::format("{} is forgotten\n", name));
  return Exit::kDone;
}

Exit unlock(const Asked& asked) {
  asked.need(0, 0, "unlock");
  const auto holder = asked.store.holder();
  if (!holder) {
    report(asked.invocation, "nobody holds it\n");
    return Exit::kDone;
  }
  if (!is_approved(asked,
                   fmt::format("{} holds it since {}. Take it away? Only \"yes\" is taken for "
                               "yes: ",
                               harmless(holder->actor), harmless(holder->since)))) {
    return Exit::kError;
  }
  asked.store.unlock(actor_of(asked.invocation));
  report(asked.invocation, "it is free; whoever held it will find it lost\n");
  return Exit::kDone;
}

using Run = Exit (*)(const Asked&);
struct Verb {
  std::string_view name;
  Run run;
  bool changes = false;
};
constexpr std::array kVerbs = {Verb{"list", list},       Verb{"show", show},
                               Verb{"history", history}, Verb{"diff", diff},
                               Verb{"rm", remove, true}, Verb{"unlock", unlock, true}};

}  // namespace

Exit run_state(const Invocation& invocation) {
  std::vector<std::string> arguments = invocation.options.arguments();
  const auto verb = std::ranges::find(kVerbs, arguments.front(), &Verb::name);
  if (verb == kVerbs.end()) {
    throw UsageError(
        fmt::format("weir state {} is not there; there are list, show, history, diff, "
                    "rm and unlock",
                    harmless(arguments.front())));
  }
  arguments.erase(arguments.begin());
  const std::optional<Manifest> manifest = load_for_state(invocation);
  if (!manifest) return Exit::kInvalid;
  const StatePlace place = state_place(invocation, *manifest);
  const std::unique_ptr<Clock> clock = clock_of(invocation);
  const auto read = read_state(place, *clock);
  if (read == nullptr) {
    throw StateError(
        fmt::format("there is no state yet: weir apply makes it ({})", harmless(place.words())));
  }
  if (!verb->changes) return verb->run({invocation, *clock, *read, std::move(arguments)});
  const auto store = open_state(place, *clock);
  return verb->run({invocation, *clock, *store, std::move(arguments)});
}

}  // namespace weir
