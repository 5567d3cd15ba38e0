#include "cli/interrupts.h"

#include <array>
#include <csignal>
#include <unistd.h>

namespace weir {
namespace {

constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP};
/// Whoever asks so often does not want to wait for anything.
constexpr int kPatience = 3;

volatile std::sig_atomic_t came = 0;
volatile std::sig_atomic_t last = 0;
std::array<struct sigaction, kSignals.size()> before;

void note(int signal) {
  const int count = came + 1;
  last = signal;
  came = count;
  if (count >= kPatience) _exit(128 + signal);
}

}  // namespace

Interrupts::Interrupts() {
  came = 0;
  last = 0;
  struct sigaction action = {};
  action.sa_handler = &note;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &action, &before[i]);
  // A closed terminal or pipe must not end what is under way.
  std::signal(SIGPIPE, SIG_IGN);
}

Interrupts::~Interrupts() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &before[i], nullptr);
}

int Interrupts::count() {
  return came;
}

int Interrupts::signal() {
  return last;
}

void Interrupts::stop_if_any() {
  if (came > 0) throw Interrupted("interrupted; nothing was changed");
}

}  // namespace weir
