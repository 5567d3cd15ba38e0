// What most tests of statements begin with: a session whose transaction leaves nothing.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "tests/sql/server.h"

namespace weir::test {

class InTransaction : public testing::Test {
 protected:
  /// One for all tests: their transactions leave nothing, and who commits cleans up.
  static const std::string& database() {
    static const std::string name = SqlServer::get().new_database();
    return name;
  }

  /// Executes, and expects that nothing is left to do.
  sql::Difference apply(const sql::Wishes& wishes) {
    sql::Difference first = session_.apply(wishes);
    const sql::Difference second = session_.compare(wishes);
    EXPECT_TRUE(second.statements.empty()) << story_of(first) << "and then\n" << story_of(second);
    return first;
  }

  int major() { return session_.snapshot().version.major(); }

  /// Before version 16 everybody who may create roles administers all of them.
  void let_administer(const std::string& user, const std::string& role) {
    if (major() < 16) return;
    session_.execute("GRANT " + role + " TO " + user +
                     " WITH ADMIN TRUE, INHERIT FALSE, SET FALSE");
  }

  Session session_{database()};
};

}  // namespace weir::test
