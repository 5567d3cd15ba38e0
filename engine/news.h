// What an apply tells once it is on disk.
#pragma once

#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

namespace weir {

/// In the order in which it happened.
class News {
 public:
  struct Item {
    std::size_t step = 0;
    std::function<void()> tell = {};
  };

  void add(std::size_t step, std::function<void()> tell) {
    items_.push_back({.step = step, .tell = std::move(tell)});
  }
  std::vector<Item> take() { return std::exchange(items_, {}); }

 private:
  std::vector<Item> items_;
};

}  // namespace weir
