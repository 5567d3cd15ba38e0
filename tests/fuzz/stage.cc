#include "tests/fuzz/stage.h"

#include <cstdio>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

namespace emulator {
namespace {

constexpr int kMostTurns = 100;
constexpr std::string_view kFaults = "/_emulator/faults";

ProgramOptions stage_options() {
  ProgramOptions options;
  options.has_postgres = false;
  options.clock = ClockKind::kVirtual;
  options.clock_start = parse_timestamp("2026-08-20T12:00:00Z");
  options.latencies = {"settle=0s"};
  options.seed = 1;
  return options;
}

/// A fuzzer wants neither to be killed nor to wait: such faults become milder ones.
std::string without_hardship(const std::string& fault_plan) {
  auto plan = parse_json(fault_plan);
  if (!plan || !plan->is_object() || !plan->contains("faults")) return fault_plan;
  for (Json& fault : plan->at("faults")) {
    if (!fault.is_object()) continue;
    if (text_at(fault, "do") == "kill") fault["do"] = "cut";
    if (fault.contains("for") && fault.at("for").is_string()) fault["for"] = "0s";
  }
  return to_text(*plan);
}

std::string printed(const Request& request) {
  return fmt::format("{} {}?{}\n{}\n", request.method, request.path, request.raw_query,
                     request.body);
}

void check_answer(const Response& answer, const std::string& circumstances) {
  if (answer.fate == Fate::kLose) return;
  expect(answer.status >= 200 && answer.status <= 599, "the status is none of an answer",
         circumstances);
  for (const auto& [name, value] : answer.headers) {
    expect((name + value).find_first_of("\r\n") == std::string::npos, "a header splits the answer",
           circumstances);
  }
  if (answer.content_type != "application/json") return;
  const auto body = parse_json(answer.body);
  if (!body || !body->is_object()) report("the body is not a JSON object", circumstances);
  const bool has_reason = !text_at(*body, "error_code").empty() || !text_at(*body, "error").empty();
  expect(answer.status == 200 || has_reason, "an error without a code", circumstances);
}

}  // namespace

void report(const std::string& mistake, const std::string& circumstances) {
  fmt::print(stderr, "== {}\n{}\n", mistake, circumstances);
  std::fflush(stderr);
  std::abort();
}

void expect(bool is_so, const std::string& mistake, const std::string& circumstances) {
  if (!is_so) report(mistake, circumstances);
}

Stage::Stage() : program_(loop_, stage_options()) {}

Response Stage::say(Request request) {
  if (request.path == kFaults && request.method == "POST") {
    request.body = without_hardship(request.body);
    has_faults_ = true;
  }
  const std::string asked = printed(request);
  std::optional<Response> answer;
  int answers = 0;
  program_.handle(std::move(request), [&](Response response) {
    ++answers;
    answer = std::move(response);
  });
  for (int i = 0; i < kMostTurns && !answer; ++i) loop_.turn(std::chrono::milliseconds(1));
  // What the answer set in motion happens before the next request.
  for (int i = 0; i < 4; ++i) loop_.turn(std::chrono::milliseconds(0));
  if (!answer || answers != 1) report(fmt::format("{} answers", answers), asked);
  const std::string dialogue = fmt::format("{}{}\n{}", asked, answer->status, answer->body);
  check_answer(*answer, dialogue);
  // The service itself says 501 to what it lists in its paths and does not do.
  const bool is_planned = has_faults_ || answer->status < 500 || answer->status == 501;
  expect(is_planned, "an error that nobody planned", dialogue);
  return *std::move(answer);
}

}  // namespace emulator
