#include "engine/apart_observer.h"

#include <algorithm>
#include <exception>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "core/address.h"
#include "core/error.h"
#include "engine/ask_each.h"

namespace weir {
namespace {

class Apart {
 public:
  Apart(Observations& observations, Lakehouse& lakehouse, Provider& provider,
        const Catalogue& catalogue, const ObserveOptions& options)
      : observations_(observations),
        lakehouse_(lakehouse),
        provider_(provider),
        catalogue_(catalogue),
        options_(options) {}

  void run() {
    const std::vector<std::string> names = catalog_names();
    const auto catalogs =
        each(names, [this](const std::string& name) { return find("catalog", name); });
    std::vector<std::string> ours;
    for (std::size_t index = 0; index < names.size(); ++index) {
      if (catalogs[index]) ours.push_back(names[index]);
    }
    const auto lists = each(
        ours, [this](const std::string& name) { return lakehouse_.copies_in(name); },
        "what is copied into ");
    std::vector<std::string> tables;
    for (const auto& list : lists) tables.insert(tables.end(), list.begin(), list.end());
    for (const auto& catalog : catalogs) {
      if (!catalog) continue;
      const std::string name = catalog->name.substr(catalog->name.find('/') + 1);
      apis_[unescape_segment(name)] = catalog->kind->api;
    }
    const auto copies =
        each(tables, [this](const std::string& name) { return find("synced_table", name); });
    for (const auto* found : {&catalogs, &copies}) {
      for (const std::optional<Observed>& one : *found) {
        if (one) observations_.add(*one);
      }
    }
  }

 private:
  std::vector<std::string> catalog_names() {
    try {
      return lakehouse_.catalogs();
    } catch (const ApiError& error) {
      if (!error.is_withheld()) throw;
      options_.leave_out(fmt::format("what is registered in Unity Catalog: {}", error.what()));
      return {};
    }
  }

  /// Of whichever generation it is: names of Unity Catalog are shared by both, and a table is of
  /// the one that its catalog is of.
  std::optional<Observed> find(std::string_view sort, const std::string& name) const {
    const auto api = apis_.find(name.substr(0, name.find('.')));
    std::optional<ApiError> withheld;
    for (const Kind* kind : catalogue_.kinds()) {
      if (!kind->is_a(sort) || (api != apis_.end() && api->second != kind->api)) continue;
      const std::string remote = kind->api->is_plain ? escape_segment(name) : name;
      try {
        auto found = provider_.get(*kind, fmt::format("{}/{}", kind->name_key(), remote));
        if (found) return found;
      } catch (const ApiError& error) {
        if (!error.is_withheld()) throw;
        withheld = error;
      }
    }
    if (withheld) throw ApiError(*withheld);
    return std::nullopt;
  }

  /// What `ask` answers for each name, several at a time; nothing where that is withheld.
  template <typename Ask, typename Result = std::invoke_result_t<Ask, const std::string&>>
  std::vector<Result> each(const std::vector<std::string>& names, const Ask& ask,
                           const std::string& about = "") {
    std::vector<Result> results;
    for (auto& asked : ask_each(names, options_.parallelism, options_.meanwhile, ask)) {
      tell(about + names[results.size()], asked.failure);
      results.push_back(std::move(asked.result));
    }
    return results;
  }

  void tell(const std::string& name, const std::exception_ptr& failure) const {
    if (!failure) return;
    try {
      std::rethrow_exception(failure);
    } catch (const ApiError& error) {
      if (!error.is_withheld()) throw;
      options_.leave_out(fmt::format("{}: {}", name, error.what()));
    }
  }

  Observations& observations_;
  Lakehouse& lakehouse_;
  Provider& provider_;
  const Catalogue& catalogue_;
  const ObserveOptions& options_;
  std::map<std::string, const Api*> apis_ = {};  // by catalog
};

}  // namespace

void observe_apart(Observations& observations, Lakehouse& lakehouse, Provider& provider,
                   const Catalogue& catalogue, const ObserveOptions& options) {
  Apart(observations, lakehouse, provider, catalogue, options).run();
}

}  // namespace weir
