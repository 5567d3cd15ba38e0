#include "tests/emulator/dialogue.h"

#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "emulator/json.h"
#include "emulator/options.h"
#include "emulator/program.h"

namespace emulator {
namespace {

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string replaced(std::string text, const std::string& placeholder, const std::string& value) {
  const std::size_t place = text.find(placeholder);
  if (place != std::string::npos) text.replace(place, placeholder.size(), value);
  return text;
}

std::string base64(const std::string& text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = i; j < i + 3; ++j) {
      group = group << 8U | (j < text.size() ? static_cast<unsigned char>(text[j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      result += i + j > text.size() ? '=' : kDigits[group >> (18 - 6 * j) & 63U];
    }
  }
  return result;
}

/// An emulator without PostgreSQL and sockets, whose clock stands still at a round time.
class Stage {
 public:
  explicit Stage(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "serve");
    arguments.insert(arguments.end(), {"--data", "unused"});
    ProgramOptions options = parse_command_line(arguments).program;
    options.data.clear();
    options.has_postgres = false;
    options.clock = ClockKind::kVirtual;
    options.clock_start = parse_timestamp("2026-08-20T12:00:00Z");
    options.seed = 1;
    program_ = std::make_unique<Program>(loop_, options);
    token_ = program_->token();
  }

  Response say(const std::string& method, std::string target, const std::string& body) {
    target = replaced(target, "{operation}", operation_);
    const std::size_t question = std::min(target.find('?'), target.size());
    Request request{.method = method, .path = target.substr(0, question)};
    request.raw_query = target.substr(std::min(question + 1, target.size()));
    request.query = parse_form(request.raw_query).value_or(decltype(request.query){});
    request.headers = headers_;
    request.headers.emplace("host", "127.0.0.1:8765");
    if (!token_.empty()) request.headers.emplace("authorization", "Bearer " + token_);
    request.body = body;
    headers_.clear();
    std::optional<Response> answer;
    program_->handle(request, [&](Response response) { answer = std::move(response); });
    while (!answer) loop_.turn(std::chrono::milliseconds(100));
    // What the answer set in motion, an operation of no length say, happens before the next line.
    for (int i = 0; i < 64; ++i) loop_.turn(std::chrono::milliseconds(0));
    remember_operation(*answer);
    return *answer;
  }

  void direct(const std::string& line) {
    const std::vector<std::string> words = words_of(line);
    if (words.at(0) == "advance") {
      say("POST", "/_emulator/clock", fmt::format(R"({{"advance":"{}"}})", words.at(1)));
    } else if (words.at(0) == "as") {
      speak_as(words.at(1));
    } else if (words.at(0) == "header") {
      const std::size_t colon = line.find(": ");
      headers_[line.substr(7, colon - 7)] = replaced(line.substr(colon + 2), "{client}", client_);
    } else if (words.at(0) == "service-principal") {
      make_service_principal(words.at(1));
    } else {
      throw std::invalid_argument("unknown direction: " + line);
    }
  }

 private:
  void make_service_principal(const std::string& name) {
    const Response made =
        say("POST", "/_emulator/identities", fmt::format(R"({{"service_principal":"{}"}})", name));
    const Json reply = Json::parse(made.body);
    client_ = base64(text_at(reply, "client_id") + ":" + text_at(reply, "client_secret"));
    tokens_["service-principal"] = text_at(reply, "token");
  }

  void remember_operation(const Response& answer) {
    const std::string name = text_at(parse_json(answer.body).value_or(Json()), "name");
    if (name.find("/operations/") != std::string::npos) operation_ = name;
  }

  void speak_as(const std::string& name) {
    token_ = program_->token();
    if (name == "nobody") return token_.clear();
    if (name == "developer@example.com") return;
    auto& token = tokens_[name];
    if (token.empty()) {
      const Response made =
          say("POST", "/_emulator/identities", fmt::format(R"({{"user_name":"{}"}})", name));
      token = Json::parse(made.body).at("token").get<std::string>();
    }
    token_ = token;
  }

  Loop loop_;
  std::unique_ptr<Program> program_;
  std::string token_;
  std::string operation_;
  std::string client_;
  std::map<std::string, std::string> tokens_;
  std::map<std::string, std::string> headers_;
};

/// Objects and lists that fit on a line stay on one; secrets are masked.
void print(const Json& value, const std::string& indent, std::string& out) {
  const std::string flat = value.dump();
  if (!value.is_structured() || indent.size() + flat.size() < 96) {
    out += flat;
    return;
  }
  const std::string inner = indent + "  ";
  out += value.is_object() ? "{" : "[";
  bool is_first = true;
  for (const auto& [key, element] : value.items()) {
    out += (is_first ? "\n" : ",\n") + inner;
    if (value.is_object()) out += Json(key).dump() + ": ";
    print(element, inner, out);
    is_first = false;
  }
  out += "\n" + indent + (value.is_object() ? "}" : "]");
}

void mask_secrets(Json& value) {
  if (!value.is_structured()) return;
  for (const auto& [key, element] : value.items()) {
    const bool is_secret = key == "token" || key == "access_token" || key == "client_secret";
    if (value.is_object() && is_secret && element.is_string()) {
      element = "SECRET";
    } else {
      mask_secrets(element);
    }
  }
}

std::string printed_answer(const Response& response) {
  std::string text = fmt::format("{}", response.status);
  if (response.fate == Fate::kLose) return "< (no answer: the connection is cut)\n";
  if (response.fate == Fate::kCutHalfway) text += " (cut halfway)";
  for (const auto& [name, value] : response.headers) {
    if (name != "X-Databricks-Org-Id") text += fmt::format("\n{}: {}", name, value);
  }
  std::string body = response.body;
  if (auto document = parse_json(response.body)) {
    mask_secrets(*document);
    body.clear();
    print(*document, "", body);
  }
  text += "\n" + body;
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) out += "< " + line + "\n";
  return out;
}

/// The request lines from `line` on, as method, target and body.
struct Speech {
  std::string method;
  std::string target;
  std::string body;
};

Speech read_speech(std::istream& stream, std::string line, std::string& played) {
  Speech speech;
  const std::vector<std::string> words = words_of(line.substr(2));
  speech.method = words.at(0);
  speech.target = words.at(1);
  played += line + "\n";
  while (stream.peek() == '>' && std::getline(stream, line)) {
    speech.body += line.substr(2);
    played += line + "\n";
  }
  return speech;
}

}  // namespace

std::string play_dialogue(const std::string& text) {
  std::istringstream stream(text);
  std::string played;
  std::unique_ptr<Stage> stage;
  std::vector<std::string> options;
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("< ")) continue;
    if (line.starts_with("@ start ")) {
      options = words_of(line.substr(8));
    } else if (line.starts_with("@ ") || line.starts_with("> ")) {
      if (!stage) stage = std::make_unique<Stage>(options);
    }
    if (line.starts_with("> ")) {
      const Speech speech = read_speech(stream, line, played);
      played += printed_answer(stage->say(speech.method, speech.target, speech.body));
      continue;
    }
    if (line.starts_with("@ ") && !line.starts_with("@ start ")) stage->direct(line.substr(2));
    played += line + "\n";
  }
  return played;
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace emulator
