// What PostgreSQL lets somebody do with an object: privileges, which exist where, and their words.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::sql {

/// The classes of objects that carry privileges of their own.
enum class ObjectClass : std::uint8_t {
  kDatabase,
  kSchema,
  kTable,  ///< views, materialized views, foreign and partitioned tables as well
  kColumn,
  kSequence,
  kRoutine,  ///< functions, aggregates and procedures
  kType,     ///< domains as well
  kLargeObject,
};

enum class Privilege : std::uint8_t {
  kSelect,
  kInsert,
  kUpdate,
  kDelete,
  kTruncate,
  kReferences,
  kTrigger,
  kMaintain,
  kUsage,
  kExecute,
  kCreate,
  kConnect,
  kTemporary,
};
inline constexpr int kPrivilegeCount = 13;

/// A set of privileges, as bits.
class PrivilegeSet {
 public:
  constexpr PrivilegeSet() = default;
  constexpr PrivilegeSet(std::initializer_list<Privilege> privileges) {
    for (const Privilege privilege : privileges) add(privilege);
  }

  constexpr bool has(Privilege privilege) const { return (bits_ & bit(privilege)) != 0; }
  constexpr bool is_empty() const { return bits_ == 0; }
  constexpr bool contains(PrivilegeSet other) const { return (other.bits_ & ~bits_) == 0; }
  constexpr void add(Privilege privilege) {
    bits_ = static_cast<std::uint16_t>(bits_ | bit(privilege));
  }
  std::vector<Privilege> list() const;

  constexpr PrivilegeSet operator|(PrivilegeSet other) const { return made(bits_ | other.bits_); }
  constexpr PrivilegeSet operator&(PrivilegeSet other) const { return made(bits_ & other.bits_); }
  constexpr PrivilegeSet operator-(PrivilegeSet other) const { return made(bits_ & ~other.bits_); }
  constexpr PrivilegeSet& operator|=(PrivilegeSet other) { return *this = *this | other; }
  constexpr PrivilegeSet& operator-=(PrivilegeSet other) { return *this = *this - other; }
  auto operator<=>(const PrivilegeSet&) const = default;

 private:
  static constexpr unsigned bit(Privilege privilege) {
    return 1U << static_cast<unsigned>(privilege);
  }
  static constexpr PrivilegeSet made(unsigned bits) {
    PrivilegeSet set;
    set.bits_ = static_cast<std::uint16_t>(bits);
    return set;
  }

  std::uint16_t bits_ = 0;
};

/// The server's `server_version_num`, 170002 for 17.2.
struct ServerVersion {
  int number = 0;

  int major() const { return number / 10000; }
  auto operator<=>(const ServerVersion&) const = default;
};
inline constexpr int kOldestMajor = 14;

/// All privileges that exist for a class; what ALL means there.
PrivilegeSet privileges_of(ObjectClass object_class, ServerVersion version);
/// What PUBLIC gets on a new object when nobody says otherwise.
PrivilegeSet public_privileges_of(ObjectClass object_class);

/// "SELECT", as statements have it.
std::string_view keyword(Privilege privilege);
/// The privilege that a keyword of any case names, "temp" as well.
std::optional<Privilege> privilege_named(std::string_view word);
/// "SELECT, INSERT"
std::string text_of(PrivilegeSet privileges);
/// "table"; a class in words, and several of it.
std::string_view noun(ObjectClass object_class);
std::string_view plural(ObjectClass object_class);

/// What a list of words means for one class: keywords, `all`, and `none` alone.
struct ReadPrivileges {
  PrivilegeSet privileges = {};
  std::string problem = {};  ///< what is wrong with the words; "" when nothing is
};
ReadPrivileges read_privileges(std::span<const std::string> words, ObjectClass object_class,
                               ServerVersion version);
/// The words that read_privileges understands, in the order of the keywords.
std::vector<std::string> words_of(PrivilegeSet privileges);

}  // namespace weir::sql
