#include <fmt/format.h>

#include "cli/choice.h"
#include "cli/commands.h"
#include "cli/whole_file.h"
#include "cli/world.h"
#include "engine/apart_observer.h"
#include "manifest/export.h"
#include "providers/lakebase/kinds.h"

namespace weir {
namespace {

class Exporting {
 public:
  /// A server that runs answers at once; whoever cannot get there should not wait for each of them.
  explicit Exporting(const Invocation& invocation)
      : invocation_(invocation),
        wake_(wake_of(invocation, Wake::kNever)),
        world_(invocation,
               workspace_target(invocation, {},
                                wake_ == Wake::kAlways ? Patience::kUntilAwake : Patience::kNone)) {
  }

  std::string manifest() {
    const std::string name = invocation_.options.value("name");
    const Observations observations = observe();
    const SeenInside inside = look_inside(observations);
    const Exported exported = export_manifest(observations, lakebase_catalogue(),
                                              name.empty() ? "exported" : name, inside);
    for (const std::string& reason : exported.left_out) leave_out(reason);
    return exported.yaml;
  }

 private:
  void leave_out(const std::string& why) const {
    note(invocation_, fmt::format("left out: {}\n", harmless(why)));
  }

  Observations observe() {
    Manifest nothing;
    const ObserveOptions options = {.extent = Extent::kEverything,
                                    .parallelism = world_.parallelism(),
                                    .leave_out = [&](const std::string& why) { leave_out(why); }};
    Target& target = world_.target();
    Observations observations =
        weir::observe(nothing, {}, target.provider(), lakebase_catalogue(), options);
    observe_apart(observations, *target.lakehouse(), target.provider(), lakebase_catalogue(),
                  options);
    return observations;
  }

  SeenInside look_inside(const Observations& observations) {
    SeenInside inside;
    if (invocation_.options.value("inside") == "false") return inside;
    auto views = world_.look_into_all_databases(observations, wake_);
    for (auto& [address, view] : views) {
      if (view.catalogue) {
        inside.emplace(view.place, *std::move(view.catalogue));
      } else {
        leave_out(fmt::format("{}: what is inside was not looked into: {}", address.key(),
                              view.withheld));
      }
    }
    return inside;
  }

  const Invocation& invocation_;
  const Wake wake_;
  World world_;
};

void check_wake(const Invocation& invocation) {
  const bool looks_inside = invocation.options.value("inside") != "false";
  if (looks_inside || wake_of(invocation, Wake::kNever) == Wake::kNever) return;
  throw UsageError("-inside=false asks no database, so that -wake has nothing to wake; choose one");
}

}  // namespace

Exit run_export(const Invocation& invocation) {
  const std::string file = invocation.options.value("out");
  const bool is_forced = invocation.options.has("force");
  if (!file.empty()) check_may_replace(file, [&](std::string_view /*text*/) { return is_forced; });
  check_wake(invocation);
  const std::string yaml = Exporting(invocation).manifest();
  if (file.empty()) {
    print_exactly(yaml);
  } else {
    write_whole_file(file, yaml);
    note(invocation, fmt::format("written to {}\n", harmless(file)));
  }
  return Exit::kDone;
}

}  // namespace weir
