// `pipelines:`, what several synced tables are copied by.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "manifest/declaring.h"
#include "manifest/inside/written_words.h"

namespace weir {

class Pipelines {
 public:
  /// Reads all of them; what is wrong is reported.
  explicit Pipelines(const Declaring& declaring);

  /// Gives a table that shares one what is said of that.
  void share_with(Declaration& table) const;

 private:
  void read(const Entry& entry);
  void give(const Entry& word, Declaration& table) const;

  const Declaring& declaring_;
  std::map<std::string, inside::WrittenWords, std::less<>> by_name_;
};

}  // namespace weir
