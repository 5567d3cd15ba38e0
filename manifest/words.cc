#include "manifest/words.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace weir {
namespace {

constexpr std::array kWords = {
    // The header.
    Word{"version", "The version of the language; each file begins with it.", "version: weir/v1"},
    Word{"name", "The name under which weir keeps what it owns.", "name: shop"},
    Word{"description", "What the manifest is for, in words.",
         "description: Databases of the shop"},
    // Values that differ.
    Word{"variables", "Values that are given when the manifest is read, used as ${var.NAME}.",
         "variables:\n  max_cu: { type: number, default: 2 }"},
    Word{"variables.type",
         "What its values are: string, number, bool, duration, list or map; without it, what the "
         "default is.",
         "type: number"},
    Word{"variables.default", "The value when none is given; without it, one must be given.",
         "default: 2"},
    Word{"variables.secret",
         "Whether the value is secret: it is never read from the manifest and never shown.",
         "secret: true"},
    Word{"variables.from",
         "Where a secret comes from: exactly one of env, file, databricks_secret.",
         "from: { env: SHOP_PASSWORD }"},
    Word{"variables.from.env", "An environment variable that has the secret.",
         "env: SHOP_PASSWORD"},
    Word{"variables.from.file", "A file that has the secret.", "file: /run/secrets/shop"},
    Word{"variables.from.databricks_secret", "A Databricks secret, by scope and key.",
         "databricks_secret: shop/password"},
    Word{"variables.description", "What the variable is for, in words.",
         "description: Upper bound of the app's compute"},
    Word{"environments", "What differs between places; -e NAME or WEIR_ENV chooses one.",
         "environments:\n  dev:\n    variables: { max_cu: 1 }\n  prod: {}"},
    Word{"environments.workspace", "Where this environment is, as workspace at the top.",
         "workspace: { profile: dev }"},
    Word{"environments.server",
         "The server that this environment is on, instead of workspace or server at the top.",
         "server: postgres://weir@localhost/postgres"},
    Word{"environments.state", "Where this environment's state is, instead of state at the top.",
         "state: { postgres: { from: { env: WEIR_STATE_PROD } } }"},
    Word{"environments.variables", "The values of variables in this environment.",
         "variables: { max_cu: 1 }"},
    Word{"environments.policy", "Put over policy at the top.", "policy: { max_destroys: 5 }"},
    Word{"environments.limits", "Put over limits at the top.",
         "limits:\n  branch_ttl_maximum: { value: 60d, reason: agreed with support }"},
    Word{"environments.patch",
         "Put over the rest of the manifest: maps merge, everything else replaces, null removes.",
         "patch:\n  projects: { shop: { branches: { staging: null } } }"},
    Word{"workspace", "Which workspace is meant.", "workspace: { profile: dev }"},
    Word{"workspace.host", "The address of the workspace.",
         "host: https://dbc-dev.cloud.databricks.com"},
    Word{"workspace.profile", "A profile of ~/.databrickscfg.", "profile: dev"},
    Word{"server",
         "A PostgreSQL server that stands for one branch, instead of a workspace: its URL without "
         "a password, or a map with exactly one of url, from, and with branch.",
         "server: postgres://weir@localhost/postgres"},
    Word{"server.url",
         "The URL, without a password; its database is the one through which weir changes roles.",
         "url: postgres://weir@localhost/postgres"},
    Word{"server.from", "What holds the URL: exactly one of env, file.",
         "from: { env: SHOP_SERVER }"},
    Word{"server.from.env", "An environment variable that has the URL.", "env: SHOP_SERVER"},
    Word{"server.from.file", "A file that has the URL.", "file: /run/secrets/shop-server"},
    Word{"server.branch",
         "The branch that the server stands for, by its address; not needed where one is declared.",
         "branch: projects/shop/branches/production"},
    Word{"state",
         "Where weir keeps what it remembers, if not in .weir beside the manifest: exactly one of "
         "sqlite, postgres.",
         "state: { sqlite: state/shop.db }"},
    Word{"state.sqlite", "A file, seen from the manifest's folder.", "sqlite: state/shop.db"},
    Word{"state.postgres",
         "The URL of a database, without a password; or from, which says what holds the URL.",
         "postgres: { from: { env: WEIR_STATE_PROD } }"},
    Word{"state.postgres.from", "What holds the URL: exactly one of env, file.",
         "from: { env: WEIR_STATE_PROD }"},
    Word{"state.postgres.from.env", "An environment variable that has the URL.",
         "env: WEIR_STATE_PROD"},
    Word{"state.postgres.from.file", "A file that has the URL.", "file: /run/secrets/weir-state"},
    // What is written about resources.
    Word{"id",
         "What the service calls the resource, where it differs from the key: the API's id, or the "
         "name inside Postgres.",
         "id: shop-${env.name}"},
    Word{"for_each",
         "Repeats a member whose key has ${each.key}: once for each text of a list, or each key of "
         "a map, whose values are ${each.value}.",
         "\"tenant-${each.key}\":\n  for_each: [acme, globex]\n  from: production"},
    Word{"lifecycle", "What weir may do with a resource.", "lifecycle: { protect: true }"},
    Word{"lifecycle.protect",
         "Refuses plans that delete or replace it, also once it is no longer declared.",
         "protect: true"},
    Word{"lifecycle.on_remove",
         "What taking the declaration away means: delete, keep, or fail until it is allowed on the "
         "command line.",
         "on_remove: keep"},
    Word{"lifecycle.adopt",
         "Whether one that exists already is taken over; true unless it says no.", "adopt: false"},
    Word{"lifecycle.ignore", "Fields that are set at creation and left alone later.",
         "ignore: [max_cu]"},
    // What is said about plans.
    Word{"outputs", "Values for others, which weir output prints.",
         "outputs:\n  host: \"${projects.shop.branches.production.endpoints.primary.host}\""},
    Word{"outputs.value", "The value: a text that may name parts of resources.",
         "value: \"${projects.shop.name}\""},
    Word{"outputs.description", "What the output is for, in words.",
         "description: For the app's configuration"},
    Word{"policy", "What plans may do.", "policy: { deny: [delete_project], max_destroys: 5 }"},
    Word{
        "policy.deny",
        "Actions that no plan may have: a verb and a kind, such as delete_branch, drop_database or "
        "replace_project, or compute_restart.",
        "deny: [drop_database, delete_project]"},
    Word{"policy.warn", "Actions that a plan points out, in the words of deny.",
         "warn: [compute_restart]"},
    Word{"policy.approvals",
         "Actions that only a saved plan may carry out: somebody else reads it before.",
         "approvals: [destructive]"},
    Word{"policy.max_destroys", "How many declared resources one plan may destroy.",
         "max_destroys: 5"},
    Word{"limits", "Other values for limits of the service on which its sources disagree.",
         "limits:\n  branch_ttl_maximum: { value: 60d, reason: agreed with support }"},
    Word{"limits.value", "The value that holds for you.", "value: 60d"},
    Word{"limits.reason", "Why, for the next reader.", "reason: agreed with support"},
};

}  // namespace

std::span<const Word> all_words() {
  return kWords;
}

std::string_view word_doc(std::string_view path) {
  const auto found = std::find_if(kWords.begin(), kWords.end(),
                                  [&](const Word& word) { return word.path == path; });
  if (found == kWords.end()) {
    throw std::out_of_range("the language has no word " + std::string(path));
  }
  return found->doc;
}

}  // namespace weir
