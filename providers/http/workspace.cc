#include "providers/http/workspace.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.h"
#include "core/performer.h"
#include "providers/http/explain.h"
#include "providers/http/host.h"
#include "providers/http/identification.h"
#include "providers/http/login.h"
#include "providers/http/problem.h"
#include "providers/http/redact.h"

namespace weir::http {
namespace {

constexpr double kLeastSeconds = 1;
constexpr double kMostSeconds = 24 * 3600;
constexpr RetryPolicy kOnce{.budget = Duration::zero()};

Duration seconds(double count) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(count));
}

ClientOptions complete(ClientOptions options, const Configuration& configuration) {
  if (configuration.has("http_timeout_seconds")) {
    options.inactivity_limit = seconds(
        std::clamp(configuration.number("http_timeout_seconds", 60), kLeastSeconds, kMostSeconds));
    options.total_limit = std::max(options.total_limit, options.inactivity_limit);
  }
  if (options.authorities.empty()) options.authorities = configuration.authorities();
  return options;
}

RetryPolicy policy_of(const Configuration& configuration) {
  const double budget = configuration.number("retry_timeout_seconds", 300);
  return {.budget = seconds(std::clamp(budget, -1.0, kMostSeconds))};
}

/// Of a holder that is taken over from nothing arrives later.
Duration limit_of_changes(const Configuration& configuration) {
  const double most = static_cast<double>(kLongestRequest.count());
  return seconds(
      std::clamp(configuration.number("http_timeout_seconds", most), kLeastSeconds, most));
}

double pace_of(const Configuration& configuration) {
  const double pace = configuration.number("rate_limit", 15);
  if (pace > 0) return pace;
  throw ConfigurationError(
      fmt::format("rate_limit from {} is {}; write how many requests a second may be sent, such as "
                  "15",
                  configuration.origin("rate_limit"), pace));
}

}  // namespace

Workspace::Workspace(Configuration configuration, const Timing& timing, ClientOptions options)
    : configuration_(std::move(configuration)),
      timing_(timing),
      policy_(policy_of(configuration_)),
      longest_change_(limit_of_changes(configuration_)),
      client_(complete(std::move(options), configuration_)),
      rate_limit_(pace_of(configuration_), timing_),
      learnt_(Learnt{.workspace_id = configuration_.workspace_id()}),
      authenticator_(log_in(configuration_, client_, timing_)),
      user_agent_(user_agent(authenticator_->type(), configuration_.environment())) {}

Request Workspace::new_request(const std::string& target) const {
  Request request;
  request.url = host() + target;
  request.headers = {"Accept: application/json", "User-Agent: " + user_agent_,
                     "traceparent: " + new_traceparent()};
  const std::string id = configuration_.workspace_id();
  if (!id.empty()) request.headers.push_back("X-Databricks-Workspace-Id: " + id);
  return request;
}

Answer Workspace::send_once(Request request) {
  rate_limit_.wait();
  learnt_.with([](Learnt& learnt) { ++learnt.requests; });
  const Secret token = authenticator_->token();
  request.authorization = Secret("Bearer " + token.reveal());
  Answer answer = client_.send(request);
  // A server could send back in its message what it was sent.
  if (!answer.is_success()) hide(answer, token, "token");
  if (answer.status == 429) rate_limit_.slow_down();
  return answer;
}

Answer Workspace::send_authenticated(const Request& request) {
  const Secret token = authenticator_->token();
  Answer answer = send_once(request);
  if (answer.status != 401 || !authenticator_->renew(token)) return answer;
  return send_once(request);
}

Document Workspace::get(const std::string& path, const Query& query) {
  std::string target = path;
  char separator = '?';
  for (const auto& [key, value] : query) {
    target += separator + percent_encode(key) + "=" + percent_encode(value);
    separator = '&';
  }
  return call(new_request(target), path, Repeatable::kYes, policy_);
}

Document Workspace::ask(const std::string& path, const Document& body) {
  Request request = new_request(path);
  request.method = "POST";
  request.content_type = "application/json";
  request.body = Secret(to_text(body));
  return call(request, path, Repeatable::kYes, policy_);
}

Document Workspace::change(const std::string& method, const std::string& target,
                           const Document& body, std::function<bool()> may_leave) {
  Request request = new_request(target);
  request.may_leave = std::move(may_leave);
  request.limit = longest_change_;
  request.method = method;
  if (!body.is_null()) {
    request.content_type = "application/json";
    request.body = Secret(to_text(body));
  }
  return call(request, target.substr(0, target.find('?')), Repeatable::kNo, kOnce);
}

Document Workspace::call(const Request& request, const std::string& path, Repeatable repeatable,
                         const RetryPolicy& policy) {
  Call call = {.method = request.method,
               .path = path,
               .host = host(),
               .login = authenticator_->description()};
  const Duration start = timing_.elapsed();
  const Outcome outcome = send_with_retries([&] { return send_authenticated(request); }, repeatable,
                                            policy, timing_, words_of(call));
  if (timing_.watch) {
    timing_.watch({.method = call.method,
                   .path = path,
                   .status = outcome.answer.status,
                   .took = timing_.elapsed() - start,
                   .attempts = outcome.attempts});
  }
  learn_clock(outcome.answer);
  check_workspace(outcome.answer);
  call.attempts = outcome.attempts;
  call.asked_wait = outcome.asked_wait;
  return read_answer(call, outcome.answer);
}

void Workspace::learn_clock(const Answer& answer) {
  const auto there = parse_http_date(answer.header("date"));
  if (!there) return;
  const Duration ahead = *there - std::chrono::floor<std::chrono::seconds>(timing_.now());
  learnt_.with([&](Learnt& learnt) { learnt.clock_skew = ahead; });
}

std::optional<Duration> Workspace::clock_skew() const {
  return learnt_.with([](const Learnt& learnt) { return learnt.clock_skew; });
}

void Workspace::check_workspace(const Answer& answer) {
  const std::string id = tame(answer.header("x-databricks-org-id"));
  if (id.empty() || !answer.is_success()) return;
  const std::string expected = configuration_.workspace_id();
  if (!expected.empty() && expected != id) {
    throw ConfigurationError(fmt::format(
        "{} is workspace {}, but workspace {} is configured ({}); correct the host or the id",
        host(), id, expected, configuration_.origin("workspace_id")));
  }
  learnt_.with([&](Learnt& learnt) { learnt.workspace_id = id; });
}

std::string Workspace::workspace_id() const {
  return learnt_.with([](const Learnt& learnt) { return learnt.workspace_id; });
}

std::size_t Workspace::request_count() const {
  return learnt_.with([](const Learnt& learnt) { return learnt.requests; });
}

}  // namespace weir::http
