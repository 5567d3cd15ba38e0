#include "emulator/control/control.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

#include "emulator/api/identities.h"
#include "emulator/api/operations.h"
#include "emulator/api/sync_stage.h"
#include "emulator/control/source_tables.h"

namespace emulator {
namespace {

constexpr std::string_view kPrefix = "/_emulator/";

std::string needed_text(const Json& body, const char* key) {
  std::string text = text_at(body, key);
  if (text.empty()) throw std::invalid_argument(fmt::format("the body has no {}", key));
  return text;
}

std::uint64_t since_of(const Request& request) {
  const auto found = request.query.find("since");
  if (found == request.query.end()) return 0;
  std::uint64_t number = 0;
  const std::string& text = found->second;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) {
    throw std::invalid_argument(fmt::format("since={} is not a number", text));
  }
  return number;
}

Json clock_state(const Clock& clock) {
  return {{"now", to_text(clock.now())}, {"kind", clock.is_virtual() ? "virtual" : "real"}};
}

Response refusal(int status, const char* code, const std::string& message) {
  return {.status = status, .body = to_text(Json{{"error_code", code}, {"message", message}})};
}

}  // namespace

bool is_local_host(const std::string& host_header) {
  std::string host = host_header;
  if (host.starts_with('[')) {
    host = host.substr(1, std::min(host.find(']'), host.size()) - 1);
  } else {
    host = host.substr(0, host.find(':'));
  }
  if (host == "localhost" || host == "::1") return true;
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos;
}

Control::Control(World& world, Service& service, Timekeeper& timekeeper, Traffic& traffic,
                 Hosts hosts)
    : world_(world),
      service_(service),
      timekeeper_(timekeeper),
      traffic_(traffic),
      hosts_(hosts),
      faults_(
          world, [this](const Request& request) { return service_.caller_of(request); },
          [this](const Request& request, const Reply& reply) { service_.handle(request, reply); }) {
}

void Control::handle(Request request, const Reply& reply) {
  if (hosts_ == Hosts::kLocal && !is_local_host(request.header("host"))) {
    return reply(refusal(421, "BAD_REQUEST",
                         "The Host header does not name this machine; start with --allow-remote "
                         "to serve other names."));
  }
  if (request.method == "POST" && request.path == "/_emulator/clock") {
    // A clock that moves answers when it has arrived.
    Response response = answer_clock(request, reply);
    if (response.status != 200) reply(std::move(response));
    return;
  }
  if (request.path.starts_with(kPrefix)) {
    return reply(answered(request, [&](const Json& body) { return call(request, body); }));
  }
  const std::uint64_t number = traffic_.received(request);
  faults_.handle(std::move(request), [this, number, reply](Response response) {
    traffic_.answered(number, response.status);
    reply(std::move(response));
  });
}

Json Control::call(const Request& request, const Json& body) {
  using Answer = std::function<Json()>;
  const std::map<std::string, Answer> answers = {
      {"GET clock", [&] { return clock_state(world_.clock); }},
      {"GET faults", [&] { return faults_.described(); }},
      {"POST faults", [&] { return add_faults(body); }},
      {"DELETE faults", [&] { return clear_faults(); }},
      {"GET requests", [&] { return traffic_.requests(since_of(request)); }},
      {"DELETE requests", [&] { return forget_requests(); }},
      {"GET metrics", [&] { return metrics(); }},
      {"POST identities", [&] { return add_identities(body); }},
      {"GET assumptions", [&] { return assumptions(); }},
      {"POST assumptions", [&] { return change_assumptions(body); }},
      {"POST latency", [&] { return change_latency(body); }},
      {"GET tables", [&] { return described_source_tables(world_); }},
      {"POST tables", [&] { return add_tables(body); }},
      {"DELETE tables", [&] { return drop_tables(request); }},
      {"POST sync", [&] { return sync_table(body); }}};
  const std::string name = request.method + " " + request.path.substr(kPrefix.size());
  const auto found = answers.find(name);
  if (found == answers.end()) {
    throw Problem(404, "NOT_FOUND",
                  fmt::format("There is no control call {}; see docs/emulator.md.", name));
  }
  return found->second();
}

/// Checks the token, reads the body and turns whatever goes wrong into an answer.
Response Control::answered(const Request& request, const std::function<Json(const Json&)>& answer) {
  try {
    service_.authenticate(request);
    const auto body = parse_json(request.body.empty() ? "{}" : request.body);
    if (!body || !body->is_object()) throw std::invalid_argument("the body is not a JSON object");
    return {.body = to_text(answer(*body))};
  } catch (const Problem& problem) {
    return {.status = problem.status, .body = to_text(to_json(problem, ""))};
  } catch (const std::invalid_argument& mistake) {
    return refusal(400, "BAD_REQUEST", mistake.what());
  } catch (const Json::exception& mistake) {
    return refusal(400, "BAD_REQUEST", mistake.what());
  } catch (const std::exception& error) {
    return refusal(500, "INTERNAL_ERROR", error.what());
  }
}

Json Control::add_faults(const Json& plan) {
  faults_.add(plan);
  return faults_.described();
}

Json Control::add_tables(const Json& plan) {
  put_source_tables(world_, plan);
  return described_source_tables(world_);
}

Json Control::drop_tables(const Request& request) {
  const auto name = request.query.find("name");
  if (name == request.query.end()) throw std::invalid_argument("name=… says what to drop");
  drop_source(world_, name->second);
  return described_source_tables(world_);
}

/// What starting the pipeline of a synced table does.
Json Control::sync_table(const Json& body) {
  const std::string name = needed_text(body, "table");
  bool has_begun = false;
  world_.store.transaction([&] { has_begun = begin_sync(world_, name); });
  if (has_begun) return Json::object();
  throw std::invalid_argument(
      fmt::format("there is no synced table {} that could be synced now", name));
}

Json Control::clear_faults() {
  faults_.clear();
  release_hanging_operations(world_);
  return faults_.described();
}

Json Control::forget_requests() {
  traffic_.forget();
  world_.wakes.clear();
  return Json::object();
}

Json Control::metrics() const {
  return {{"calls", traffic_.calls()}, {"wakes", world_.wakes}};
}

Json Control::assumptions() const {
  return {{"assumptions", world_.contract.assumptions.described()}};
}

Response Control::answer_clock(const Request& request, const Reply& reply) {
  return answered(request, [&](const Json& body) {
    if (!world_.clock.is_virtual()) {
      throw std::invalid_argument(
          "the clock is the machine's; start with --clock virtual to move it");
    }
    const std::string text = needed_text(body, "advance");
    auto length = parse_duration(text);
    if (!length) length = parse_human_duration(text);
    const Instant goal = world_.clock.now() + *length;
    world_.leap_goal = std::max(world_.leap_goal, goal);
    advance_to(goal, reply);
    return Json();
  });
}

/// Advances the clock timer by timer, so that each sees the time at which it was due, and waits
/// for the work that a timer begins before it goes on to the next.
void Control::advance_to(Instant goal, const Reply& reply) {
  if (world_.work_under_way > 0) {
    world_.loop.after(std::chrono::milliseconds(1),
                      [this, goal, reply] { advance_to(goal, reply); });
    return;
  }
  const auto next = world_.store.next_timer();
  if (!next || next->due > goal) {
    if (goal > world_.clock.now()) world_.clock.advance(goal - world_.clock.now());
    return reply({.body = to_text(clock_state(world_.clock))});
  }
  if (next->due > world_.clock.now()) world_.clock.advance(next->due - world_.clock.now());
  timekeeper_.look();
  world_.loop.post([this, goal, reply] { advance_to(goal, reply); });
}

/// What the service injects into an app: how its service principal signs in.
Json Control::sign_in_app(const std::string& app) {
  const auto row = world_.store.find("apps/" + app);
  if (!row) throw std::invalid_argument(fmt::format("there is no app {}", app));
  const std::string client = text_at(row->shown, "service_principal_client_id");
  const std::string secret = make_secret("emu-secret-");
  Json reply = {{"client_id", client}, {"client_secret", secret}};
  world_.store.transaction([&] {
    keep_client_secret(world_, client, secret);
    reply["token"] = issue_token(world_, {.name = client, .kind = "SERVICE_PRINCIPAL"},
                                 Token::Use::kApi, {}, std::nullopt);
  });
  return reply;
}

Json Control::add_identities(const Json& body) {
  if (body.contains("app")) return sign_in_app(text_at(body, "app"));
  Identity identity{.name = text_at(body, "user_name"), .kind = "USER"};
  const std::string display = text_at(body, "service_principal");
  if (identity.name.empty() == display.empty()) {
    throw std::invalid_argument("the body needs one of user_name, service_principal and app");
  }
  if (body.contains("groups")) identity.groups = body.at("groups").get<std::vector<std::string>>();
  Json reply = Json::object();
  world_.store.transaction([&] {
    if (!display.empty()) {
      identity.kind = "SERVICE_PRINCIPAL";
      identity.name = world_.ids.uuid();
      identity.display_name = display;
      const std::string secret = make_secret("emu-secret-");
      keep_client_secret(world_, identity.name, secret);
      reply = {{"application_id", identity.name},
               {"client_id", identity.name},
               {"client_secret", secret}};
    } else {
      reply = {{"user_name", identity.name}};
    }
    add_identity(world_, identity);
    reply["token"] = issue_token(world_, identity, Token::Use::kApi, {}, std::nullopt);
  });
  return reply;
}

Json Control::change_assumptions(const Json& body) {
  for (const auto& [name, value] : body.items()) {
    world_.contract.assumptions.set(name,
                                    value.is_string() ? value.get<std::string>() : value.dump());
  }
  return assumptions();
}

Json Control::change_latency(const Json& body) {
  world_.latency.set(needed_text(body, "times"));
  return Json::object();
}

}  // namespace emulator
