// A small model of the service for tests of plans: it does what steps say, and nothing else.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "planner/planner.h"
#include "tests/support/declarations.h"

namespace weir::test {

/// A time in canonical form, which must be right.
Instant at(const char* text);

/// Something that exists, with what the service would show of fields that nobody set.
Observed an_observed(const Kind& kind, const std::string& name, const Document& fields = {});

class World {
 public:
  Instant now = at("2026-05-01T12:00:00Z");
  std::map<std::string, Observed> resources = {};
  Records records = {};
  /// Makes the creator's role with each project, and throws for what the service refuses: to delete
  /// what others need, to refer to what is not there, to protect two branches of a project.
  bool is_strict = false;

  Observed& add(Observed observed);
  Observations seen() const;
  /// What other tools have made by then.
  Observations seen_with_apps(const Manifest& manifest) const;
  Plan plan(const Manifest& manifest, PlanOptions options = {}) const;
  /// What the service does for one step.
  void carry_out(const Step& step);
  /// Does the steps one after another and remembers what the manifest had.
  void apply(const Plan& plan, const Manifest& manifest);
  void remember(const Manifest& manifest);

 private:
  void create(const Step& step);
  void add_members(const Observed& parent);
  void take_over(Observed& observed, const Step& step) const;
  void change(Observed& observed, const std::vector<FieldChange>& changes) const;
  bool refers_to(const Observed& observed, const Observed& target) const;
  void check_needs(const Step& step) const;
  void check_end(const std::string& name) const;
  void check_protection(const Observed& branch) const;
  void remove(const std::string& name);

  std::uint64_t serial_ = 0;
};

/// Two values of a field that differ, as a manifest has them.
std::pair<Document, Document> two_values(const Field& field);

/// A manifest of some projects with all kinds inside, the same for the same seed.
Manifest random_manifest(std::mt19937& random);
/// The same with chains of branches, the creator's role, and versions that may differ from one
/// estate to the next.
Manifest random_estate(std::mt19937& random);
/// A world in which the manifest was applied.
World applied_world(const Manifest& manifest);

/// The rules that refuse a plan, in their order.
using Rules = std::vector<std::string>;
Rules rules_of(const Plan& plan);

bool is_likely(std::mt19937& random, unsigned percent);

/// Tries a property with one seed after another until one breaks it; the trace names the seed.
/// WEIR_WORLDS says with how many instead of 250.
void for_each_world(const std::function<void(std::mt19937& random)>& property);

}  // namespace weir::test
