// What keys stood for before they stood for another resource.
#pragma once

#include <optional>

#include "planner/identify.h"

namespace weir {

/// Where what an address stood for before is remembered until it is gone.
Address address_of_former(const Address& address, const Kind& kind, const std::string& remote_name);
/// The address that it stood at; nothing for an address of another form.
std::optional<Address> successor_of(const Address& former);

/// The records, with each that is about another resource than its declaration at an address of its
/// own: nothing declares it any longer, and a kill while the new one is made forgets nothing.
/// Nothing when there is no such record. What only moved along with its parent is its affair.
std::optional<Records> with_formers_apart(const Wishes& wishes, const Records& records,
                                          const Observations& observations);

}  // namespace weir
