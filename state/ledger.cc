#include "state/ledger.h"

#include <fmt/format.h>

#include "core/digest.h"

namespace weir {
namespace {

std::string chain_of(const std::string& before, const Entry& entry) {
  const Document facts = {entry.number, entry.serial,  entry.at,     entry.run,
                          entry.action, entry.address, entry.before, to_hex(entry.hash)};
  return sha256(before + to_text(facts));
}

}  // namespace

std::vector<Addition> additions(const std::vector<Remembered>& remembered, const Tip& tip,
                                const Circumstances& circumstances, Standing standing) {
  std::vector<Addition> added;
  added.reserve(remembered.size());
  std::string chain = tip.chain;
  std::int64_t number = tip.entry;
  for (const Remembered& change : remembered) {
    const std::string& address = change.address.text();
    Blob blob = change.record ? to_blob(change.address, *change.record) : Blob();
    Entry entry{.number = ++number,
                .serial = tip.serial + 1,
                .at = circumstances.at,
                .run = circumstances.run,
                .action = change.action,
                .address = address,
                .before = standing[address],
                .hash = std::move(blob.hash)};
    entry.chain = chain = chain_of(chain, entry);
    standing[address] = change.record ? entry.number : 0;
    added.push_back({.entry = std::move(entry), .body = std::move(blob.body)});
  }
  return added;
}

Addition note_of_unlock(const Tip& tip, const Circumstances& circumstances) {
  Entry entry{.number = tip.entry + 1,
              .serial = tip.serial + 1,
              .at = circumstances.at,
              .run = circumstances.run,
              .action = "unlock"};
  entry.chain = chain_of(tip.chain, entry);
  return {.entry = std::move(entry)};
}

void ChainReader::follow(const Entry& entry) {
  chain_ = chain_of(chain_, entry);
  if (chain_ == entry.chain) return;
  throw damaged(where_, fmt::format("entry {} of its history was altered", entry.number));
}

HistoryEntry to_history(const Entry& entry, const Blob& before, const Blob& after,
                        const std::string& where) {
  const Address address = Address::parse(entry.address).value_or(Address());
  HistoryEntry shown{.serial = entry.serial,
                     .at = microseconds_text(entry.at),
                     .run = entry.run,
                     .action = entry.action,
                     .address = address};
  if (!before.body.empty()) shown.before = read_blob(address, before, where);
  if (!after.body.empty()) shown.after = read_blob(address, after, where);
  return shown;
}

std::int64_t microseconds(Instant instant) {
  return std::chrono::floor<std::chrono::microseconds>(instant).time_since_epoch().count();
}

std::string microseconds_text(std::int64_t microseconds) {
  return timestamp_text(Instant(std::chrono::microseconds(microseconds)));
}

}  // namespace weir
