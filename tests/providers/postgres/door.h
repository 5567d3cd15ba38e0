// A database of its own behind the door that is tested, and sessions that go around the door.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <pqxx/pqxx>

#include "providers/postgres/postgres_databases.h"
#include "tests/support/postgres_servers.h"

namespace weir::test {

inline constexpr const char* kBranch = "projects/shop/branches/dev";

class Door {
 public:
  using Way = PostgresServers::Way;
  /// `address` replaces the one of the server, where the word DATABASE is the database's name.
  explicit Door(postgres::Options options = {}, Way way = Way::kDirect);

  Databases& operator*() const { return *databases_; }
  Databases* operator->() const { return databases_.get(); }
  const DatabasePlace& place() const { return place_; }

  std::string address(Way way = Way::kDirect) const {
    return PostgresServers::get().address(place_.database, way);
  }
  /// Goes around the door; gives the first value.
  std::string execute(const std::string& sql) const;
  void change(std::vector<std::string> statements) const;

 private:
  DatabasePlace place_;
  std::unique_ptr<Databases> databases_;
};

/// For whom time is over with the first pause.
postgres::Options impatient();
/// A door at an address of its own.
std::unique_ptr<Databases> door_at(const std::string& address,
                                   postgres::Options options = impatient());
/// A port on which nobody listens.
std::uint16_t free_port();

/// The door's statements, whatever the snapshot.
Databases::Script script_of(std::vector<std::string> statements);

/// What an action says as an SqlError, with its facts in front: "[42501] …", "[?] …" for unknown,
/// "[-] …" for unreachable. "nothing was refused" when it goes through.
std::string refusal_of(const std::function<void()>& action);

/// Whether a part of the text stands in it.
bool has(const std::string& text, const std::string& part);

}  // namespace weir::test
