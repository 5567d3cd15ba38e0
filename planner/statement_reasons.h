// Why a statement inside a database is there.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "manifest/inside.h"
#include "planner/change.h"
#include "sql/difference.h"

namespace weir {

/// Compares what was applied with what is wanted, wish by wish. A wish for something that the
/// manifest names no more has the tag of old.
class StatementReasons {
 public:
  StatementReasons(const std::optional<sql::Wishes>& before, const sql::Wishes& now,
                   const std::vector<PasswordWish>& passwords);

  Reason of(const sql::Statement& statement) const;

 private:
  using Texts = std::map<sql::Tag, std::string>;

  static void note(const sql::Wishes& wishes, Texts& texts);

  bool is_known_;
  Texts before_;
  Texts now_;
};

}  // namespace weir
