#include "manifest/inside/object_name.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "sql/quote.h"

namespace weir::inside {
namespace {

struct ShortName {
  std::string_view name;
  std::string_view shown;  ///< by format_type
};
constexpr std::array kShortNames = {ShortName{"int", "integer"},
                                    ShortName{"int4", "integer"},
                                    ShortName{"int8", "bigint"},
                                    ShortName{"int2", "smallint"},
                                    ShortName{"bool", "boolean"},
                                    ShortName{"varchar", "character varying"},
                                    ShortName{"char", "character"},
                                    ShortName{"decimal", "numeric"},
                                    ShortName{"float4", "real"},
                                    ShortName{"float8", "double precision"},
                                    ShortName{"float", "double precision"},
                                    ShortName{"timestamp", "timestamp without time zone"},
                                    ShortName{"timestamptz", "timestamp with time zone"},
                                    ShortName{"time", "time without time zone"},
                                    ShortName{"timetz", "time with time zone"}};

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// Takes one name from the front: what is in quotation marks, or all before one of `ends`.
std::optional<std::string> take_name(std::string_view& rest, std::string_view ends) {
  std::string name;
  if (!rest.starts_with('"')) {
    name = rest.substr(0, rest.find_first_of(ends));
    rest.remove_prefix(name.size());
    if (name.empty() || name.find('"') != std::string::npos) return std::nullopt;
    return name;
  }
  for (std::size_t at = 1; at < rest.size(); ++at) {
    if (rest[at] != '"') {
      name += rest[at];
    } else if (at + 1 < rest.size() && rest[at + 1] == '"') {
      name += rest[at++];
    } else {
      rest.remove_prefix(at + 1);
      return name.empty() ? std::nullopt : std::optional(name);
    }
  }
  return std::nullopt;
}

std::string shown_type(std::string_view written) {
  std::string_view base = trimmed(written);
  std::string suffix;
  if (base.ends_with("[]")) {
    base = trimmed(base.substr(0, base.size() - 2));
    suffix = "[]";
  }
  const auto found = std::find_if(kShortNames.begin(), kShortNames.end(),
                                  [&](const ShortName& each) { return each.name == base; });
  return std::string(found == kShortNames.end() ? base : found->shown) + suffix;
}

/// "(integer, text)" from what stands between the brackets; nothing when a type is missing.
std::optional<std::string> read_arguments(std::string_view inner) {
  if (trimmed(inner).empty()) return "()";
  std::string arguments = "(";
  for (bool is_last = false; !is_last;) {
    const std::size_t comma = inner.find(',');
    is_last = comma == std::string_view::npos;
    const std::string type = shown_type(inner.substr(0, comma));
    if (type.empty()) return std::nullopt;
    arguments += (arguments.size() > 1 ? ", " : "") + type;
    if (!is_last) inner.remove_prefix(comma + 1);
  }
  return arguments + ")";
}

/// As a manifest writes a part of a name: in quotation marks where it would end too early.
std::string written_part(const std::string& name) {
  const bool is_plain = name.find_first_of(".\"()") == std::string::npos &&
                        !name.starts_with(' ') && !name.ends_with(' ');
  if (is_plain) return name;
  std::string text = "\"";
  for (const char c : name) text.append(c == '"' ? 2 : 1, c);
  return text + '"';
}

ObjectName problem(std::string text) {
  return {.problem = std::move(text)};
}

/// The schema and the name; `rest` is what follows them.
ObjectName take_both(std::string_view& rest, std::string_view ends, std::string_view example) {
  const std::string text(rest);
  const auto schema = take_name(rest, std::string(".").append(ends));
  if (!schema) return problem(fmt::format("\"{}\" is no name; write {}", text, example));
  if (!rest.starts_with('.')) {
    return problem(fmt::format("\"{}\" does not say the schema; write {}", text, example));
  }
  rest.remove_prefix(1);
  const auto name = take_name(rest, std::string(".").append(ends));
  if (!name) return problem(fmt::format("\"{}\" is no name; write {}", text, example));
  return {.schema = *schema, .name = *name};
}

}  // namespace

ObjectName read_object_name(std::string_view text) {
  std::string_view rest = trimmed(text);
  ObjectName name = take_both(rest, "", "SCHEMA.NAME");
  if (!name.problem.empty() || rest.empty()) return name;
  return problem(fmt::format(
      "\"{}\" has more than a schema and a name; names with dots are put in quotation marks",
      text));
}

ObjectName read_routine_name(std::string_view text) {
  const std::string_view whole = trimmed(text);
  std::string_view rest = whole;
  ObjectName name = take_both(rest, "(", "SCHEMA.NAME(TYPES)");
  if (!name.problem.empty()) return name;
  const bool is_quoted = whole.substr(0, whole.size() - rest.size()).ends_with('"');
  rest = trimmed(rest);
  if (rest.empty()) {
    return problem(fmt::format(
        "\"{0}\" does not say the types of its arguments; write {0}() or {0}(integer)", text));
  }
  std::optional<std::string> arguments;
  if (rest.starts_with('(') && rest.ends_with(')') && rest.size() > 1) {
    arguments = read_arguments(rest.substr(1, rest.size() - 2));
  }
  if (!arguments) return problem(fmt::format("\"{}\" is no name; write SCHEMA.NAME(TYPES)", text));
  name.name = (is_quoted ? name.name : std::string(trimmed(name.name))) + *arguments;
  return name;
}

std::string written_object_name(const sql::Catalogue& catalogue, sql::ObjectClass object_class,
                                const std::string& schema, const std::string& name) {
  const bool is_routine = object_class == sql::ObjectClass::kRoutine;
  std::string own = name;
  if (is_routine) {
    const auto routine = catalogue.routines.find({schema, name});
    if (routine == catalogue.routines.end()) return "";
    own = routine->second.name;
  }
  if (!sql::problem_with_name(own).empty()) return "";
  const std::string arguments = name.substr(own.size());
  std::string text = written_part(schema) + "." + written_part(own) + arguments;
  const ObjectName read = is_routine ? read_routine_name(text) : read_object_name(text);
  const bool is_same = read.problem.empty() && read.schema == schema && read.name == name;
  return is_same ? text : "";
}

}  // namespace weir::inside
