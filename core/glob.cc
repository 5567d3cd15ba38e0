#include "core/glob.h"

#include <optional>

namespace weir {
namespace {

/// A star that was met: what follows it, and up to where in the text it reaches by now.
struct Star {
  std::size_t next = 0;
  std::size_t reach = 0;
};

/// Tries the shortest reach of each star first. Of several only the last of each sort is
/// lengthened: a longer reach of one before it would leave less text for the same rest. So hostile
/// globs cost no more than the square of the text.
class Matching {
 public:
  Matching(std::string_view glob, std::string_view text) : glob_(glob), text_(text) {}

  bool run() {
    while (at_ < text_.size() || next_ < glob_.size()) {
      if (!step() && !lengthen()) return false;
    }
    return true;
  }

 private:
  bool step() {
    const std::string_view rest = glob_.substr(next_);
    if (rest.starts_with("**")) {
      next_ += 2;
      wide_ = Star{next_, at_};
      narrow_.reset();
      return true;
    }
    if (rest.starts_with('*')) {
      narrow_ = Star{++next_, at_};
      return true;
    }
    if (rest.empty() || at_ == text_.size()) return false;
    if (rest.front() != '?' && rest.front() != text_[at_]) return false;
    ++next_;
    ++at_;
    return true;
  }

  bool lengthen() {
    if (narrow_ && narrow_->reach < text_.size() && text_[narrow_->reach] != '/') {
      return go_on(*narrow_);
    }
    narrow_.reset();
    return wide_ && wide_->reach < text_.size() && go_on(*wide_);
  }

  bool go_on(Star& star) {
    at_ = ++star.reach;
    next_ = star.next;
    return true;
  }

  std::string_view glob_;
  std::string_view text_;
  std::size_t next_ = 0;  // in the glob
  std::size_t at_ = 0;    // in the text
  std::optional<Star> narrow_;
  std::optional<Star> wide_;
};

}  // namespace

bool matches_glob(std::string_view glob, std::string_view text) {
  return Matching(glob, text).run();
}

}  // namespace weir
