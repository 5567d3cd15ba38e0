#include "engine/source_observer.h"

#include <exception>

#include "core/error.h"
#include "engine/ask_each.h"

namespace weir {
namespace {

constexpr int kForbidden = 403;

enum class Sort { kTable, kCatalog, kSchema };

struct Question {
  Sort sort = Sort::kTable;
  std::string name;
};

struct Found {
  std::optional<SourceTable> table = {};
  std::optional<std::string> catalog_type = {};
  bool has_schema = false;
  std::string unseen = {};
};

Found ask(Lakehouse& lakehouse, const Question& question) {
  Found found;
  try {
    if (question.sort == Sort::kTable) found.table = lakehouse.source_table(question.name);
    if (question.sort == Sort::kCatalog) found.catalog_type = lakehouse.catalog_type(question.name);
    if (question.sort == Sort::kSchema) found.has_schema = lakehouse.has_schema(question.name);
  } catch (const ApiError& error) {
    if (error.facts().status != kForbidden && !error.is_unknown_call()) throw;
    found.unseen = error.what();
  }
  return found;
}

std::vector<Question> in_a_row(const SourceQuestions& questions) {
  std::vector<Question> all;
  all.reserve(questions.tables.size() + questions.catalogs.size() + questions.schemas.size());
  for (const std::string& name : questions.tables) all.push_back({Sort::kTable, name});
  for (const std::string& name : questions.catalogs) all.push_back({Sort::kCatalog, name});
  for (const std::string& name : questions.schemas) all.push_back({Sort::kSchema, name});
  return all;
}

void add(SourceAnswers& answers, const Question& question, Found&& found) {
  if (!found.unseen.empty()) {
    answers.unseen.emplace(question.name, std::move(found.unseen));
  } else if (question.sort == Sort::kCatalog) {
    answers.catalog_types.emplace(question.name, std::move(found.catalog_type));
  } else if (question.sort == Sort::kSchema) {
    answers.schemas.emplace(question.name, found.has_schema);
  } else {
    answers.tables.emplace(question.name, std::move(found.table));
  }
}

}  // namespace

SourceAnswers look_up(const SourceQuestions& questions, Lakehouse& lakehouse,
                      std::size_t parallelism, const std::function<void()>& meanwhile) {
  const std::vector<Question> all = in_a_row(questions);
  auto found = ask_each(all, parallelism, meanwhile, [&lakehouse](const Question& question) {
    return ask(lakehouse, question);
  });
  SourceAnswers answers;
  for (std::size_t index = 0; index < all.size(); ++index) {
    // Of several failures the first one asked for is told, whichever arrives first.
    if (found[index].failure) std::rethrow_exception(found[index].failure);
    add(answers, all[index], std::move(found[index].result));
  }
  return answers;
}

}  // namespace weir
