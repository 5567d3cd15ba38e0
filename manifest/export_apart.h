// What an export says of databases and that stands apart from them: catalogs, copies, feeds.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/observations.h"

namespace weir {

class ApartOfDatabases {
 public:
  /// What cannot be said of it goes to `left_out`, each with the reason.
  ApartOfDatabases(const Observations& observations, std::vector<std::string>& left_out);

  /// In the form of a manifest, to stand below the database.
  Document below(const Observed& database);
  /// What stands below no database that was written.
  std::vector<std::string> left_out() const;

 private:
  void take_catalog(const Observed& catalog);
  static bool tell_what_is_hidden(const Observed& observed, std::vector<std::string>& left_out);
  void take_copy(const Observed& copy, std::vector<std::string>& left_out);
  void take_feed(const Observed& feed, std::vector<std::string>& left_out);
  Document fields_of_copy(const Observed& copy) const;

  std::map<std::string, Document> by_database_ = {};
  std::set<std::string> written_ = {};                    // keys of those
  std::map<std::string, std::string> registered_ = {};    // databases by catalog
  std::map<std::string, std::size_t> of_pipelines_ = {};  // how many tables share one
};

}  // namespace weir
