#include "providers/http/problem.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "core/document.h"

namespace weir::http {
namespace {

constexpr std::size_t kLongestMessage = 500;

constexpr std::array<std::pair<int, std::string_view>, 16> kStatusWords = {{
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {413, "Content Too Large"},
    {429, "Too Many Requests"},
    {431, "Headers Too Large"},
    {499, "Cancelled"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
}};

/// "BAD_GATEWAY" of "Bad Gateway".
std::string code_of_status(int status) {
  std::string code(status_words(status));
  std::transform(code.begin(), code.end(), code.begin(), [](char letter) {
    if (letter == ' ') return '_';
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  });
  return code;
}

std::string text_or_number(const Document& body, const char* key) {
  const auto found = body.find(key);
  if (found == body.end()) return "";
  if (found->is_string()) return found->get<std::string>();
  return found->is_number_integer() ? to_text(*found) : "";
}

void read_details(const Document& body, Problem& problem) {
  const auto details = body.find("details");
  if (details == body.end() || !details->is_array()) return;
  for (const Document& detail : *details) {
    const std::string type = text_at(detail, "@type");
    if (type.ends_with(".RequestInfo")) problem.request_id = tame(text_at(detail, "request_id"));
    if (type.ends_with(".RetryInfo")) {
      problem.retry_delay = parse_duration(text_at(detail, "retry_delay"));
    }
  }
}

void read_object(const Document& body, Problem& problem) {
  problem.code = text_or_number(body, "error_code");
  problem.message = text_or_number(body, "message");
  if (problem.message.empty()) problem.message = text_or_number(body, "error_description");
  // OAuth puts its code where API 1.2 has its only text.
  if (problem.message.empty()) problem.message = text_or_number(body, "error");
  if (problem.message.empty() && body.contains("detail")) {
    const std::string kind = text_or_number(body, "scimType");
    problem.code = "SCIM_" + text_or_number(body, "status");
    problem.message = kind + (kind.empty() ? "" : " ") + text_or_number(body, "detail");
  }
  read_details(body, problem);
}

/// "CODE: message".
bool read_coded_text(std::string_view body, Problem& problem) {
  const std::size_t colon = body.find(": ");
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view code = body.substr(0, colon);
  const bool is_code = std::all_of(code.begin(), code.end(), [](char letter) {
    return (letter >= 'A' && letter <= 'Z') || letter == '_';
  });
  if (!is_code) return false;
  problem.code = code;
  problem.message = body.substr(colon + 2);
  return true;
}

bool read_page(std::string_view body, int status, Problem& problem) {
  constexpr std::string_view kOpen = "<pre>";
  const std::size_t start = body.find(kOpen);
  if (start == std::string_view::npos) return false;
  const std::size_t end = body.find("</pre>", start);
  if (end == std::string_view::npos) return false;
  problem.message = body.substr(start + kOpen.size(), end - start - kOpen.size());
  problem.code = code_of_status(status);
  return true;
}

void read_body(const Answer& answer, Problem& problem) {
  if (answer.body.empty()) {
    problem.message = status_words(answer.status);
    return;
  }
  const auto body = parse_document(answer.body);
  if (body && body->is_object()) return read_object(*body, problem);
  if (read_coded_text(answer.body, problem)) return;
  if (read_page(answer.body, answer.status, problem)) return;
  problem.code = "UNKNOWN";
  problem.message = answer.body;
}

}  // namespace

Problem read_problem(const Answer& answer) {
  Problem problem;
  read_body(answer, problem);
  problem.code = tame(problem.code);
  problem.message = tame(problem.message);
  const std::string request_id = tame(answer.header("x-request-id"));
  if (!request_id.empty()) problem.request_id = request_id;
  return problem;
}

std::string_view status_words(int status) {
  for (const auto& [number, words] : kStatusWords) {
    if (number == status) return words;
  }
  return "";
}

std::string tame(std::string_view text) {
  std::string tamed;
  for (const char letter : text.substr(0, kLongestMessage)) {
    const bool is_control = static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
    const char shown = is_control ? ' ' : letter;
    // A page's indentation is of no interest.
    if (shown == ' ' && (tamed.empty() || tamed.back() == ' ')) continue;
    tamed += shown;
  }
  while (!tamed.empty() && tamed.back() == ' ') tamed.pop_back();
  if (text.size() > kLongestMessage) tamed += " …";
  return tamed;
}

}  // namespace weir::http
