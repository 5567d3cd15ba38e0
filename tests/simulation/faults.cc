#include "tests/simulation/faults.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace weir::test {
namespace {

constexpr std::array kFaults = {
    FaultFacts{Fault::kKillBeforeRequest, Site::kRequest, "kill before the request"},
    FaultFacts{Fault::kKillBeforeArrival, Site::kRequest, "kill before the request arrives"},
    FaultFacts{Fault::kKillAfterRequest, Site::kRequest, "kill after the request"},
    FaultFacts{Fault::kLostBefore, Site::kRequest, "request lost"},
    FaultFacts{Fault::kLostAfter, Site::kRequest, "answer lost"},
    FaultFacts{Fault::kLate, Site::kRequest, "arrives late"},
    FaultFacts{Fault::kTwice, Site::kRequest, "delivered twice"},
    FaultFacts{Fault::kBusy, Site::kRequest, "busy"},
    FaultFacts{Fault::kBrokenBefore, Site::kRequest, "503 before"},
    FaultFacts{Fault::kBrokenAfter, Site::kRequest, "500 after"},
    FaultFacts{Fault::kGarbled, Site::kRequest, "garbled answer"},
    FaultFacts{Fault::kFails, Site::kRequest, "operation fails"},
    FaultFacts{Fault::kFailsBare, Site::kRequest, "operation fails without effect"},
    FaultFacts{Fault::kNeverEnds, Site::kRequest, "operation never ends"},
    FaultFacts{Fault::kForgotten, Site::kRequest, "operation is forgotten"},
    FaultFacts{Fault::kOfAnother, Site::kRequest, "operation of another"},
    FaultFacts{Fault::kUnauthorized, Site::kRequest, "401"},
    FaultFacts{Fault::kForbidden, Site::kRequest, "403"},
    FaultFacts{Fault::kNoMemoryBefore, Site::kRequest, "no memory before"},
    FaultFacts{Fault::kNoMemoryAfter, Site::kRequest, "no memory after"},
    FaultFacts{Fault::kKillAtRead, Site::kRead, "kill at a read"},
    FaultFacts{Fault::kReadLost, Site::kRead, "read lost"},
    FaultFacts{Fault::kReadBroken, Site::kRead, "read answered 500"},
    FaultFacts{Fault::kReadForbidden, Site::kRead, "read answered 403"},
    FaultFacts{Fault::kReadUnauthorized, Site::kRead, "read answered 401"},
    FaultFacts{Fault::kReadWithoutMemory, Site::kRead, "no memory at a read"},
    FaultFacts{Fault::kStale, Site::kRead, "stale read"},
    FaultFacts{Fault::kKillBeforeCommit, Site::kCommit, "kill before a commit"},
    FaultFacts{Fault::kKillAfterCommit, Site::kCommit, "kill after a commit"},
    FaultFacts{Fault::kDiskFull, Site::kCommit, "disk full"},
    FaultFacts{Fault::kCommitUnclear, Site::kCommit, "commit answered by nobody"},
    FaultFacts{Fault::kLeaseLostAtCommit, Site::kCommit, "lease lost at a commit"},
    FaultFacts{Fault::kStoreWithoutMemory, Site::kCommit, "no memory in the store"},
    FaultFacts{Fault::kLeaseLostMeanwhile, Site::kLease, "lease lost"},
    FaultFacts{Fault::kLeaseRunsOut, Site::kLease, "lease runs out"},
    FaultFacts{Fault::kInterrupt, Site::kTurn, "interrupted"},
    FaultFacts{Fault::kInterruptTwice, Site::kTurn, "interrupted twice"},
    FaultFacts{Fault::kEditedByOthers, Site::kWorld, "edited by others"},
    FaultFacts{Fault::kDeletedByOthers, Site::kWorld, "deleted by others"},
    FaultFacts{Fault::kRemadeByOthers, Site::kWorld, "remade by others"},
};

constexpr std::array<std::string_view, 6> kSites = {"request", "read", "commit",
                                                    "lease",   "turn", "world"};

}  // namespace

std::span<const FaultFacts> all_faults() {
  return kFaults;
}

std::string_view text_of(Fault fault) {
  const auto found = std::ranges::find(kFaults, fault, &FaultFacts::fault);
  return found == kFaults.end() ? "nothing" : found->name;
}

std::string_view text_of(Site site) {
  return kSites.at(static_cast<std::size_t>(site));
}

std::string text_of(const Strike& strike) {
  return fmt::format("run {}, {} {}: {}", strike.run, text_of(strike.site), strike.nth,
                     text_of(strike.fault));
}

void Luck::begin_run(bool is_faulty) {
  is_faulty_ = is_faulty;
  points_.clear();
  ++runs_;
}

std::size_t Luck::points(Site site) const {
  const auto found = points_.find(site);
  return found == points_.end() ? 0 : found->second;
}

Fault Luck::at(Site site) {
  const std::size_t nth = points_[site]++;
  if (!is_faulty_) return Fault::kNone;
  const Fault fault = is_exact_ ? told(site, nth) : draw(site);
  if (fault != Fault::kNone) strikes_.push_back({runs_ - 1, site, nth, fault});
  return fault;
}

Fault Luck::draw(Site site) {
  const unsigned drawn = static_cast<unsigned>(random_() % 1000);
  unsigned sum = 0;
  for (const FaultFacts& facts : kFaults) {
    if (facts.site != site) continue;
    const auto rate = rates_.find(facts.fault);
    if (rate == rates_.end()) continue;
    sum += rate->second;
    if (drawn < sum) return facts.fault;
  }
  return Fault::kNone;
}

Fault Luck::told(Site site, std::size_t nth) const {
  const auto is_here = [&](const Strike& strike) {
    return strike.run == runs_ - 1 && strike.site == site && strike.nth == nth;
  };
  const auto found = std::ranges::find_if(exactly_, is_here);
  return found == exactly_.end() ? Fault::kNone : found->fault;
}

}  // namespace weir::test
