// Many blocking questions of one sort, for a thread that has something else to do meanwhile.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <type_traits>
#include <vector>

#include "engine/inbox.h"
#include "engine/workers.h"

namespace weir {

template <typename Result>
struct Asked {
  Result result = {};
  std::exception_ptr failure = nullptr;  ///< what was thrown in place of a result
};

/// What `ask` answers to each question, in their order, `parallelism` of them at a time.
/// `meanwhile` is called now and then; what it throws ends the asking.
template <typename Question, typename Ask,
          typename Result = std::invoke_result_t<const Ask&, const Question&>>
std::vector<Asked<Result>> ask_each(const std::vector<Question>& questions, std::size_t parallelism,
                                    const std::function<void()>& meanwhile, const Ask& ask) {
  constexpr std::chrono::milliseconds kPause{500};
  std::vector<Asked<Result>> answers(questions.size());
  Inbox<std::size_t> done;
  Workers workers(std::min(parallelism, questions.size()));  // last: its tasks use the above
  for (std::size_t index = 0; index < questions.size(); ++index) {
    workers.post([&answers, &done, &questions, &ask, index] {
      try {
        answers[index].result = ask(questions[index]);
      } catch (...) {
        answers[index].failure = std::current_exception();
      }
      done.put(index);
    });
  }
  for (std::size_t count = 0; count < questions.size();) {
    if (meanwhile) meanwhile();
    count += done.take(1, std::chrono::steady_clock::now() + kPause).size();
  }
  return answers;
}

}  // namespace weir
