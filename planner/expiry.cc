#include "planner/expiry.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/value.h"

namespace weir {
namespace {

using namespace std::chrono_literals;

/// Clocks differ: right after a renewal a little more than the full length may seem to be left.
constexpr Duration kClockSkew = 5min;
/// The service may cut fractions of a second off.
constexpr Duration kRounding = 1s;

const Field* expiry_field(const Kind& kind) {
  for (const Field& field : kind.fields) {
    if (field.type == Type::kExpiry) return &field;
  }
  return nullptr;
}

std::optional<Duration> lifetime_of(const Document& expiry) {
  return parse_duration(text_at(expiry, "ttl"));
}

bool is_about(const std::optional<Duration>& wanted, const std::optional<Duration>& observed) {
  if (!wanted || !observed) return false;
  return std::max(*wanted, *observed) - std::min(*wanted, *observed) < kRounding;
}

}  // namespace

OnExpiry on_expiry(const Declaration& declaration) {
  const std::string choice = text_at(declaration.fields, "on_expiry");
  if (choice == "recreate") return OnExpiry::kRecreate;
  return choice == "renew" ? OnExpiry::kRenew : OnExpiry::kForget;
}

std::optional<Instant> end_of(const Document& expiry, const std::string& create_time) {
  if (const auto time = parse_timestamp(text_at(expiry, "expire_time"))) return time;
  const auto lifetime = lifetime_of(expiry);
  const auto creation = parse_timestamp(create_time);
  if (!lifetime || !creation) return std::nullopt;
  return *creation + *lifetime;
}

std::optional<Instant> known_end(const Wish& wish) {
  const Field* field = expiry_field(*wish.declaration->kind);
  if (field == nullptr) return std::nullopt;
  if (wish.deleted != nullptr) {
    const auto end = end_of(value_of(wish.deleted->fields, *field), wish.deleted->create_time);
    if (end) return end;
  }
  if (wish.record != nullptr) {
    const auto end = end_of(value_of(wish.record->fields, *field), wish.record->create_time);
    if (end) return end;
  }
  return end_of(value_of(wish.wanted, *field), "");
}

bool is_expiry_in_force(const Field& field, const Wish& wish, const Document& observed,
                        Instant now) {
  const Document& wanted = value_of(wish.wanted, field);
  const auto lifetime = lifetime_of(wanted);
  if (!lifetime || on_expiry(*wish.declaration) != OnExpiry::kRenew) {
    return is_in_force(field, wanted, observed) || is_about(lifetime, lifetime_of(observed));
  }
  const auto end = end_of(observed, "");
  if (!end) return false;
  return *end - now >= *lifetime / 2 && *end - now <= *lifetime + kClockSkew;
}

bool is_explained_by_time(const Document& wanted, const Document& observed, Instant now) {
  const auto lifetime = lifetime_of(wanted);
  const auto end = end_of(observed, "");
  return lifetime && end && *end - now <= *lifetime + kClockSkew;
}

Document renewed(const Document& wanted, Instant now) {
  const Duration lifetime = lifetime_of(wanted).value_or(Duration{});
  return {
      {"expire_time", timestamp_text(std::chrono::floor<std::chrono::seconds>(now + lifetime))}};
}

std::string soon_text(const Observed& observed, Instant now) {
  const Field* field = expiry_field(*observed.kind);
  if (field == nullptr) return "";
  const Document& expiry = value_of(observed.fields, *field);
  const auto end = end_of(expiry, observed.create_time);
  if (!end) return "";
  const Duration lifetime = lifetime_of(expiry).value_or(Duration{});
  const Duration left = *end - now;
  if (left >= 24h && left >= lifetime / 10) return "";
  if (left <= Duration{}) return fmt::format("expired at {}", timestamp_text(*end));
  return fmt::format("expires in {}, at {}", rough_duration(left), timestamp_text(*end));
}

}  // namespace weir
