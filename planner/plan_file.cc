#include "planner/plan_file.h"

#include <fmt/format.h>

#include "core/digest.h"
#include "manifest/server_choice.h"
#include "manifest/state_choice.h"
#include "planner/forgery.h"

namespace weir {
namespace {

Document document_of(const Place& place) {
  return {{"file", place.file}, {"line", place.line}, {"column", place.column}};
}

Document document_of(const FieldChange& change) {
  return {{"field", std::string(change.field->name)},
          {"before", change.before},
          {"after", change.after},
          {"reason", std::string(text_of(change.reason))},
          {"needs_replacement", change.needs_replacement},
          {"is_open", change.is_open}};
}

Document document_of(const Loss& loss) {
  return {{"kind", loss.kind},
          {"name", loss.name},
          {"is_declared", loss.is_declared},
          {"size", loss.size},
          {"last_activity", loss.last_activity}};
}

Document document_of(const BoundApp& bound) {
  return {{"name", bound.name}, {"key", bound.key}};
}

Document document_of(const Precondition& precondition) {
  return {{"must_be_absent", precondition.must_be_absent},
          {"uid", precondition.uid},
          {"update_time", precondition.update_time},
          {"fields", precondition.fields},
          {"needs", precondition.needs}};
}

Document document_of(const std::optional<Request>& request) {
  if (!request) return nullptr;
  return {{"method", request->method}, {"target", request->target}, {"body", request->body}};
}

Document document_of(const PlannedStatement& planned) {
  const sql::Statement& statement = planned.statement;
  return {{"text", statement.text},
          {"tags", statement.tags},
          {"why", statement.why},
          {"takes_away", statement.takes_away},
          {"is_auxiliary", statement.is_auxiliary},
          {"secret_at", statement.secret_at ? Document(*statement.secret_at) : Document()},
          {"reason", std::string(text_of(planned.reason))}};
}

Document document_of(const PasswordSource& source) {
  return {{"role", source.role}, {"type", source.secret.type}, {"name", source.secret.name}};
}

// Before the template, which finds only what it has seen.
using weir::document_of;
Document document_of(const Step& step);
Document document_of(const Drift& drift);
Document document_of(const Unmanaged& unmanaged);
Document document_of(const Notice& notice);
Document document_of(const Diagnostic& diagnostic);

template <typename Values>
Document list_of(const Values& values) {
  Document list = Document::array();
  for (const auto& value : values) list.push_back(document_of(value));
  return list;
}

Document document_of(const std::optional<Record>& record) {
  return record ? document_of(*record) : Document();
}

Document document_of(const std::optional<Script>& script) {
  if (!script) return nullptr;
  return {{"branch", script->place.branch},
          {"database", script->place.database},
          {"wishes", script->wishes},
          {"statements", list_of(script->statements)},
          {"passwords", list_of(script->passwords)},
          {"predicted_from", script->predicted_from}};
}

Document document_of(const Step& step) {
  return {{"action", std::string(text_of(step.action))},
          {"is_replacement", step.is_replacement},
          {"address", step.address.text()},
          {"kind", std::string(step.kind->name)},
          {"remote_name", step.remote_name},
          {"why", step.why},
          {"changes", list_of(step.changes)},
          {"request", document_of(step.request)},
          {"script", document_of(step.script)},
          {"precondition", document_of(step.precondition)},
          {"after", step.after},
          {"disruption", step.disruption},
          {"losses", list_of(step.losses)},
          {"bound_apps", list_of(step.bound_apps)},
          {"recoverable_until", step.recoverable_until},
          {"lock", step.lock},
          {"record", document_of(step.record)},
          {"brings", list_of(step.brings)},
          {"place", document_of(step.place)}};
}

Document document_of(const Drift& drift) {
  return {{"address", drift.address.text()},
          {"kind", std::string(drift.kind->name)},
          {"is_gone", drift.is_gone},
          {"changes", list_of(drift.changes)},
          {"statements", list_of(drift.statements)},
          {"place", document_of(drift.place)}};
}

Document document_of(const Unmanaged& unmanaged) {
  return {{"kind", std::string(unmanaged.kind->name)},
          {"name", unmanaged.name},
          {"postgres_name", unmanaged.postgres_name},
          {"access", unmanaged.access}};
}

Document document_of(const Notice& notice) {
  return {{"type", std::string(text_of(notice.type))},
          {"address", notice.address.text()},
          {"text", notice.text},
          {"place", document_of(notice.place)}};
}

Document document_of(const Diagnostic& diagnostic) {
  return {{"severity", std::string(text_of(diagnostic.severity))},
          {"rule", diagnostic.rule},
          {"address", diagnostic.address},
          {"message", diagnostic.message},
          {"hint", diagnostic.hint},
          {"place", document_of(diagnostic.place)}};
}

std::string sealed(const Document& content) {
  const std::string text = to_text(content);
  return fmt::format("{{\"format_version\":\"{}\",\"sha256\":\"{}\",\"plan\":{}}}\n", kPlanFormat,
                     digest(text), text);
}

/// A JSON pointer to what differs, or "" when only the order does.
std::string first_difference(const Document& left, const Document& right) {
  const Document differences = Document::diff(left, right);
  return differences.empty() ? "" : differences.front().at("path").get<std::string>();
}

}  // namespace

Document plan_document(const Plan& plan) {
  return {{"name", plan.name},
          {"environment", plan.environment},
          {"host", plan.host},
          {"workspace_id", plan.workspace_id},
          {"server", document_of(plan.server)},
          {"made_at", timestamp_text(plan.made_at)},
          {"expires_at", timestamp_text(plan.made_at + kPlanLifetime)},
          {"manifest_hash", plan.manifest_hash},
          {"state", document_of(plan.state)},
          {"lineage", plan.lineage},
          {"serial", plan.serial},
          {"steps", list_of(plan.steps)},
          {"adoptions", list_of(plan.adoptions)},
          {"drift", list_of(plan.drift)},
          {"unmanaged", list_of(plan.unmanaged)},
          {"notices", list_of(plan.notices)},
          {"refusals", list_of(plan.refusals)},
          {"declared", plan.declared},
          {"adopted", plan.adopted},
          {"requests", plan.requests},
          {"queries", plan.queries}};
}

std::string save_plan(const Plan& plan) {
  return sealed(plan_document(plan));
}

Plan load_plan(std::string_view text, const Catalogue& catalogue) {
  const auto document = parse_document(text);
  if (!document || !document->is_object()) {
    throw PlanFileError("this is not a plan file: it is no JSON object; make one with plan -out");
  }
  const std::string version = text_at(*document, "format_version");
  if (version != kPlanFormat) {
    throw PlanFileError(fmt::format(
        "the plan file has the format \"{}\", and this version of weir reads \"{}\": plan again",
        version, kPlanFormat));
  }
  const Document* content = at_path(*document, "plan");
  if (content == nullptr || sealed(*content) != text) {
    throw PlanFileError(
        "the plan file was changed after it was made: its content does not fit its SHA-256; plan "
        "again");
  }
  Plan plan = read_plan(*content, catalogue);
  // What was passed over could have changed the meaning of the rest.
  if (save_plan(plan) != text) {
    throw PlanFileError(
        fmt::format("the plan file cannot be used: plan{} is not as weir writes it; plan again",
                    first_difference(*content, plan_document(plan))));
  }
  for (const Step& step : plan.steps) {
    const std::string forgery = forgery_in(plan, step);
    if (forgery.empty()) continue;
    throw PlanFileError(
        fmt::format("the plan file cannot be used: {} was changed after it was "
                    "made: {}; plan again",
                    step.address.text(), forgery));
  }
  return plan;
}

bool is_outdated(const Plan& plan, Instant now) {
  return now - plan.made_at > kPlanLifetime || now < plan.made_at - kPlanLifetime;
}

}  // namespace weir
