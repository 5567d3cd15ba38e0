// Branches: where they come from, how long they live, and how many there may be.
#include <cctype>
#include <string>

#include <fmt/format.h>

#include "manifest/rules/rule.h"

namespace weir::rules {
namespace {

void check_root_has_no_source(const Declaration& branch, const Scene&, Findings& findings) {
  if (!is_implied(branch)) return;
  const auto report = [&](const std::string& field) {
    findings.push_back(finding(
        branch, field, fmt::format("{}: the branch {} comes from no other one", field, branch.id),
        fmt::format("remove {}, or declare a branch with another id", field)));
  };
  if (reference_of(branch, "from") != nullptr) report("from");
  if (value_of(branch, "at") != nullptr) report("at");
  if (value_of(branch, "lsn") != nullptr) report("lsn");
}

void check_root_stays(const Declaration& branch, const Scene&, Findings& findings) {
  if (!is_implied(branch) || !is_expiring(branch)) return;
  findings.push_back(finding(
      branch, "expires",
      fmt::format("expires {}: the branch {} cannot expire", shown(branch, "expires"), branch.id),
      "write expires: never, or remove the line"));
}

void check_longest_lifetime(const Declaration& branch, const Scene& scene, Findings& findings) {
  const auto lifetime = lifetime_of(branch);
  const Duration maximum = limit_duration(scene, "branch_ttl_maximum");
  if (!lifetime || *lifetime <= maximum) return;
  const std::string limit = duration_text(maximum);
  findings.push_back(
      finding(branch, "expires",
              fmt::format("expires {} is over the maximum of {}", shown(branch, "expires"), limit),
              or_override(fmt::format("write {} or less, or never", limit), "branch_ttl_maximum")));
}

void check_shortest_lifetime(const Declaration& branch, const Scene& scene, Findings& findings) {
  const auto lifetime = lifetime_of(branch);
  const Duration minimum = limit_duration(scene, "branch_ttl_minimum");
  if (!lifetime || *lifetime >= minimum) return;
  findings.push_back(finding(
      branch, "expires",
      fmt::format("expires {}: the branch may be gone before anybody can use it",
                  shown(branch, "expires")),
      or_override(fmt::format("write {} or more", duration_text(minimum)), "branch_ttl_minimum")));
}

void check_protected_stays(const Declaration& branch, const Scene&, Findings& findings) {
  if (!is_true(branch, "protected") || !is_expiring(branch)) return;
  findings.push_back(
      finding(branch, "expires",
              fmt::format("expires {}, and is protected: nobody says what happens then",
                          shown(branch, "expires")),
              "remove protected, or write expires: never"));
}

void check_protected_branches(const Declaration& project, const Scene& scene, Findings& findings) {
  const double maximum = scene.limits.number("protected_branches_per_project");
  double count = 0;
  std::string first;
  for (const Declaration* branch : scene.index.children(project)) {
    if (branch->kind->name != "branch" || !is_true(*branch, "protected")) continue;
    if (first.empty()) first = branch->address.text();
    if (++count <= maximum) continue;
    findings.push_back(finding(
        *branch, "protected",
        fmt::format("protected: number {} of the project, over the maximum of {}; the first one "
                    "is {}",
                    count, maximum, first),
        or_override("protect one branch, and others with lifecycle: {protect: true}",
                    "protected_branches_per_project")));
  }
}

void check_number_of_branches(const Declaration& project, const Scene& scene, Findings& findings) {
  const double maximum = scene.limits.number("branches_per_project");
  double count = 1;  // the root, which exists whether it is declared or not
  for (const Declaration* branch : scene.index.children(project)) {
    const bool is_another = branch->kind->name == "branch" && !is_implied(*branch);
    count += is_another ? 1 : 0;
  }
  if (count <= maximum) return;
  findings.push_back(
      finding(project, "branches",
              fmt::format("{} branches with the root, over the maximum of {}", count, maximum),
              or_override("declare fewer, or let short-lived ones expire and not declare them",
                          "branches_per_project")));
}

/// "0/1A2B3C8": two hexadecimal numbers of at most 32 bits.
bool is_position(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) return false;
  const auto is_number = [](std::string_view digits) {
    if (digits.empty() || digits.size() > 8) return false;
    for (const char c : digits) {
      if (std::isxdigit(static_cast<unsigned char>(c)) == 0) return false;
    }
    return true;
  };
  const std::string_view all = text;
  return is_number(all.substr(0, slash)) && is_number(all.substr(slash + 1));
}

void check_position(const Declaration& branch, const Scene&, Findings& findings) {
  if (value_of(branch, "lsn") == nullptr || is_position(text_of(branch, "lsn"))) return;
  findings.push_back(
      finding(branch, "lsn",
              fmt::format("lsn {} is no position in the write-ahead log", shown(branch, "lsn")),
              "write two hexadecimal numbers with a slash, such as 0/1A2B3C8"));
}

void check_expiry_is_possible(const Declaration& branch, const Scene&, Findings& findings) {
  const bool never = value_of(branch, "expires") != nullptr && !is_expiring(branch);
  if (!never || value_of(branch, "on_expiry") == nullptr) return;
  findings.push_back(finding(
      branch, "on_expiry",
      fmt::format("on_expiry {} of a branch that never expires", shown(branch, "on_expiry")),
      "remove on_expiry, or say when the branch expires"));
}

void check_renewal_has_length(const Declaration& branch, const Scene&, Findings& findings) {
  const bool is_renewed = text_of(branch, "on_expiry") == "renew";
  if (!is_renewed || !is_expiring(branch) || lifetime_of(branch)) return;
  findings.push_back(
      finding(branch, "on_expiry",
              fmt::format("on_expiry renew with expires {}: a point in time has no length to renew",
                          shown(branch, "expires")),
              "write expires as a duration such as 7d, or on_expiry: forget"));
}

/// Whether the child is there for longer, as far as both tell.
bool outlives(const Declaration& child, const Declaration& source) {
  if (!is_expiring(child)) return true;
  const auto short_life = lifetime_of(source);
  const auto long_life = lifetime_of(child);
  if (short_life && long_life) return *long_life > *short_life;
  const auto end = [](const Declaration& branch) {
    return parse_timestamp(text_at(*value_of(branch, "expires"), "expire_time"));
  };
  const auto source_end = end(source);
  const auto child_end = end(child);
  return source_end && child_end && *child_end > *source_end;
}

void check_source_lives_longer(const Declaration& branch, const Scene& scene, Findings& findings) {
  const Reference* from = reference_of(branch, "from");
  const Declaration* source = from == nullptr ? nullptr : scene.index.find(from->target);
  if (source == nullptr || source == &branch || !is_expiring(*source)) return;
  if (!outlives(branch, *source)) return;
  findings.push_back(finding(
      branch, "from",
      fmt::format("from {}, which expires {} and so before this branch", from->target.key(),
                  shown(*source, "expires")),
      "let this branch expire earlier, or its source later: a branch with children cannot go"));
}

void check_end_follows_start(const Declaration& branch, const Scene&, Findings& findings) {
  const Document* expires = value_of(branch, "expires");
  if (expires == nullptr || lifetime_of(branch)) return;
  const auto end = parse_timestamp(text_at(*expires, "expire_time"));
  const auto start = parse_timestamp(text_of(branch, "at"));
  if (!end || !start || *end > *start) return;
  findings.push_back(finding(branch, "expires",
                             fmt::format("expires {}, which is not after its start at {}",
                                         shown(branch, "expires"), shown(branch, "at")),
                             "write a later time, or a duration such as 7d"));
}

constexpr std::array kRules = {
    Rule{.id = "L010",
         .summary = "The root branch, production, comes from no other branch.",
         .source = "service-rules 3 and 4",
         .kind = "branch",
         .check = &check_root_has_no_source},
    Rule{.id = "L011",
         .summary = "The root branch, production, cannot expire.",
         .source = "service-rules F-5",
         .kind = "branch",
         .check = &check_root_stays},
    Rule{.id = "L012",
         .summary = "A branch that expires lives at most 30 days.",
         .source = "service-rules Q-7",
         .kind = "branch",
         .check = &check_longest_lifetime},
    Rule{.id = "L013",
         .summary = "A branch lives long enough to be used.",
         .source = "service-rules U-11: the minimum is not stated",
         .severity = Severity::kWarning,
         .kind = "branch",
         .check = &check_shortest_lifetime},
    Rule{.id = "L014",
         .summary = "A protected branch does not expire.",
         .source = "service-rules F-6: no source says whether it may",
         .severity = Severity::kWarning,
         .kind = "branch",
         .check = &check_protected_stays},
    Rule{.id = "L015",
         .summary = "A project has at most one protected branch.",
         .source = "service-rules Q-5",
         .kind = "project",
         .check = &check_protected_branches},
    Rule{.id = "L016",
         .summary = "A project has at most ten branches that are not archived.",
         .source = "service-rules Q-2",
         .kind = "project",
         .check = &check_number_of_branches},
    Rule{.id = "L017",
         .summary = "A position in the write-ahead log is two hexadecimal numbers with a slash.",
         .source = "databricks-sdk-go, source_branch_lsn",
         .kind = "branch",
         .check = &check_position},
    Rule{.id = "L018",
         .summary = "A branch that never expires needs no on_expiry.",
         .source = "the manifest language",
         .severity = Severity::kWarning,
         .kind = "branch",
         .check = &check_expiry_is_possible},
    Rule{.id = "L019",
         .summary = "A branch that is renewed has a duration, not a time.",
         .source = "service-rules F-4",
         .kind = "branch",
         .check = &check_renewal_has_length},
    Rule{.id = "L020",
         .summary = "A branch does not outlive the branch it comes from.",
         .source = "service-rules B-4 and B-10: what an expired branch with children does is open",
         .severity = Severity::kWarning,
         .kind = "branch",
         .check = &check_source_lives_longer},
    Rule{.id = "L021",
         .summary = "A branch expires after the time whose data it starts with.",
         .source = "service-rules B-3",
         .severity = Severity::kWarning,
         .kind = "branch",
         .check = &check_end_follows_start},
};

}  // namespace

std::span<const Rule> branch_rules() {
  return kRules;
}

}  // namespace weir::rules
