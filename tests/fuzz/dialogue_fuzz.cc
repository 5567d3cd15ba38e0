// Whole dialogues with a fresh emulator, written as in tests/emulator/dialogues: a request is
// `> METHOD TARGET` and its body in the lines `> ...` below; other lines are skipped. Targets are
// below /api/2.0/postgres/ unless they begin with a slash; {operation} is the newest operation.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "tests/fuzz/stage.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace emulator {
namespace {

constexpr std::string_view kPostgres = "/api/2.0/postgres/";
constexpr std::string_view kPlaceholder = "{operation}";
constexpr std::size_t kMostRequests = 40;

/// The text from each request line up to the next one.
std::vector<std::string> speeches_of(const std::string& text) {
  std::vector<std::string> speeches;
  bool is_inside = false;
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string line = text.substr(start, end - start);
    start = end + 1;
    const bool is_spoken = line.starts_with("> ");
    if (is_spoken && !is_inside) speeches.emplace_back();
    if (is_spoken) speeches.back() += line.substr(2) + "\n";
    is_inside = is_spoken;
  }
  return speeches;
}

std::string written(const std::vector<std::string>& speeches) {
  std::string text;
  for (const std::string& speech : speeches) {
    text += "> ";
    for (std::size_t i = 0; i < speech.size(); ++i) {
      text += speech[i];
      if (speech[i] == '\n' && i + 1 < speech.size()) text += "> ";
    }
    text += "\n";
  }
  return text;
}

/// Nothing when no client could send it.
std::optional<Request> to_request(const std::string& speech, const std::string& operation) {
  const std::size_t line_end = speech.find('\n');
  std::string line = speech.substr(0, line_end);
  const std::size_t space = line.find(' ');
  if (space == std::string::npos) return std::nullopt;
  const std::size_t placeholder = line.find(kPlaceholder);
  if (placeholder != std::string::npos) line.replace(placeholder, kPlaceholder.size(), operation);
  Request request{.method = line.substr(0, space), .path = line.substr(space + 1)};
  const std::size_t question = std::min(request.path.find('?'), request.path.size());
  request.raw_query = request.path.substr(std::min(question + 1, request.path.size()));
  const auto path = percent_decode(request.path.substr(0, question), PlusSign::kLiteral);
  const auto query = parse_form(request.raw_query);
  if (!path || !query) return std::nullopt;
  request.path = path->starts_with('/') ? *path : std::string(kPostgres) + *path;
  request.query = *query;
  request.body = speech.substr(line_end + 1);
  return request;
}

class Client {
 public:
  Json ask(Request request) {
    request.headers = {{"host", "127.0.0.1:8765"}, {"authorization", "Bearer " + stage_.token()}};
    Json answer = parse_json(stage_.say(std::move(request)).body).value_or(Json());
    const std::string name = text_at(answer, "name");
    if (name.find("/operations/") != std::string::npos) operation_ = name;
    return answer;
  }

  void play(const std::string& text) {
    std::size_t count = 0;
    for (const std::string& speech : speeches_of(text)) {
      if (++count > kMostRequests) return;
      if (auto request = to_request(speech, operation_)) ask(*std::move(request));
    }
  }

  /// Lists show each resource as it shows itself.
  void check_lists(const std::string& parent, const std::vector<std::string>& collections) {
    for (const std::string& collection : collections) {
      const std::string path = fmt::format("{}{}{}", kPostgres, parent, collection);
      const Json list = ask({.method = "GET", .path = path});
      if (!list.contains(collection)) continue;
      for (const Json& element : list.at(collection)) check_element(collection, element);
    }
  }

 private:
  void check_element(const std::string& collection, const Json& element) {
    const std::string name = text_at(element, "name");
    const Json alone = ask({.method = "GET", .path = std::string(kPostgres) + name});
    expect(alone == element, "a list and a get differ", to_text(element) + "\n" + to_text(alone));
    if (collection == "projects") check_lists(name + "/", {"branches"});
    if (collection == "branches") check_lists(name + "/", {"endpoints", "roles", "databases"});
  }

  Stage stage_;
  std::string operation_ = "none";
};

void run(const std::string& text) {
  Client client;
  client.play(text);
  client.ask({.method = "DELETE", .path = "/_emulator/faults"});
  client.check_lists("", {"projects"});
}

std::size_t number_below(std::size_t limit, std::minstd_rand& dice) {
  return std::uniform_int_distribution<std::size_t>(0, limit - 1)(dice);
}

/// Changes, removes, repeats or moves whole requests.
std::vector<std::string> changed(std::vector<std::string> speeches, std::minstd_rand& dice) {
  const auto at = [&](std::size_t index) {
    return speeches.begin() + static_cast<std::ptrdiff_t>(index);
  };
  const std::size_t chosen = number_below(speeches.size(), dice);
  switch (number_below(8, dice)) {
    case 0:
      speeches.erase(at(chosen));
      break;
    case 1: {
      const std::string copy = speeches[chosen];
      speeches.insert(at(number_below(speeches.size() + 1, dice)), copy);
      break;
    }
    case 2:
      std::swap(speeches[chosen], speeches[number_below(speeches.size(), dice)]);
      break;
    default: {
      std::string& speech = speeches[chosen];
      const std::size_t most = speech.size() + 200;
      std::vector<std::uint8_t> bytes(speech.begin(), speech.end());
      bytes.resize(most);
      bytes.resize(LLVMFuzzerMutate(bytes.data(), speech.size(), most));
      speech.assign(bytes.begin(), bytes.end());
    }
  }
  return speeches;
}

}  // namespace
}  // namespace emulator

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  emulator::run(std::string(data, data + size));
  return 0;
}

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  std::minstd_rand dice(seed);
  const auto speeches = emulator::speeches_of(std::string(data, data + size));
  if (speeches.empty()) return LLVMFuzzerMutate(data, size, most);
  const std::string text = emulator::written(emulator::changed(speeches, dice));
  if (text.size() > most) return LLVMFuzzerMutate(data, size, most);
  std::copy(text.begin(), text.end(), data);
  return text.size();
}
