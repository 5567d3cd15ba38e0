#include "core/observations.h"

namespace weir {
namespace {

std::string collection_name(const Kind& kind, const std::string& parent) {
  std::string name = parent.empty() ? "" : parent + "/";
  return name.append(kind.name_key());
}

}  // namespace

std::string failure_of(const Observed& observed) {
  const std::string state = text_at(observed.facts, "current_state");
  if (!state.ends_with("_FAILED")) return "";
  const std::string message = text_at(observed.facts, "message");
  return message.empty() ? "it is " + state : "it is " + state + ": " + message;
}

void Observations::add(Observed observed) {
  // An id may be free again after a deletion, so that a list shows two of that name.
  const Observed* namesake = find(observed.name);
  if (namesake != nullptr && observed.is_deleted() && !namesake->is_deleted()) return;
  const std::size_t slash = observed.name.rfind('/');
  if (!observed.postgres_name.empty() && slash != std::string::npos) {
    by_postgres_name_[observed.name.substr(0, slash + 1) + observed.postgres_name] = observed.name;
  }
  std::string name = observed.name;
  all_.insert_or_assign(std::move(name), std::move(observed));
}

void Observations::set_listed(const Kind& kind, const std::string& parent) {
  listed_[collection_name(kind, parent)] = true;
}

bool Observations::is_listed(const Kind& kind, const std::string& parent) const {
  return listed_.contains(collection_name(kind, parent));
}

const Observed* Observations::find(const std::string& name) const {
  const auto found = all_.find(name);
  return found == all_.end() ? nullptr : &found->second;
}

const Observed* Observations::find_postgres(const Kind& kind, const std::string& parent,
                                            const std::string& postgres_name) const {
  const auto found = by_postgres_name_.find(collection_name(kind, parent) + "/" + postgres_name);
  return found == by_postgres_name_.end() ? nullptr : find(found->second);
}

std::vector<const Observed*> Observations::children(const Kind& kind,
                                                    const std::string& parent) const {
  std::vector<const Observed*> children;
  const std::string prefix = collection_name(kind, parent) + "/";
  for (auto entry = all_.lower_bound(prefix); entry != all_.end(); ++entry) {
    if (!entry->first.starts_with(prefix)) break;
    // Names of grandchildren begin the same way.
    if (entry->first.find('/', prefix.size()) == std::string::npos) {
      children.push_back(&entry->second);
    }
  }
  return children;
}

}  // namespace weir
