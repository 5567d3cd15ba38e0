// A rule as data: what it says, how much it matters, and the function that looks.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/diagnostic.h"
#include "core/units.h"
#include "manifest/limits.h"
#include "manifest/manifest.h"

namespace weir::rules {

/// The declarations of a manifest by what rules look for, so that checking takes linear time.
class Index {
 public:
  explicit Index(const Manifest& manifest);
  /// Null when nothing is declared there.
  const Declaration* find(const Address& address) const;
  /// What is declared directly in `parent`, by address.
  std::span<const Declaration* const> children(const Declaration& parent) const;
  /// Null at the top.
  const Declaration* parent_of(const Declaration& declaration) const;

 private:
  std::unordered_map<Address, const Declaration*> by_address_;
  std::unordered_map<Address, std::vector<const Declaration*>> by_parent_;
};

/// What every rule may look at.
struct Scene {
  const Manifest& manifest;
  const Limits& limits;
  const Index& index;
};

/// One mistake. The rule's id and severity are added to it.
struct Finding {
  std::string address = {};
  std::string message = {};
  std::string hint = {};
  Place place = {};
};
using Findings = std::vector<Finding>;

struct Rule {
  std::string_view id;
  std::string_view summary;
  std::string_view source;
  Severity severity = Severity::kError;
  /// The kind of declaration that `check` looks at; empty: all.
  std::string_view kind = {};
  void (*check)(const Declaration&, const Scene&, Findings&) = nullptr;
  /// For what is not about one declaration; a rule has either this or `check`.
  void (*check_manifest)(const Scene&, Findings&) = nullptr;
};

// The tables, by what they are about.
std::span<const Rule> name_rules();
std::span<const Rule> branch_rules();
std::span<const Rule> project_rules();
std::span<const Rule> instance_rules();
std::span<const Rule> unity_catalog_rules();
std::span<const Rule> permission_rules();
std::span<const Rule> endpoint_rules();
std::span<const Rule> role_rules();
std::span<const Rule> database_rules();
std::span<const Rule> lifecycle_rules();
std::span<const Rule> policy_rules();
std::span<const Rule> limit_rules();
std::span<const Rule> output_rules();
std::span<const Rule> app_rules();
std::span<const Rule> inside_rules();

// Words that many rules need.

/// The canonical value of a field, or null when the manifest does not have it.
const Document* value_of(const Declaration& declaration, std::string_view field);
bool is_true(const Declaration& declaration, std::string_view field);
/// The text of a field, or "".
std::string text_of(const Declaration& declaration, std::string_view field);
/// The value of a field as a manifest has it.
std::string shown(const Declaration& declaration, std::string_view field);
/// The lifetime of a branch when it is given as a duration.
std::optional<Duration> lifetime_of(const Declaration& branch);
/// Whether a branch ends by itself.
bool is_expiring(const Declaration& branch);
/// Null when the manifest does not have the reference.
const Reference* reference_of(const Declaration& declaration, std::string_view field);
/// Whether the service makes it together with its parent.
bool is_implied(const Declaration& declaration);

/// A mistake in a field.
Finding finding(const Declaration& declaration, const std::string& field, std::string message,
                std::string hint);
/// The hint, and how to go on when the limit is wrong.
std::string or_override(std::string hint, std::string_view limit);
/// Says so at the first declaration of the kind that is one too many.
void check_number_of(const Scene& scene, const char* kind, const char* limit, Findings& findings);
Duration limit_duration(const Scene& scene, std::string_view limit);

bool is_mail_address(std::string_view text);
bool is_uuid(std::string_view text);
/// "statement_timeout", "auto_explain.log_min_duration".
bool is_setting_name(std::string_view name);
std::string lower_case(std::string_view text);

}  // namespace weir::rules
