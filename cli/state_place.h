// Where the state of a deployment is kept, and how to get at it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "cli/invocation.h"
#include "core/clock.h"
#include "core/secret.h"
#include "core/store.h"
#include "manifest/manifest.h"

namespace weir {

struct StatePlace {
  std::string deployment = {};  ///< "shop", or "shop/dev" with an environment
  std::filesystem::path file = {};
  Secret connection = {};  ///< to PostgreSQL; then there is no file

  bool is_same(const StatePlace& other) const;
  /// "the state in .weir/shop.db", for sentences.
  std::string words() const;
};

/// WEIR_STATE, the manifest, or else one file for each deployment: in WEIR_DATA_DIR, or in .weir
/// beside the manifest.
StateChoice chosen_state(const Invocation& invocation, const Manifest& manifest);
/// Throws ConfigurationError when WEIR_STATE means another place, or the choice none.
StatePlace state_place(const Invocation& invocation, const std::string& name,
                       const std::string& environment, const StateChoice& choice);
StatePlace state_place(const Invocation& invocation, const Manifest& manifest);

/// For applying: made when there is none. Throws StateError.
std::unique_ptr<Store> open_state(const StatePlace& place, const Clock& clock);
/// For looking: nothing is made, and without a state there is none. Throws StateError.
std::unique_ptr<Store> read_state(const StatePlace& place, const Clock& clock);

/// What a state has for who only looks.
struct SeenState {
  Records records = {};
  Head head = {};
  std::string words = {};  ///< "the state in .weir/shop.db"

  /// Throws StateError when it is about another workspace.
  void check_workspace(const std::string& host, const std::string& workspace_id) const;
};

/// What the state of this deployment remembers; nothing without one. Says so when an apply has left
/// steps open.
SeenState seen_state(const Invocation& invocation, const Manifest& manifest);

}  // namespace weir
