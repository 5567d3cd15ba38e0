#include "cli/outputs.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "cli/app_environment.h"
#include "core/error.h"
#include "core/nearest.h"
#include "core/value.h"
#include "manifest/interpolate.h"
#include "manifest/paths.h"
#include "planner/identify.h"

namespace weir {
namespace {

std::string text_of_value(const Document& value) {
  return value.is_string() ? value.get<std::string>() : to_text(value);
}

class Evaluation {
 public:
  Evaluation(const Manifest& manifest, const Node& tree, const Observations& observations,
             const Catalogue& catalogue)
      : observations_(observations),
        wishes_(manifest, {}, observations, catalogue),
        paths_(tree, catalogue) {}

  std::string value_of(const Output& output) {
    const auto pieces = split_interpolation(output.expression);
    if (!pieces) return output.expression;
    std::string value;
    for (const Piece& piece : *pieces) {
      value += piece.is_expression ? look_up(output, piece.text) : std::string(piece.text);
    }
    return value;
  }

 private:
  std::string look_up(const Output& output, std::string_view expression) {
    const ResourcePath path = paths_.read(expression);
    if (!path.mistake.empty()) refuse(output, expression, path.mistake, path.hint);
    const Wish* wish = wishes_.find(path.address);
    const Observed* observed = wish != nullptr ? wish->live : observations_.find(path.name);
    if (observed == nullptr) {
      refuse(output, expression, fmt::format("{} is not in the workspace", path.address.text()),
             "weir plan shows what is missing");
    }
    const std::optional<std::string> part = part_of(*observed, path.part);
    if (!part) {
      refuse(output, expression,
             fmt::format("the workspace does not say the {} of {}", path.part, observed->name),
             "name, id and uid are always there; endpoints have a host while they exist");
    }
    return *part;
  }

  [[noreturn]] static void refuse(const Output& output, std::string_view expression,
                                  const std::string& why, const std::string& hint) {
    throw ConfigurationError(fmt::format("output {}: ${{{}}}: {}{}{}", output.name, expression, why,
                                         hint.empty() ? "" : "; ", hint));
  }

  const Observations& observations_;
  Wishes wishes_;
  ResourcePaths paths_;
};

const Declaration& app_called(const Manifest& manifest, const std::string& name) {
  std::vector<std::string_view> names;
  std::vector<std::string> keys;
  for (const Declaration& declaration : manifest.declarations) {
    if (!declaration.kind->is_foreign) continue;
    keys.push_back(declaration.address.key());
    if (name == keys.back() || name == declaration.id) return declaration;
  }
  names.assign(keys.begin(), keys.end());
  const std::string near = did_you_mean(name, names);
  throw UsageError(fmt::format("the manifest has no app \"{}\"; {}", name,
                               near.empty() ? "declare it under apps" : near));
}

void refuse_name(const Manifest& manifest, const std::string& name) {
  std::vector<std::string_view> names;
  names.reserve(manifest.outputs.size());
  for (const Output& output : manifest.outputs) names.push_back(output.name);
  if (std::ranges::find(names, name) != names.end()) return;
  const std::string near = did_you_mean(name, names);
  throw UsageError(fmt::format("the manifest has no output \"{}\"; {}", name,
                               near.empty() ? "weir output lists what it has" : near));
}

}  // namespace

std::optional<std::string> part_of(const Observed& observed, const std::string& part) {
  const std::map<std::string_view, std::string> always = {
      {"name", observed.name},
      {"id", observed.name.substr(observed.name.rfind('/') + 1)},
      {"uid", observed.uid},
      {"create_time", observed.create_time},
      {"update_time", observed.update_time},
      {"state", text_at(observed.facts, "current_state")},
      {"postgres_name", observed.postgres_name}};
  const auto found = always.find(part);
  if (found != always.end() && !found->second.empty()) return found->second;
  const Field* field = find_field(*observed.kind, part);
  if (field != nullptr && observed.fields.contains(part)) {
    return text_of_value(written_value(*field, observed.fields.at(part)));
  }
  for (const std::string& place : {"hosts." + part, part}) {
    const Document* value = at_path(observed.facts, place);
    if (value != nullptr && !value->is_null()) return text_of_value(*value);
  }
  return std::nullopt;
}

std::vector<OutputValue> evaluate_outputs(const Manifest& manifest, const Node& tree,
                                          const Observations& observations,
                                          const Catalogue& catalogue, const std::string& only) {
  if (!only.empty()) refuse_name(manifest, only);
  Evaluation evaluation(manifest, tree, observations, catalogue);
  std::vector<OutputValue> values;
  for (const Output& output : manifest.outputs) {
    if (!only.empty() && output.name != only) continue;
    values.push_back({output.name, evaluation.value_of(output), output.description});
  }
  return values;
}

std::vector<OutputValue> evaluate_environment(const Manifest& manifest, const Node& tree,
                                              const Observations& observations,
                                              const Catalogue& catalogue, const std::string& app) {
  const Declaration& declaration = app_called(manifest, app);
  std::vector<OutputValue> values;
  const auto env = declaration.fields.find("env");
  if (env == declaration.fields.end()) return values;
  Evaluation evaluation(manifest, tree, observations, catalogue);
  for (const auto& [name, expression] : env->items()) {
    const Output output = {.name = name, .expression = expression.get<std::string>()};
    values.push_back({name, evaluation.value_of(output)});
  }
  return values;
}

std::string shell_lines(const std::vector<OutputValue>& outputs) {
  std::string lines;
  for (const OutputValue& output : outputs) {
    std::string name = output.name;
    for (char& letter : name) {
      const bool is_digit = letter >= '0' && letter <= '9';
      if (letter >= 'a' && letter <= 'z') {
        letter = static_cast<char>(letter - 'a' + 'A');
      } else if (!is_digit && !(letter >= 'A' && letter <= 'Z')) {
        letter = '_';
      }
    }
    if (name.empty() || (name.front() >= '0' && name.front() <= '9'))
      name.insert(name.begin(), '_');
    lines += fmt::format("{}={}\n", name, shell_quoted(output.value));
  }
  return lines;
}

}  // namespace weir
