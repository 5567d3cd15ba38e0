// What a workspace could answer. The first line of an input is a kind, whose page or resource
// follows, or the status of an answer with the body that follows.
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "core/document.h"
#include "core/error.h"
#include "core/value.h"
#include "manifest/export.h"
#include "manifest/yaml.h"
#include "planner/planner.h"
#include "providers/http/explain.h"
#include "providers/http/problem.h"
#include "providers/lakebase/decode.h"
#include "providers/lakebase/kinds.h"
#include "tests/fuzz/expect.h"

namespace weir {
namespace {

/// One line of bounded length.
void expect_tame(const std::string& text) {
  const bool has_control = std::any_of(text.begin(), text.end(), [](char letter) {
    return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
  });
  expect(!has_control, "a control character", text);
  expect(text.size() < 600, "a text without end", text);
}

/// What is read before the library is asked means what it means to the library.
void check_json(const std::string& body) {
  const ReadDocument ours = read_document(body);
  if (ours.is_too_deep) return;
  const Document library = Document::parse(body, nullptr, false);
  expect(ours.value.has_value() != library.is_discarded(), "JSON or not", body);
  expect(!ours.value || Document::to_cbor(*ours.value) == Document::to_cbor(library),
         "JSON means two things", body);
}

void check_answer(int status, const std::string& body) {
  check_json(body);
  const http::Answer answer = {
      .status = status, .headers = {{"x-request-id", body.substr(0, 40)}}, .body = body};
  const http::Problem problem = http::read_problem(answer);
  expect_tame(problem.code);
  expect_tame(problem.message);
  expect_tame(problem.request_id);
  try {
    http::read_answer({.path = "/api", .host = "https://workspace.example"}, answer);
    expect(answer.is_success(), "a failure taken for a success", body);
  } catch (const ApiError& error) {
    expect(error.facts().status == status, "a status changes", error.what());
  }
}

/// Whatever is exported is YAML with the same number of projects: no text breaks out of its value.
void check_export(const Observations& observations, const std::string& body) {
  const Exported exported = export_manifest(observations, lakebase_catalogue(), "workspace");
  Sources sources;
  Diagnostics diagnostics;
  const auto root = read_yaml(sources, sources.add("weir.yaml", exported.yaml), {}, diagnostics);
  expect(root && !diagnostics.has_errors(), "an export is no YAML", exported.yaml + "\n" + body);
  std::size_t projects = 0;
  for (const Observed* project : observations.children(kProject, "")) {
    projects += project->is_deleted() ? 0 : 1;
  }
  const Node* written = root->find("projects");
  expect((written == nullptr ? 0 : written->entries.size()) == projects,
         "an export of something else", exported.yaml + "\n" + body);
}

std::string parent_of(const Kind& kind) {
  if (kind.parent == "project") return "projects/shop";
  if (kind.parent == "instance") return "instances/legacy";
  return kind.parent == "branch" ? "projects/shop/branches/dev" : "";
}

void check_resources(const Kind& kind, const Document& body, const std::string& text) {
  const std::string parent = parent_of(kind);
  const std::string collection =
      (parent.empty() ? "" : parent + "/") + std::string(kind.collection);
  Observations observations;
  observations.add({.kind = &kProject, .name = "projects/shop"});
  observations.add({.kind = &kBranch, .name = "projects/shop/branches/dev"});
  if (kind.parent == "instance") observations.add({.kind = &kInstance, .name = "instances/legacy"});
  const auto page = decode_page(kind, collection, body);
  if (const auto* reason = std::get_if<std::string>(&page)) {
    expect(!reason->empty(), "a page refused without a reason", text);
  } else {
    for (const Observed& member : std::get<std::vector<Observed>>(page)) observations.add(member);
  }
  Observed single = decode(kind, body, "");
  single.name = kind.identity == Identity::kSingleton ? collection : collection + "/single";
  observations.add(std::move(single));
  for (const auto& [name, observed] : observations.all()) {
    for (const auto& [field, value] : observed.fields.items()) {
      show_value(*find_field(*observed.kind, field), value);
    }
  }
  const Plan plan = make_plan({}, {}, observations, lakebase_catalogue(), {});
  expect(plan.is_empty(), "a plan out of nothing", text);
  check_export(observations, text);
}

}  // namespace
}  // namespace weir

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const std::size_t line = std::min(text.find('\n'), text.size());
  const std::string body = text.substr(std::min(line + 1, text.size()));
  if (const weir::Kind* kind = weir::lakebase_catalogue().find(text.substr(0, line))) {
    if (const auto document = weir::parse_document(body)) {
      weir::check_resources(*kind, *document, text);
    }
    return 0;
  }
  int status = 0;
  std::from_chars(text.data(), text.data() + line, status);
  weir::check_answer(status, body);
  return 0;
}
