// Handles of processes, which unlike numbers are never reused.
#pragma once

#include <csignal>

// The header of glibc 2.36 declares these functions without C linkage.
extern "C" {
#include <sys/pidfd.h>
}
