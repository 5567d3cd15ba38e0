// What outlives the processes of a simulation: the service with all it has ever been asked, and
// what is found wrong.
#pragma once

#include <list>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/worlds.h"

namespace weir::test {

/// Work of the service.
struct Running {
  std::string name = {};  ///< of the resource
  std::string lock = {};
  Instant done = {};
  std::string error = {};
  bool never_ends = false;  ///< as long as things go wrong
};

/// The key of what others have in an app's list.
inline constexpr std::string_view kEntryOfOthers = "secret";

/// A request that has arrived.
inline constexpr std::size_t kByOthers = static_cast<std::size_t>(-1);
struct Delivery {
  std::size_t run = 0;  ///< kByOthers: nobody of ours has sent it
  std::string request = {};
  Action action = Action::kCreate;
  std::string name = {};
  std::string uid = {};   ///< of what it made or ended
  bool is_shown = false;  ///< the plan has shown that just this one is to be made anew
  bool had_effect = false;
};

/// A request that is still on its way.
struct Late {
  Instant due = {};
  std::size_t run = 0;
  Step step = {};
};

class Workspace {
 public:
  World world = {};
  Duration skew = {};                            ///< of our clock against that of the service
  std::chrono::milliseconds longest_work{8000};  ///< of one operation of the service
  std::size_t run = 0;
  std::map<std::string, Running> operations = {};
  std::vector<Delivery> ledger = {};
  std::list<Late> late = {};
  std::set<std::string> hidden =
      {};  ///< deleted softly: nobody sees them, and their names are taken
  std::set<std::string> foreign = {};  ///< uids of what others made
  std::string victim = {};             ///< what others change; "": whatever chance chooses
  /// Requests whose end nobody knows and nobody has looked for, by the name of the resource.
  std::set<std::string> unknown = {};
  std::map<std::string, std::optional<Observed>> before = {};  ///< each resource's last change
  std::string trace = {};
  std::vector<std::string> findings = {};

  /// Somebody has deployed an app, which has an entry in its list that is none of ours.
  void deploy(const std::string& name);
  /// Something happened; the trace of a run is the same whenever it is repeated.
  void note(const std::string& what);
  /// An invariant is broken.
  void find(std::string_view invariant, const std::string& what);
  /// Carries out what a request asks, and writes it down. Throws ApiError when it is refused.
  void carry_out(const Step& step, std::size_t of_run);
  /// Requests that were on their way arrive, if their time has come.
  void let_arrive();
  void let_all_arrive();
  /// The same between two runs, whatever their time; but deletions may come later still.
  void let_most_arrive();
  std::string uid_of(const std::string& name) const;

 private:
  void try_late(const Late& late);
};

std::string text_of(const Request& request);

}  // namespace weir::test
