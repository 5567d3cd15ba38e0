#include "planner/sources.h"

#include <algorithm>

#include <fmt/format.h>

namespace weir {
namespace {

/// What pipelines may keep their data in; that it is called so is inferred.
constexpr std::string_view kRegularCatalog = "MANAGED_CATALOG";

bool makes_synced_table(const Step& step) {
  return step.action == Action::kCreate && step.kind->is_a("synced_table");
}

/// What the step sends for a field; null when it sends nothing.
const Document& sent(const Step& step, std::string_view field) {
  static const Document nothing;
  const auto change = std::ranges::find_if(
      step.changes, [&](const FieldChange& each) { return each.field->name == field; });
  return change == step.changes.end() ? nothing : change->after;
}

std::string text_sent(const Step& step, std::string_view field) {
  const Document& value = sent(step, field);
  return value.is_string() ? value.get<std::string>() : "";
}

/// "main.pipelines"
std::string storage_schema_of(const Step& step) {
  return text_sent(step, "pipeline.storage_catalog") + "." +
         text_sent(step, "pipeline.storage_schema");
}

class Checking {
 public:
  Checking(Plan& plan, const SourceAnswers& answers) : plan_(plan), answers_(answers) {}

  void check(const Step& step) {
    check_table(step, text_sent(step, "from"));
    check_storage(step, text_sent(step, "pipeline.storage_catalog"));
  }

 private:
  void check_table(const Step& step, const std::string& name) {
    if (tell_unseen(step, name)) return;
    const auto answer = answers_.tables.find(name);
    if (answer == answers_.tables.end()) return;
    const std::optional<SourceTable>& table = answer->second;
    if (!table) {
      return refuse(step, fmt::format("there is no table {} in Unity Catalog", name),
                    "correct from:, or make the table first");
    }
    const bool is_fed = table->has_change_feed || text_sent(step, "mode") == "snapshot";
    if (!is_fed) {
      refuse(step,
             fmt::format("{} has no change data feed, which mode: {} needs", name,
                         text_sent(step, "mode")),
             fmt::format("ALTER TABLE {} SET TBLPROPERTIES (delta.enableChangeDataFeed = true), or "
                         "mode: snapshot",
                         name));
    }
    check_columns(step, name, *table);
  }

  void check_columns(const Step& step, const std::string& name, const SourceTable& table) {
    std::vector<std::string> columns;
    if (const Document& key = sent(step, "primary_key"); key.is_array()) {
      columns = key.get<std::vector<std::string>>();
    }
    if (const std::string time = text_sent(step, "timeseries_key"); !time.empty()) {
      columns.push_back(time);
    }
    if (const Document& types = sent(step, "type_overrides"); types.is_object()) {
      for (const auto& [column, type] : types.items()) columns.push_back(column);
    }
    for (const std::string& column : columns) {
      if (table.columns.contains(column)) continue;
      refuse(step, fmt::format("{} has no column {}", name, column),
             "name a column that it has, as it is written there");
    }
  }

  void check_storage(const Step& step, const std::string& name) {
    if (name.empty() || tell_unseen(step, name)) return;
    const auto answer = answers_.catalog_types.find(name);
    if (answer == answers_.catalog_types.end()) return;
    if (!answer->second) {
      refuse(step, fmt::format("there is no catalog {} to keep the pipeline's data in", name),
             "name a catalog that is there as pipeline.storage_catalog");
    } else if (*answer->second != kRegularCatalog) {
      refuse(step,
             fmt::format("{} is a {}, and pipelines keep their data in a regular catalog", name,
                         *answer->second),
             "name another one as pipeline.storage_catalog");
    } else {
      check_storage_schema(step, storage_schema_of(step));
    }
  }

  void check_storage_schema(const Step& step, const std::string& name) {
    if (tell_unseen(step, name)) return;
    const auto answer = answers_.schemas.find(name);
    if (answer == answers_.schemas.end() || answer->second) return;
    refuse(step, fmt::format("there is no schema {} to keep the pipeline's data in", name),
           "name one that is there as pipeline.storage_schema, or make it first");
  }

  bool tell_unseen(const Step& step, const std::string& name) {
    const auto why = answers_.unseen.find(name);
    if (why == answers_.unseen.end()) return false;
    plan_.notices.push_back({.type = Notice::Type::kLeftAsItIs,
                             .address = step.address,
                             .text = fmt::format("{} was not checked: {}", name, why->second),
                             .place = step.place});
    return true;
  }

  void refuse(const Step& step, std::string message, std::string hint) {
    plan_.refusals.push_back({.severity = Severity::kError,
                              .rule = "P018",
                              .address = step.address.text(),
                              .message = std::move(message),
                              .hint = std::move(hint),
                              .place = step.place});
  }

  Plan& plan_;
  const SourceAnswers& answers_;
};

}  // namespace

SourceQuestions questions_about_sources(const Plan& plan) {
  SourceQuestions questions;
  for (const Step& step : plan.steps) {
    if (!makes_synced_table(step)) continue;
    questions.tables.insert(text_sent(step, "from"));
    const std::string storage = text_sent(step, "pipeline.storage_catalog");
    if (storage.empty()) continue;
    questions.catalogs.insert(storage);
    questions.schemas.insert(storage_schema_of(step));
  }
  return questions;
}

void check_sources(Plan& plan, const SourceAnswers& answers) {
  Checking checking(plan, answers);
  for (const Step& step : plan.steps) {
    if (makes_synced_table(step)) checking.check(step);
  }
}

}  // namespace weir
