// What a database shows outside of Postgres: as an interface, and as a feed of its changes.
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

constexpr std::array kOpenApiModes = {
    Choice{"ignore_privileges", "OPEN_API_MODE_IGNORE_PRIVILEGES"},
    Choice{"disabled", "OPEN_API_MODE_DISABLED"}};

constexpr std::array kFields = {
    Field{.name = "schemas",
          .doc = "The schemas that it shows; they are there already.",
          .type = Type::kNames,
          .sent_as = "spec.db_schemas",
          .observed_at = "status.db_schemas",
          .example = "[shop]",
          .is_required = true},
    Field{.name = "extra_search_path",
          .doc = "Schemas in which names are looked up besides.",
          .type = Type::kNames,
          .sent_as = "spec.db_extra_search_path",
          .observed_at = "status.db_extra_search_path",
          .example = "[extensions]"},
    Field{.name = "aggregates",
          .doc = "Whether queries may ask for sums, counts and the like.",
          .type = Type::kBoolean,
          .sent_as = "spec.db_aggregates_enabled",
          .observed_at = "status.db_aggregates_enabled",
          .reset_to = "true",
          .example = "false"},
    Field{.name = "max_rows",
          .doc = "The most rows of an answer.",
          .type = Type::kInteger,
          .sent_as = "spec.db_max_rows",
          .observed_at = "status.db_max_rows",
          .example = "1000"},
    Field{.name = "jwt_role_claim",
          .doc = "Where a token names the role to act as.",
          .sent_as = "spec.jwt_role_claim_key",
          .observed_at = "status.jwt_role_claim_key",
          .reset_to = ".sub",
          .example = ".role"},
    Field{.name = "jwt_cache",
          .doc = "How long a checked token is believed; 0s for not at all.",
          .type = Type::kDuration,
          .sent_as = "spec.jwt_cache_max_lifetime",
          .observed_at = "status.jwt_cache_max_lifetime",
          .example = "5m"},
    Field{.name = "openapi",
          .doc = "Whether it describes itself: to everybody in full, or to nobody.",
          .type = Type::kChoice,
          .sent_as = "spec.openapi_mode",
          .observed_at = "status.openapi_mode",
          .choices = kOpenApiModes,
          .example = "disabled"},
    Field{.name = "cors_origins",
          .doc = "The origins whose pages may use it; * for all.",
          .type = Type::kNames,
          .sent_as = "spec.server_cors_allowed_origins",
          .observed_at = "status.server_cors_allowed_origins",
          .example = "[\"https://shop.example.com\"]"},
    Field{.name = "timing",
          .doc = "Whether answers say how long they took.",
          .type = Type::kBoolean,
          .sent_as = "spec.server_timing_enabled",
          .observed_at = "status.server_timing_enabled",
          .reset_to = "false",
          .example = "true"},
};
static_assert(is_well_formed(kFields));

constexpr std::array kFeedFields = {
    Field{.name = "catalog",
          .doc = "The catalog of Unity Catalog that its tables go to.",
          .on_change = OnChange::kReplace,
          .sent_as = "catalog",
          .observed_at = "catalog",
          .example = "main",
          .is_required = true},
    Field{.name = "schema",
          .doc = "The schema in that catalog.",
          .on_change = OnChange::kReplace,
          .sent_as = "schema",
          .observed_at = "schema",
          .example = "shop_history",
          .is_required = true},
    Field{.name = "postgres_schema",
          .doc = "The schema whose tables are meant.",
          .on_change = OnChange::kReplace,
          .sent_as = "postgres_schema",
          .observed_at = "postgres_schema",
          .is_derived = true},
};
static_assert(is_well_formed(kFeedFields));

}  // namespace

const Kind kDataApi = {.name = "data_api",
                       .collection = "data_api",
                       .parent = "database",
                       .doc = "The interface by which programs query a database over HTTP.",
                       .identity = Identity::kOnly,
                       .fields = kFields,
                       .is_unlisted = true,
                       .named_as = "data-api"};

const Kind kChangeFeed = {.name = "cdf_config",
                          .collection = "cdf",
                          .parent = "database.schemas",
                          .doc = "The feed of a schema's changes into tables of Unity Catalog.",
                          .identity = Identity::kOnly,
                          .fields = kFeedFields,
                          .is_unlisted = true,
                          .named_as = "cdf-configs",
                          .id_parameter = "cdf_config_id",
                          .listed_as = "cdf_configs"};

}  // namespace weir
