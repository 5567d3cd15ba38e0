#include "emulator/http/message.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace emulator {
namespace {

struct Head {
  Request request;
  std::size_t bytes = 0;
  bool keep_alive = true;
  bool is_chunked = false;
  std::optional<std::size_t> content_length;
};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower_case(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

bool is_token(std::string_view text) {
  constexpr std::string_view kPunctuation = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
           kPunctuation.find(c) != std::string_view::npos;
  });
}

bool is_header_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<Malformed> read_request_line(std::string_view line, Head& head) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) {
    return Malformed{400, "the request line is not METHOD TARGET HTTP/1.1"};
  }
  const std::string_view version = line.substr(last + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    return Malformed{505, "only HTTP/1.0 and 1.1"};
  head.keep_alive = version == "HTTP/1.1";
  head.request.method = line.substr(0, first);
  if (!is_token(head.request.method)) return Malformed{400, "the method is not a token"};
  std::string_view target = line.substr(first + 1, last - first - 1);
  const std::size_t question = target.find('?');
  if (question != std::string_view::npos) {
    head.request.raw_query = target.substr(question + 1);
    target = target.substr(0, question);
  }
  if (target.empty() || target.front() != '/') return Malformed{400, "the target is not a path"};
  const auto path = percent_decode(target, PlusSign::kLiteral);
  const auto query = parse_form(head.request.raw_query);
  if (!path || !query) return Malformed{400, "the target is not well-formed percent-encoding"};
  head.request.path = *path;
  head.request.query = *query;
  return std::nullopt;
}

std::optional<Malformed> read_header(std::string_view line, Head& head) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    return Malformed{400, "a header line is not NAME: VALUE"};
  }
  const std::string name = lower_case(line.substr(0, colon));
  const std::string_view value = trim(line.substr(colon + 1));
  if (!is_header_value(value)) return Malformed{400, "a header value has a control character"};
  const bool is_new = head.request.headers.emplace(name, value).second;
  // Two lengths or encodings are how requests are smuggled past proxies.
  if (!is_new && (name == "content-length" || name == "transfer-encoding" || name == "host")) {
    return Malformed{400, fmt::format("header {} stands twice", name)};
  }
  return std::nullopt;
}

std::optional<Malformed> read_framing(Head& head) {
  const std::string connection = lower_case(head.request.header("connection"));
  if (connection.find("close") != std::string::npos) head.keep_alive = false;
  if (connection.find("keep-alive") != std::string::npos) head.keep_alive = true;
  const std::string encoding = lower_case(head.request.header("transfer-encoding"));
  const std::string length = head.request.header("content-length");
  if (!encoding.empty()) {
    if (encoding != "chunked") return Malformed{501, "only the chunked transfer encoding"};
    if (!length.empty()) return Malformed{400, "both a length and a transfer encoding"};
    head.is_chunked = true;
  } else if (head.request.headers.count("content-length") != 0) {
    std::size_t bytes = 0;
    const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bytes);
    if (error != std::errc{} || end != length.data() + length.size()) {
      return Malformed{error == std::errc::result_out_of_range ? 413 : 400,
                       "the content length is not a number"};
    }
    head.content_length = bytes;
  }
  return std::nullopt;
}

std::variant<NeedMore, Head, Malformed> read_head(std::string_view input,
                                                  const HttpLimits& limits) {
  const std::size_t end = input.substr(0, limits.head_bytes).find("\r\n\r\n");
  if (end == std::string_view::npos) {
    if (input.size() >= limits.head_bytes) return Malformed{431, "the request head is too long"};
    return NeedMore{};
  }
  Head head;
  head.bytes = end + 4;
  std::string_view rest = input.substr(0, end);
  std::size_t line_number = 0;
  while (true) {
    const std::size_t line_end = rest.find("\r\n");
    const std::string_view line = rest.substr(0, line_end);
    const auto problem = line_number == 0 ? read_request_line(line, head) : read_header(line, head);
    if (problem) return *problem;
    if (++line_number > limits.header_count + 1) return Malformed{431, "too many headers"};
    if (line_end == std::string_view::npos) break;
    rest.remove_prefix(line_end + 2);
  }
  if (const auto problem = read_framing(head)) return *problem;
  return head;
}

/// Appends the chunks of `input` to the body; gives the bytes taken, or nothing to wait for more.
std::variant<NeedMore, std::size_t, Malformed> read_chunks(std::string_view input,
                                                           std::string& body, std::size_t limit) {
  std::size_t position = 0;
  while (true) {
    const std::size_t line_end = input.find("\r\n", position);
    if (line_end == std::string_view::npos) {
      if (input.size() - position > 1024) return Malformed{400, "a chunk's size line is too long"};
      return NeedMore{};
    }
    const std::string_view line = input.substr(position, line_end - position);
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
    if (error != std::errc{} || (end != line.data() + line.size() && *end != ';')) {
      return Malformed{400, "a chunk's size is not a hexadecimal number"};
    }
    position = line_end + 2;
    if (size > limit || body.size() + size > limit) return Malformed{413, "the body is too large"};
    if (input.size() < position + size + 2) return NeedMore{};
    body.append(input.substr(position, size));
    if (input.substr(position + size, 2) != "\r\n")
      return Malformed{400, "a chunk has a wrong end"};
    position += size + 2;
    // Trailers are not supported: the line after the last chunk must be empty, as clients send it.
    if (size == 0) return position;
  }
}

Reading read_body(std::string_view input, Head head, const HttpLimits& limits) {
  std::size_t bytes = 0;
  const NeedMore more{lower_case(head.request.header("expect")) == "100-continue"};
  if (head.is_chunked) {
    const auto chunks = read_chunks(input.substr(head.bytes), head.request.body, limits.body_bytes);
    if (std::holds_alternative<NeedMore>(chunks)) return more;
    if (const auto* problem = std::get_if<Malformed>(&chunks)) return *problem;
    bytes = std::get<std::size_t>(chunks);
  } else if (head.content_length) {
    if (*head.content_length > limits.body_bytes) return Malformed{413, "the body is too large"};
    if (input.size() - head.bytes < *head.content_length) return more;
    bytes = *head.content_length;
    head.request.body = input.substr(head.bytes, bytes);
  }
  return Received{std::move(head.request), head.bytes + bytes, head.keep_alive};
}

std::string_view reason_phrase(int status) {
  struct Phrase {
    int status;
    std::string_view text;
  };
  static constexpr std::array kPhrases = {Phrase{200, "OK"},
                                          Phrase{400, "Bad Request"},
                                          Phrase{401, "Unauthorized"},
                                          Phrase{403, "Forbidden"},
                                          Phrase{404, "Not Found"},
                                          Phrase{405, "Method Not Allowed"},
                                          Phrase{409, "Conflict"},
                                          Phrase{413, "Content Too Large"},
                                          Phrase{421, "Misdirected Request"},
                                          Phrase{429, "Too Many Requests"},
                                          Phrase{431, "Request Header Fields Too Large"},
                                          Phrase{500, "Internal Server Error"},
                                          Phrase{501, "Not Implemented"},
                                          Phrase{502, "Bad Gateway"},
                                          Phrase{503, "Service Unavailable"},
                                          Phrase{504, "Gateway Timeout"},
                                          Phrase{505, "HTTP Version Not Supported"}};
  const auto* found = std::find_if(kPhrases.begin(), kPhrases.end(),
                                   [&](const Phrase& phrase) { return phrase.status == status; });
  return found == kPhrases.end() ? "Status" : found->text;
}

}  // namespace

std::string Request::header(const std::string& lower_case_name) const {
  const auto found = headers.find(lower_case_name);
  return found == headers.end() ? "" : found->second;
}

Reading read_request(std::string_view input, const HttpLimits& limits) {
  auto head = read_head(input, limits);
  if (std::holds_alternative<NeedMore>(head)) return NeedMore{};
  if (const auto* problem = std::get_if<Malformed>(&head)) return *problem;
  return read_body(input, std::move(std::get<Head>(head)), limits);
}

std::optional<std::string> percent_decode(std::string_view text, PlusSign plus) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && plus == PlusSign::kSpace) {
      c = ' ';
    } else if (c == '%') {
      unsigned value = 0;
      if (i + 2 >= text.size()) return std::nullopt;
      const auto [end, error] =
          std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16);
      if (error != std::errc{} || end != text.data() + i + 3) return std::nullopt;
      c = static_cast<char>(value);
      i += 2;
    }
    if (c == '\0') return std::nullopt;
    result.push_back(c);
  }
  return result;
}

std::optional<std::map<std::string, std::string>> parse_form(std::string_view text) {
  std::map<std::string, std::string> result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const auto key = percent_decode(pair.substr(0, equals), PlusSign::kSpace);
    const auto value =
        percent_decode(pair.substr(std::min(equals + 1, pair.size())), PlusSign::kSpace);
    if (!key || !value) return std::nullopt;
    result[*key] = *value;
  }
  return result;
}

std::string serialize(const Response& response, Connection connection) {
  std::string text =
      fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n", response.status,
                  reason_phrase(response.status), response.content_type, response.body.size());
  for (const auto& [name, value] : response.headers) {
    text += fmt::format("{}: {}\r\n", name, value);
  }
  if (connection == Connection::kClose) text += "Connection: close\r\n";
  text += "\r\n";
  text += response.body;
  return text;
}

}  // namespace emulator
