#include "tests/simulation/schedule.h"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

namespace weir::test {
namespace {

/// One in so many keeps its state in a file.
constexpr unsigned kMemoryForEachFile = 10;
constexpr unsigned kSaltOfLuck = 0x9e3779b9;

/// Two to six kinds of faults, some of them frequent.
Rates random_rates(std::mt19937& random) {
  Rates rates;
  const std::size_t kinds = 2 + random() % 5;
  for (std::size_t kind = 0; kind < kinds; ++kind) {
    const FaultFacts& facts = all_faults()[random() % all_faults().size()];
    const bool is_everywhere = facts.site == Site::kTurn || facts.site == Site::kLease;
    rates[facts.fault] = 1 + static_cast<unsigned>(random() % (is_everywhere ? 15 : 150));
  }
  return rates;
}

std::string text_of(const Rates& rates) {
  std::string text;
  for (const auto& [fault, rate] : rates) text += fmt::format(", {} {}‰", text_of(fault), rate);
  return text;
}

Duration random_skew(std::mt19937& random) {
  const auto minutes = static_cast<int>(random() % 19) - 9;
  return std::chrono::minutes(is_likely(random, 30) ? minutes : 0);
}

/// One in so many has an app; the others stay as they were when some of them found bugs.
constexpr std::uint32_t kStoriesForEachApp = 4;

Manifest an_estate(std::mt19937& random, bool has_app) {
  Manifest manifest = random_estate(random);
  const auto is_left_out = [&](const Declaration& each) {
    return each.kind->is_foreign && !has_app;
  };
  std::erase_if(manifest.declarations, is_left_out);
  return manifest;
}

void allow_its_end(Manifest& manifest) {
  for (Declaration& declaration : manifest.declarations) {
    declaration.fields.erase("protected");
    declaration.lifecycle.protect = false;
  }
}

}  // namespace

Story play(std::uint32_t seed, const std::optional<std::vector<Strike>>& exactly) {
  std::mt19937 random(seed);
  const bool has_app = seed % kStoriesForEachApp == 0;
  Manifest manifest = an_estate(random, has_app);
  const Rates rates = random_rates(random);
  Simulation simulation(seed, exactly ? Luck(*exactly) : Luck(seed ^ kSaltOfLuck, rates));
  Story story;
  if (random() % kMemoryForEachFile == 0) {
    simulation.use_sqlite();
    story.options = "SQLite";
  } else {
    story.options = "memory";
  }
  if (has_app) {
    simulation.workspace.deploy("apps/site");
    story.options += ", app";
  }
  simulation.workspace.skew = random_skew(random);
  PlanOptions options;
  if (is_likely(random, 50)) {
    const bool is_end = is_likely(random, 20);
    if (is_end) allow_its_end(manifest);
    simulation.run({.manifest = &manifest});
    Manifest next = an_estate(random, has_app);
    if (is_end) {
      options.is_destroy = true;
    } else if (simulation.plan(next).refusals.empty()) {
      manifest = std::move(next);
    }
    story.options += is_end ? ", destroy" : ", change";
  }
  story.options += text_of(rates);
  const std::size_t faulty = 1 + random() % 3;
  // Somebody plans now and applies when others have applied.
  std::optional<Plan> saved;
  if (is_likely(random, 10)) saved = simulation.plan(manifest, options);
  for (std::size_t run = 0; run < faulty; ++run) {
    const Task task = {.manifest = &manifest, .options = options, .is_faulty = true};
    if (simulation.run(task) == End::kRefused) break;
  }
  if (saved && saved->refusals.empty()) {
    story.options += ", a plan from before";
    simulation.run(
        {.manifest = &manifest, .options = options, .is_faulty = true, .saved = &*saved});
  }
  simulation.expect_convergence(manifest, options, is_likely(random, 10) ? 5 : 1);
  story.findings = simulation.findings();
  story.strikes = simulation.luck().strikes();
  story.trace = simulation.workspace.trace;
  story.runs = simulation.runs;
  story.kills = simulation.kills;
  return story;
}

std::vector<Strike> minimal_strikes(std::uint32_t seed, std::vector<Strike> strikes) {
  const auto breaks = [&](const std::vector<Strike>& some) {
    return !play(seed, some).findings.empty();
  };
  if (!breaks(strikes)) return strikes;
  for (std::size_t size = std::max<std::size_t>(1, strikes.size() / 2); size > 0; size /= 2) {
    for (std::size_t from = 0; from < strikes.size();) {
      std::vector<Strike> fewer = strikes;
      const auto begin = fewer.begin() + static_cast<std::ptrdiff_t>(from);
      const std::size_t count = std::min(size, strikes.size() - from);
      fewer.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
      if (breaks(fewer)) {
        strikes = std::move(fewer);
      } else {
        from += count;
      }
    }
  }
  return strikes;
}

namespace {

/// From the run with the first fault on, without what is only waiting.
std::string shortened(const std::string& trace, std::size_t first_run) {
  std::string text;
  bool is_shown = false;
  std::istringstream lines(trace);
  for (std::string line; std::getline(lines, line);) {
    is_shown = is_shown || line.ends_with(fmt::format(" run {}", first_run));
    const bool is_wait = line.find(" poll ") != std::string::npos && line.ends_with("(nothing)");
    if (is_shown && !is_wait) text += "  " + line + "\n";
  }
  return text;
}

}  // namespace

std::string report_of(std::uint32_t seed, const Story& story) {
  const std::vector<Strike> least = minimal_strikes(seed, story.strikes);
  const Story again = play(seed, least);
  std::string text = fmt::format("seed {} ({})\n{}\nthe least that breaks it:\n", seed,
                                 story.options, story.findings);
  for (const Strike& strike : least) text += "  " + test::text_of(strike) + "\n";
  text += fmt::format(
      "with it:\n{}\nwhat happened then:\n{}repeat it: WEIR_SEED={} ./dev torture\n",
      again.findings, shortened(again.trace, least.empty() ? 0 : least.front().run), seed);
  return text;
}

}  // namespace weir::test
