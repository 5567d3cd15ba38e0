// Stands in for PostgreSQL under --no-postgres: every request succeeds and nothing runs.
#pragma once

#include <string>

#include "emulator/computes.h"
#include "emulator/loop.h"

namespace emulator {

class NoComputes : public Computes {
 public:
  explicit NoComputes(Loop& loop) : loop_(loop) {}

  void create_root(const std::string& branch, Done done) override;
  void create_branch(const std::string& branch, const BranchPoint& from, Done done) override;
  void destroy_branch(const std::string& branch, Done done) override;
  void keep_history(const std::string& branch, std::chrono::seconds retention) override;

  void create_role(const std::string& branch, const RoleDefinition& role, Done done) override;
  void alter_role(const std::string& branch, const RoleDefinition& role, Done done) override;
  void drop_role(const std::string& branch, const std::string& name, const std::string& reassign_to,
                 Done done) override;
  void create_database(const std::string& branch, const DatabaseDefinition& database,
                       Done done) override;
  void alter_database(const std::string& branch, const std::string& name,
                      const DatabaseDefinition& wanted, Done done) override;
  void drop_database(const std::string& branch, const std::string& name, Done done) override;
  void grant_database(const std::string& branch, const std::string& database,
                      const std::string& role, Done done) override;

  void prepare_schema(const std::string& branch, const SchemaPlace& place, Done done) override;
  void write_table(const std::string& branch, const TableDefinition& table, Done done) override;
  void drop_table(const std::string& branch, const TablePlace& place, Done done) override;
  void list_schemas(const std::string& branch, const std::string& database, Listed listed) override;
  void list_tables(const std::string& branch, const std::string& database,
                   const std::string& schema, Listed listed) override;

  void inspect(const std::string& branch, Inspected inspected) override;

  void create_compute(const ComputeDefinition& compute, Done done) override;
  void destroy_compute(const std::string& endpoint, Done done) override;
  void wake(const ComputeDefinition& compute, Woken woken) override;
  void sleep(const std::string& endpoint, Done done) override;

 private:
  void succeed(Done done);
  std::string next_lsn();

  Loop& loop_;
  std::uint64_t last_lsn_ = 0x1949E38;  // about where a fresh cluster begins
};

}  // namespace emulator
