#include "planner/formers.h"

#include <fmt/format.h>

namespace weir {
namespace {

constexpr std::string_view kBefore = "-before-";

/// What the record is about, when it is still ours and the declaration is about another one.
const Observed* former_of(const Wish& wish, const Wishes& wishes,
                          const Observations& observations) {
  const Record& record = *wish.record;
  if (wish.remote_name == record.remote_name ||
      parent_of_name(wish.remote_name) != parent_of_name(record.remote_name)) {
    return nullptr;
  }
  const Observed* former = observations.find(record.remote_name);
  const bool is_there =
      former != nullptr && !former->is_deleted() && wishes.named(former->name) == nullptr;
  return is_there && is_same_resource(record, *former) ? former : nullptr;
}

}  // namespace

Address address_of_former(const Address& address, const Kind& kind,
                          const std::string& remote_name) {
  const std::string id = remote_name.substr(remote_name.rfind('/') + 1);
  const std::string key = fmt::format("{}{}{}", address.key(), kBefore, id);
  return kind.is_alone() ? address.parent().singleton(key)
                         : address.parent().child(kind.collection, key);
}

std::optional<Address> successor_of(const Address& former) {
  const std::string& text = former.text();
  const std::size_t mark = text.rfind(kBefore);
  return mark == std::string::npos ? std::nullopt : Address::parse(text.substr(0, mark));
}

std::optional<Records> with_formers_apart(const Wishes& wishes, const Records& records,
                                          const Observations& observations) {
  std::optional<Records> apart;
  for (const Wish& wish : wishes.all()) {
    const Observed* former =
        wish.record == nullptr ? nullptr : former_of(wish, wishes, observations);
    if (former == nullptr) continue;
    const Address& address = wish.declaration->address;
    Record record = *wish.record;
    record.address = address_of_former(address, *former->kind, former->name);
    if (!apart) apart = records;
    apart->erase(address);
    apart->insert_or_assign(record.address, record);
  }
  return apart;
}

}  // namespace weir
