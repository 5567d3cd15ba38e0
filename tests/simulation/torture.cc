// Plays fresh seeds for as long as it may: simulation_torture SECONDS. WEIR_SEED plays one seed.
// `simulation_torture SECONDS FIRST COUNT` plays these seeds and tells of each that fails in short.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

#include <fmt/format.h>

#include "tests/simulation/schedule.h"

namespace weir::test {
namespace {

void print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

int play_one(std::uint32_t seed) {
  const Story story = play(seed);
  if (!story.findings.empty()) {
    print(report_of(seed, story));
    return 1;
  }
  print(fmt::format("seed {} ({}) passes: {} runs, {} faults\n", seed, story.options, story.runs,
                    story.strikes.size()));
  return 0;
}

int play_for(std::chrono::seconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  const std::uint32_t first = std::random_device()();
  std::uint32_t played = 0;
  std::size_t runs = 0;
  std::size_t kills = 0;
  print(fmt::format("from seed {}\n", first));
  for (; std::chrono::steady_clock::now() < end; ++played) {
    const Story story = play(first + played);
    if (!story.findings.empty()) {
      print(report_of(first + played, story));
      return 1;
    }
    runs += story.runs;
    kills += story.kills;
  }
  print(fmt::format("{} stories, {} runs, {} of them killed: all converge\n", played, runs, kills));
  return 0;
}

int survey(std::uint32_t first, std::uint32_t count) {
  std::uint32_t failed = 0;
  for (std::uint32_t seed = first; seed < first + count; ++seed) {
    const Story story = play(seed);
    if (story.findings.empty()) continue;
    ++failed;
    print(fmt::format("seed {}: {}\n", seed, story.findings.substr(0, story.findings.find('\n'))));
    for (const Strike& strike : minimal_strikes(seed, story.strikes)) {
      print("    " + test::text_of(strike) + "\n");
    }
  }
  print(fmt::format("{} of {} seeds fail\n", failed, count));
  return failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace weir::test

int main(int count, char** arguments) {
  using namespace weir::test;
  const char* seed = std::getenv("WEIR_SEED");
  if (seed != nullptr) return play_one(static_cast<std::uint32_t>(std::stoul(seed)));
  if (count == 4) {
    return survey(static_cast<std::uint32_t>(std::stoul(arguments[2])),
                  static_cast<std::uint32_t>(std::stoul(arguments[3])));
  }
  return play_for(std::chrono::seconds(count > 1 ? std::stol(arguments[1]) : 60));
}
