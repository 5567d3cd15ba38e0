// A database under a name of its own in Unity Catalog.
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

constexpr Field kName = {.name = "name",
                         .doc = "What the catalog is called in Unity Catalog.",
                         .on_change = OnChange::kLocal,
                         .example = "shop_prod",
                         .is_required = true};

constexpr std::array kFields = {
    kName,
    Field{.name = "branch",
          .doc = "The branch that the database is in.",
          .on_change = OnChange::kReplace,
          .sent_as = "spec.branch",
          .observed_at = "status.branch",
          .is_derived = true},
    Field{.name = "database",
          .doc = "The name of the database inside Postgres.",
          .on_change = OnChange::kReplace,
          .sent_as = "spec.postgres_database",
          .observed_at = "status.postgres_database",
          .is_derived = true},
};
static_assert(is_well_formed(kFields));

constexpr std::array kInstanceFields = {
    kName,
    Field{.name = "instance",
          .doc = "The instance that the database is in.",
          .on_change = OnChange::kReplace,
          .sent_as = "database_instance_name",
          .observed_at = "database_instance_name",
          .is_derived = true},
    Field{.name = "database",
          .doc = "The name of the database inside Postgres.",
          .on_change = OnChange::kReplace,
          .sent_as = "database_name",
          .observed_at = "database_name",
          .is_derived = true},
};
static_assert(is_well_formed(kInstanceFields));

}  // namespace

const Kind kCatalog = {.name = "catalog",
                       .collection = "catalog",
                       .parent = "database",
                       .doc = "The registration of a database in Unity Catalog.",
                       .identity = Identity::kOnly,
                       .fields = kFields,
                       .is_unlisted = true,
                       .is_apart = true,
                       .named_as = "catalogs",
                       .id_parameter = "catalog_id"};

const Kind kInstanceCatalog = {
    .name = "instance_catalog",
    .collection = "catalog",
    .parent = "instance_database",
    .doc = "The registration of an instance's database in Unity Catalog.",
    .identity = Identity::kOnly,
    .fields = kInstanceFields,
    .api = &kDatabaseApi,
    .alike = "catalog",
    .is_unlisted = true,
    .is_apart = true,
    .named_as = "database_catalogs",
    .requested_as = "catalogs",
    .id_parameter = "name"};

}  // namespace weir
