#include "manifest/pipelines.h"

#include <array>
#include <vector>

#include <fmt/format.h>

#include "core/nearest.h"
#include "manifest/manifest_rules.h"
#include "manifest/rules/rule.h"

namespace weir {
namespace {

constexpr const char* kShared = "pipelines";
constexpr const char* kShare = "pipeline.share";

/// What is said of a new one, which is of no use where there is one already.
constexpr std::array<std::string_view, 4> kOfNew = {"storage_catalog", "storage_schema",
                                                    "budget_policy", "channel"};

}  // namespace

Pipelines::Pipelines(const Declaring& declaring) : declaring_(declaring) {
  for (const Entry& entry : declaring.tree.root.entries) {
    if (entry.key != kShared || !refuse_secrets(entry.value, kShared, declaring)) continue;
    if (!inside::check_form(*inside::find_word(kShared), entry, {declaring})) continue;
    for (const Entry& pipeline : entry.value.entries) read(pipeline);
  }
}

void Pipelines::read(const Entry& entry) {
  if (!entry.value.is_map()) return;
  const inside::Subject subject{declaring_, Address().child(kShared, entry.key).text()};
  inside::WrittenWords words = inside::read_words(kShared, entry.value, subject);
  for (const std::string_view other : kOfNew) {
    const Entry* written = words.value("id") == nullptr ? nullptr : words.find(other);
    if (written == nullptr) continue;
    subject.complain(rule::kExcludes, written->place,
                     fmt::format("id and {} exclude each other", other), "keep one of them");
  }
  by_name_.emplace(entry.key, std::move(words));
}

void Pipelines::share_with(Declaration& table) const {
  if (!table.fields.contains(kShare)) return;
  const std::string name = rules::text_of(table, kShare);
  const auto complain = [&](const char* rule, const char* field, std::string message,
                            std::string hint) {
    declaring_.complain(rule, table.address.text(), table.place_of(field), std::move(message),
                        std::move(hint));
  };
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) {
    std::vector<std::string_view> known;
    known.reserve(by_name_.size());
    for (const auto& [other, words] : by_name_) known.push_back(other);
    const std::string hint = did_you_mean(name, known);
    return complain(rule::kReference, kShare, fmt::format("there is no pipeline \"{}\"", name),
                    hint.empty() ? "declare it under pipelines at the top" : hint);
  }
  const inside::WrittenWords& pipeline = found->second;
  const std::string policy = pipeline.text("policy");
  const std::string mode = rules::text_of(table, "mode");
  if (!policy.empty() && !mode.empty() && policy != mode) {
    complain(rule::kValue, "mode",
             fmt::format("mode: {}, and the pipeline {} is for {}", mode, name, policy),
             fmt::format("write mode: {}, or share a pipeline for {}", policy, mode));
  }
  if (const Entry* id = pipeline.find("id")) {
    // Who shares it makes no difference then.
    table.fields.erase(kShare);
    return give(*id, table);
  }
  for (const std::string_view word : kOfNew) {
    if (const Entry* written = pipeline.find(word)) give(*written, table);
  }
}

/// A word of a pipeline is called as the field of a table that has one of its own.
void Pipelines::give(const Entry& word, Declaration& table) const {
  const std::string name = "pipeline." + word.key;
  const Field* field = find_field(*table.kind, name);
  if (field == nullptr) {
    return declaring_.complain(
        rule::kValue, table.address.text(), table.place_of(kShare),
        fmt::format("a pipeline for tables of instances has no {}", word.key),
        "share another one, which does not say it");
  }
  table.fields[name] = word.value.text;
  table.field_places[name] = word.place;
}

}  // namespace weir
