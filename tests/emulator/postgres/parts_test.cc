// The small parts below the clusters: processes, strands, positions, certificates, verifiers.
#include <csignal>
#include <mutex>

#include <gtest/gtest.h>

#include "emulator/postgres/authority.h"
#include "emulator/postgres/failure.h"
#include "emulator/postgres/files.h"
#include "emulator/postgres/lsn.h"
#include "emulator/postgres/no_computes.h"
#include "emulator/postgres/password.h"
#include "emulator/postgres/process.h"
#include "emulator/postgres/strands.h"
#include "support.h"

namespace emulator::test {
namespace {

namespace fs = std::filesystem;

TEST(Lsn, IsReadAndWritten) {
  EXPECT_EQ(parse_lsn("0/1A2B3C8"), Lsn{0x1A2B3C8});
  EXPECT_EQ(parse_lsn("16/B374D848"), Lsn{0x16B374D848});
  EXPECT_EQ(lsn_text(0x16B374D848), "16/B374D848");
  for (const char* wrong :
       {"", "/", "0", "0/", "/0", "0/1/2", "x/1", "0/-1", "0/123456789", " 0/1"}) {
    EXPECT_FALSE(parse_lsn(wrong).has_value()) << wrong;
  }
}

TEST(Lsn, LiesInASegment) {
  EXPECT_EQ(segment_name("00000001", 0x1A2B3C8), "00000001000000000000001A");
  EXPECT_EQ(segment_name("00000002", (Lsn{1} << 32) + 0x100000), "000000020000000100000001");
}

TEST(Process, GivesItsOutputAndStatus) {
  const SystemUser user = find_system_user("postgres");

  const Finished finished = run({"/bin/sh", "-c", "echo out; echo err >&2; exit 3"}, user);

  EXPECT_EQ(finished.status, 3);
  EXPECT_EQ(finished.output, "out\nerr\n");
  EXPECT_THROW(run({"/no/such/program"}, user), std::system_error);
}

TEST(Process, IsKilledWithItsOwner) {
  const SystemUser user = find_system_user("postgres");
  pid_t id = -1;
  {
    Process process({.arguments = {"/bin/sleep", "60"}, .user = user});
    id = process.id();
    EXPECT_TRUE(process.is_running());
  }
  EXPECT_NE(kill(id, 0), 0);
}

TEST(Process, NeverRunsAsRoot) {
  const SystemUser user = find_system_user("postgres");

  EXPECT_NE(run({"/usr/bin/id", "-u"}, user).output, "0\n");
  if (geteuid() == 0) {
    EXPECT_THROW(find_system_user("root"), Failure);
    EXPECT_THROW(find_system_user("no-such-user"), Failure);
  }
}

TEST(Strands, KeepTheOrderOfTasksThatShareAName) {
  Strands strands(4);
  std::mutex mutex;
  std::vector<int> order;
  for (int i = 0; i < 100; ++i) {
    strands.post({i % 3 == 0 ? "a" : "b", "common"}, [&, i] {
      const std::lock_guard lock(mutex);
      order.push_back(i);
    });
  }
  strands.finish();

  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  EXPECT_EQ(order.size(), 100U);
}

TEST(Strands, DoNotLetOneClusterHoldUpAnother) {
  Strands strands(2);
  std::promise<void> second_ran;
  std::promise<void> first_ran;
  strands.post({"first"}, [&] {
    second_ran.get_future().wait();
    first_ran.set_value();
  });
  strands.post({"second"}, [&] { second_ran.set_value(); });

  EXPECT_EQ(first_ran.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
}

TEST(Strands, RunDelayedTasksLater) {
  Strands strands(2);
  std::promise<void> ran;
  strands.post_after(std::chrono::milliseconds(1), {"a"}, [&] { ran.set_value(); });

  EXPECT_EQ(ran.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  strands.post_after(std::chrono::hours(1), {"a"}, [] { FAIL(); });
}

TEST(Authority, IsMadeOnceAndItsKeyIsPrivate) {
  const TemporaryFolder folder;
  const fs::path certificate = Authority(folder.path()).certificate_file();
  const auto first = read_file(certificate);

  Authority again(folder.path());

  EXPECT_EQ(read_file(certificate), first);
  EXPECT_EQ(again.context_for("127.0.0.9"), again.context_for("127.0.0.9"));
  EXPECT_EQ(fs::status(folder.path() / "ca.key").permissions() & fs::perms::all,
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST(Authority, IsMadeAnewWhenItsKeyIsLost) {
  const TemporaryFolder folder;
  const fs::path certificate = Authority(folder.path()).certificate_file();
  const auto first = read_file(certificate);
  fs::remove(folder.path() / "ca.key");

  const Authority again(folder.path());

  EXPECT_NE(read_file(certificate), first);
}

// From RFC 7677: user "user", password "pencil".
constexpr const char* kVerifier =
    "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
    ":wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

TEST(Password, MatchesItsVerifierAlone) {
  EXPECT_TRUE(matches_verifier("pencil", kVerifier));
  EXPECT_FALSE(matches_verifier("pencils", kVerifier));
  EXPECT_FALSE(matches_verifier("", kVerifier));
}

TEST(Password, MatchesNoBrokenVerifier) {
  for (const std::string verifier :
       {"", "pencil", "md5a3556571e93b0d20722ba62be61e8c2d", "SCRAM-SHA-256$", "SCRAM-SHA-256$1:",
        "SCRAM-SHA-256$4096:AAAA$AAAA:AAAA", "SCRAM-SHA-256$x:W22ZaJ0SNY7soEsUEjb6gQ==$a:b",
        // NOLINTNEXTLINE(bugprone-suspicious-missing-comma): one long string in two lines
        "SCRAM-SHA-256$-1:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
        ":"}) {
    EXPECT_FALSE(matches_verifier("pencil", verifier)) << verifier;
  }
}

TEST(NoComputes, SucceedAtOnceWithGrowingPositions) {
  LoopThread loop;
  NoComputes computes(loop.loop);
  const auto lsn = [&] {
    return outcome_of(loop,
                      [&](const Computes::Done& done) {
                        computes.create_branch("br-a", {.parent = "br-b"}, done);
                      })
        .lsn;
  };
  const auto first = parse_lsn(lsn());
  const auto second = parse_lsn(lsn());

  EXPECT_TRUE(first.has_value());
  EXPECT_LT(first, second);
}

}  // namespace
}  // namespace emulator::test
