// The state of a team, in PostgreSQL, behind a pool of connections or not.
#pragma once

#include <memory>
#include <string>

#include "core/performer.h"
#include "core/secret.h"
#include "core/store.h"

namespace weir {

/// How long a lease is good for, by the server's clock, and how long a request of its holder may
/// still be on its way when it is not any more.
struct LeaseTerms {
  Duration length = std::chrono::seconds(60);
  Duration longest_request = kLongestRequest;
};

/// For applying: makes the schema `weir` and its tables where there are none. `connection` is a
/// URL or keywords; the environment and service files are not asked.
std::unique_ptr<Store> open_postgres_store(const Secret& connection, const std::string& deployment,
                                           const LeaseTerms& terms = {});
/// For looking: makes nothing, and is nothing when there are no tables.
std::unique_ptr<Store> read_postgres_store(const Secret& connection, const std::string& deployment);

}  // namespace weir
