// The deployment files of the slide generator's kind: an instance and a schema for each
// environment.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "convert/fields.h"
#include "convert/formats.h"

namespace weir::convert {
namespace {

constexpr std::string_view kDatabase = "databricks_postgres";  // the seed: always this one
constexpr std::string_view kUsualSchema = "app_data";
constexpr std::string_view kRole = "app";

struct Environment {
  std::string name;
  std::string app = {};       ///< "" when the file does not say it
  std::string instance = {};  ///< its id
  Document server = Document::object();
};

/// What the deployment's own script grants to the app.
Document granted() {
  return {"readwrite", "create"};
}

class DeploymentReader {
 public:
  explicit DeploymentReader(Conversion& conversion) : conversion_(conversion) {}

  void read(const Node& root) {
    Body body(root);
    if (const Node* environments = body.take("environments")) {
      for (const Entry& entry : environments->entries) read_environment(entry);
    }
    tell_rest(body, "", conversion_.notes);
  }

  void finish() {
    if (environments_.empty()) return;
    const std::string key = shared_key();
    std::vector<Document> trees;
    for (Environment& each : environments_) {
      Document server = Document::object();
      if (each.instance != key) server["id"] = each.instance;
      server.update(each.server);
      const std::string app = have_one_app() ? each.app : fmt::format("${{var.{}}}", kRole);
      member(server, {"roles", std::string(kRole)}) = {{"app", app}};
      trees.push_back(Document{{"instances", Document{{key, std::move(server)}}}});
    }
    const Document base = shared_by(trees);
    Document& manifest = conversion_.manifest;
    if (!have_one_app()) {
      manifest["variables"][std::string(kRole)] = {
          {"type", "string"}, {"description", "The app that uses the database"}};
    }
    for (std::size_t i = 0; i < trees.size(); ++i) {
      const Environment& each = environments_[i];
      Document& written = member(manifest, {"environments", each.name});
      if (!have_one_app() && !each.app.empty())
        written["variables"] = {{std::string(kRole), each.app}};
      Document patch = patch_between(base, trees[i]);
      if (!patch.empty()) written["patch"] = std::move(patch);
    }
    manifest.update(base);
    if (conversion_.name.empty()) conversion_.name = key;
  }

 private:
  void read_environment(const Entry& entry) {
    const std::string address = "environments." + entry.key;
    const bool is_known =
        std::any_of(environments_.begin(), environments_.end(),
                    [&](const Environment& each) { return each.name == entry.key; });
    if (is_known) {
      return conversion_.notes.lost({entry.place, address}, "is in another file as well",
                                    "the first one holds; say it once");
    }
    Body body(entry.value);
    const Node* lakebase = body.take("lakebase");
    if (lakebase == nullptr || !lakebase->is_map()) {
      conversion_.notes.lost({entry.place, address}, "has no lakebase settings",
                             "nothing is made of this environment");
      return;
    }
    Environment environment{.name = entry.key};
    // Not in the reference: deployments of this kind call their app so.
    environment.app = literal(body.take_text("app_name"));
    if (environment.app.empty()) {
      conversion_.notes.remark({entry.place, address}, "does not say which app uses the database",
                               "give the variable app a value in this environment");
    }
    tell_rest(body, address, conversion_.notes);
    read_lakebase(*lakebase, {lakebase->place, address + ".lakebase"}, environment);
  }

  void read_lakebase(const Node& node, const Spot& spot, Environment& environment) {
    Body body(node);
    const Node* name = body.take("database_name");  // means the instance
    if (name == nullptr || !name->is_scalar() || name->text.empty()) {
      conversion_.notes.lost(spot, "has no database_name, which is what names the instance",
                             "add it, or declare the instance by hand");
      return;
    }
    environment.instance = literal(name->text);
    if (const Node* capacity = body.take("capacity")) {
      const Kind& kind = *conversion_.catalogue.find("instance");
      const Written written = written_field(*find_field(kind, "capacity"), *capacity);
      if (written.problem.empty()) {
        environment.server["capacity"] = written.value;
      } else {
        conversion_.notes.lost({capacity->place, spot.address + ".capacity"}, written.problem,
                               "weir explain instance.capacity has the sizes");
      }
    }
    const Node* schema = body.take("schema");
    const bool is_named = schema != nullptr && schema->is_scalar() && !schema->text.empty();
    const std::string in = is_named ? literal(schema->text) : std::string(kUsualSchema);
    member(environment.server, {"databases", std::string(kDatabase), "schemas", in, "access"}) = {
        {std::string(kRole), granted()}};
    tell_rest(body, spot.address, conversion_.notes);
    environments_.push_back(std::move(environment));
  }

  /// The app, when it is the same everywhere, needs no variable.
  bool have_one_app() const {
    const std::string& first = environments_.front().app;
    return !first.empty() &&
           std::all_of(environments_.begin(), environments_.end(),
                       [&](const Environment& each) { return each.app == first; });
  }

  /// One instance keeps its id as its key; of several it is how their ids begin.
  std::string shared_key() const {
    std::string key = environments_.front().instance;
    for (const Environment& each : environments_) {
      const auto ends =
          std::mismatch(key.begin(), key.end(), each.instance.begin(), each.instance.end());
      key.erase(ends.first, key.end());
    }
    while (key.ends_with('-') || key.ends_with('_')) key.pop_back();
    const bool is_word = !key.empty() && key.front() >= 'a' && key.front() <= 'z';
    return is_word ? key : "lakebase";
  }

  Conversion& conversion_;
  std::vector<Environment> environments_;
};

}  // namespace

bool is_deployment(const Node& root) {
  const Node* environments = root.find("environments");
  return environments != nullptr &&
         std::any_of(environments->entries.begin(), environments->entries.end(),
                     [](const Entry& entry) { return entry.value.find("lakebase") != nullptr; });
}

void convert_deployment(const std::vector<Node>& roots, Conversion& conversion) {
  DeploymentReader reader(conversion);
  for (const Node& root : roots) reader.read(root);
  reader.finish();
}

}  // namespace weir::convert
