// Whether what synced tables are made from is there and fit for it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "core/lakehouse.h"
#include "planner/plan.h"

namespace weir {

/// What is to be looked up for the synced tables that a plan makes.
struct SourceQuestions {
  std::set<std::string> tables = {};
  std::set<std::string> catalogs = {};
  std::set<std::string> schemas = {};  ///< "main.pipelines"
};
SourceQuestions questions_about_sources(const Plan& plan);

/// Nothing stands for what is not there.
struct SourceAnswers {
  std::map<std::string, std::optional<SourceTable>> tables = {};
  std::map<std::string, std::optional<std::string>> catalog_types = {};
  std::map<std::string, bool> schemas = {};        ///< whether they are there
  std::map<std::string, std::string> unseen = {};  ///< why nobody could look, by name
};

/// Refuses the steps that the service would fail, and says what could not be looked at.
void check_sources(Plan& plan, const SourceAnswers& answers);

}  // namespace weir
