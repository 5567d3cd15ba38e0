// Branches that nobody declares one by one: up, down, renew, reset and restore. Each is an apply of
// a manifest that speaks of that branch alone.
#include <algorithm>
#include <chrono>
#include <optional>

#include <fmt/format.h>

#include "cli/apply_manifest.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "cli/world.h"
#include "core/error.h"
#include "manifest/rules.h"
#include "planner/branch_classes.h"
#include "planner/expiry.h"
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

using namespace std::chrono_literals;

/// How long a restored branch lives when nobody says it.
constexpr Duration kUsualLifetime = 24h * 7;

/// The branch that a command line means.
struct ChosenBranch {
  Address address = {};
  const Declaration* project = nullptr;
  const Declaration* declared = nullptr;  ///< null when nobody declares it
  const BranchClass* of_class = nullptr;  ///< null when it belongs to none

  std::string id() const { return address.key(); }
  std::string remote_name() const {
    return declared != nullptr ? declared->remote_name()
                               : fmt::format("{}/branches/{}", project->remote_name(), id());
  }
};

std::vector<ChosenBranch> candidates(const Manifest& manifest, const std::string& said) {
  const std::optional<Address> address = Address::parse(said);
  std::vector<ChosenBranch> found;
  for (const Declaration& project : manifest.declarations) {
    if (project.kind->name != "project") continue;
    const bool is_key = said.find('/') == std::string::npos;
    ChosenBranch branch{
        .address = project.address.child("branches", is_key || !address ? said : address->key()),
        .project = &project};
    if (!is_key && address != branch.address) continue;
    branch.declared = manifest.find(branch.address);
    if (branch.declared == nullptr) {
      branch.of_class = class_of_branch(manifest, branch.remote_name());
    }
    found.push_back(branch);
  }
  return found;
}

/// The one that is declared, or that a class speaks of, or that can only be meant.
ChosenBranch chosen_branch(const Invocation& invocation, const Manifest& manifest) {
  const std::string said = invocation.options.value("branch");
  if (said.empty()) throw UsageError("-branch is missing: it says which branch is meant");
  if (manifest.server.is_made()) throw UsageError("a server without a workspace has no branches");
  std::vector<ChosenBranch> found = candidates(manifest, said);
  const auto is_spoken_of = [](const ChosenBranch& each) {
    return each.declared != nullptr || each.of_class != nullptr;
  };
  if (std::ranges::any_of(found, is_spoken_of)) {
    std::erase_if(found, [&](const ChosenBranch& each) { return !is_spoken_of(each); });
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    throw UsageError(
        fmt::format("-branch {}: the manifest declares no such project; write "
                    "projects/PROJECT/branches/BRANCH",
                    harmless(said)));
  }
  throw UsageError(fmt::format("-branch {} may be in {} projects; say which, such as {}",
                               harmless(said), found.size(),
                               harmless(found.front().address.text())));
}

/// From -ttl; nothing when it is not said.
std::optional<Duration> lifetime_said(const Invocation& invocation) {
  const std::string said = invocation.options.value("ttl");
  if (said.empty()) return std::nullopt;
  const auto lifetime = parse_duration(said);
  if (lifetime && *lifetime >= 1s) return lifetime;
  throw UsageError(fmt::format("-ttl {}: expected a duration such as 7d", harmless(said)));
}

/// What the class allows of what was said.
Duration lifetime_of(const Invocation& invocation, const BranchClass& branch_class) {
  const Duration lifetime = lifetime_said(invocation).value_or(branch_class.lifetime);
  if (lifetime <= branch_class.longest) return lifetime;
  throw UsageError(fmt::format("-ttl {}: branch class {} allows {}",
                               harmless(invocation.options.value("ttl")),
                               branch_class.address.key(), duration_text(branch_class.longest)));
}

Document lifetime_document(Duration lifetime) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(lifetime);
  return {{"ttl", fmt::format("{}s", seconds.count())}};
}

/// What would be wrong with it if it were written in the manifest.
void check_as_if_declared(const Manifest& manifest, std::vector<Declaration> branch) {
  const Address address = branch.front().address;
  Manifest whole = manifest;
  declare_branch(whole, std::move(branch));
  Diagnostics diagnostics;
  check_rules(whole, Limits(whole.limits), diagnostics);
  for (const Diagnostic& each : diagnostics.sorted()) {
    const auto about = Address::parse(each.address);
    if (each.severity != Severity::kError || !about || !about->is_within(address)) continue;
    throw UsageError(fmt::format("{}: {} ({}){}{}", each.address, each.message, each.rule,
                                 each.hint.empty() ? "" : "; ", each.hint));
  }
}

/// Whether a declaration contains one of a branch, or is what it refers to.
bool is_needed_for(const Declaration& other, const std::vector<Declaration>& branch) {
  if (branch.front().address.is_within(other.address)) return true;
  return std::ranges::any_of(branch.front().references, [&](const Reference& reference) {
    return reference.target == other.address;
  });
}

/// Nothing but this branch is meant, and what is remembered of it stays as it is: names are enough
/// to find one of a class.
void narrow(Manifest& manifest, Records& applied, PlanOptions& options,
            std::vector<Declaration> branch) {
  options.only = {branch.front().address.text()};
  options.except.clear();
  std::erase_if(applied,
                [&](const auto& record) { return record.first != branch.front().address; });
  std::erase_if(manifest.declarations, [&](const Declaration& each) {
    return each.address == branch.front().address || !is_needed_for(each, branch);
  });
  declare_branch(manifest, std::move(branch));
  for (Declaration& each : manifest.declarations) each.is_of_class = true;
  manifest.insides.clear();
}

/// One of its own, which comes and goes without the manifest.
void refuse_declared(const ChosenBranch& branch, const std::string& instead) {
  if (branch.declared == nullptr) return;
  throw UsageError(fmt::format("{} is declared; {}", branch.address.text(), instead));
}

const BranchClass& class_of(const ChosenBranch& branch) {
  if (branch.of_class != nullptr) return *branch.of_class;
  throw UsageError(
      fmt::format("{} belongs to no branch class of its project; see weir explain branch_classes",
                  harmless(branch.address.text())));
}

/// The branch with nothing but its end to change.
std::vector<Declaration> with_end(Declaration branch, Document end) {
  branch.fields["expires"] = std::move(end);
  branch.fields["on_expiry"] = "renew";
  for (const Field& field : branch.kind->fields) {
    if (field.name != "expires") branch.lifecycle.ignore.emplace_back(field.name);
  }
  return {std::move(branch)};
}

/// The end that a renewed branch gets: its lifetime from now on, within what its class allows.
Document renewed_end(const Invocation& invocation, const ChosenBranch& branch, Instant now) {
  if (branch.declared != nullptr) {
    const auto written = branch.declared->fields.find("expires");
    if (on_expiry(*branch.declared) != OnExpiry::kRenew ||
        written == branch.declared->fields.end()) {
      throw UsageError(
          fmt::format("{} is declared without on_expiry: renew, so that the next plan "
                      "would take its new end for drift; write that beside expires",
                      branch.address.text()));
    }
    if (lifetime_said(invocation)) {
      throw UsageError("-ttl: the lifetime of a declared branch is in its manifest");
    }
    return renewed(*written, now);
  }
  return renewed(lifetime_document(lifetime_of(invocation, class_of(branch))), now);
}

std::string restored_name(const Invocation& invocation, const ChosenBranch& source, Instant at) {
  std::string said = invocation.options.value("as");
  if (!said.empty()) return said;
  // "2026-04-27T09:15:00Z" as an id has it.
  std::string time = timestamp_text(std::chrono::floor<std::chrono::seconds>(at));
  std::erase_if(time, [](char letter) { return letter == '-' || letter == ':' || letter == 'Z'; });
  std::ranges::replace(time, 'T', '-');
  return fmt::format("{}-at-{}", source.id(), time);
}

Instant time_said(const Invocation& invocation) {
  const std::string said = invocation.options.value("at");
  const auto time = parse_timestamp(said);
  if (time) return *time;
  throw UsageError(said.empty()
                       ? std::string("-at is missing: it says the time whose data is wanted")
                       : fmt::format("-at {}: expected a timestamp such as 2026-04-27T09:15:00Z",
                                     harmless(said)));
}

/// A branch from another one as it was.
std::vector<Declaration> restored(const Invocation& invocation, const Manifest& manifest,
                                  const ChosenBranch& source, Instant now) {
  const Instant at = time_said(invocation);
  if (at > now) {
    throw UsageError(fmt::format("-at {} lies in the future: say a time that has been",
                                 harmless(invocation.options.value("at"))));
  }
  const Address address =
      source.project->address.child("branches", restored_name(invocation, source, at));
  if (manifest.find(address) != nullptr) {
    throw UsageError(fmt::format("-as {} is declared already", harmless(address.key())));
  }
  const Duration lifetime = lifetime_said(invocation).value_or(kUsualLifetime);
  return {{.address = address,
           .kind = lakebase_catalogue().find("branch"),
           .id = address.key(),
           .remote_parent = source.project->remote_name(),
           .fields = {{"at", timestamp_text(at)}, {"expires", lifetime_document(lifetime)}},
           .references = {{.field = "from",
                           .target = source.address,
                           .is_declared = source.declared != nullptr}},
           .is_of_class = true,
           .place = source.project->place}};
}

}  // namespace

Exit run_up(const Invocation& invocation) {
  return apply_manifest(
      invocation, plan_options(invocation),
      [&](Manifest& manifest, Records& applied, Store&, PlanOptions& options) {
        const ChosenBranch branch = chosen_branch(invocation, manifest);
        refuse_declared(branch, fmt::format("weir apply -only {} makes it", branch.address.text()));
        const Duration lifetime = lifetime_of(invocation, class_of(branch));
        auto wanted = branch_of_class(*branch.of_class, branch.id(), lifetime_document(lifetime));
        check_as_if_declared(manifest, wanted);
        // What has expired is wanted anew, and what somebody ended comes back.
        wanted.front().fields["on_expiry"] = "recreate";
        Errand errand{.nothing = fmt::format("{} is there", branch.address.text()), .asks = false};
        narrow(manifest, applied, options, std::move(wanted));
        return errand;
      });
}

Exit run_down(const Invocation& invocation) {
  return apply_manifest(
      invocation, plan_options(invocation),
      [&](Manifest& manifest, Records& applied, Store&, PlanOptions& options) {
        const ChosenBranch branch = chosen_branch(invocation, manifest);
        refuse_declared(branch, "take it out of the manifest, or say weir destroy -only " +
                                    branch.address.text());
        auto wanted = branch_of_class(class_of(branch), branch.id(), {});
        Errand errand{.nothing = fmt::format("{} is not there", branch.address.text())};
        options.is_destroy = true;
        wanted.front().references.clear();
        narrow(manifest, applied, options, std::move(wanted));
        return errand;
      });
}

Exit run_renew(const Invocation& invocation) {
  return apply_manifest(
      invocation, plan_options(invocation),
      [&](Manifest& manifest, Records& applied, Store&, PlanOptions& options) {
        const ChosenBranch branch = chosen_branch(invocation, manifest);
        Document end = renewed_end(invocation, branch, options.now);
        std::vector<Declaration> wanted = with_end(
            branch.declared != nullptr ? *branch.declared
                                       : branch_of_class(*branch.of_class, branch.id(), {}).front(),
            std::move(end));
        Errand errand{.nothing = fmt::format("{} has that end", branch.address.text()),
                      .asks = false,
                      .existing = branch.address};
        narrow(manifest, applied, options, std::move(wanted));
        return errand;
      });
}

Exit run_reset(const Invocation& invocation) {
  return apply_manifest(
      invocation, plan_options(invocation),
      [&](Manifest& manifest, Records& applied, Store&, PlanOptions& options) {
        const ChosenBranch branch = chosen_branch(invocation, manifest);
        options.replace = {branch.address.text()};
        options.only = {branch.address.text()};
        if (branch.declared != nullptr) {
          if (!lifetime_said(invocation)) return Errand{};
          throw UsageError("-ttl: the lifetime of a declared branch is in its manifest");
        }
        const Duration lifetime = lifetime_of(invocation, class_of(branch));
        narrow(manifest, applied, options,
               branch_of_class(*branch.of_class, branch.id(), lifetime_document(lifetime)));
        // One that is not there is made: an earlier reset may have come no further than the end.
        return Errand{};
      });
}

Exit run_restore(const Invocation& invocation) {
  return apply_manifest(invocation, plan_options(invocation),
                        [&](Manifest& manifest, Records& applied, Store&, PlanOptions& options) {
                          const ChosenBranch source = chosen_branch(invocation, manifest);
                          auto wanted = restored(invocation, manifest, source, options.now);
                          check_as_if_declared(manifest, wanted);
                          Errand errand{
                              .nothing = fmt::format("{} is there", wanted.front().address.text()),
                              .asks = false};
                          narrow(manifest, applied, options, std::move(wanted));
                          return errand;
                        });
}

}  // namespace weir
