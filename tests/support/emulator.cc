#include "tests/support/emulator.h"

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace weir::test {
namespace {

std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

Emulator::Emulator() {
  std::string data = folder_.path() / "data";
  const std::string log_file = folder_.path() / "log";
  std::array<std::string, 7> words = {EMULATOR_PROGRAM, "serve",       "--data",       data,
                                      "--listen",       "127.0.0.1:0", "--no-postgres"};
  std::array<char*, 8> arguments = {};
  for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
  id_ = fork();
  if (id_ == 0) {
    const int output = open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  const std::string greeting = "listening on ";
  for (int i = 0; i < 3000 && log().find(greeting) == std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  const std::size_t place = log().find(greeting);
  if (place == std::string::npos) throw std::runtime_error("the emulator is silent: " + log());
  const std::string rest = log().substr(place + greeting.size());
  url_ = rest.substr(0, rest.find_first_of(" ,\n"));
  token_ = content_of(folder_.path() / "data" / "token");
  while (!token_.empty() && token_.back() == '\n') token_.pop_back();
}

Emulator::~Emulator() {
  kill(id_, SIGTERM);
  waitpid(id_, nullptr, 0);
}

std::string Emulator::log() const {
  return content_of(folder_.path() / "log");
}

}  // namespace weir::test
