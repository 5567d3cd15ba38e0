// A state in a file of a temporary folder.
#pragma once

#include <filesystem>
#include <string>

#include "core/clock.h"
#include "tests/state/place.h"
#include "tests/support/temporary_folder.h"

namespace weir::test {

class SqlitePlace : public Place {
 public:
  std::unique_ptr<Store> open(const std::string& deployment = "shop") override;
  std::unique_ptr<Store> read(const std::string& deployment = "shop") override;
  void execute(const std::string& sql) override;
  /// The same behind the back of the guards that the file has.
  void tamper(const std::string& sql);
  std::string schema() const override { return ""; }

  std::filesystem::path folder() const { return folder_.path() / "weir"; }
  std::filesystem::path file() const { return folder() / "state.db"; }
  const std::filesystem::path& outer_folder() const { return folder_.path(); }

 private:
  void execute(const std::string& sql, bool has_triggers);

  TemporaryFolder folder_;
  SystemClock clock_;
};

}  // namespace weir::test
