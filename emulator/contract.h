// The contract of the service as data: what emulator/contract/*.json says, in memory.
#pragma once

#include <map>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/json.h"
#include "emulator/problem.h"
#include "emulator/time_values.h"

namespace emulator {

struct Field {
  std::string path;  ///< "spec.ttl"; "spec.custom_tags[].key" inside the elements of a list
  std::string type;
  std::string items;
  std::vector<std::string> values;
  std::string of;  ///< kind that a resource name must name
  Json minimum;
  Json maximum;
  std::optional<std::size_t> minimum_length;
  std::optional<std::size_t> maximum_length;
  std::optional<std::size_t> maximum_bytes;
  std::optional<std::size_t> maximum_items;
  std::optional<std::regex> pattern;
  std::string pattern_text;
  bool is_only_true = false;
  bool is_input = false;
  bool is_immutable = false;
  bool is_required = false;
  std::string oneof;
  std::string mask;                     ///< the mask path that changes it, "" when none does
  std::string mask_alias;               ///< another spelling of `mask`
  bool is_mask_value_optional = false;  ///< a leaf without value is then set back
  bool is_create_only = false;          ///< a mask may name it, to no effect
  bool is_empty_absent = false;         ///< "", 0 and the like mean that it was not set
  std::string error;  ///< of a value outside the bounds, when it has one of its own
  std::string assumption;
  std::string shown_as;  ///< where its effect is visible, "" when nowhere
  Json default_value;
};

struct Rule {
  std::string rule;
  std::vector<std::string> fields;
  std::string of;
  std::string oneof;
  std::string on;
  std::string if_path;
  std::string then_path;
  double above = 0;
  double limit = 0;
  std::string error;
  std::string assumption;
};

struct Method {
  std::string method;
  std::vector<std::string> query;
  bool needs_body = false;
  std::string plural;
  std::optional<std::size_t> maximum_page_size;
};

struct KindContract {
  std::string kind;
  std::string api;  ///< "postgres" (Autoscaling) or "database" (Provisioned): where its paths begin
  std::string collection;  ///< first part of its rows' names: that of its paths, if no other has it
  std::string parent;
  std::string not_found_error;
  std::string operation_metadata;
  bool is_singleton = false;  ///< its parent has one at most, which has no id
  std::string id_parameter;
  std::string id_from;  ///< the field of the body that an absent id is taken from
  std::string id_pattern_text;
  std::regex id_pattern;
  std::string id_error;
  bool is_id_generated = false;
  std::vector<Method> methods;
  std::vector<Field> fields;
  std::vector<Rule> rules;

  const Field* field(std::string_view path) const;
  /// The members of a oneof, in the order of the contract.
  std::vector<const Field*> members(std::string_view oneof) const;
  const Method* method(std::string_view method) const;
};

/// The answers to the questions that no source settles; each has a default and can be switched.
class Assumptions {
 public:
  explicit Assumptions(const Json& document);

  /// Throws std::invalid_argument that names the known switches or values.
  void set(const std::string& name, const std::string& value);
  /// True when the choice `name` stands at `value`.
  bool is(std::string_view name, std::string_view value) const;
  const std::string& choice(std::string_view name) const;
  std::size_t integer(std::string_view name) const;
  double number(std::string_view name) const;
  Duration duration(std::string_view name) const;
  /// Name, value, default and meaning of each, for people.
  Json described() const;

 private:
  struct Assumption {
    std::string type;
    std::vector<std::string> choices;
    std::string value;
    std::string default_value;
    std::string what;
  };
  const Assumption& known(std::string_view name) const;

  std::map<std::string, Assumption, std::less<>> assumptions_;
};

/// Everything the contract files say. Reading them fails only by a mistake of ours.
class Contract {
 public:
  explicit Contract(const std::map<std::string_view, std::string_view>& texts);

  const KindContract& kind(std::string_view name) const;
  const std::vector<KindContract>& kinds() const { return kinds_; }
  const Json& document(std::string_view name) const;
  /// The error `id` with its {placeholders} filled in.
  Problem problem(std::string_view id, const std::map<std::string, std::string>& values = {}) const;

  Assumptions assumptions;

 private:
  std::map<std::string, Json, std::less<>> documents_;
  std::vector<KindContract> kinds_;
  std::map<std::string, Json, std::less<>> errors_;
};

}  // namespace emulator
