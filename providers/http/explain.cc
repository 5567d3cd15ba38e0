#include "providers/http/explain.h"

#include <fmt/format.h>

#include "providers/http/host.h"
#include "providers/http/problem.h"

namespace weir::http {
namespace {

std::string failed(const Call& call) {
  return words_of(call) + (call.attempts > 1 ? fmt::format(" failed {} times", call.attempts) : "");
}

bool is_local(const std::string& host) {
  return host.starts_with("https://127.") || host.starts_with("https://localhost") ||
         host.starts_with("https://[::1]");
}

/// Why there is no answer, and what to do.
std::string reason_of(const Call& call, const Answer& answer) {
  const std::string detail = tame(answer.detail);
  switch (answer.failure) {
    case Failure::kUnresolved:
      return fmt::format(
          "the name of the host has no address ({}); check its spelling and your "
          "network or proxy",
          detail);
    case Failure::kUnreachable:
      return fmt::format("no connection ({}); check the address, and your network, VPN or proxy",
                         detail);
    case Failure::kForbidden:
      return call.host.starts_with("http://")
                 ? fmt::format(
                       "plain http is for loopback addresses only, and this is {}; use "
                       "https",
                       detail)
                 : fmt::format(
                       "{} is an address of the local link, where no workspace is; check "
                       "the host",
                       detail);
    case Failure::kUntrusted:
      return fmt::format(
          "the certificate of the server does not verify ({}); when your own "
          "authority issued it, name the authority's file in SSL_CERT_FILE",
          detail);
    case Failure::kTls:
      return fmt::format(
          "no TLS connection ({}); check the port, and whether a proxy is in the "
          "way: TLS 1.2 is the least",
          detail);
    case Failure::kTimeout:
      return fmt::format(
          "no answer in time ({}); try again later, or raise http_timeout_seconds "
          "in the profile",
          detail);
    case Failure::kLost:
      return fmt::format("the connection ended before the whole answer came ({}); try again",
                         detail);
    case Failure::kTooLarge:
      return "the answer is larger than weir takes (64 MiB); check that the host is a workspace";
    case Failure::kHeadersTooLarge:
      return "the headers of the answer are larger than weir takes (64 KiB); check that the host "
             "is a workspace";
    case Failure::kNotHttp:
      return fmt::format("the answer is not HTTP ({}); check the host and port", detail);
    default:
      return fmt::format("the request failed ({})", detail);
  }
}

std::string advice_on(const Call& call, int status, const std::string& code) {
  if (status == 401 && !call.login.empty()) {
    return fmt::format(
        "the login by {} was refused: renew it, or check that it belongs to this "
        "workspace",
        call.login);
  }
  if (status == 403 && !call.login.empty()) {
    return fmt::format(
        "whoever logs in by {} lacks the permission: ask an administrator of the "
        "workspace",
        call.login);
  }
  if (call.asked_wait) {
    return fmt::format("it asks to wait {}, longer than weir waits: try again after that",
                       rough_duration(*call.asked_wait));
  }
  if (status == 429)
    return "the workspace asks for fewer requests: try later, or set a lower "
           "DATABRICKS_RATE_LIMIT";
  // Unlike the code for a resource that is not there, these are about the address itself.
  if (status == 404 && (code == "ENDPOINT_NOT_FOUND" || code == "UNKNOWN" || code.empty())) {
    return "check that the host is a workspace in a region that has Lakebase, and not the accounts "
           "console";
  }
  if (status >= 500) return "the service has a problem: try again later";
  return "";
}

/// Neither status nor code of the refusal are documented for operations that are in each other's
/// way (service-rules U-2), so that here, and nowhere else, the text counts as well.
bool is_busy(int status, const Problem& problem) {
  const bool exists = problem.code == "ALREADY_EXISTS" || problem.code == "RESOURCE_ALREADY_EXISTS";
  return status == 429 || (status == 409 && !exists) ||
         problem.message.find("conflicting operations in progress") != std::string::npos;
}

[[noreturn]] void throw_status(const Call& call, const Answer& answer) {
  const Problem problem = read_problem(answer);
  std::string text = fmt::format("{}: {}", failed(call), answer.status);
  if (!problem.code.empty()) text += " " + problem.code;
  if (!problem.message.empty()) text += ": " + problem.message;
  if (!problem.request_id.empty()) text += fmt::format(" (request {})", problem.request_id);
  // The service answers with JSON whatever it refuses.
  const bool is_page = answer.header("content-type").starts_with("text/html");
  const std::string advice =
      is_page ? "the answer is a page for people, as proxies and logins send it: check the host, "
                "and the proxy that HTTPS_PROXY names"
              : advice_on(call, answer.status, problem.code);
  if (!advice.empty()) text += "; " + advice;
  throw ApiError(text, {.status = answer.status,
                        .code = problem.code,
                        .request_id = problem.request_id,
                        .is_busy = is_busy(answer.status, problem),
                        .wait = call.asked_wait.value_or(Duration::zero())});
}

[[noreturn]] void throw_unreadable(const Call& call, const Answer& answer,
                                   const std::string& reason) {
  const std::string request_id = tame(answer.header("x-request-id"));
  throw ApiError(fmt::format("{}: {}", failed(call), reason),
                 {.status = answer.status, .request_id = request_id});
}

[[noreturn]] void throw_failure(const Call& call, const Answer& answer) {
  const bool is_emulator = is_local(call.host) && answer.failure != Failure::kUnresolved;
  throw ApiError(fmt::format("{}: {}{}", failed(call), reason_of(call, answer),
                             is_emulator ? "; an emulator's address begins with http://" : ""),
                 {.is_busy = answer.failure == Failure::kWithheld});
}

}  // namespace

std::string words_of(const Call& call) {
  return fmt::format("{} {} at {}", call.method, call.path, call.host);
}

Document read_answer(const Call& call, const Answer& answer) {
  if (answer.failure != Failure::kNone) throw_failure(call, answer);
  if (answer.status >= 400) throw_status(call, answer);
  if (!answer.is_success()) {
    const std::string target = origin_of(answer.header("location"));
    const std::string reason = answer.status >= 300 && !answer.header("location").empty()
                                   ? fmt::format("leads elsewhere{}, where weir does not follow",
                                                 target.empty() ? "" : " (to " + target + ")")
                                   : "is no answer to such a request";
    throw_unreadable(call, answer, fmt::format("{} {}; check the host", answer.status, reason));
  }
  ReadDocument document = read_document(answer.body);
  if (document.is_too_deep) {
    throw_unreadable(call, answer,
                     fmt::format("the answer is nested more than {} levels deep; "
                                 "check that the host is a workspace",
                                 kDeepestDocument));
  }
  const std::string type = tame(answer.header("content-type"));
  if (!document.value && type.starts_with("application/json")) {
    const std::string place =
        document.mistake_at == 0 ? "" : fmt::format(" (at byte {})", document.mistake_at);
    throw_unreadable(call, answer,
                     fmt::format("{}, but its body is no valid JSON{}; try again, and check "
                                 "that no proxy changes answers",
                                 answer.status, place));
  }
  if (!document.value || !document.value->is_object()) {
    throw_unreadable(call, answer,
                     fmt::format("{}, but not with a JSON object ({}); check that the host is a "
                                 "workspace and that no proxy answers in its place",
                                 answer.status, type.empty() ? "no content type" : type));
  }
  return std::move(*document.value);
}

}  // namespace weir::http
