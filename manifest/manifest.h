// What people want: every declared resource, with where it is written.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/address.h"
#include "core/diagnostic.h"
#include "core/document.h"
#include "core/kind.h"
#include "core/units.h"
#include "manifest/inside.h"
#include "manifest/node.h"

namespace weir {

/// A field that names another declaration, or a resource that the service makes by itself.
struct Reference {
  std::string field;  ///< "from", "owner"
  Address target;
  bool is_declared = true;  ///< false: implied, such as the branch "production"
  Place place = {};
};

struct Lifecycle {
  bool protect = false;
  std::string on_remove = {};  ///< "delete", "keep", "fail", or empty for the kind's default
  bool adopt = true;
  std::vector<std::string> ignore = {};  ///< names of fields that are left alone
};

struct Declaration {
  Address address;
  const Kind* kind = nullptr;
  /// The API's id (kId), the name inside Postgres (kPostgresName, kRoleAlias; empty for the role of
  /// an app, whose name only the workspace knows), nothing for a singleton.
  std::string id = {};
  std::string remote_parent = {};        ///< full name of what contains it, "" at the top
  Document fields = Document::object();  ///< canonical values; references are not among them
  std::vector<Reference> references = {};
  Lifecycle lifecycle = {};
  bool is_made_in_sql = false;  ///< the service would refuse to make it
  /// Made by a rule for many, so that nothing of it is remembered.
  bool is_of_class = false;
  /// False on a server without a control plane: only statements change anything there.
  bool takes_requests = true;
  /// Why the workspace does not know what the role of an app is called; "" when it does.
  std::string nameless = {};
  Place place = {};
  std::map<std::string, Place> field_places = {};

  /// "projects/shop/branches/dev"; of roles and databases it is known only to the workspace: "".
  std::string remote_name() const;
  /// Where a field is written, or the declaration when it is not.
  const Place& place_of(const std::string& field) const;
};

/// Rules for the branches of a project that nobody declares one by one.
struct BranchClass {
  enum class Undeclared : std::uint8_t { kEnforce, kReport, kIgnore };

  Address address = {};    ///< "projects/shop/branch_classes/preview"
  std::string match = {};  ///< a glob for ids
  Duration lifetime = {};  ///< where nobody says another one
  Duration longest = {};
  Undeclared undeclared = Undeclared::kReport;
  /// A branch as the class makes it, below `address`, and its endpoints.
  std::vector<Declaration> members = {};
  Place place = {};
};

/// What was declared at another address before.
struct Moved {
  Address from = {};
  Address to = {};
  Place place = {};
};

/// What was declared before and is no more.
struct Removed {
  Address address = {};
  bool is_abandoned = false;  ///< it stays; otherwise its end is consented to
  Place place = {};
};

/// `outputs:`: a text with "${…}" that names parts of resources.
struct Output {
  std::string name;
  std::string expression;
  std::string description = {};
  Place place = {};
};

struct Policy {
  std::vector<std::string> deny = {};  ///< actions, such as "delete_project"
  std::vector<std::string> warn = {};
  std::vector<std::string> approvals = {};  ///< what needs a second person, such as "destructive"
  std::optional<std::int64_t> max_destroys = {};
  std::map<std::string, Place> places = {};  ///< by action, and of "max_destroys"
};

/// Where to go, when the manifest's environment says it.
struct WorkspaceChoice {
  std::string host = {};
  std::string profile = {};
  Place place = {};
};

/// Where the value of a secret variable is read when it is needed.
struct SecretSource {
  std::string type = {};  ///< "env", "file" or "databricks_secret"
  std::string name = {};
};

/// The address of a database, or what holds it when it is not to be read here.
struct PostgresUrl {
  std::string text = {};         ///< "postgres://weir@db.example/weir", without a password
  std::string source = {};       ///< "env" or "file"
  std::string source_name = {};  ///< of the variable, or of the file as seen from here

  bool is_said() const { return !text.empty() || !source.empty(); }
};

/// Where the state is, when the manifest says it: one of the two, or none.
struct StateChoice {
  std::string file = {};  ///< of SQLite, as seen from here
  PostgresUrl postgres = {};
  Place place = {};

  bool is_made() const { return !file.empty() || postgres.is_said(); }
};

/// A PostgreSQL server that stands for one branch, instead of a workspace.
struct ServerChoice {
  PostgresUrl url = {};
  std::string branch = {};  ///< its address as written; of a declared manifest its remote name
  Place place = {};

  bool is_made() const { return url.is_said(); }
};

/// What every plan says about a declaration.
struct Remark {
  Address address = {};
  std::string text = {};
  Place place = {};
};

struct Manifest {
  std::string name;  ///< the scope of ownership
  std::string description = {};
  std::string environment = {};
  WorkspaceChoice workspace = {};
  ServerChoice server = {};
  StateChoice state = {};
  Policy policy = {};
  std::map<std::string, Document> limits = {};  ///< overrides of disputed limits, by name
  std::vector<Declaration> declarations = {};   ///< by address, so parents before children
  std::vector<BranchClass> branch_classes = {};
  std::vector<Inside> insides = {};  ///< by address, those of a branch's roles first
  std::map<std::string, SecretSource> secrets = {};  ///< by the name of the variable
  std::vector<Output> outputs = {};
  std::vector<Moved> moved = {};
  std::vector<Removed> removed = {};
  std::map<std::string, Place> places_of_limits = {};
  std::vector<Remark> remarks = {};

  const Declaration* find(const Address& address) const;
};

struct LoadOptions {
  std::vector<std::filesystem::path> files = {};      ///< files and folders; "-" is standard input
  std::string environment = {};                       ///< "" when the manifest has none
  std::map<std::string, std::string> variables = {};  ///< from the command line, as written
  /// Reads an environment variable; WEIR_VAR_<name> gives variables too.
  std::function<std::optional<std::string>(const std::string& name)> getenv;
};

/// All files as one tree, with its variables and environments still in it. Reports what is wrong
/// with the files, all of it at once.
Node read_files(const LoadOptions& options, Sources& sources, Diagnostics& diagnostics);
/// The names of the environments, sorted, so that a caller can load each of them.
std::vector<std::string> environments_of(const Node& files);

/// Where a value came from, other than its place: "variable app_max_cu", "environment dev".
struct Origin {
  std::string text;
  bool is_secret = false;  ///< the value is not in the tree, only its name is
  bool is_open = false;    ///< "${projects.…}" is still in the text, and "$${" stands for "${"
};

/// The tree of all files, merged, with the environment's patch, variables and for_each applied.
struct MergedTree {
  Node root = {};
  std::string environment = {};
  std::vector<Origin> origins = {};  ///< Node::origin counts from 1
  std::map<std::string, SecretSource> secrets = {};

  /// Null when the value is where it is written.
  const Origin* origin_of(const Node& node) const;
};

/// Reads and merges; what is wrong goes into `diagnostics`, all of it at once.
MergedTree load_tree(const LoadOptions& options, Sources& sources, Diagnostics& diagnostics);
/// The same for files that were read before, which may serve several environments.
MergedTree load_tree(Node files, const LoadOptions& options, Sources& sources,
                     Diagnostics& diagnostics);
/// Reads, merges and declares. References are resolved, types are checked; the rules are not.
Manifest load_manifest(const LoadOptions& options, const Catalogue& catalogue, Sources& sources,
                       Diagnostics& diagnostics);
/// The last steps of `load_manifest`: fills in known paths to resources, then declares.
Manifest declare(MergedTree tree, const Catalogue& catalogue, const Sources& sources,
                 Diagnostics& diagnostics);

}  // namespace weir
