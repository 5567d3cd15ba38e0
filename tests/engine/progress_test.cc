// What follows from each answer, case by case.
#include "engine/progress.h"

#include <gtest/gtest.h>

#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

Intent an_intent(const std::string& action) {
  return {.id = "1-0",
          .action = action,
          .address = Address().child("projects", "shop"),
          .kind = "project",
          .remote_name = "projects/shop",
          .prepared_at = "2026-05-01T12:00:00Z"};
}

Reply refused(int status, const std::string& code = "", bool is_busy = false) {
  return {.error = ApiError("no", {.status = status, .code = code, .is_busy = is_busy})};
}

Reply there(const std::string& create_time = "2026-05-01T12:00:01Z", const std::string& uid = "") {
  return {.resource = Observed{.name = "projects/shop", .uid = uid, .create_time = create_time}};
}

/// What one reply leads to.
Verdict verdict_on(const Intent& intent, Progress& progress, const Reply& reply) {
  return judge(intent, progress, reply).verdict;
}

TEST(Progress, FollowsAnOperationToItsEnd) {
  Progress progress;
  const Intent create = an_intent("create");
  EXPECT_EQ(verdict_on(create, progress, {.operation = Operation{.name = "o"}}), Verdict::kGoOn);
  EXPECT_EQ(progress.phase, Phase::kPoll);
  EXPECT_EQ(verdict_on(create, progress, {.operation = Operation{.name = "o", .is_done = true}}),
            Verdict::kGoOn);
  EXPECT_EQ(progress.phase, Phase::kSettle);
  EXPECT_EQ(verdict_on(create, progress, there()), Verdict::kDone);
}

TEST(Progress, WaitsUntilAResourceHasSettled) {
  Progress progress = {.phase = Phase::kSettle};
  Reply moving = there();
  moving.resource->facts["pending_state"] = "ACTIVE";
  EXPECT_EQ(verdict_on(an_intent("update"), progress, moving), Verdict::kGoOn);
  EXPECT_EQ(progress.phase, Phase::kSettle);
  moving.resource->facts = {{"current_state", "INIT"}};
  EXPECT_EQ(verdict_on(an_intent("update"), progress, moving), Verdict::kGoOn);
  moving.resource->facts = {{"current_state", "READY"}};
  EXPECT_EQ(verdict_on(an_intent("update"), progress, moving), Verdict::kDone);
}

TEST(Progress, LooksWhetherALostRequestHadItsEffect) {
  for (const int status : {0, 200, 500, 503}) {
    Progress progress;
    const Intent create = an_intent("create");
    EXPECT_EQ(verdict_on(create, progress, refused(status)), Verdict::kGoOn) << status;
    EXPECT_EQ(progress.phase, Phase::kLook) << status;
    EXPECT_EQ(verdict_on(create, progress, {}), Verdict::kGoOn);
    EXPECT_EQ(progress.phase, Phase::kSend) << "it is not there, so it is asked for again";
    verdict_on(create, progress, refused(status));
    EXPECT_EQ(verdict_on(create, progress, there()), Verdict::kGoOn);
    EXPECT_EQ(progress.phase, Phase::kSettle) << "it is there, and made after we asked";
  }
}

TEST(Progress, DoesNotTakeForItsOwnWhatWasThereBefore) {
  Progress progress;
  const Intent create = an_intent("create");
  verdict_on(create, progress, refused(0));
  EXPECT_EQ(verdict_on(create, progress, there("2026-05-01T11:00:00Z")), Verdict::kStale);

  Progress again;
  verdict_on(create, again, refused(409, "ALREADY_EXISTS"));
  EXPECT_EQ(again.phase, Phase::kLook);
  EXPECT_EQ(verdict_on(create, again, there()), Verdict::kStale) << "our request was refused";
}

TEST(Progress, FailsWithTheRefusalWhenNothingIsThere) {
  Progress progress;
  const Intent create = an_intent("create");
  verdict_on(create, progress, refused(400, "BAD_REQUEST"));
  const Judgement judgement = judge(create, progress, {});
  EXPECT_EQ(judgement.verdict, Verdict::kFailed);
  EXPECT_EQ(judgement.message, "no");
  Progress other;
  EXPECT_EQ(verdict_on(create, other, refused(403, "PERMISSION_DENIED")), Verdict::kFailed);
}

TEST(Progress, AsksAgainWhileTheServiceIsBusyAndThenGivesUp) {
  Progress progress;
  Verdict verdict = Verdict::kGoOn;
  int tries = 0;
  while (verdict == Verdict::kGoOn && tries < 100) {
    verdict = verdict_on(an_intent("update"), progress, refused(409, "ABORTED", true));
    EXPECT_EQ(progress.phase, Phase::kSend);
    ++tries;
  }
  EXPECT_EQ(verdict, Verdict::kFailed);
  EXPECT_EQ(tries, kMostRefusals + 1);
  EXPECT_EQ(progress.requests, 0);
}

TEST(Progress, WaitsAsLongAsABusyServiceAsksUnlessThatIsTooLong) {
  const auto busy = [](Duration wait) {
    return Reply{.error = ApiError("no", {.status = 429, .is_busy = true, .wait = wait})};
  };
  Progress progress;
  EXPECT_EQ(verdict_on(an_intent("update"), progress, busy(std::chrono::minutes(2))),
            Verdict::kGoOn);
  EXPECT_EQ(progress.wait, std::chrono::minutes(2));
  EXPECT_EQ(verdict_on(an_intent("update"), progress, busy(std::chrono::hours(24))),
            Verdict::kFailed);
}

TEST(Progress, SaysWhyWhatWasLostOnceIsRefusedNow) {
  Progress progress;
  const Intent create = an_intent("create");
  verdict_on(create, progress, refused(0));
  verdict_on(create, progress, {});
  verdict_on(create, progress, refused(403, "PERMISSION_DENIED"));
  const Judgement judgement = judge(create, progress, {});
  EXPECT_EQ(judgement.verdict, Verdict::kLeft) << "the lost one may still arrive";
  EXPECT_EQ(judgement.message, "no");
}

TEST(Progress, DoesNotSettleForWhatSomebodyElseMadeAnew) {
  Intent intent = an_intent("update");
  intent.uid = "ours";
  Progress progress = {.phase = Phase::kSettle};
  EXPECT_EQ(verdict_on(intent, progress, there("2026-05-01T12:00:01Z", "theirs")), Verdict::kStale);
}

TEST(Progress, EndsADeletionWithItsAbsence) {
  Progress progress;
  EXPECT_EQ(verdict_on(an_intent("delete"), progress, refused(404, "NOT_FOUND")), Verdict::kDone);
  Progress lost;
  verdict_on(an_intent("delete"), lost, refused(0));
  EXPECT_EQ(verdict_on(an_intent("delete"), lost, {}), Verdict::kGoOn);
  EXPECT_EQ(lost.phase, Phase::kLook) << "one look may show what was before it was made";
  EXPECT_EQ(verdict_on(an_intent("delete"), lost, {}), Verdict::kDone);
  Progress soft;
  verdict_on(an_intent("delete"), soft, refused(0));
  Reply deleted = there();
  deleted.resource->delete_time = "2026-05-01T12:00:02Z";
  EXPECT_EQ(verdict_on(an_intent("delete"), soft, deleted), Verdict::kDone);
}

TEST(Progress, NeverEndsWhatSomebodyElseMadeAnew) {
  Intent intent = an_intent("delete");
  intent.uid = "ours";
  Progress progress;
  verdict_on(intent, progress, refused(0));
  EXPECT_EQ(verdict_on(intent, progress, there("2026-05-01T12:00:01Z", "theirs")), Verdict::kStale);
}

TEST(Progress, TakesForItsOwnOnlyWhatWasMadeAsItAsked) {
  Intent create = an_intent("create");
  create.record.emplace().fields = {{"pg_version", 17}, {"display_name", "Shop"}};
  Reply shown = there();
  shown.resource->kind = &kProject;
  shown.resource->fields = {{"display_name", "Shop"}};
  Progress ours;
  verdict_on(create, ours, refused(0));
  EXPECT_EQ(verdict_on(create, ours, shown), Verdict::kGoOn) << "it does not show everything yet";
  EXPECT_EQ(ours.phase, Phase::kSettle);
  shown.resource->fields["pg_version"] = 16;
  Progress theirs;
  verdict_on(create, theirs, refused(0));
  const Judgement judgement = judge(create, theirs, shown);
  EXPECT_EQ(judgement.verdict, Verdict::kStale);
  EXPECT_EQ(judgement.message, "projects/shop exists now, and its pg_version is 16 instead of 17");
  create.operation = "projects/shop/operations/1";
  Progress accepted = {.phase = Phase::kLook, .is_unknown = true};
  EXPECT_EQ(verdict_on(create, accepted, shown), Verdict::kGoOn) << "the service has taken it";
}

TEST(Progress, NeverTakesARefusedReadForAbsence) {
  Progress progress = {.phase = Phase::kLook, .is_unknown = true};
  for (int i = 0; i < kMostMisses; ++i) {
    EXPECT_EQ(verdict_on(an_intent("create"), progress, refused(403, "PERMISSION_DENIED")),
              Verdict::kGoOn);
    EXPECT_EQ(progress.phase, Phase::kLook);
  }
  EXPECT_EQ(verdict_on(an_intent("create"), progress, refused(403, "PERMISSION_DENIED")),
            Verdict::kLeft);
}

TEST(Progress, LooksForTheResultOfAnOperationThatTheServiceForgot) {
  Progress progress = {.phase = Phase::kPoll};
  EXPECT_EQ(verdict_on(an_intent("create"), progress, refused(404, "NOT_FOUND")), Verdict::kGoOn);
  EXPECT_EQ(progress.phase, Phase::kLook);
  EXPECT_EQ(verdict_on(an_intent("create"), progress, there()), Verdict::kGoOn);
  EXPECT_EQ(progress.phase, Phase::kSettle);
}

TEST(Progress, KnowsWhatAFailedOperationHasLeft) {
  Intent create = an_intent("create");
  create.operation = "projects/shop/operations/1";
  Progress progress = {.phase = Phase::kPoll};
  const Operation failed = {
      .name = create.operation, .is_done = true, .error_code = "QUOTA_EXCEEDED", .error = "full"};
  EXPECT_EQ(verdict_on(create, progress, {.operation = failed}), Verdict::kGoOn);
  EXPECT_EQ(progress.phase, Phase::kLook);
  const Judgement judgement = judge(create, progress, there());
  EXPECT_EQ(judgement.verdict, Verdict::kFailed);
  EXPECT_EQ(judgement.message, "the service failed: QUOTA_EXCEEDED: full");
}

TEST(Progress, SendsNothingAgainForAnEarlierRun) {
  for (const char* action : {"create", "update", "delete", "undelete"}) {
    Progress progress = {.phase = Phase::kLook, .is_unknown = true, .is_inherited = true};
    const Reply nothing;
    const bool is_create = std::string(action) == "create";
    Reply deleted = there();
    if (std::string(action) == "undelete") deleted.resource->delete_time = "2026-05-01T12:00:02Z";
    // One look may be older than the request.
    if (is_create) {
      EXPECT_EQ(verdict_on(an_intent(action), progress, nothing), Verdict::kGoOn);
    }
    const Verdict verdict = verdict_on(an_intent(action), progress, is_create ? nothing : deleted);
    EXPECT_EQ(verdict, Verdict::kGone) << action;
  }
}

TEST(Progress, LooksAtEachEntryThatAnUpdateOfAnEarlierRunWasAbout) {
  Reply shown = there();
  shown.resource->kind = &kApp;
  Progress progress = {.phase = Phase::kLook, .is_unknown = true, .is_inherited = true};
  EXPECT_EQ(verdict_on(an_intent("update"), progress, shown), Verdict::kGoOn);
  EXPECT_EQ(progress.phase, Phase::kSettle);
  EXPECT_EQ(verdict_on(an_intent("update"), progress, shown), Verdict::kDone);
}

TEST(Progress, RemembersAnUpdateOfAnEarlierRunThatShowsInFull) {
  Intent update = an_intent("update");
  update.record.emplace().fields = {{"display_name", "My shop"}, {"pg_version", 17}};
  Reply shown = there();
  shown.resource->kind = &kProject;
  shown.resource->fields = {{"display_name", "My shop"}};
  Progress partly = {.phase = Phase::kLook, .is_unknown = true, .is_inherited = true};
  EXPECT_EQ(verdict_on(update, partly, shown), Verdict::kGone) << "the next plan sees what is left";
  shown.resource->fields["pg_version"] = 17;
  Progress fully = {.phase = Phase::kLook, .is_unknown = true, .is_inherited = true};
  EXPECT_EQ(verdict_on(update, fully, shown), Verdict::kGoOn);
  EXPECT_EQ(verdict_on(update, fully, shown), Verdict::kDone);
}

TEST(Progress, LeavesOpenWhatNobodyAnswersTo) {
  Progress progress;
  const Intent create = an_intent("create");
  Verdict verdict = Verdict::kGoOn;
  int requests = 0;
  while (verdict == Verdict::kGoOn && requests < 100) {
    verdict_on(create, progress, refused(0));
    ++requests;
    verdict = verdict_on(create, progress, {});
  }
  EXPECT_EQ(verdict, Verdict::kLeft);
  EXPECT_EQ(requests, kMostRequests);
}

TEST(Progress, LooksAgainBeforeSendingWhenTheLookFailed) {
  Progress progress;
  Reply unseen = refused(503);
  unseen.is_unsent = true;
  const Intent update = an_intent("update");
  for (int look = 0; look < kMostMisses; ++look) {
    EXPECT_EQ(verdict_on(update, progress, unseen), Verdict::kGoOn);
    EXPECT_EQ(progress.phase, Phase::kSend);
    EXPECT_EQ(progress.requests, 0) << "the plan must be compared with the world the next time";
    EXPECT_FALSE(progress.is_unknown);
  }
  EXPECT_EQ(verdict_on(update, progress, unseen), Verdict::kFailed) << "and it is surely not begun";
}

TEST(Progress, LetsGoOfWhatAnEarlierRunMadeAndSomebodyEnded) {
  Progress progress = {.phase = Phase::kSettle, .is_inherited = true};
  Verdict verdict = Verdict::kGoOn;
  for (int look = 0; look <= kMostMisses && verdict == Verdict::kGoOn; ++look) {
    verdict = verdict_on(an_intent("create"), progress, {});
  }
  EXPECT_EQ(verdict, Verdict::kGone);
}

TEST(ScriptJudgement, FollowsFromTheAnswer) {
  const ApiError error("no", {});
  EXPECT_EQ(judge_script({}).verdict, Verdict::kDone);
  EXPECT_EQ(judge_script({.is_unsent = true}).verdict, Verdict::kGoOn);
  EXPECT_EQ(judge_script({.moved = "it moved"}).verdict, Verdict::kStale);
  EXPECT_EQ(judge_script({.moved = "it moved"}).message, "it moved");
  EXPECT_EQ(judge_script({.error = error}).verdict, Verdict::kFailed);
  EXPECT_EQ(judge_script({.error = error}).message, "no");
  EXPECT_EQ(judge_script({.error = error, .is_unknown = true}).verdict, Verdict::kLeft);
}

}  // namespace
}  // namespace weir
