// Where the stores of a test are, so that one suite fits every kind of store.
#pragma once

#include <iosfwd>
#include <memory>
#include <string>

#include "core/store.h"

namespace weir::test {

/// Gone with all its states when the test ends.
class Place {
 public:
  Place() = default;
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  virtual ~Place() = default;

  virtual std::unique_ptr<Store> open(const std::string& deployment = "shop") = 0;
  /// For looking; nothing while there is no state.
  virtual std::unique_ptr<Store> read(const std::string& deployment = "shop") = 0;
  /// Goes around the store. Throws when the database refuses.
  virtual void execute(const std::string& sql) = 0;
  /// "" or "weir.": what stands before the name of a table.
  virtual std::string schema() const = 0;
};

/// One kind of store, by the name that its tests bear.
struct KindOfPlace {
  const char* name;
  std::unique_ptr<Place> (*make)();
};
std::ostream& operator<<(std::ostream& stream, const KindOfPlace& kind);

Record a_record(const std::string& address, const std::string& note = "");
Run a_run(const std::string& id);
Intent an_intent(const std::string& id, const std::string& address);
Commit remember(const std::string& address, const std::string& note = "");
Address at(const std::string& address);

}  // namespace weir::test
