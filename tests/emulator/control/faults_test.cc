#include "emulator/control/faults.h"

#include <gtest/gtest.h>

#include "emulator/control/control.h"
#include "emulator/control/traffic.h"

namespace emulator {
namespace {

TEST(FaultPaths, KnowStarsWithAndWithoutSlashes) {
  EXPECT_TRUE(matches_path("/a/*/c", "/a/b/c"));
  EXPECT_FALSE(matches_path("/a/*/c", "/a/b/b/c"));
  EXPECT_TRUE(matches_path("/a/**", "/a/b/c"));
  EXPECT_TRUE(matches_path("**/c", "/a/b/c"));
  EXPECT_FALSE(matches_path("/a", "/a/b"));
  EXPECT_FALSE(matches_path("/a/*", "/a"));
}

TEST(FaultPaths, AreMatchedInLinearTimeWhateverTheirStars) {
  std::string pattern;
  for (int i = 0; i < 40; ++i) pattern += "**a";
  EXPECT_FALSE(matches_path(pattern + "b", "/" + std::string(2000, 'a')));
  EXPECT_TRUE(matches_path(pattern, "/" + std::string(2000, 'a')));
}

TEST(RequestCounters, DoNotGrowWithMadeUpPaths) {
  Traffic traffic;
  for (int i = 0; i < 5000; ++i)
    traffic.received({.method = "GET", .path = "/" + std::to_string(i)});
  EXPECT_LE(traffic.calls().size(), 1001U);
  EXPECT_EQ(traffic.calls().at("other"), 4000U);
}

TEST(PathPatterns, LeaveIdsOut) {
  EXPECT_EQ(path_pattern("/api/2.0/postgres/projects/a/branches/b"),
            "/api/2.0/postgres/projects/{}/branches/{}");
  EXPECT_EQ(path_pattern("/api/2.0/postgres/projects"), "/api/2.0/postgres/projects");
  EXPECT_EQ(path_pattern("/api/2.0/postgres/projects/a/operations/b/c="),
            "/api/2.0/postgres/projects/{}/operations/{}");
  EXPECT_EQ(path_pattern("/api/2.0/postgres/projects/projects/undelete"),
            "/api/2.0/postgres/projects/{}/undelete");
}

TEST(HostHeaders, NameThisMachineOrAreRefused) {
  for (const char* host : {"127.0.0.1", "127.9.8.7:1", "localhost:8765", "[::1]:80"}) {
    EXPECT_TRUE(is_local_host(host)) << host;
  }
  for (const char* host : {"", "example.com", "127.0.0.1.example.com", "localhost.example.com",
                           "[::2]:80", "10.0.0.1"}) {
    EXPECT_FALSE(is_local_host(host)) << host;
  }
}

}  // namespace
}  // namespace emulator
