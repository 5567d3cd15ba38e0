// weir doctor: tries, one after the other, all that weir needs, and says what to do where it fails.
#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "cli/chosen_database.h"
#include "cli/commands.h"
#include "cli/json_view.h"
#include "cli/world.h"
#include "core/error.h"
#include "planner/inside_view.h"
#include "providers/lakebase/kinds.h"
#include "sql/read_catalogue.h"

namespace weir {
namespace {

/// Tokens and leases are counted in minutes; up to here a clock does no harm.
constexpr Duration kMostSkew = std::chrono::seconds(30);

enum class Health : std::uint8_t { kGood, kDoubtful, kBad };

struct Check {
  Health health = Health::kGood;
  std::string subject = {};
  std::string text = {};
};

class Examination {
 public:
  Examination(const Invocation& invocation, Manifest& manifest)
      : invocation_(invocation),
        manifest_(manifest),
        world_(invocation, target_of(invocation, manifest)) {}

  std::vector<Check> run() {
    if (!look_at_target()) return std::move(checks_);
    look_at_clock();
    look_at_permissions();
    for (const ChosenDatabase& database : databases_in(manifest_)) look_into(database);
    return std::move(checks_);
  }

 private:
  void add(Health health, std::string subject, std::string text) {
    checks_.push_back({health, std::move(subject), std::move(text)});
  }

  /// Name, network, TLS and login at once: whichever fails says so itself.
  bool look_at_target() {
    Target& target = world_.target();
    const std::string subject = target.host();
    try {
      observations_ = world_.observe(manifest_, {});
    } catch (const Error& error) {
      add(Health::kBad, subject, error.what());
      return false;
    }
    const std::string login =
        target.login().empty() ? "" : fmt::format(", logged in by {}", target.login());
    add(Health::kGood, subject, fmt::format("answers{}", login));
    return true;
  }

  void look_at_clock() {
    const auto skew = world_.target().clock_skew();
    if (!skew) return;
    const Duration size = *skew < Duration::zero() ? -*skew : *skew;
    if (size <= kMostSkew) return add(Health::kGood, "clock", "agrees with the workspace");
    add(Health::kDoubtful, "clock",
        fmt::format("is {} {} that of the workspace; set it, as tokens and times of expiry are "
                    "judged by it",
                    rough_duration(size), *skew > Duration::zero() ? "behind" : "ahead of"));
  }

  /// Whoever may not see who may use a project may not manage it either.
  void look_at_permissions() {
    if (manifest_.server.is_made()) return;
    for (const Declaration& each : manifest_.declarations) {
      const Kind* permissions = lakebase_catalogue().in_collection(each.kind->name, "permissions");
      if (permissions == nullptr || observations_.find(each.remote_name()) == nullptr) continue;
      try {
        world_.target().provider().list(*permissions, each.remote_name());
        add(Health::kGood, each.remote_name(), "its permissions may be seen");
      } catch (const ApiError& error) {
        const bool is_forbidden = error.facts().status == 403;
        add(is_forbidden ? Health::kDoubtful : Health::kBad, each.remote_name(),
            is_forbidden ? "its permissions are not for you to see: ask for CAN_MANAGE if you are "
                           "to apply"
                         : error.what());
      }
    }
  }

  void look_into(const ChosenDatabase& database) {
    const std::string subject = database.address.text();
    const std::string& branch = database.place.branch;
    const bool is_there = observations_.find(branch) != nullptr;
    if (!is_there) return add(Health::kGood, subject, "is not there yet");
    try {
      const Entrance entrance = world_.target().entrances().resolved(database.place);
      const std::string asleep = sleep_of(branch, observations_, lakebase_catalogue());
      if (!asleep.empty() && wake_of(invocation_, Wake::kNever) != Wake::kAlways) {
        return add(Health::kGood, subject,
                   fmt::format("{} resolves; {}, so that nobody logged in (-wake always does)",
                               entrance.keywords.at("host"), asleep));
      }
      const sql::ReadCatalogue read =
          sql::read_catalogue(world_.target().databases().snapshot(database.place));
      if (!read.catalogue) throw Error(read.problem);
      add(Health::kGood, subject,
          fmt::format("PostgreSQL {} lets {} in", read.catalogue->version.major(),
                      read.catalogue->name_of(read.catalogue->current_user)));
    } catch (const Error& error) {
      add(Health::kBad, subject, error.what());
    }
  }

  const Invocation& invocation_;
  Manifest& manifest_;
  World world_;
  Observations observations_;
  std::vector<Check> checks_;
};

struct Look {
  std::string_view word;
  Colour colour;
};

const Look& look_of(Health health) {
  static constexpr std::array<Look, 3> kLooks = {
      {{"ok", Colour::kGreen}, {"warning", Colour::kYellow}, {"failed", Colour::kRed}}};
  return kLooks.at(static_cast<std::size_t>(health));
}

std::string text_of(const std::vector<Check>& checks, const Terminal& terminal) {
  std::string text;
  for (const Check& check : checks) {
    const Look& look = look_of(check.health);
    text += fmt::format("{} {}: {}\n", terminal.paint(look.colour, fmt::format("{:<7}", look.word)),
                        harmless(check.subject), harmless(check.text));
  }
  return text;
}

Document document_of(const std::vector<Check>& checks) {
  Document list = Document::array();
  for (const Check& check : checks) {
    list.push_back({{"status", std::string(look_of(check.health).word)},
                    {"subject", check.subject},
                    {"text", check.text}});
  }
  return {{"format_version", std::string(kFormatVersion)}, {"checks", std::move(list)}};
}

}  // namespace

Exit run_doctor(const Invocation& invocation) {
  std::optional<Loaded> loaded = load(invocation);
  if (!loaded) return Exit::kInvalid;
  const std::vector<Check> checks = Examination(invocation, loaded->manifest).run();
  if (invocation.format() == "json") {
    print_exactly(pretty(document_of(checks)));
  } else {
    print_text(invocation, text_of(checks, invocation.out));
  }
  const bool is_well =
      std::ranges::none_of(checks, [](const Check& check) { return check.health == Health::kBad; });
  return is_well ? Exit::kDone : Exit::kError;
}

}  // namespace weir
