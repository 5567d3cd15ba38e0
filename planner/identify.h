// Which resource of the workspace a declaration means.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "core/observations.h"
#include "core/store.h"
#include "manifest/manifest.h"

namespace weir {

inline constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

/// A declaration beside what the records and the workspace have of it.
struct Wish {
  const Declaration* declaration = nullptr;
  const Record* record = nullptr;
  const Observed* live = nullptr;
  const Observed* deleted = nullptr;  ///< softly
  std::size_t parent = kNowhere;      ///< the wish that contains it
  std::string remote_name = {};
  Document wanted = Document::object();  ///< canonical values by field, references included
  /// The table whose pipeline it gets, by its remote name, where only the apply can know that.
  std::string joins = {};
  /// Why it is replaced, where its fields do not show it.
  std::string made_anew = {};
  /// A field whose value nobody wrote and that is what it was before: another one is drift.
  const Field* follows = nullptr;
};

/// Whether what stands there now is what was applied, and not another one of the same name.
bool is_same_resource(const Record& record, const Observed& live);

/// A role that SQL made has an id of the service's choice, which the apply that made it only
/// guessed. It is called like its key inside Postgres.
bool has_guessed_id(const Record& record);

/// What an apply of the wish leaves to remember.
Record record_of(const Wish& wish);

/// All wishes, parents before children, whatever the order of the declarations.
class Wishes {
 public:
  Wishes(const Manifest& manifest, const Records& records, const Observations& observations,
         const Catalogue& catalogue);

  const std::vector<Wish>& all() const { return all_; }
  const Wish& operator[](std::size_t index) const { return all_[index]; }
  const Wish* find(const Address& address) const;
  /// By remote name.
  const Wish* named(const std::string& remote_name) const;
  /// By name inside Postgres.
  const Wish* find_postgres(const Kind& kind, const std::string& parent,
                            const std::string& postgres_name) const;
  /// The wish gets an id that its resource will have for a reason that the plan knows.
  void rename(std::size_t index, const std::string& remote_name);
  /// A value that follows from what else is there; null: none.
  void want(std::size_t index, const Field& field, const Document& value, bool is_as_before);
  void make_anew(std::size_t index, const std::string& why) { all_[index].made_anew = why; }
  void join(std::size_t index, const std::string& remote_name);
  /// Gives what is bound the names that it has by now.
  void name_bound();
  std::size_t index_of(const Wish& wish) const {
    return static_cast<std::size_t>(&wish - all_.data());
  }
  /// The remote name that the value of a reference stands for, seen from a member of `parent`.
  std::string name_of(const Field& field, const std::string& value,
                      const std::string& parent) const;

 private:
  std::size_t nearest(Address above) const;
  void name(Wish& wish);
  void name_by_id(Wish& wish);
  void resolve(Wish& wish) const;
  void resolve_bound(Wish& wish, const Field& field) const;
  std::string name_at(const Address& address) const;

  const Observations& observations_;
  const Catalogue& catalogue_;
  std::vector<Wish> all_;
  std::unordered_map<Address, std::size_t> by_address_;
  std::unordered_map<std::string, std::size_t> by_name_;
  std::unordered_map<std::string, std::string> by_postgres_name_;  // "<parent>/roles/<name>"
};

/// Whether the API's id is found by the name inside Postgres.
bool has_postgres_name(const Kind& kind);

/// The kind of what stands at an address, or has a remote name of that form; null for none.
const Kind* kind_at(const Catalogue& catalogue, const Address& address);

/// The value of a field, or null.
const Document& value_of(const Document& fields, const Field& field);

/// An id for a role or a database: what the service itself would make of a name inside Postgres,
/// in lower-case letters, digits and hyphens, 4 to 63 characters.
std::string id_for(const Kind& kind, const Document& fields, const std::string& postgres_name);

/// The name without its last collection and key, or without its singleton's name.
std::string parent_of_name(const std::string& remote_name);

}  // namespace weir
