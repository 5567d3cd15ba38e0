#include "cli/json_view.h"

#include <fmt/format.h>

#include "cli/diagnostic_view.h"
#include "cli/sql_view.h"
#include "core/value.h"
#include "manifest/combinations.h"
#include "planner/request.h"

namespace weir {
namespace {

Document written(const Kind& kind, const FieldChange& change, const Document& value) {
  if (is_secret_field(kind, *change.field) && !value.is_null()) return "(secret)";
  return value.is_null() || change.is_open ? value : written_value(*change.field, value);
}

Document change_document(const Kind& kind, const FieldChange& change) {
  Document document = {{"field", std::string(change.field->name)},
                       {"before", written(kind, change, change.before)},
                       {"after", written(kind, change, change.after)},
                       {"reason", std::string(text_of(change.reason))}};
  if (change.needs_replacement) document["needs_replacement"] = true;
  if (change.is_open) document["known_after_apply"] = true;
  return document;
}

Document changes_document(const Kind& kind, const std::vector<FieldChange>& changes) {
  Document all = Document::array();
  for (const FieldChange& change : changes) all.push_back(change_document(kind, change));
  return all;
}

/// The fields of one side as a manifest would have them.
Document side_document(const Step& step, Document FieldChange::*side) {
  Document fields = Document::object();
  for (const FieldChange& change : step.changes) {
    if ((change.*side).is_null()) continue;
    Document& field = fields[std::string(change.field->name)];
    Document value = written(*step.kind, change, change.*side);
    // Of lists that change by entry each change has one.
    if (change.field->type == Type::kBindings && field.is_array()) {
      field.insert(field.end(), value.begin(), value.end());
    } else {
      field = std::move(value);
    }
  }
  return fields;
}

/// The shape of both sides with true where a secret is.
Document sensitive_document(const Step& step) {
  Document fields = Document::object();
  for (const FieldChange& change : step.changes) {
    if (is_secret_field(*step.kind, *change.field)) fields[std::string(change.field->name)] = true;
  }
  return fields;
}

Document request_document(const Request& request) {
  Document document = {{"method", request.method}, {"target", request.target}};
  if (!request.body.is_null()) document["body"] = request.body;
  return document;
}

bool has_mask(const Step& step) {
  return step.request && step.request->target.find("update_mask=") != std::string::npos;
}

Document losses_document(const Step& step) {
  Document all = Document::array();
  for (const Loss& loss : step.losses) {
    Document document = {
        {"kind", loss.kind}, {"name", loss.name}, {"is_declared", loss.is_declared}};
    if (!loss.size.empty()) document["size"] = loss.size;
    if (!loss.last_activity.empty()) document["last_activity"] = loss.last_activity;
    all.push_back(std::move(document));
  }
  return all;
}

Document bound_apps_document(const Step& step) {
  Document all = Document::array();
  for (const BoundApp& app : step.bound_apps) {
    all.push_back({{"name", app.name}, {"key", app.key}});
  }
  return all;
}

Document preconditions_document(const Precondition& precondition) {
  Document document = Document::object();
  if (precondition.must_be_absent) document["must_be_absent"] = true;
  if (!precondition.uid.empty()) document["uid"] = precondition.uid;
  if (!precondition.update_time.empty()) document["update_time"] = precondition.update_time;
  if (!precondition.fields.empty()) document["fields"] = precondition.fields;
  if (!precondition.needs.empty()) document["needs"] = precondition.needs;
  return document;
}

Document statement_document(const PlannedStatement& planned) {
  Document document = {{"text", shown_statement(planned.statement)},
                       {"why", planned.statement.why},
                       {"reason", std::string(text_of(planned.reason))}};
  if (planned.statement.takes_away) document["takes_away"] = true;
  document["about"] = planned.statement.tags;
  return document;
}

Document script_document(const Script& script) {
  Document document = {{"branch", script.place.branch},
                       {"database", script.place.database},
                       {"statements", Document::array()}};
  for (const PlannedStatement& each : script.statements) {
    document["statements"].push_back(statement_document(each));
  }
  if (!script.predicted_from.empty()) document["predicted_from"] = script.predicted_from;
  return document;
}

Document step_document(const Plan& plan, const Step& step) {
  Document document = {{"path", step.address.text()},
                       {"kind", std::string(step.kind->name)},
                       {"name", step.remote_name},
                       {"action", std::string(text_of(step.action))},
                       {"is_replacement", step.is_replacement},
                       {"reason", step.why},
                       {"before", side_document(step, &FieldChange::before)},
                       {"after", side_document(step, &FieldChange::after)},
                       {"sensitive", sensitive_document(step)},
                       {"changes", changes_document(*step.kind, step.changes)}};
  Document depends_on = Document::array();
  for (const std::size_t index : step.after) {
    const Step& earlier = plan.steps.at(index);
    depends_on.push_back(
        {{"path", earlier.address.text()}, {"action", std::string(text_of(earlier.action))}});
  }
  document["depends_on"] = std::move(depends_on);
  if (has_mask(step)) document["mask"] = mask_of(step.changes);
  if (step.request) document["request"] = request_document(*step.request);
  if (step.script) document["sql"] = script_document(*step.script);
  document["preconditions"] = preconditions_document(step.precondition);
  if (!step.disruption.empty()) document["disruption"] = step.disruption;
  if (step.is_destructive()) document["losses"] = losses_document(step);
  if (!step.bound_apps.empty()) document["bound_apps"] = bound_apps_document(step);
  if (!step.recoverable_until.empty()) document["recoverable_until"] = step.recoverable_until;
  return document;
}

Document drift_entry(const Drift& drift) {
  Document document = {{"path", drift.address.text()},
                       {"kind", std::string(drift.kind->name)},
                       {"is_gone", drift.is_gone},
                       {"changes", changes_document(*drift.kind, drift.changes)}};
  for (const PlannedStatement& each : drift.statements) {
    document["sql"].push_back(statement_document(each));
  }
  if (!drift.problems.empty()) document["problems"] = drift.problems;
  return document;
}

Document unmanaged_entry(const Unmanaged& unmanaged) {
  Document document = {{"kind", std::string(unmanaged.kind->name)}, {"name", unmanaged.name}};
  if (!unmanaged.postgres_name.empty()) document["postgres_name"] = unmanaged.postgres_name;
  if (!unmanaged.access.empty()) document["access"] = unmanaged.access;
  return document;
}

Document notice_entry(const Notice& notice) {
  return {{"notice", std::string(text_of(notice.type))},
          {"path", notice.address.text()},
          {"text", notice.text}};
}

Document summary_document(const Plan& plan, const Took& took) {
  const Counts counts = count(plan);
  Document document = {
      {"create", counts.create},   {"update", counts.update},     {"destroy", counts.destroy},
      {"replace", counts.replace}, {"undelete", counts.undelete}, {"adopt", counts.adopt},
      {"forget", counts.forget},   {"drifted", counts.drifted},   {"blocked", plan.refusals.size()},
      {"declared", plan.declared}, {"requests", plan.requests}};
  if (counts.statements > 0) document["statements"] = counts.statements;
  if (plan.queries > 0) document["queries"] = plan.queries;
  if (took) document["seconds"] = std::chrono::duration<double>(*took).count();
  return document;
}

template <typename Entry, typename Show>
Document list_of(const std::vector<Entry>& entries, Show show) {
  Document all = Document::array();
  for (const Entry& entry : entries) all.push_back(show(entry));
  return all;
}

Document head_document(const Plan& plan) {
  return {{"format_version", std::string(kFormatVersion)},
          {"name", plan.name},
          {"environment", plan.environment},
          {"host", plan.host},
          {"workspace_id", plan.workspace_id},
          {"made_at", timestamp_text(plan.made_at)}};
}

/// Events of one run, one JSON object a line.
class Lines {
 public:
  explicit Lines(const Plan& plan) : time_(plan.made_at) {
    Document head = head_document(plan);
    head.erase("made_at");
    add("version", head);
  }

  void add(std::string_view type, const Document& content) {
    text_ += event_line(type, time_, content);
  }

  std::string take() { return std::move(text_); }

 private:
  Instant time_;
  std::string text_;
};

}  // namespace

std::string event_line(std::string_view type, Instant time, const Document& content) {
  Document event = {{"type", std::string(type)}, {"ts", timestamp_text(time)}};
  event.update(content);
  return to_text(event) + "\n";
}

Document plan_report(const Plan& plan, const Sources& sources, const Took& took,
                     const Warnings& warnings) {
  Document document = head_document(plan);
  document["manifest_hash"] = plan.manifest_hash;
  document["resource_changes"] =
      list_of(plan.steps, [&](const Step& step) { return step_document(plan, step); });
  document["drift"] = list_of(plan.drift, drift_entry);
  document["unmanaged"] = list_of(plan.unmanaged, unmanaged_entry);
  document["notices"] = list_of(plan.notices, notice_entry);
  document["diagnostics"] = Document::array();
  for (const auto* diagnostics : {&plan.refusals, &warnings}) {
    for (const Diagnostic& diagnostic : *diagnostics) {
      document["diagnostics"].push_back(diagnostic_document(diagnostic, sources));
    }
  }
  document["summary"] = summary_document(plan, took);
  return document;
}

Document drift_report(const Plan& plan, const Took& took) {
  Document document = head_document(plan);
  document["drift"] = list_of(plan.drift, drift_entry);
  document["unmanaged"] = list_of(plan.unmanaged, unmanaged_entry);
  document["notices"] = Document::array();
  for (const Notice& notice : plan.notices) {
    if (is_unseen(notice)) document["notices"].push_back(notice_entry(notice));
  }
  document["summary"] = {{"drifted", plan.drift.size()},
                         {"declared", plan.declared},
                         {"unmanaged", plan.unmanaged.size()},
                         {"requests", plan.requests}};
  if (took) document["summary"]["seconds"] = std::chrono::duration<double>(*took).count();
  return document;
}

std::string plan_lines(const Plan& plan, const Sources& sources, const Took& took,
                       const Warnings& warnings) {
  Lines lines(plan);
  for (const Drift& drift : plan.drift) lines.add("resource_drift", drift_entry(drift));
  for (const Step& step : plan.steps) lines.add("planned_change", step_document(plan, step));
  for (const Unmanaged& unmanaged : plan.unmanaged) {
    lines.add("unmanaged", unmanaged_entry(unmanaged));
  }
  for (const Notice& notice : plan.notices) lines.add("notice", notice_entry(notice));
  for (const auto* diagnostics : {&plan.refusals, &warnings}) {
    for (const Diagnostic& diagnostic : *diagnostics) {
      lines.add("diagnostic", diagnostic_document(diagnostic, sources));
    }
  }
  lines.add("change_summary", summary_document(plan, took));
  return lines.take();
}

std::string drift_lines(const Plan& plan, const Took& took) {
  Lines lines(plan);
  for (const Drift& drift : plan.drift) lines.add("resource_drift", drift_entry(drift));
  for (const Unmanaged& unmanaged : plan.unmanaged) {
    lines.add("unmanaged", unmanaged_entry(unmanaged));
  }
  const Document report = drift_report(plan, took);
  for (const Document& notice : report.at("notices")) lines.add("notice", notice);
  lines.add("drift_summary", report.at("summary"));
  return lines.take();
}

std::string pretty(const Document& document) {
  return document.dump(2, ' ', false, Document::error_handler_t::replace) + "\n";
}

}  // namespace weir
