#!/usr/bin/env python3
"""Bugs planted into copies of the engine, each of which the simulation must catch.

    mutants.py list                     their names
    mutants.py plant NAME SOURCE COPY   write the mutant's copy of a source file
    mutants.py run FOLDER [NAME ...]    run the programs FOLDER/mutant_NAME; fails when one survives

`./dev mutants` builds and runs them all.
"""
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 300  # seconds for one mutant


@dataclass(frozen=True)
class Mutant:
    name: str
    file: str
    before: str
    after: str


APPLIER, PROGRESS, SCHEDULE = "engine/applier.cc", "engine/progress.cc", "engine/schedule.cc"
ASK = "engine/ask.cc"
STALE = "planner/stale.cc"
MUTANTS = [
    # Lists that others have entries in as well.
    Mutant("list_sent_as_planned", ASK, "if (is_of_list) return binding_request_for(step, *found);",
           "if (is_of_list) return *step.request;"),
    Mutant("list_sent_as_first_read", ASK,
           "return !changes_bindings(step) || binding_request_for(step, *observed) == request;",
           "return true;"),
    # The journal.
    Mutant("intent_not_durable_first", APPLIER,
           "      begin_steps();\n      commit();\n      call_what_is_due();",
           "      begin_steps();\n      call_what_is_due();\n      if (works_.empty()) commit();"),
    Mutant("state_saved_after_the_wait", APPLIER,
           "      begin_steps();\n      commit();\n      call_what_is_due();",
           "      const bool is_new = !commit_.prepared.empty();\n      begin_steps();\n"
           "      if (is_new || !commit_.prepared.empty() || works_.empty()) commit();\n"
           "      call_what_is_due();"),
    Mutant("operation_not_stored", APPLIER,
           "      commit_.accepted.push_back({.intent = work.intent.id, "
           ".operation = work.intent.operation});\n", ""),
    Mutant("intent_without_uid", APPLIER, ".uid = step.precondition.uid,", ".uid = \"\","),
    Mutant("success_not_remembered", APPLIER,
           "      note_success(work.intent, reply.resource);\n",
           "      if (work.intent.action != \"create\") "
           "note_success(work.intent, reply.resource);\n"),
    Mutant("inherited_success_not_remembered", APPLIER,
           "      note_success(work.intent, reply.resource);\n",
           "      if (work.step != kNoStep) note_success(work.intent, reply.resource);\n"),
    Mutant("unknown_end_closed", APPLIER,
           "if (verdict != Verdict::kLeft) commit_.closed.push_back(work.intent.id);",
           "commit_.closed.push_back(work.intent.id);"),
    Mutant("rest_of_a_failure_forgotten", APPLIER,
           "if (leaves_something) note_success(work.intent, reply.resource);",
           "(void)leaves_something;"),
    Mutant("store_failure_ignored", APPLIER,
           "if (!commit_.is_empty()) doors_.store.commit(commit_);",
           "try {\n      doors_.store.commit(commit_);\n    } catch (const StateError&) {\n    }"),
    # The lease.
    Mutant("lease_not_kept", APPLIER, "      doors_.store.keep_alive();\n", ""),
    Mutant("lease_loss_ignored", APPLIER, "      doors_.store.keep_alive();\n",
           "      try {\n        doors_.store.keep_alive();\n"
           "      } catch (const StateError&) {\n      }\n"),
    Mutant("lease_margin_ignored", APPLIER,
           "gate_->open_until(now + left - options_.longest_request - kMargin);",
           "gate_->open_until(now + left + std::chrono::hours(24));"),
    # What the plan was made for.
    Mutant("precondition_not_checked", ASK, "if (!is_pinned(step)) return true;",
           "if (!is_pinned(step) || step.kind != nullptr) return true;"),
    Mutant("failed_look_taken_as_done", PROGRESS,
           "  if (reply.is_unsent) return on_unsent(progress, *reply.error);\n",
           "  if (reply.is_unsent) return {Verdict::kDone};\n"),
    Mutant("stale_steps_carried_out", APPLIER, "moved != options_.stale.end()",
           "moved != options_.stale.end() && moved->second.empty()"),
    Mutant("uid_not_checked", STALE, "if (observed.uid != wanted.uid) return",
           "if (observed.uid != wanted.uid && step.kind == nullptr) return"),
    # Unknown outcomes.
    Mutant("create_retried_blindly", PROGRESS,
           "    progress.is_unknown = true;\n    return go_on(progress, Phase::kLook);\n  }\n"
           "  if (is_ending(intent) && error.is_missing())",
           "    progress.is_unknown = true;\n    return go_on(progress, Phase::kSend);\n  }\n"
           "  if (is_ending(intent) && error.is_missing())"),
    Mutant("lost_answer_taken_as_refusal", PROGRESS,
           "return facts.status < 400 || facts.status >= 500;", "return facts.status >= 500;"),
    Mutant("server_error_taken_as_refusal", PROGRESS,
           "return facts.status < 400 || facts.status >= 500;", "return facts.status < 400;"),
    Mutant("forbidden_taken_as_gone", PROGRESS,
           "  if (reply.error) return miss(progress, Phase::kLook, reply.error->what());",
           "  if (reply.error && reply.error->facts().status != 403) "
           "return miss(progress, Phase::kLook, reply.error->what());"),
    Mutant("failed_read_taken_as_gone", PROGRESS,
           "  if (reply.error) return miss(progress, Phase::kLook, reply.error->what());\n", ""),
    Mutant("lost_poll_taken_as_done", PROGRESS,
           "  if (!reply.error->is_missing()) return miss(progress, Phase::kPoll, "
           "reply.error->what());",
           "  if (!reply.error->is_missing()) return {Verdict::kDone};"),
    Mutant("empty_answer_taken_as_success", PROGRESS, "if (!reply.resource) {",
           "if (!reply.resource) return {Verdict::kDone};\n  if (!reply.resource) {"),
    Mutant("late_deletion_not_waited_for", APPLIER,
           "return plan_.steps[work.step].is_destructive();", "return false;"),
    Mutant("deletion_of_the_dead_not_waited_for", APPLIER,
           "return is_ending(work.intent) && may_arrive &&",
           "return work.kind == nullptr && may_arrive &&"),
    Mutant("inherited_end_believed", APPLIER,
           "work.progress.is_inherited || work.intent.operation.empty()",
           "work.intent.operation.empty()"),
    Mutant("found_again_taken_for_a_strangers", PROGRESS,
           "if (!progress.is_unknown || !is_made_since(intent, resource)) return exists_now(intent);",
           "return exists_now(intent);"),
    Mutant("inherited_absence_left_open", PROGRESS,
           "if (progress.is_inherited) return {Verdict::kGone};",
           "if (progress.is_inherited) return {Verdict::kLeft, \"it is not there\"};"),
    Mutant("ended_by_others_left_for_ever", PROGRESS,
           "again.verdict == Verdict::kLeft && progress.is_inherited", "false"),
    # The ends of operations.
    Mutant("closed_before_it_is_done", PROGRESS,
           "if (!operation.is_done) return go_on(progress, Phase::kPoll);",
           "if (!operation.is_done) return go_on(progress, Phase::kSettle);"),
    Mutant("failed_operation_taken_as_done", PROGRESS, "if (operation.has_failed()) {",
           "if (operation.has_failed() && operation.name.empty()) {"),
    Mutant("busy_counted_as_failure", PROGRESS, "if (error.facts().is_busy) {",
           "if (error.facts().is_busy && error.facts().status == 0) {"),
    # The order.
    Mutant("dependents_not_blocked", SCHEDULE, "    node.state = State::kBlocked;",
           "    if (--node.missing == 0) make_ready(next);\n    continue;"),
    Mutant("dependents_begun_early", SCHEDULE, "if (--node.missing == 0 &&",
           "if (--node.missing <= 1 &&"),
    Mutant("lock_ignored", SCHEDULE, "    if (!name.empty()) {\n      Lock& lock",
           "    if (name == \"never\") {\n      Lock& lock"),
    Mutant("interruption_ignored", APPLIER, "if (options_.interruptions() > 0) return drop",
           "if (options_.interruptions() > 2) return drop"),
]


def named(name):
    return next(mutant for mutant in MUTANTS if mutant.name == name)


def plant(name, source, copy):
    mutant = named(name)
    text = Path(source).read_text()
    found = text.count(mutant.before)
    if found != 1:
        sys.exit(f"mutant {name}: what it changes stands {found} times in {source}; bring the "
                 "mutant up to date in tests/simulation/mutants.py")
    Path(copy).write_text(text.replace(mutant.before, mutant.after))


def caught_by(output):
    """The first invariant that a failing run names, and the test."""
    tests = re.findall(r"\[  FAILED  \] (\S+?),? ", output)
    found = re.findall(r"\b(I\d+|P\d|F\d+|order|lock|plan): ", output)
    return f"{tests[0] if tests else 'crash'} ({found[0] if found else 'an expectation'})"


def run(folder, names):
    survivors = []
    for name in names:
        # From the cheapest to the dearest, up to all worlds that the tests play; the first failure
        # is enough.
        output, is_caught = "", False
        for tests, worlds in (("Faults.*", "1"), ("Parts/*", "400"), ("Ways/*", "400"),
                              ("Parts/*", "2000"), ("Ways/*", "2000")):
            environment = os.environ | {"WEIR_WORLDS": worlds, "ASAN_OPTIONS": "detect_leaks=0"}
            try:
                ran = subprocess.run(
                    [Path(folder) / f"mutant_{name}", f"--gtest_filter={tests}",
                     "--gtest_fail_fast"], env=environment, capture_output=True, text=True,
                    errors="replace", timeout=PATIENCE)
                output, is_caught = ran.stdout + ran.stderr, ran.returncode != 0
            except subprocess.TimeoutExpired:
                output, is_caught = "it does not end", True
            if is_caught:
                break
        print(f"{name}: {'caught by ' + caught_by(output) if is_caught else 'SURVIVES'}", flush=True)
        if not is_caught:
            survivors.append(name)
    print(f"{len(names) - len(survivors)} of {len(names)} mutants are caught")
    return 1 if survivors else 0


def main():
    command, *arguments = sys.argv[1:] or ["help"]
    if command == "list":
        print("\n".join(f"{mutant.name} {mutant.file}" for mutant in MUTANTS))
    elif command == "plant":
        plant(*arguments)
    elif command == "run":
        return run(arguments[0], arguments[1:] or [mutant.name for mutant in MUTANTS])
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
