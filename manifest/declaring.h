// What the steps from a tree to declarations share.
#pragma once

#include <string>

#include "core/diagnostic.h"
#include "core/kind.h"
#include "manifest/manifest.h"

namespace weir {

struct Declaring {
  const Catalogue& catalogue;
  const MergedTree& tree;
  const Sources& sources;
  Diagnostics& diagnostics;

  void complain(const char* rule, const std::string& address, const Place& place,
                std::string message, std::string hint = {}) const {
    diagnostics.add({.rule = rule,
                     .address = address,
                     .message = std::move(message),
                     .hint = std::move(hint),
                     .place = place});
  }
};

inline constexpr const char* kSecretHint = "secrets are for the password of a role";
/// Reports each secret below a value that is no place for one. False when there was any.
bool refuse_secrets(const Node& node, const std::string& address, const Declaring& declaring,
                    const char* hint = kSecretHint);

}  // namespace weir
