#include "bench/recorded_estate.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.h"
#include "providers/lakebase/decode.h"

namespace weir {
namespace {

constexpr int kBranches = 10;
constexpr int kPlainRoles = 5;
constexpr int kProjectsOnAPage = 100;

// Answers of the emulator about an estate that bench/reconciler.py made, of 2026-11-21; $NAME
// stands for the name of the resource, $PARENT for its parent's and $ID for its own last part.
constexpr const char* kTimes = R"(
"create_time":"2026-11-21T13:14:26.559585166Z","update_time":"2026-11-21T13:14:26.559585166Z",)";
constexpr const char* kProject = R"(
{"name":"$NAME","project_id":"$ID","uid":"5bcac77c-8090-4a85-9131-00d5a4756d31",
$TIMES"status":{"project_id":"$ID","display_name":"$ID","owner":"developer@example.com",
"pg_version":17,"history_retention_duration":"604800s","enable_pg_native_login":true,
"default_branch":"$NAME/branches/production",
"default_endpoint_settings":{"autoscaling_limit_min_cu":1,"autoscaling_limit_max_cu":1,
"suspend_timeout_duration":"86400s"},"branch_logical_size_limit_bytes":8796093022208,
"synthetic_storage_size_bytes":0,"compute_last_active_time":"2026-11-21T13:14:26.598641898Z"}})";
constexpr const char* kPermissions = R"(
{"object_id":"/database-projects/$ID","object_type":"database-projects",
"access_control_list":[{"user_name":"developer@example.com",
"display_name":"developer@example.com","all_permissions":[{"permission_level":"CAN_MANAGE",
"inherited":false}]},{"group_name":"admins","all_permissions":[{"permission_level":"CAN_MANAGE",
"inherited":true,"inherited_from_object":["/database-projects/"]}]}]})";
constexpr const char* kProduction = R"(
{"name":"$NAME","branch_id":"$ID","parent":"$PARENT","uid":"br-broad-meadow-c81dba1d",
$TIMES"status":{"branch_id":"$ID","current_state":"READY",
"state_change_time":"2026-11-21T13:14:26.736341709Z","default":true,"is_protected":false,
"logical_size_bytes":0}})";
constexpr const char* kBranch = R"(
{"name":"$NAME","branch_id":"$ID","parent":"$PARENT","uid":"br-wild-forest-0029afa5",
$TIMES"status":{"branch_id":"$ID","current_state":"READY",
"state_change_time":"2026-11-21T13:14:26.753098110Z","default":false,"is_protected":false,
"logical_size_bytes":0,"source_branch":"$PARENT/branches/production",
"source_branch_lsn":"0/194F338","source_branch_time":"2026-11-21T13:14:26.752310699Z"}})";
constexpr const char* kEndpoint = R"(
{"name":"$NAME","endpoint_id":"$ID","parent":"$PARENT","uid":"ep-broad-snow-d6bba050",
$TIMES"status":{"endpoint_id":"$ID","endpoint_type":"ENDPOINT_TYPE_READ_WRITE",
"current_state":"ACTIVE","settings":{},"autoscaling_limit_min_cu":1,
"autoscaling_limit_max_cu":1,"disabled":false,"group":{"min":1,"max":1,
"enable_readable_secondaries":false},"suspend_timeout_duration":"86400s",
"hosts":{"host":"ep-broad-snow-d6bba050.database.example",
"read_write_pooled_host":"ep-broad-snow-d6bba050.database.example"},
"last_active_time":"2026-11-21T13:14:26.753180418Z"}})";
constexpr const char* kOwner = R"(
{"name":"$NAME","role_id":"$ID","parent":"$PARENT",$TIMES"status":{"role_id":"$ID",
"postgres_role":"developer@example.com","identity_type":"USER",
"auth_method":"LAKEBASE_OAUTH_V1","membership_roles":["DATABRICKS_SUPERUSER"],
"attributes":{"bypassrls":true,"createdb":true,"createrole":true}}})";
constexpr const char* kPlainRole = R"(
{"name":"$NAME","role_id":"$ID","parent":"$PARENT",$TIMES"status":{"role_id":"$ID",
"postgres_role":"$ID","identity_type":"IDENTITY_TYPE_UNSPECIFIED",
"auth_method":"PG_PASSWORD_SCRAM_SHA_256","attributes":{"bypassrls":false,"createdb":false,
"createrole":false}}})";
constexpr const char* kDatabase = R"(
{"name":"$NAME","database_id":"$ID","parent":"$PARENT",$TIMES"status":{"database_id":"$ID",
"postgres_database":"databricks_postgres","role":"$PARENT/roles/developer"}})";

// What `weir export` writes about a project, with native logins allowed.
constexpr const char* kManifestOfProject = R"(  $ID:
    display_name: $ID
    native_login: true
    pg_version: 17
    history_retention: 7d
    default_branch: production
    default_endpoint:
      min_cu: 1
      max_cu: 1
      suspend_after: 1d
    permissions:
      - { user: developer@example.com, level: CAN_MANAGE }
    branches:
)";
constexpr const char* kManifestOfBranch = R"(      $ID:
$FROM        expires: never
        endpoints:
          primary:
            type: read_write
            suspend_after: 1d
            cu: 1
        roles:
          developer:
            user: developer@example.com
            superuser: true
            attributes: [bypassrls, createdb, createrole]
$ROLES        databases:
          databricks_postgres: { owner: developer }
)";

std::string with(std::string text, std::string_view placeholder, const std::string& value) {
  for (std::size_t place = text.find(placeholder); place != std::string::npos;
       place = text.find(placeholder, place + value.size())) {
    text.replace(place, placeholder.size(), value);
  }
  return text;
}

/// The recorded text of a resource, for this one.
std::string answer(const char* recorded, const std::string& parent, std::string_view collection,
                   const std::string& id) {
  const std::string name =
      (parent.empty() ? "" : parent + "/") + std::string(collection) + "/" + id;
  return with(with(with(with(recorded, "$TIMES", kTimes), "$NAME", name), "$PARENT", parent), "$ID",
              id);
}

std::string project_id(int number) {
  return fmt::format("p{:05}", number);
}

std::string branch_id(int number) {
  return number == 0 ? "production" : fmt::format("b{}", number);
}

std::string role_id(int number) {
  return fmt::format("role-{}", number);
}

std::string last_part(const std::string& name) {
  return name.substr(name.rfind('/') + 1);
}

/// The texts of the members of a list below a project, with commas between them.
std::string members_of(const Kind& kind, const std::string& parent) {
  const auto one = [&](const char* recorded, const std::string& id) {
    return answer(recorded, parent, kind.collection, id);
  };
  if (kind.name == "endpoint") return one(kEndpoint, "primary");
  if (kind.name == "database") return one(kDatabase, "databricks-postgres");
  if (kind.name == "branch") {
    std::string members = one(kProduction, branch_id(0));
    for (int i = 1; i < kBranches; ++i) members += "," + one(kBranch, branch_id(i));
    return members;
  }
  if (kind.name != "role") throw Error(fmt::format("no list of {} is recorded", kind.collection));
  std::string members = one(kOwner, "developer");
  for (int i = 0; i < kPlainRoles; ++i) members += "," + one(kPlainRole, role_id(i));
  return members;
}

}  // namespace

std::string manifest_of(const EstateSize& size) {
  std::string roles;
  for (int i = 0; i < kPlainRoles; ++i) {
    roles += fmt::format("          {}: {{ login: true }}\n", role_id(i));
  }
  std::string text = "version: weir/v1\nname: estate\nprojects:\n";
  for (int project = 0; project < size.projects; ++project) {
    text += with(kManifestOfProject, "$ID", project_id(project));
    for (int branch = 0; branch < kBranches; ++branch) {
      const std::string from = branch == 0 ? "" : "        from: production\n";
      text += with(with(with(kManifestOfBranch, "$ROLES", roles), "$FROM", from), "$ID",
                   branch_id(branch));
    }
  }
  return text;
}

std::vector<Observed> RecordedEstate::list(const Kind& kind, const std::string& parent) {
  if (kind.parent.empty()) return list_projects(kind);
  if (kind.identity != Identity::kSingleton) {
    return read_page(kind, parent + "/" + std::string(kind.collection), members_of(kind, parent));
  }
  ++requests_;
  const auto page = parse_document(with(kPermissions, "$ID", last_part(parent)));
  if (!page) throw Error("the recorded permissions are no JSON");
  return {decode(kind, *page, parent + "/" + std::string(kind.collection))};
}

std::vector<Observed> RecordedEstate::list_projects(const Kind& kind) {
  std::vector<Observed> all;
  for (int begin = 0; begin < size_.projects; begin += kProjectsOnAPage) {
    std::string members;
    for (int i = begin; i < std::min(begin + kProjectsOnAPage, size_.projects); ++i) {
      members += (i == begin ? "" : ",") + answer(kProject, "", kind.collection, project_id(i));
    }
    for (Observed& project : read_page(kind, std::string(kind.collection), members)) {
      all.push_back(std::move(project));
    }
  }
  return all;
}

std::vector<Observed> RecordedEstate::read_page(const Kind& kind, const std::string& collection,
                                                const std::string& members) {
  ++requests_;
  const auto page = parse_document(fmt::format(R"({{"{}":[{}]}})", kind.collection, members));
  if (!page) throw Error(fmt::format("the recorded {} are no JSON", collection));
  auto decoded = decode_page(kind, collection, *page);
  if (const auto* reason = std::get_if<std::string>(&decoded)) throw Error(*reason);
  return std::get<std::vector<Observed>>(std::move(decoded));
}

std::optional<Observed> RecordedEstate::get(const Kind& /*kind*/, const std::string& name) {
  throw Error(fmt::format("nothing is recorded about {} alone", name));
}

std::string RecordedEstate::principal_of_app(const std::string& app) {
  throw Error(fmt::format("nothing is recorded about the app {}", app));
}

}  // namespace weir
