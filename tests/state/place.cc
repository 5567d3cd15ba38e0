#include "tests/state/place.h"

#include <ostream>

namespace weir::test {

std::ostream& operator<<(std::ostream& stream, const KindOfPlace& kind) {
  return stream << kind.name;
}

Address at(const std::string& address) {
  return Address::parse(address).value();
}

Record a_record(const std::string& address, const std::string& note) {
  return {.address = at(address),
          .kind = "branch",
          .remote_name = address,
          .uid = "uid-of-" + address,
          .fields = Document{{"ttl", "7d"}, {"note", note}, {"nested", {{"a", {1, 2.5, true}}}}},
          .create_time = "2026-11-21T10:00:00Z"};
}

Run a_run(const std::string& id) {
  return {.id = id,
          .plan_hash = "sha256:0",
          .actor = "ana@laptop, process 1",
          .tool_version = "0.1.0",
          .started_at = "2026-11-21T10:00:00Z"};
}

Intent an_intent(const std::string& id, const std::string& address) {
  return {.id = id,
          .action = "create",
          .address = at(address),
          .kind = "branch",
          .remote_name = address,
          .request = "POST /api/2.0/postgres/projects",
          .prepared_at = "2026-11-21T10:00:00Z",
          .record = a_record(address)};
}

Commit remember(const std::string& address, const std::string& note) {
  return {.remembered = {
              {.action = "create", .address = at(address), .record = a_record(address, note)}}};
}

}  // namespace weir::test
