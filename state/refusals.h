// What both stores refuse, in the same words.
#pragma once

#include <string>

#include "core/store.h"

namespace weir {

StateError opened_for_reading(const std::string& where);
StateError too_new(const std::string& where, std::int64_t format, std::int64_t known);
StateError still_alive(const std::string& where, const Holder& holder);
StateError no_such_intent(const std::string& where, const std::string& id);
LeaseLostError lease_lost(const std::string& where, const std::string& why);
LeaseLostError file_lost(const std::string& where);
/// Whether the state is about this workspace already. Throws StateError when it is about another.
bool is_bound(const Head& head, const std::string& host, const std::string& workspace_id,
              const std::string& where);
/// The history knows who did something by its run, so an unlock is one, without a lease.
Run run_of_unlock(const std::string& actor, const std::string& at);

}  // namespace weir
