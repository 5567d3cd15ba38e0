#include "emulator/options.h"

#include <arpa/inet.h>
#include <charconv>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

#include "emulator/latency.h"

namespace emulator {
namespace {

template <typename Number>
Number to_number(const std::string& flag, const std::string& text) {
  Number number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc{} || parsed.ptr != end || text.empty()) {
    throw std::invalid_argument(fmt::format("{} {}: expected a number from 0 to {}", flag, text,
                                            std::numeric_limits<Number>::max()));
  }
  return number;
}

std::string loopback_network(const std::string& text) {
  in_addr address{};
  if (inet_pton(AF_INET, text.c_str(), &address) != 1 || (ntohl(address.s_addr) >> 24U) != 127) {
    throw std::invalid_argument(fmt::format(
        "--postgres-network {}: expected a loopback address, for example 127.100.0.0", text));
  }
  return text;
}

Json read_json_file(const std::string& flag, const std::string& path) {
  std::ifstream stream(path);
  if (!stream) throw std::invalid_argument(fmt::format("{} {}: cannot read the file", flag, path));
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  auto document = parse_json(text);
  if (!document) throw std::invalid_argument(fmt::format("{} {}: it is not JSON", flag, path));
  return *std::move(document);
}

std::uint16_t to_port(const std::string& text) {
  const auto port = to_number<std::uint16_t>("--postgres-port", text);
  if (port == 0) {
    throw std::invalid_argument(
        "--postgres-port 0: clients must know the port beforehand; give one from 1 to 65535");
  }
  return port;
}

std::string latency_times(const std::string& text) {
  try {
    Latency().set(text);
  } catch (const std::invalid_argument& mistake) {
    throw std::invalid_argument(fmt::format("--latency {}", mistake.what()));
  }
  return text;
}

void set_clock(ProgramOptions& program, const std::string& text) {
  program.clock_start = parse_timestamp(text);
  if (text == "virtual" || program.clock_start) {
    program.clock = ClockKind::kVirtual;
  } else if (text != "real") {
    throw std::invalid_argument(fmt::format(
        "--clock {}: expected real, virtual, or the time at which a virtual clock starts, for "
        "example 2026-08-20T12:00:00Z",
        text));
  }
}

using Setter = std::function<void(const std::string& value)>;

/// Flags with a value, and what each sets.
std::map<std::string, Setter> setters(CommandLine& line) {
  ProgramOptions& program = line.program;
  return {
      {"--data", [&](const std::string& value) { program.data = value; }},
      {"--listen", [&](const std::string& value) { line.listen = parse_listen_address(value); }},
      {"--postgres-port",
       [&](const std::string& value) { program.postgres_port = to_port(value); }},
      {"--postgres-network",
       [&](const std::string& value) { program.first_address = loopback_network(value); }},
      {"--postgres-user", [&](const std::string& value) { program.postgres_user = value; }},
      {"--postgres-bin", [&](const std::string& value) { program.postgres_bin = value; }},
      {"--latency",
       [&](const std::string& value) { program.latencies.push_back(latency_times(value)); }},
      {"--clock", [&](const std::string& value) { set_clock(program, value); }},
      {"--faults",
       [&](const std::string& value) { program.faults = read_json_file("--faults", value); }},
      {"--tables",
       [&](const std::string& value) { program.tables = read_json_file("--tables", value); }},
      {"--seed",
       [&](const std::string& value) { program.seed = to_number<std::uint64_t>("--seed", value); }},
      {"--assume", [&](const std::string& value) { program.assumptions.push_back(value); }},
  };
}

void check(const CommandLine& line) {
  if (line.program.data.empty()) {
    throw std::invalid_argument("serve needs --data DIR, the folder that keeps its state");
  }
  if (!line.program.allows_remote && !is_loopback(line.listen)) {
    throw std::invalid_argument(fmt::format(
        "--listen {}: the emulator has no TLS on its REST side and listens on loopback only; add "
        "--allow-remote if you mean it",
        line.listen.host));
  }
}

void parse_serve(const std::vector<std::string>& arguments, CommandLine& line) {
  const std::map<std::string, Setter> with_value = setters(line);
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    std::string flag = arguments[i];
    if (flag == "--no-postgres") {
      line.program.has_postgres = false;
      continue;
    }
    if (flag == "--allow-remote") {
      line.program.allows_remote = true;
      continue;
    }
    const std::size_t equals = flag.find('=');
    if (flag.starts_with("--no-postgres=") || flag.starts_with("--allow-remote=")) {
      throw std::invalid_argument(
          fmt::format("{}: write {} alone; it takes no value", flag, flag.substr(0, equals)));
    }
    std::string value;
    if (flag.starts_with("--") && equals != std::string::npos) {
      value = flag.substr(equals + 1);
      flag.resize(equals);
    } else if (i + 1 < arguments.size()) {
      value = arguments[++i];
    }
    const auto setter = with_value.find(flag);
    if (setter == with_value.end()) {
      throw std::invalid_argument(
          fmt::format("unknown option {}; weir-emulator --help lists all", flag));
    }
    if (value.empty()) throw std::invalid_argument(fmt::format("{} needs a value", flag));
    setter->second(value);
  }
  check(line);
}

}  // namespace

CommandLine parse_command_line(const std::vector<std::string>& arguments) {
  CommandLine line;
  if (arguments.empty() || arguments[0] == "help" || arguments[0] == "--help") return line;
  for (const std::string& argument : arguments) {
    if (argument == "--help" || argument == "-h") return line;
  }
  if (arguments[0] == "--version" || arguments[0] == "version") {
    line.command = CommandLine::Command::kVersion;
    return line;
  }
  if (arguments[0] != "serve") {
    throw std::invalid_argument(fmt::format(
        "unknown command {}; use weir-emulator serve --data DIR, or --help", arguments[0]));
  }
  line.command = CommandLine::Command::kServe;
  parse_serve(arguments, line);
  return line;
}

const char* help_text() {
  return R"(weir-emulator: Databricks Lakebase on this machine, with real PostgreSQL.

usage: weir-emulator serve --data DIR [options]

  --data DIR               keeps the state, the clusters, client.env and ca.pem in DIR
  --listen ADDRESS:PORT    of the REST API (127.0.0.1:8765)
  --allow-remote           lets --listen name an address that is not loopback
  --postgres-port PORT     of every endpoint (5432)
  --postgres-network ADDR  endpoints get the loopback addresses behind this one (127.100.0.0)
  --postgres-user NAME     runs the clusters as this user when started as root (postgres)
  --postgres-bin DIR       has initdb and postgres (the newest that is installed)
  --no-postgres            serves the REST API alone
  --latency VERB=TIME,…    how long operations take: create, update, delete, undelete,
                           failover, start, stop, settle, prepare, sync, each also for
                           one kind, as in branch.create=2s (settle, prepare and sync
                           take 200ms, and nothing with a virtual clock)
  --clock real|virtual|T   a virtual clock stands still until POST /_emulator/clock moves it;
                           it starts at the time T, or now
  --faults FILE            a fault plan as JSON, as for POST /_emulator/faults
  --tables FILE            source tables as JSON, as for POST /_emulator/tables
  --seed N                 makes ids, and the order of lists that a fault shuffles, repeatable
  --assume NAME=VALUE      answers an open question about the service another way;
                           GET /_emulator/assumptions lists them

To use it:  . DIR/client.env   then any Databricks client, curl or psql.
The guide is docs/emulator.md.
)";
}

}  // namespace emulator
