#include "planner/safety.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "planner/bindings.h"
#include "planner/earlier.h"
#include "planner/expiry.h"
#include "planner/selection.h"

namespace weir {
namespace {

constexpr std::array kRefusals = {
    RuleText{"P001", "Steps wait for each other in a circle.", "service-rules.md 8"},
    RuleText{"P002", "Something protected would be deleted.", "service-rules.md B-6"},
    RuleText{"P003", "The policy denies a step.", ""},
    RuleText{"P004", "More is destroyed than max_destroys allows.", ""},
    RuleText{"P005", "Much of what is managed would be deleted at once.", ""},
    RuleText{"P006", "The manifest is empty and everything would be deleted.", ""},
    RuleText{"P007", "A destructive step needs consent.", ""},
    RuleText{"P008", "Something exists that may not be adopted.", ""},
    RuleText{"P009", "The service deletes it with its parent only.", "service-rules.md B-5, E-4"},
    RuleText{"P010", "Something that others need would be deleted.",
             "service-rules.md B-4, B-9, O-6, O-7"},
    RuleText{"P011", "A branch would expire at once.", "service-rules.md F-4"},
    RuleText{"P012", "A record is of a kind that this version does not know.", ""},
    RuleText{"P013", "Something refers to what is not there and is not made.", ""},
    RuleText{"P014", "What is wanted inside a database cannot be.", ""},
    RuleText{"P015", "A server without a control plane lacks a database.", ""},
    RuleText{"P016", "Something that is to stay would go with what contains it.", ""},
    RuleText{"P017", "The policy wants a second person to approve a step.", ""},
    RuleText{"P018", "What a synced table is to be made from is not there, or not fit for it.",
             "databricks-platform.md 10; service-rules.md S-1, S-3"},
    RuleText{"P019", "Something was moved to an address that is about another one.", ""},
    RuleText{"P020", "Something that other tools make is not there.", ""},
};

constexpr std::size_t kManyDestroys = 10;
constexpr std::size_t kFewDestroys = 2;   ///< of a small estate a fifth is quickly reached
constexpr std::size_t kLargestShare = 5;  ///< one in so many

bool has_consent(const Draft& draft, const Address& address) {
  const auto& allowed = draft.options.allow_destroy;
  return allowed.contains("*") || allowed.contains(address.text()) ||
         draft.options.replace.contains(address.text());
}

bool has_general_consent(const Draft& draft) {
  return draft.options.allow_destroy.contains("*");
}

std::string flag_for(const Address& address) {
  return "-allow-destroy " + address.text();
}

void refuse(Draft& draft, const char* rule, const Step& step, std::string message,
            std::string hint) {
  draft.refuse(rule, step.address, step.place, std::move(message), std::move(hint));
}

// ---- protection --------------------------------------------------------------------------------

bool is_record_protected(const Draft& draft, const Address& address) {
  const auto record = draft.records.find(address);
  return record != draft.records.end() && record->second.is_protected;
}

/// Why nothing may delete this; "" when nothing stands against it.
std::string protection_of(const Draft& draft, const std::string& remote_name,
                          const Address& address) {
  const Observed* observed = draft.observations.find(remote_name);
  if (observed != nullptr && !observed->is_deleted() && flag_at(observed->fields, "protected")) {
    return "is protected in the workspace";
  }
  const Wish* wish = draft.wishes.find(address);
  if (wish != nullptr && wish->declaration->lifecycle.protect) return "has lifecycle.protect";
  if (wish != nullptr && flag_at(wish->wanted, "protected")) return "is protected by the manifest";
  if (is_record_protected(draft, address)) return "had lifecycle.protect when it was applied";
  return "";
}

Address address_of(const Draft& draft, const std::string& remote_name) {
  const Wish* wish = draft.wishes.named(remote_name);
  if (wish != nullptr) return wish->declaration->address;
  const auto recorded = draft.addresses.find(remote_name);
  return recorded == draft.addresses.end() ? Address() : recorded->second;
}

void check_protection(Draft& draft, const Step& step) {
  constexpr const char* kHint =
      "set protected: false and lifecycle.protect: false, apply that, and then plan again";
  const std::string own = protection_of(draft, step.remote_name, step.address);
  if (!own.empty()) refuse(draft, "P002", step, fmt::format("{} and would be deleted", own), kHint);
  for (const Loss& loss : step.losses) {
    const std::string why = protection_of(draft, loss.name, address_of(draft, loss.name));
    if (why.empty()) continue;
    refuse(draft, "P002", step, fmt::format("would take {} with it, which {}", loss.name, why),
           kHint);
  }
}

bool is_kept_on_removal(const Draft& draft, const Address& address) {
  const std::string said = said_of_removal(draft.manifest, address);
  if (!said.empty()) return said == "keep";
  const Wish* wish = draft.wishes.find(address);
  if (wish != nullptr && !wish->declaration->lifecycle.on_remove.empty()) {
    return wish->declaration->lifecycle.on_remove == "keep";
  }
  const auto record = draft.records.find(address);
  return record != draft.records.end() && record->second.on_remove == "keep";
}

/// "projects/shop/branches/dev and 3 more"
std::string first_of(const std::vector<std::string>& names) {
  if (names.size() == 1) return names.front();
  return fmt::format("{} and {} more", names.front(), names.size() - 1);
}

/// Nobody can leave a thing alone and end what contains it.
void check_what_stays(Draft& draft, const Step& step) {
  std::vector<std::string> excluded;
  std::vector<std::string> kept;
  for (const Loss& loss : step.losses) {
    Address address = address_of(draft, loss.name);
    if (address.is_root()) address = Address::parse(loss.name).value_or(Address());
    if (is_excluded(draft.options, address)) excluded.push_back(loss.name);
    if (!step.is_replacement && is_kept_on_removal(draft, address)) kept.push_back(loss.name);
  }
  if (!excluded.empty()) {
    refuse(draft, "P016", step,
           fmt::format("would take {} with it, which -except leaves alone", first_of(excluded)),
           fmt::format("leave that alone as well: -except {}", step.address.text()));
  }
  if (!kept.empty()) {
    refuse(draft, "P016", step,
           fmt::format("would take {} with it, which lifecycle.on_remove: keep leaves alone",
                       first_of(kept)),
           "keep what contains it as well; or take that on_remove away, apply, and plan again");
  }
}

// ---- consent -----------------------------------------------------------------------------------

/// What the end of a block means: consent is asked for where the default is to fail.
bool fails_on_remove(const Draft& draft, const Step& step) {
  if (said_of_removal(draft.manifest, step.address) == "delete") return false;
  const auto record = draft.records.find(step.address);
  std::string choice = record == draft.records.end() ? "" : record->second.on_remove;
  const Wish* wish = draft.wishes.find(step.address);
  if (wish != nullptr && !wish->declaration->lifecycle.on_remove.empty()) {
    choice = wish->declaration->lifecycle.on_remove;
  }
  if (!choice.empty()) return choice == "fail";
  return step.kind->is_a("project") || step.kind->is_a("database") || step.kind->is_a("instance");
}

/// Nothing is lost: what it held stands in its source.
bool makes_a_copy_anew(const Step& step) {
  return step.is_replacement && step.kind->is_a("synced_table");
}

void check_consent(Draft& draft, const Step& step) {
  const bool is_end =
      step.is_replacement || step.action == Action::kPurge || fails_on_remove(draft, step);
  const bool is_needed =
      is_end && !draft.consented.contains(step.remote_name) && !makes_a_copy_anew(step);
  if (!is_needed || has_consent(draft, step.address)) return;
  std::string with =
      step.losses.empty() ? "" : fmt::format(", and with it {} more", step.losses.size());
  refuse(draft, "P007", step,
         fmt::format("would be {} ({}){}",
                     step.is_replacement ? "destroyed and made anew" : "destroyed", step.why, with),
         fmt::format("say {} when that is meant", flag_for(step.address)));
}

void check_sudden_end(Draft& draft, const Step& step) {
  const Observed* observed = draft.observations.find(step.remote_name);
  for (const FieldChange& change : step.changes) {
    if (change.field->type != Type::kExpiry || observed == nullptr) continue;
    const auto end = end_of(change.after, observed->create_time);
    if (!end || *end > draft.options.now || has_consent(draft, step.address)) continue;
    refuse(draft, "P011", step,
           fmt::format("would expire at once: lifetimes count from the creation, so its end is {}",
                       timestamp_text(*end)),
           fmt::format("set a longer one, or say {} when that is meant", flag_for(step.address)));
  }
}

/// Entries of a list end one by one, and those of others with consent only.
void check_entries(Draft& draft, const Step& step) {
  const std::string protection = protection_of(draft, step.remote_name, step.address);
  for (const FieldChange& change : step.changes) {
    for (const Document& entry : entries_led_away(change)) {
      const std::string name =
          fmt::format("{}.{}", change.field->name, text_at(entry, "resource_key"));
      const std::string theirs = text_at(entry, "other");
      const bool is_ours = theirs.empty() && change.reason != Reason::kDrift;
      if (is_ours && !protection.empty()) {
        refuse(draft, "P002", step, fmt::format("{}, and {} would go", protection, name),
               "set lifecycle.protect: false, apply that, and then plan again");
      }
      if (has_consent(draft, step.address)) continue;
      if (!theirs.empty()) {
        refuse(draft, "P007", step,
               fmt::format("{} would take the place of a {} that somebody else has under this key",
                           name, theirs),
               fmt::format("choose another resource_key, or say {} when that is meant",
                           flag_for(step.address)));
      } else if (change.after.empty() && fails_on_remove(draft, step)) {
        refuse(draft, "P007", step, fmt::format("{} would go ({})", name, step.why),
               fmt::format("say {} when that is meant", flag_for(step.address)));
      }
    }
  }
}

// ---- policies ----------------------------------------------------------------------------------

/// The names that policies have for a step, such as "delete_project".
std::vector<std::string> policy_names(const Step& step) {
  const std::string kind(step.kind->sort());
  std::vector<std::string> names = {std::string(text_of(step.action)) + "_" + kind};
  const auto also = [&](const char* verb) { names.push_back(std::string(verb) + "_" + kind); };
  if (step.is_destructive()) {
    if (step.action != Action::kDelete) also("delete");
    also("drop");
    also("destroy");
  }
  if (step.is_destructive() && step.is_replacement) {
    also("replace");
    also("recreate");
  }
  if (step.disruption.find("restart") != std::string::npos) names.emplace_back("compute_restart");
  if (step.is_destructive()) names.emplace_back("destructive");
  return names;
}

/// What a policy may have to say about, in each of its names.
struct Deed {
  Address address = {};
  std::vector<std::string> names = {};
};

/// A step, and the schemas that its script drops.
std::vector<Deed> deeds_of(const Step& step) {
  std::vector<Deed> deeds = {{.address = step.address, .names = policy_names(step)}};
  if (!step.script) return deeds;
  for (const std::string& schema : dropped_schemas(*step.script)) {
    deeds.push_back({.address = step.address.parent().child("schemas", schema),
                     .names = {"delete_schema", "drop_schema", "destroy_schema", "destructive"}});
  }
  return deeds;
}

bool has(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

void check_policy(Draft& draft, const Step& step) {
  const Policy& policy = draft.manifest.policy;
  for (const auto& [address, names] : deeds_of(step)) {
    for (const std::string& name : names) {
      if (has(policy.deny, name)) {
        draft.refuse("P003", address, step.place,
                     fmt::format("the manifest's policy denies {}", name),
                     "change the manifest so that this is not needed, or take the action out of "
                     "policy.deny");
      }
      if (has(policy.approvals, name) && !draft.options.is_approved) {
        draft.refuse("P017", address, step.place,
                     fmt::format("the manifest's policy wants an approval for {}", name),
                     "save the plan with weir plan -out FILE, let somebody else read it, and carry "
                     "it out with weir apply FILE");
      }
      if (has(policy.warn, name)) {
        draft.plan.notices.push_back(
            {.type = Notice::Type::kPolicy,
             .address = address,
             .text = fmt::format("the manifest's policy warns of {}", name),
             .place = step.place});
      }
    }
  }
}

// ---- how much ----------------------------------------------------------------------------------

struct Extent {
  std::size_t destroyed = 0;   ///< in all, with what goes along
  std::size_t unexpected = 0;  ///< of these, what nobody consented to by its address
};

Extent extent_of(const Draft& draft) {
  Extent extent;
  for (const Step& step : draft.plan.steps) {
    // Each schema that goes has consent of its own.
    if (step.script) extent.destroyed += dropped_schemas(*step.script).size();
    if (!step.is_destructive()) continue;
    // What nobody declared was not part of anybody's count, and is shown with the step.
    const auto declared = std::count_if(step.losses.begin(), step.losses.end(),
                                        [](const Loss& loss) { return loss.is_declared; });
    const std::size_t size = 1 + static_cast<std::size_t>(declared);
    extent.destroyed += size;
    const bool is_expected = has_consent(draft, step.address) || makes_a_copy_anew(step) ||
                             draft.consented.contains(step.remote_name);
    if (!is_expected) extent.unexpected += size;
  }
  return extent;
}

void check_extent(Draft& draft) {
  const Extent extent = extent_of(draft);
  std::optional<std::int64_t> most = draft.manifest.policy.max_destroys;
  const auto& option = draft.options.max_destroys;
  if (option && (!most || *option < *most)) most = option;
  if (most && static_cast<std::int64_t>(extent.destroyed) > *most) {
    draft.refuse("P004", {}, {},
                 fmt::format("{} resources would be destroyed, and max_destroys is {}",
                             extent.destroyed, *most),
                 "raise max_destroys in the policy or on the command line, whichever is lower");
  }
  if (draft.options.is_destroy || has_general_consent(draft)) return;
  if (draft.manifest.declarations.empty() && extent.unexpected > 0) {
    draft.refuse("P006", {}, {},
                 fmt::format("the manifest declares nothing, so all of {} recorded resources would "
                             "go",
                             draft.records.size()),
                 "check -file; say -allow-destroy '*', or -destroy, when that is meant");
    return;
  }
  const std::size_t known = std::max(draft.records.size(), draft.manifest.declarations.size());
  const bool is_much =
      extent.unexpected > kManyDestroys ||
      (extent.unexpected > kFewDestroys && extent.unexpected * kLargestShare > known);
  if (!is_much) return;
  draft.refuse("P005", {}, {},
               fmt::format("{} of {} resources would be destroyed", extent.unexpected, known),
               "say -allow-destroy '*' when that is meant");
}

}  // namespace

std::span<const RuleText> all_refusals() {
  return kRefusals;
}

void check_safety(Draft& draft) {
  for (const Step& step : draft.plan.steps) {
    if (step.is_destructive()) {
      check_protection(draft, step);
      check_what_stays(draft, step);
      check_consent(draft, step);
    } else if (step.action == Action::kUpdate) {
      check_sudden_end(draft, step);
      check_entries(draft, step);
    }
    if (step.action != Action::kForget) check_policy(draft, step);
  }
  check_extent(draft);
}

}  // namespace weir
