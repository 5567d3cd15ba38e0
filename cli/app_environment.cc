#include "cli/app_environment.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/json_view.h"
#include "core/document.h"
#include "core/error.h"

namespace weir {
namespace {

std::string keyword(const Entrance& entrance, const std::string& name) {
  const auto found = entrance.keywords.find(name);
  return found == entrance.keywords.end() ? "" : found->second;
}

/// Lines end the forms of shells and runners.
void refuse_control_characters(const AppEnvironment& environment, std::string_view hint) {
  for (const auto& [name, value] : environment) {
    const bool is_plain =
        std::ranges::all_of(value, [](unsigned char letter) { return std::iscntrl(letter) == 0; });
    if (!is_plain) {
      throw Error(fmt::format(
          "{} has control characters, which not every environment can carry; {}", name, hint));
    }
  }
}

std::string as_json(const AppEnvironment& environment) {
  Document values = Document::object();
  for (const auto& [name, value] : environment) values[name] = value;
  return pretty({{"format_version", std::string(kFormatVersion)}, {"env", std::move(values)}});
}

}  // namespace

AppEnvironment app_environment(const Entrance& entrance, const std::string& schema) {
  const std::string host = keyword(entrance, "host");
  const bool is_local = entrance.endpoint.empty();
  AppEnvironment environment = {{"PGHOST", host},
                                {"PGPORT", keyword(entrance, "port")},
                                {"PGDATABASE", keyword(entrance, "dbname")},
                                {"PGUSER", keyword(entrance, "user")},
                                // The file of authorities is this machine's affair.
                                {"PGSSLMODE", is_local ? keyword(entrance, "sslmode") : "require"}};
  constexpr std::string_view kInstances = "instances/";
  const auto add = [&](AppEnvironment more) {
    environment.insert(environment.end(), more.begin(), more.end());
  };
  if (entrance.endpoint.starts_with(kInstances)) {
    const std::string instance = entrance.endpoint.substr(kInstances.size());
    add({{"LAKEBASE_TYPE", "provisioned"},
         {"LAKEBASE_PG_HOST", host},
         {"LAKEBASE_INSTANCE", instance},
         {"LAKEBASE_INSTANCE_NAME", instance},
         {"LAKEBASE_DATABASE_NAME", keyword(entrance, "dbname")},
         {"LAKEBASE_USERNAME", keyword(entrance, "user")}});
  } else if (!is_local) {
    add({{"LAKEBASE_TYPE", "autoscaling"},
         {"LAKEBASE_PG_HOST", host},
         {"LAKEBASE_ENDPOINT_NAME", entrance.endpoint},
         {"LAKEBASE_ENDPOINT", entrance.endpoint}});
  }
  if (!schema.empty()) environment.emplace_back("LAKEBASE_SCHEMA", schema);
  refuse_control_characters(environment, "give what it is about another name");
  return environment;
}

std::string text_of(const AppEnvironment& environment, std::string_view format) {
  if (format == "json") return as_json(environment);
  const bool is_yaml = format == "app-yaml";
  if (!is_yaml) refuse_control_characters(environment, "take them out, or ask for JSON");
  std::string text = is_yaml ? "env:\n" : "";
  for (const auto& [name, value] : environment) {
    if (is_yaml) {
      text += fmt::format("  - name: {}\n    value: {}\n", name, to_text(Document(value)));
    } else if (format == "github") {
      text += fmt::format("{}={}\n", name, value);
    } else {
      text +=
          fmt::format("{}{}={}\n", format == "shell" ? "export " : "", name, shell_quoted(value));
    }
  }
  return text;
}

std::string shell_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char letter : text) {
    if (letter == '\'') {
      quoted += "'\\''";
    } else {
      quoted += letter;
    }
  }
  return quoted + "'";
}

}  // namespace weir
