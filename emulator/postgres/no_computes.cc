#include "emulator/postgres/no_computes.h"

#include <utility>

#include "emulator/postgres/lsn.h"

namespace emulator {

void NoComputes::create_root(const std::string&, Done done) {
  loop_.post([done = std::move(done), lsn = next_lsn()] { done({.lsn = lsn}); });
}

void NoComputes::create_branch(const std::string&, const BranchPoint& from, Done done) {
  const auto point = parse_lsn(from.lsn.value_or(""));
  if (point && *point > last_lsn_) {
    return loop_.post([done = std::move(done)] {
      done({.error_code = "INVALID_PARAMETER_VALUE", .message = "the LSN is not reached yet"});
    });
  }
  const std::string lsn = from.lsn ? *from.lsn : next_lsn();
  loop_.post([done = std::move(done), lsn] { done({.lsn = lsn}); });
}

void NoComputes::destroy_branch(const std::string&, Done done) {
  succeed(std::move(done));
}

void NoComputes::keep_history(const std::string&, std::chrono::seconds) {}

void NoComputes::create_role(const std::string&, const RoleDefinition&, Done done) {
  succeed(std::move(done));
}

void NoComputes::alter_role(const std::string&, const RoleDefinition&, Done done) {
  succeed(std::move(done));
}

void NoComputes::drop_role(const std::string&, const std::string&, const std::string&, Done done) {
  succeed(std::move(done));
}

void NoComputes::create_database(const std::string&, const DatabaseDefinition&, Done done) {
  succeed(std::move(done));
}

void NoComputes::alter_database(const std::string&, const std::string&, const DatabaseDefinition&,
                                Done done) {
  succeed(std::move(done));
}

void NoComputes::drop_database(const std::string&, const std::string&, Done done) {
  succeed(std::move(done));
}

void NoComputes::grant_database(const std::string&, const std::string&, const std::string&,
                                Done done) {
  succeed(std::move(done));
}

void NoComputes::prepare_schema(const std::string&, const SchemaPlace&, Done done) {
  succeed(std::move(done));
}

void NoComputes::write_table(const std::string&, const TableDefinition&, Done done) {
  succeed(std::move(done));
}

void NoComputes::drop_table(const std::string&, const TablePlace&, Done done) {
  succeed(std::move(done));
}

void NoComputes::list_schemas(const std::string&, const std::string&, Listed listed) {
  loop_.post([listed = std::move(listed)] { listed({}, {"public"}); });
}

void NoComputes::list_tables(const std::string&, const std::string&, const std::string&,
                             Listed listed) {
  loop_.post([listed = std::move(listed)] { listed({}, {}); });
}

void NoComputes::inspect(const std::string&, Inspected inspected) {
  loop_.post([inspected = std::move(inspected)] { inspected(std::nullopt); });
}

void NoComputes::create_compute(const ComputeDefinition&, Done done) {
  succeed(std::move(done));
}

void NoComputes::destroy_compute(const std::string&, Done done) {
  succeed(std::move(done));
}

void NoComputes::wake(const ComputeDefinition&, Woken woken) {
  loop_.post([woken = std::move(woken)] { woken({}, ""); });
}

void NoComputes::sleep(const std::string&, Done done) {
  succeed(std::move(done));
}

void NoComputes::succeed(Done done) {
  loop_.post([done = std::move(done)] { done({}); });
}

std::string NoComputes::next_lsn() {
  last_lsn_ += 0x2A8;
  return lsn_text(last_lsn_);
}

}  // namespace emulator
