#include "convert/fields.h"

#include <gtest/gtest.h>

#include "manifest/yaml.h"
#include "providers/lakebase/kinds.h"

namespace weir::convert {
namespace {

Node node_of(const std::string& yaml) {
  Sources sources;
  Diagnostics diagnostics;
  return read_yaml(sources, sources.add("source.yaml", yaml), YamlLimits{}, diagnostics)
      .value_or(Node{});
}

/// A field as a bundle has it, which leaves out the "spec" of requests.
std::string taken(const Kind& kind, std::string_view field, const std::string& yaml) {
  const Node node = node_of(yaml);
  Body body(node);
  const Written written = take_field(*find_field(kind, field), "spec.", body);
  return written.problem.empty() ? to_text(written.value) : "problem: " + written.problem;
}

struct Case {
  const Kind* kind;
  const char* field;
  const char* source;
  const char* written;
};

TEST(Fields, AreInTheWordsOfManifests) {
  const std::vector<Case> cases = {
      {&kProject, "history_retention", "history_retention_duration: 604800s", R"("7d")"},
      {&kProject, "history_retention", "history_retention_duration: soon",
       "problem: is no duration"},
      {&kProject, "native_login", "enable_pg_native_login: false", "false"},
      {&kProject, "tags", "custom_tags: [{ key: team, value: shop }]", R"({"team":"shop"})"},
      {&kProject, "tags", "custom_tags: [{ value: shop }]", "problem: has an entry without a key"},
      {&kProject, "default_endpoint.suspend_after",
       "default_endpoint_settings: { suspend_timeout_duration: 300s }", R"("5m")"},
      {&kProject, "default_endpoint.suspend_after",
       "default_endpoint_settings: { no_suspension: true }", R"("never")"},
      {&kBranch, "expires", "ttl: 2592000s", R"("30d")"},
      {&kBranch, "expires", "no_expiry: true", R"("never")"},
      {&kBranch, "expires", "expire_time: \"2026-05-04T00:00:00Z\"", R"("2026-05-04T00:00:00Z")"},
      {&kBranch, "expires", "ttl: \"${var.ttl}\"", R"("${var.ttl}")"},
      {&kBranch, "expires", "is_protected: true", "null"},
      {&kEndpoint, "type", "endpoint_type: ENDPOINT_TYPE_READ_ONLY", R"("read_only")"},
      {&kEndpoint, "type", "endpoint_type: ENDPOINT_TYPE_NEW",
       "problem: has a value that weir does not know"},
      {&kEndpoint, "max_cu", "autoscaling_limit_max_cu: 0.5", "0.5"},
      {&kEndpoint, "max_cu", "autoscaling_limit_max_cu: \"${var.cu}\"", R"("${var.cu}")"},
      {&kEndpoint, "ha", "group: { min: 2, max: 2, enable_readable_secondaries: true }",
       R"({"size":2,"readable_secondaries":true})"},
      {&kEndpoint, "ha", "group: { min: 1, max: 2 }",
       "problem: has no size: min and max must be there, and be the same"},
      {&kEndpoint, "pg_settings", "settings: { pg_settings: { work_mem: 4MB } }",
       R"({"work_mem":"4MB"})"},
      {&kRole, "superuser", "membership_roles: [DATABRICKS_SUPERUSER]", "true"},
      {&kRole, "superuser", "membership_roles: [DATABRICKS_NEW]",
       "problem: names a role that weir does not know"},
      {&kRole, "attributes", "attributes: { createdb: true, bypassrls: false }", R"(["createdb"])"},
      {&kRole, "attributes", "attributes: { superuser: true }",
       "problem: has a flag that weir does not know"},
      {&kSyncedTable, "mode", "scheduling_policy: CONTINUOUS", R"("continuous")"},
      {&kSyncedTable, "primary_key", "primary_key_columns: [a, b]", R"(["a","b"])"},
      {&kSyncedTable, "type_overrides",
       "type_overrides: [{ column_name: e, pg_type: PG_SPECIFIC_TYPE_VECTOR, size: 768 }]",
       R"x({"e":"vector(768)"})x"},
      {&kInstance, "retention", "retention_window_in_days: 14", R"("14d")"},
      {&kInstance, "retention", "retention_window_in_days: \"${var.days}\"",
       "problem: is no number of days"},
      {&kInstance, "capacity", "capacity: CU_3", "problem: has a value that weir does not know"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(taken(*each.kind, each.field, each.source), each.written) << each.source;
  }
}

TEST(Fields, OfOneCapacityAreOneWord) {
  Document fields = {{"type", "read_write"}, {"min_cu", 2}, {"max_cu", 2}, {"disabled", true}};
  join_capacity(fields);
  EXPECT_EQ(to_text(fields), R"({"type":"read_write","cu":2,"disabled":true})");
}

TEST(Body, TellsWhatNobodyTook) {
  const Node node = node_of("a: 1\nb: { c: 2, d: 3 }\ne: { f: 4 }\ng: null\n");
  Body body(node);
  body.take("a");
  body.take("b.c");
  std::string rest;
  for_each_rest(body,
                [&](const std::string& path, const Node&, const Place&) { rest += path + " "; });
  EXPECT_EQ(rest, "b.d e ");
}

}  // namespace
}  // namespace weir::convert
