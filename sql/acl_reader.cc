#include "sql/acl_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "sql/snapshot_row.h"

namespace weir::sql {
namespace {

/// One entry for each pair of roles, and none that gives nothing.
Acl merged(Acl entries) {
  std::sort(entries.begin(), entries.end());
  Acl acl;
  acl.reserve(entries.size());
  for (const AclEntry& entry : entries) {
    const bool is_new =
        acl.empty() || acl.back().grantor != entry.grantor || acl.back().grantee != entry.grantee;
    if (is_new) {
      acl.push_back(entry);
    } else {
      acl.back().privileges |= entry.privileges;
      acl.back().grantable |= entry.grantable;
    }
  }
  std::erase_if(acl, [](const AclEntry& entry) { return entry.privileges.is_empty(); });
  return acl;
}

}  // namespace

void AclReader::read_items(const Document& rows) {
  for (const Document& cells : list_in(rows)) items_.push_back(entry_of(cells));
}

Acl AclReader::at_positions(const Document& positions) const {
  Acl acl;
  for (const Document& position : list_in(positions)) {
    if (!position.is_number_unsigned() || position.get<std::size_t>() >= items_.size()) {
      throw MalformedSnapshot("a list of privileges names an item that there is not");
    }
    acl.push_back(items_[position.get<std::size_t>()]);
  }
  return merged(std::move(acl));
}

Acl AclReader::read(const Document& rows) {
  Acl acl;
  for (const Document& cells : list_in(rows)) acl.push_back(entry_of(cells));
  return merged(std::move(acl));
}

AclEntry AclReader::entry_of(const Document& cells) {
  Row row(cells, 4, "privileges");
  AclEntry entry;
  entry.grantor = row.role();
  entry.grantee = row.role();
  entry.privileges = privileges_in(row.text());
  entry.grantable = privileges_in(row.text());
  return entry;
}

PrivilegeSet AclReader::privileges_in(std::string_view keywords) {
  PrivilegeSet privileges;
  while (!keywords.empty()) {
    const std::size_t comma = std::min(keywords.find(','), keywords.size());
    const std::string_view word = keywords.substr(0, comma);
    if (const auto privilege = privilege_named(word)) {
      privileges.add(*privilege);
    } else {
      unknown_.insert(fmt::format("the privilege {}", word));
    }
    keywords.remove_prefix(std::min(comma + 1, keywords.size()));
  }
  return privileges;
}

}  // namespace weir::sql
