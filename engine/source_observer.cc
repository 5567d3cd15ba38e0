#include "engine/source_observer.h"

#include <exception>

#include "core/error.h"
#include "engine/inbox.h"
#include "engine/workers.h"

namespace weir {
namespace {

constexpr int kForbidden = 403;
constexpr std::chrono::milliseconds kPause{500};

enum class Sort { kTable, kCatalog, kSchema };

struct Found {
  std::string name;
  Sort sort = Sort::kTable;
  std::optional<SourceTable> table = {};
  std::optional<std::string> catalog_type = {};
  bool has_schema = false;
  std::string unseen = {};
  std::exception_ptr failure = nullptr;
};

Found ask(Lakehouse& lakehouse, const std::string& name, Sort sort) {
  Found found = {.name = name, .sort = sort};
  try {
    if (sort == Sort::kTable) found.table = lakehouse.source_table(name);
    if (sort == Sort::kCatalog) found.catalog_type = lakehouse.catalog_type(name);
    if (sort == Sort::kSchema) found.has_schema = lakehouse.has_schema(name);
  } catch (const ApiError& error) {
    if (error.facts().status == kForbidden || error.is_unknown_call()) {
      found.unseen = error.what();
    } else {
      found.failure = std::current_exception();
    }
  } catch (...) {
    found.failure = std::current_exception();
  }
  return found;
}

SourceAnswers answers_of(std::vector<Found> all) {
  // Of several failures the first name's is told, whichever arrives first.
  std::ranges::sort(all, {}, &Found::name);
  SourceAnswers answers;
  for (Found& found : all) {
    if (found.failure) std::rethrow_exception(found.failure);
    if (!found.unseen.empty()) {
      answers.unseen.emplace(found.name, found.unseen);
    } else if (found.sort == Sort::kCatalog) {
      answers.catalog_types.emplace(found.name, found.catalog_type);
    } else if (found.sort == Sort::kSchema) {
      answers.schemas.emplace(found.name, found.has_schema);
    } else {
      answers.tables.emplace(found.name, found.table);
    }
  }
  return answers;
}

}  // namespace

SourceAnswers look_up(const SourceQuestions& questions, Lakehouse& lakehouse,
                      std::size_t parallelism, const std::function<void()>& meanwhile) {
  const std::size_t count =
      questions.tables.size() + questions.catalogs.size() + questions.schemas.size();
  if (count == 0) return {};
  Inbox<Found> inbox;
  std::vector<Found> all;
  Workers workers(parallelism);
  const auto look_up_all = [&](const std::set<std::string>& names, Sort sort) {
    for (const std::string& name : names) {
      workers.post([&, name, sort] { inbox.put(ask(lakehouse, name, sort)); });
    }
  };
  look_up_all(questions.tables, Sort::kTable);
  look_up_all(questions.catalogs, Sort::kCatalog);
  look_up_all(questions.schemas, Sort::kSchema);
  while (all.size() < count) {
    if (meanwhile) meanwhile();
    for (Found& found : inbox.take(1, std::chrono::steady_clock::now() + kPause)) {
      all.push_back(std::move(found));
    }
  }
  return answers_of(std::move(all));
}

}  // namespace weir
