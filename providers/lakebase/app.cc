// A Databricks app, of which weir keeps what it is bound to. Other tools make and deploy it.
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

constexpr std::array kPermissions = {Choice{"CAN_CONNECT_AND_CREATE"}};

constexpr std::array kFields = {
    Field{
        .name = "bind",
        .doc = "The databases and branches that the app may use; entries of others are left alone.",
        .type = Type::kBindings,
        .sent_as = "resources",
        .observed_at = "resources",
        .choices = kPermissions,
        .example = "[{resource_key: database, "
                   "database: projects.shop.branches.production.databases.orders}]"},
    Field{.name = "env",
          .doc = "Variables for the app's app.yaml, which weir output -app prints; never sent.",
          .type = Type::kSettings,
          .on_change = OnChange::kLocal,
          .example = "{LAKEBASE_TYPE: autoscaling}"},
};
static_assert(is_well_formed(kFields));

}  // namespace

const Kind kApp = {.name = "app",
                   .collection = "apps",
                   .parent = "",
                   .doc = "A Databricks app that other tools deploy: what it is bound to.",
                   .fields = kFields,
                   .api = &kAppsApi,
                   .is_unlisted = true,
                   .id_parameter = "name",
                   .is_foreign = true};

}  // namespace weir
