#include "manifest/combinations.h"

#include <array>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "manifest/manifest_rules.h"

namespace weir {
namespace {

using Names = std::string_view;

constexpr std::array<Names, 6> kIdentities = {"app",   "service_principal", "user", "group",
                                              "login", "password"};
constexpr std::array<Names, 3> kCapacity = {"cu", "min_cu", "max_cu"};
constexpr std::array<Names, 2> kPoint = {"at", "lsn"};
constexpr std::array<Names, 2> kTimeOfParent = {"at", "from"};
constexpr std::array<Names, 2> kPositionOfParent = {"lsn", "from"};
constexpr std::array<Names, 2> kExpiry = {"on_expiry", "expires"};

constexpr std::array<Names, 5> kPipelines = {"pipeline.id", "pipeline.storage_catalog",
                                             "pipeline.storage_schema", "pipeline.budget_policy",
                                             "pipeline.channel"};
constexpr std::array<Names, 6> kShares = {"pipeline.share",           "pipeline.id",
                                          "pipeline.storage_catalog", "pipeline.storage_schema",
                                          "pipeline.budget_policy",   "pipeline.channel"};
constexpr std::array<Names, 2> kStorageCatalog = {"pipeline.storage_schema",
                                                  "pipeline.storage_catalog"};
constexpr std::array<Names, 2> kStorageSchema = {"pipeline.storage_catalog",
                                                 "pipeline.storage_schema"};

constexpr std::array kCombinations = {
    Combination{"role", Combination::Type::kExactlyOne, kIdentities},
    Combination{"endpoint", Combination::Type::kExcludes, kCapacity},
    Combination{"branch", Combination::Type::kExcludes, kPoint},
    Combination{"branch", Combination::Type::kNeeds, kTimeOfParent},
    Combination{"branch", Combination::Type::kNeeds, kPositionOfParent},
    Combination{"branch", Combination::Type::kNeeds, kExpiry},
    Combination{"instance", Combination::Type::kExcludes, kPoint},
    Combination{"instance", Combination::Type::kNeeds, kTimeOfParent},
    Combination{"instance", Combination::Type::kNeeds, kPositionOfParent},
    Combination{"synced_table", Combination::Type::kExcludes, kShares},
    Combination{"synced_table", Combination::Type::kExcludes, kPipelines},
    Combination{"synced_table", Combination::Type::kNeeds, kStorageCatalog},
    Combination{"synced_table", Combination::Type::kNeeds, kStorageSchema},
};

class Check {
 public:
  Check(const Declaration& declaration, Diagnostics& diagnostics)
      : declaration_(declaration), diagnostics_(diagnostics) {}

  void check(const Combination& combination) {
    switch (combination.type) {
      case Combination::Type::kExactlyOne:
        return check_exactly_one(combination.fields);
      case Combination::Type::kExcludes:
        return check_excludes(combination.fields);
      case Combination::Type::kNeeds:
        return check_needs(combination.fields);
    }
  }

 private:
  bool is_written(Names field) const {
    return declaration_.field_places.contains(std::string(field));
  }

  void complain(const char* rule, const Place& place, std::string message, std::string hint) {
    diagnostics_.add({.rule = rule,
                      .address = declaration_.address.text(),
                      .message = std::move(message),
                      .hint = std::move(hint),
                      .place = place});
  }

  void check_exactly_one(std::span<const Names> fields) {
    std::vector<Names> written;
    for (const Names field : fields) {
      if (is_written(field)) written.push_back(field);
    }
    if (written.size() == 1) return;
    if (written.empty()) {
      return complain(
          rule::kExactlyOne, declaration_.place,
          fmt::format("none of {} is written", fmt::join(fields, ", ")),
          fmt::format("write exactly one of them, such as {}", example_of(fields.front())));
    }
    complain(rule::kExactlyOne, declaration_.place_of(std::string(written[1])),
             fmt::format("{} exclude each other", fmt::join(written, " and ")), "keep one of them");
  }

  std::string example_of(Names name) const {
    const Field* field = find_field(*declaration_.kind, name);
    return field == nullptr ? std::string(name) : fmt::format("{}: {}", name, field->example);
  }

  void check_excludes(std::span<const Names> fields) {
    if (!is_written(fields.front())) return;
    for (const Names other : fields.subspan(1)) {
      if (!is_written(other)) continue;
      complain(rule::kExcludes, declaration_.place_of(std::string(other)),
               fmt::format("{} and {} exclude each other", fields.front(), other),
               "keep one of them");
      return;
    }
  }

  void check_needs(std::span<const Names> fields) {
    if (!is_written(fields.front())) return;
    for (const Names other : fields.subspan(1)) {
      if (is_written(other)) continue;
      complain(rule::kNeeds, declaration_.place_of(std::string(fields.front())),
               fmt::format("{} needs {} beside it", fields.front(), other),
               fmt::format("add {}", example_of(other)));
    }
  }

  const Declaration& declaration_;
  Diagnostics& diagnostics_;
};

}  // namespace

std::span<const Combination> all_combinations() {
  return kCombinations;
}

bool is_secret_field(const Kind& kind, const Field& field) {
  return kind.is_a("role") && field.name == "password";
}

void check_combinations(const Declaration& declaration, Diagnostics& diagnostics) {
  for (const Combination& combination : kCombinations) {
    if (!declaration.kind->is_a(combination.kind)) continue;
    Check(declaration, diagnostics).check(combination);
  }
}

}  // namespace weir
