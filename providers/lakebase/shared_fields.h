// Fields that kinds of both generations have.
#pragma once

#include <algorithm>
#include <array>

#include "core/kind.h"

namespace weir {

/// What a manifest says of a role's identity: exactly one of these.
inline constexpr std::array kIdentityFields = {
    Field{.name = "app",
          .doc = "The Databricks app whose service principal it is.",
          .on_change = OnChange::kLocal,
          .example = "my-app"},
    Field{.name = "service_principal",
          .doc = "The application id of the service principal it is.",
          .on_change = OnChange::kLocal,
          .example = "11111111-1111-1111-1111-111111111111"},
    Field{.name = "user",
          .doc = "The e-mail address of the user it is.",
          .on_change = OnChange::kLocal,
          .example = "ana@example.com"},
    Field{.name = "group",
          .doc = "The name of the group whose members may act as it.",
          .on_change = OnChange::kLocal,
          .example = "analysts"},
    Field{.name = "login",
          .doc = "False for a plain role that only owns things and has members.",
          .type = Type::kBoolean,
          .on_change = OnChange::kLocal,
          .example = "false"},
    Field{.name = "password",
          .doc = "A plain role that logs in with a password, which comes from a secret variable.",
          .on_change = OnChange::kLocal,
          .example = "${var.legacy_password}"},
};

/// What a role may do besides.
inline constexpr std::array kRoleAttributes = {Choice{"bypassrls"}, Choice{"createdb"},
                                               Choice{"createrole"}};

inline constexpr std::array kPermissionLevels = {Choice{"CAN_USE"}, Choice{"CAN_MANAGE"}};

/// The one field of permissions; `doc` says on what they are.
constexpr std::array<Field, 1> permission_fields(std::string_view doc) {
  return {Field{.name = "entries",
                .doc = doc,
                .type = Type::kPermissions,
                .sent_as = "access_control_list",
                .observed_at = "access_control_list",
                .choices = kPermissionLevels,
                .example = "[{group: analysts, level: CAN_USE}]"}};
}

/// Both, one after the other.
template <std::size_t A, std::size_t B>
constexpr std::array<Field, A + B> joined(const std::array<Field, A>& first,
                                          const std::array<Field, B>& second) {
  std::array<Field, A + B> all{};
  std::ranges::copy(first, all.begin());
  std::ranges::copy(second, all.begin() + A);
  return all;
}

}  // namespace weir
