#include "emulator/control/faults.h"

#include <charconv>
#include <csignal>
#include <stdexcept>

#include <fmt/format.h>

namespace emulator {
namespace {

const std::map<std::string, Fault::Kind> kKinds = {
    {"status", Fault::Kind::kStatus}, {"delay", Fault::Kind::kDelay},
    {"cut", Fault::Kind::kCut},       {"halve", Fault::Kind::kHalve},
    {"garble", Fault::Kind::kGarble}, {"operation", Fault::Kind::kOperation},
    {"kill", Fault::Kind::kKill},     {"shuffle", Fault::Kind::kShuffle},
    {"page", Fault::Kind::kPage},     {"alien", Fault::Kind::kAlien},
    {"stale", Fault::Kind::kStale}};

/// Answers that one stale fault keeps; reads of still more targets are answered as usual.
constexpr std::size_t kMostRemembered = 1000;

[[noreturn]] void refuse(const std::string& what, const Json& row) {
  throw std::invalid_argument(fmt::format("{} in the fault {}", what, to_text(row)));
}

std::size_t count_at(const Json& row, const char* key, std::size_t standard) {
  const auto found = row.find(key);
  if (found == row.end()) return standard;
  if (!found->is_number_unsigned() || *found == 0)
    refuse(fmt::format("{} is not 1 or more", key), row);
  return found->get<std::size_t>();
}

std::string text_in(const Json& row, const char* key, const char* standard = "") {
  const auto found = row.find(key);
  if (found == row.end()) return standard;
  if (!found->is_string()) refuse(fmt::format("{} is not a text", key), row);
  return found->get<std::string>();
}

Duration delay_in(const Json& row) {
  try {
    return parse_human_duration(text_in(row, "for"));
  } catch (const std::invalid_argument&) {
    refuse("for is missing or not a duration such as 250ms, 2s or 5m", row);
  }
}

void read_operation(const Json& row, Fault& fault) {
  fault.operation = {.fate = text_in(row, "fate"),
                     .error_code = text_in(row, "error_code", "INTERNAL_ERROR"),
                     .message = text_in(row, "message", "The operation failed.")};
  const std::string& fate = fault.operation.fate;
  if (fate != "fail" && fate != "hang" && fate != "forget") {
    refuse("fate must be fail, hang or forget", row);
  }
}

void refuse_unknown_keys(const Json& row) {
  static const std::map<std::string, int> keys = {
      {"do", 0},    {"when", 0},   {"method", 0},      {"path", 0},       {"nth", 0},
      {"times", 0}, {"status", 0}, {"retry_after", 0}, {"size", 0},       {"body", 0},
      {"seed", 0},  {"for", 0},    {"fate", 0},        {"error_code", 0}, {"message", 0}};
  for (const auto& [key, value] : row.items()) {
    if (keys.count(key) == 0) refuse(fmt::format("unknown key {}", key), row);
  }
}

Fault to_fault(const Json& row) {
  if (!row.is_object()) refuse("expected an object", row);
  refuse_unknown_keys(row);
  Fault fault;
  fault.written = row;
  const auto kind = kKinds.find(text_in(row, "do"));
  if (kind == kKinds.end()) {
    refuse(
        "do must be status, delay, cut, halve, garble, operation, kill, shuffle, page, alien or "
        "stale",
        row);
  }
  fault.kind = kind->second;
  const std::string when = text_in(row, "when", "before");
  if (when != "before" && when != "after") refuse("when must be before or after", row);
  fault.when = when == "after" ? Fault::When::kAfter : Fault::When::kBefore;
  fault.method = text_in(row, "method");
  fault.path = text_in(row, "path");
  fault.nth = count_at(row, "nth", 1);
  fault.times = count_at(row, "times", 1);
  fault.size = count_at(row, "size", 1);
  fault.seed = static_cast<std::int64_t>(count_at(row, "seed", 1));
  const std::size_t status = count_at(row, "status", 503);
  if (status < 200 || status > 599) refuse("status is not 200 to 599", row);
  fault.status = static_cast<int>(status);
  if (row.contains("retry_after")) fault.retry_after = text_in(row, "retry_after");
  if (fault.retry_after.value_or("").find_first_of("\r\n") != std::string::npos) {
    refuse("retry_after is not one line", row);
  }
  fault.body = text_in(row, "body", "<html><pre>Bad gateway</pre></html>");
  if (fault.kind == Fault::Kind::kDelay) fault.delay = delay_in(row);
  if (fault.kind == Fault::Kind::kStale) {
    fault.remembered = std::make_shared<std::map<std::string, Response>>();
  }
  if (fault.kind == Fault::Kind::kOperation) read_operation(row, fault);
  return fault;
}

Response status_response(const World& world, const Fault& fault) {
  const char* id = fault.status == 429   ? "rate_limited"
                   : fault.status == 503 ? "unavailable"
                                         : "internal";
  Problem problem = world.contract.problem(id);
  problem.status = fault.status;
  Response response{.status = fault.status, .body = to_text(to_json(problem, "fault"))};
  if (fault.retry_after) response.headers.emplace_back("Retry-After", *fault.retry_after);
  return response;
}

/// Clients must live with what later versions of the service add.
void add_alien_fields(Json& value) {
  for (auto& [key, member] : value.items()) {
    // A map of the caller's own words has no fields.
    if (member.is_structured() && key != "pg_settings") add_alien_fields(member);
  }
  if (value.is_object()) value["from_a_later_version"] = {{"parts", {1, "two", nullptr}}};
}

Response rewritten(Response response, void (*rewrite)(Json&)) {
  auto answer = parse_json(response.body);
  if (response.status != 200 || !answer || !answer->is_object()) return response;
  rewrite(*answer);
  response.body = to_text(*answer);
  return response;
}

/// What a fault makes of an answer that was given.
Response spoiled(const World& world, const Fault& fault, Response response) {
  switch (fault.kind) {
    case Fault::Kind::kStatus:
      return status_response(world, fault);
    case Fault::Kind::kCut:
      response.fate = Fate::kLose;
      break;
    case Fault::Kind::kHalve:
      response.fate = Fate::kCutHalfway;
      break;
    case Fault::Kind::kGarble:
      response.status = 200;
      response.body = fault.body;
      response.content_type = "text/html";
      break;
    case Fault::Kind::kKill:
      std::raise(SIGKILL);
      break;
    case Fault::Kind::kAlien:
      return rewritten(std::move(response), &add_alien_fields);
    case Fault::Kind::kPage:
    case Fault::Kind::kShuffle:
    case Fault::Kind::kDelay:
    case Fault::Kind::kOperation:
    case Fault::Kind::kStale:
      break;
  }
  return response;
}

/// Whether the answer stays a right one, only trying.
bool is_shape(Fault::Kind kind) {
  return kind == Fault::Kind::kShuffle || kind == Fault::Kind::kPage || kind == Fault::Kind::kAlien;
}

/// A page may always hold fewer elements than were asked for.
void shrink_page(const Fault& fault, Request& request) {
  const auto asked = request.query.find("page_size");
  if (asked == request.query.end()) return;
  std::size_t size = 0;
  const char* end = asked->second.data() + asked->second.size();
  const auto parsed = std::from_chars(asked->second.data(), end, size);
  const bool is_number = parsed.ec == std::errc{} && parsed.ptr == end;
  if (is_number && size > fault.size) asked->second = std::to_string(fault.size);
}

}  // namespace

/// Keeps the set of places in `path` that the pattern so far can reach, so that the work is at
/// most pattern times path, whatever the stars.
bool matches_path(std::string_view pattern, std::string_view path) {
  std::vector<bool> reached(path.size() + 1);
  reached[0] = true;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool is_star = pattern[i] == '*';
    const bool crosses_slashes = is_star && i + 1 < pattern.size() && pattern[i + 1] == '*';
    std::vector<bool> next(path.size() + 1);
    if (is_star) next[0] = reached[0];
    for (std::size_t place = 1; place <= path.size(); ++place) {
      const char c = path[place - 1];
      const bool extends_star = is_star && next[place - 1] && (crosses_slashes || c != '/');
      const bool takes_letter = !is_star && reached[place - 1] && c == pattern[i];
      next[place] = takes_letter || extends_star || (is_star && reached[place]);
    }
    reached = std::move(next);
    if (crosses_slashes) ++i;
  }
  return reached[path.size()];
}

void Faults::add(const Json& plan) {
  const Json* list = at_path(plan, "faults");
  if (list == nullptr || !list->is_array()) {
    throw std::invalid_argument("a fault plan is {\"faults\": [...]}");
  }
  std::vector<Fault> added;
  for (const Json& row : *list) {
    added.push_back(to_fault(row));
    if (!row.contains("seed")) added.back().seed = static_cast<std::int64_t>(world_.ids.seed());
  }
  faults_.insert(faults_.end(), added.begin(), added.end());
}

Json Faults::described() const {
  Json list = Json::array();
  for (const Fault& fault : faults_) {
    list.push_back(fault.written);
    list.back()["seen"] = fault.seen;
  }
  return {{"faults", std::move(list)}};
}

Faults::Struck Faults::strike(const Request& request) {
  Struck struck;
  for (Fault& fault : faults_) {
    const bool is_meant = (fault.method.empty() || fault.method == request.method) &&
                          (fault.path.empty() || matches_path(fault.path, request.path));
    if (!is_meant) continue;
    ++fault.seen;
    if (fault.seen < fault.nth || fault.seen >= fault.nth + fault.times) continue;
    if (is_shape(fault.kind)) {
      struck.shapes.push_back(fault);
    } else if (!struck.fault) {
      struck.fault = fault;
    }
  }
  return struck;
}

void Faults::handle(Request request, Reply reply) {
  const Struck struck = strike(request);
  for (const Fault& shape : struck.shapes) {
    if (shape.kind == Fault::Kind::kPage) shrink_page(shape, request);
    if (shape.kind == Fault::Kind::kShuffle) request.list_order = shape.seed;
    reply = [this, shape, reply = std::move(reply)](Response response) {
      reply(spoiled(world_, shape, std::move(response)));
    };
  }
  if (struck.fault) return suffer(*struck.fault, std::move(request), std::move(reply));
  next_(std::move(request), std::move(reply));
}

void Faults::suffer(const Fault& fault, Request request, Reply reply) {
  const bool is_about_way =
      fault.kind == Fault::Kind::kDelay || fault.kind == Fault::Kind::kOperation;
  if (fault.kind == Fault::Kind::kStale) {
    return answer_stale(fault, std::move(request), std::move(reply));
  }
  // Half of an answer needs the whole one first, whatever `when` says.
  if (fault.when == Fault::When::kBefore && !is_about_way && fault.kind != Fault::Kind::kHalve) {
    return reply(spoiled(world_, fault, {.status = 0}));
  }
  if (fault.kind != Fault::Kind::kDelay || fault.when == Fault::When::kAfter) {
    return pass_on(fault, std::move(request), std::move(reply));
  }
  world_.loop.after(
      to_nanoseconds(fault.delay),
      [this, request = std::move(request), reply = std::move(reply)] { next_(request, reply); });
}

void Faults::clear() {
  faults_.clear();
}

/// Nobody is told what others were: each caller gets what was once the answer to him.
void Faults::answer_stale(const Fault& fault, Request request, Reply reply) {
  const auto caller = callers_(request);
  if (request.method != "GET" || !caller) return next_(std::move(request), std::move(reply));
  std::string target = fmt::format("{} {}", caller->name, request.path);
  for (const auto& [key, value] : request.query) target += fmt::format("&{}={}", key, value);
  const auto earlier = fault.remembered->find(target);
  if (earlier != fault.remembered->end()) return reply(earlier->second);
  next_(std::move(request), [target, remembered = fault.remembered,
                             reply = std::move(reply)](const Response& response) {
    if (remembered->size() < kMostRemembered) remembered->emplace(target, response);
    reply(response);
  });
}

/// Lets the effect happen and spoils the answer.
void Faults::pass_on(const Fault& fault, Request request, Reply reply) {
  if (fault.kind == Fault::Kind::kOperation) world_.next_operation_fault = fault.operation;
  next_(std::move(request), [this, fault, reply = std::move(reply)](Response response) {
    if (fault.kind != Fault::Kind::kDelay) {
      return reply(spoiled(world_, fault, std::move(response)));
    }
    world_.loop.after(to_nanoseconds(fault.delay), [reply, response] { reply(response); });
  });
  world_.next_operation_fault.reset();
}

}  // namespace emulator
