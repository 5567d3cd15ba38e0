// weir-emulator: Lakebase on one machine.
#include <csignal>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "emulator/control/control.h"
#include "emulator/http/server.h"
#include "emulator/loop.h"
#include "emulator/options.h"
#include "emulator/program.h"

namespace {

/// Every endpoint is a listening socket: thousands are normal.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// Turns SIGINT and SIGTERM into a read on the loop. Must run before any thread starts, so that
/// all threads inherit the mask.
int block_stop_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGHUP);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

int serve(const emulator::CommandLine& line) {
  raise_descriptor_limit();
  const int stop_signals = block_stop_signals();
  emulator::Loop loop;
  {
    emulator::Program program(loop, line.program);
    emulator::HttpServer server(
        loop, line.listen, {}, [&program](emulator::Request request, const emulator::Reply& reply) {
          program.handle(std::move(request), reply);
        });
    const bool is_v6 = line.listen.host.find(':') != std::string::npos;
    const std::string url = is_v6 ? fmt::format("http://[{}]:{}", line.listen.host, server.port())
                                  : fmt::format("http://{}:{}", line.listen.host, server.port());
    program.write_client_environment(url);
    loop.watch(stop_signals, EPOLLIN, [&loop](std::uint32_t) { loop.stop(); });
    fmt::print("listening on {}\nto use it: . {}\n", url,
               (std::filesystem::absolute(line.program.data) / "client.env").string());
    std::fflush(stdout);
    loop.run();
    loop.unwatch(stop_signals);
  }
  close(stop_signals);
  return 0;
}

int run(const std::vector<std::string>& arguments) {
  const emulator::CommandLine line = emulator::parse_command_line(arguments);
  switch (line.command) {
    case emulator::CommandLine::Command::kHelp:
      fmt::print("{}", emulator::help_text());
      return 0;
    case emulator::CommandLine::Command::kVersion:
      fmt::print("weir-emulator {}\n", WEIR_VERSION);
      return 0;
    case emulator::CommandLine::Command::kServe:
      break;
  }
  return serve(line);
}

}  // namespace

int main(int count, char** values) {
  try {
    return run(std::vector<std::string>(values + 1, values + count));
  } catch (const std::invalid_argument& mistake) {
    fmt::print(stderr, "weir-emulator: {}\n", mistake.what());
    return 2;
  } catch (const std::exception& error) {
    fmt::print(stderr, "weir-emulator: {}\n", error.what());
    return 1;
  }
}
