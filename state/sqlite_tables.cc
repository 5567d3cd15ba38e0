#include "state/sqlite_tables.h"

#include "core/digest.h"
#include "state/codec.h"
#include "state/refusals.h"

namespace weir {

using Statement = SqliteDatabase::Statement;

void SqliteTables::add_deployment(const std::string& created_at) {
  if (deployment_ != 0) return;
  database_.transaction([&] {
    database_
        .prepared("INSERT OR IGNORE INTO meta (deployment, lineage, created_at) VALUES (?, ?, ?)")
        .bind(deployment_name_)
        .bind(random_id())
        .bind(created_at)
        .run();
    find_deployment();
    for (const char* sql : {"INSERT OR IGNORE INTO head (deployment) VALUES (?)",
                            "INSERT OR IGNORE INTO lease (deployment) VALUES (?)"}) {
      database_.prepared(sql).bind(deployment_).run();
    }
  });
}

void SqliteTables::find_deployment() {
  // A name that is damaged in one place would look like a deployment that nobody has applied.
  Statement found = database_.prepared(
      "SELECT coalesce((SELECT id FROM meta WHERE deployment = ?1), 0),"
      " coalesce((SELECT id FROM meta NOT INDEXED WHERE deployment = ?1), 0)");
  found.bind(deployment_name_).step();
  deployment_ = found.number(0);
  if (found.number(1) != deployment_) throw damaged(where(), "its list of deployments");
}

void SqliteTables::check_tip() {
  Statement last = database_.prepared(
      "SELECT head.entry = coalesce(history.entry, 0) AND head.serial = coalesce(history.serial, 0)"
      " AND head.chain = coalesce(history.chain, x'') AND NOT EXISTS (SELECT 1 FROM history later"
      " WHERE later.entry > head.entry AND later.deployment = ?1) FROM head"
      " LEFT JOIN history ON history.entry = head.entry AND history.deployment = ?1"
      " WHERE head.deployment = ?1");
  if (deployment_ == 0) return;
  if (!last.bind(deployment_).step() || last.number(0) != 1) {
    throw damaged(where(), "its head and its history differ");
  }
}

/// A row of a deployment that nobody knows is missing in one that somebody does.
void SqliteTables::check_owners() {
  Statement lost = database_.prepared(
      "SELECT EXISTS (SELECT 1 FROM resource WHERE deployment NOT IN (SELECT id FROM meta))"
      " OR EXISTS (SELECT 1 FROM intent WHERE deployment NOT IN (SELECT id FROM meta))");
  lost.step();
  if (lost.number(0) != 0) throw damaged(where(), "it has rows that belong to nobody");
}

Head SqliteTables::head() {
  Statement row = database_.prepared(
      "SELECT lineage, serial, epoch, chain, host, workspace_id FROM meta"
      " JOIN head ON head.deployment = id JOIN lease ON lease.deployment = id WHERE id = ?");
  if (!row.bind(deployment_).step()) return {};
  return {.lineage = row.text(0),
          .serial = row.number(1),
          .epoch = row.number(2),
          .chain = to_hex(row.text(3)),
          .host = row.text(4),
          .workspace_id = row.text(5)};
}

Records SqliteTables::records() {
  Records records;
  check_owners();
  // A resource without a text has another entry than was written, and its hash says so.
  Statement row = database_.prepared(
      "SELECT address, hash, body FROM resource LEFT JOIN blob USING (entry)"
      " WHERE deployment = ? ORDER BY address");
  row.bind(deployment_);
  while (row.step()) {
    const auto address = Address::parse(row.text(0));
    if (!address) throw damaged(where(), "a resource has no address");
    records.emplace_hint(records.end(), *address,
                         read_blob(*address, {.body = row.text(2), .hash = row.text(1)}, where()));
  }
  return records;
}

std::vector<Intent> SqliteTables::intents() {
  std::vector<Intent> intents;
  Statement row = database_.prepared(
      "SELECT id, operation, body FROM intent WHERE deployment = ? ORDER BY position");
  row.bind(deployment_);
  while (row.step()) {
    intents.push_back(read_intent(row.text(0), row.text(1), row.text(2), where()));
  }
  return intents;
}

std::vector<HistoryEntry> SqliteTables::history(std::int64_t after_serial) {
  std::vector<HistoryEntry> history;
  if (deployment_ == 0) return history;
  ChainReader chain(chain_at(after_serial), where());
  Statement row = database_.prepared(
      "SELECT h.entry, h.serial, h.at, apply.id, h.action, h.address, h.before, h.chain,"
      " old.hash, old.body, new.hash, new.body FROM history h JOIN apply ON number = h.apply"
      " LEFT JOIN blob old ON old.entry = h.before LEFT JOIN blob new ON new.entry = h.entry"
      " WHERE h.deployment = ? AND h.serial > ? ORDER BY h.entry");
  row.bind(deployment_).bind(after_serial);
  while (row.step()) {
    const Entry entry{.number = row.number(0),
                      .serial = row.number(1),
                      .at = row.number(2),
                      .run = row.text(3),
                      .action = row.text(4),
                      .address = row.text(5),
                      .before = row.number(6),
                      .hash = row.text(10),
                      .chain = row.text(7)};
    chain.follow(entry);
    history.push_back(to_history(entry, {.body = row.text(9), .hash = row.text(8)},
                                 {.body = row.text(11), .hash = row.text(10)}, where()));
  }
  return history;
}

/// The chain behind which the entries after a serial follow.
std::string SqliteTables::chain_at(std::int64_t after_serial) {
  if (after_serial <= 0) return "";
  Statement row = database_.prepared(
      "SELECT chain FROM history WHERE deployment = ? AND serial <= ? ORDER BY entry DESC LIMIT 1");
  return row.bind(deployment_).bind(after_serial).step() ? row.text(0) : "";
}

std::vector<Run> SqliteTables::runs() {
  std::vector<Run> runs;
  Statement row = database_.prepared(
      "SELECT id, plan_hash, actor, tool_version, started_at, ended_at, outcome FROM apply"
      " WHERE deployment = ? ORDER BY number");
  row.bind(deployment_);
  while (row.step()) {
    runs.push_back({.id = row.text(0),
                    .plan_hash = row.text(1),
                    .actor = row.text(2),
                    .tool_version = row.text(3),
                    .started_at = row.text(4),
                    .ended_at = row.text(5),
                    .outcome = row.text(6)});
  }
  return runs;
}

void SqliteTables::set_workspace(const std::string& host, const std::string& workspace_id) {
  database_.prepared("UPDATE meta SET host = ?, workspace_id = ? WHERE id = ?")
      .bind(host)
      .bind(workspace_id)
      .bind(deployment_)
      .run();
}

SqliteTables::Lease SqliteTables::lease() {
  Statement row = database_.prepared(
      "SELECT epoch, lease.apply, actor, id, since FROM lease LEFT JOIN apply ON number = "
      "lease.apply"
      " WHERE lease.deployment = ?");
  if (!row.bind(deployment_).step()) return {};
  return {.epoch = row.number(0),
          .apply = row.number(1),
          .holder = {.actor = row.text(2), .run = row.text(3), .since = row.text(4)}};
}

void SqliteTables::set_lease(const Lease& lease) {
  Statement row =
      database_.prepared("UPDATE lease SET epoch = ?, since = ?, apply = ? WHERE deployment = ?");
  row.bind(lease.epoch).bind(lease.holder.since);
  (lease.apply == 0 ? row.bind_null() : row.bind(lease.apply)).bind(deployment_).run();
}

std::int64_t SqliteTables::insert_run(const Run& run) {
  database_
      .prepared(
          "INSERT INTO apply (deployment, id, plan_hash, actor, tool_version, started_at,"
          " ended_at, outcome) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(deployment_)
      .bind(run.id)
      .bind(run.plan_hash)
      .bind(run.actor)
      .bind(run.tool_version)
      .bind(run.started_at)
      .bind(run.ended_at)
      .bind(run.outcome)
      .run();
  return database_.last_row();
}

void SqliteTables::end_run(std::int64_t apply, const std::string& ended_at,
                           const std::string& outcome) {
  database_.prepared("UPDATE apply SET ended_at = ?, outcome = ? WHERE number = ?")
      .bind(ended_at)
      .bind(outcome)
      .bind(apply)
      .run();
}

Tip SqliteTables::tip() {
  Statement row = database_.prepared(
      "SELECT serial, (SELECT coalesce(max(entry), 0) FROM history), chain FROM head"
      " WHERE deployment = ?");
  row.bind(deployment_).step();
  return {.serial = row.number(0), .entry = row.number(1), .chain = row.text(2)};
}

Standing SqliteTables::standing_of(const std::vector<Remembered>& remembered) {
  Standing standing;
  for (const Remembered& change : remembered) {
    Statement row =
        database_.prepared("SELECT entry FROM resource WHERE deployment = ? AND address = ?");
    if (row.bind(deployment_).bind(change.address.text()).step()) {
      standing[change.address.text()] = row.number(0);
    }
  }
  return standing;
}

void SqliteTables::insert_intents(const std::vector<Intent>& intents, std::int64_t epoch) {
  if (intents.empty()) return;
  Statement last =
      database_.prepared("SELECT coalesce(max(position), 0) FROM intent WHERE deployment = ?");
  last.bind(deployment_).step();
  std::int64_t position = last.number(0);
  for (const Intent& intent : intents) {
    database_
        .prepared(
            "INSERT INTO intent (deployment, id, position, epoch, operation, body)"
            " VALUES (?, ?, ?, ?, ?, ?)")
        .bind(deployment_)
        .bind(intent.id)
        .bind(++position)
        .bind(epoch)
        .bind(intent.operation)
        .bind(to_body(intent))
        .run();
  }
}

void SqliteTables::accept_intents(const std::vector<Commit::Accepted>& accepted) {
  for (const auto& [intent, operation] : accepted) {
    database_.prepared("UPDATE intent SET operation = ? WHERE deployment = ? AND id = ?")
        .bind(operation)
        .bind(deployment_)
        .bind(intent)
        .run();
    if (database_.changed_rows() != 1) throw no_such_intent(where(), intent);
  }
}

void SqliteTables::delete_intents(const std::vector<std::string>& closed) {
  for (const std::string& id : closed) {
    database_.prepared("DELETE FROM intent WHERE deployment = ? AND id = ?")
        .bind(deployment_)
        .bind(id)
        .run();
    if (database_.changed_rows() != 1) throw no_such_intent(where(), id);
  }
}

void SqliteTables::append(const std::vector<Addition>& added, std::int64_t apply) {
  for (const Addition& addition : added) append_one(addition, apply);
  const Entry& last = added.back().entry;
  database_.prepared("UPDATE head SET serial = ?, entry = ?, chain = ? WHERE deployment = ?")
      .bind(last.serial)
      .bind(last.number)
      .bind_bytes(last.chain)
      .bind(deployment_)
      .run();
}

void SqliteTables::append_one(const Addition& addition, std::int64_t apply) {
  const Entry& entry = addition.entry;
  Statement row = database_.prepared(
      "INSERT INTO history (entry, deployment, serial, at, apply, action, address, chain, before)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  row.bind(entry.number)
      .bind(deployment_)
      .bind(entry.serial)
      .bind(entry.at)
      .bind(apply)
      .bind(entry.action)
      .bind(entry.address)
      .bind_bytes(entry.chain);
  (entry.before == 0 ? row.bind_null() : row.bind(entry.before)).run();
  if (entry.hash.empty()) return;
  database_.prepared("INSERT INTO blob (entry, hash, body) VALUES (?, ?, ?)")
      .bind(entry.number)
      .bind_bytes(entry.hash)
      .bind(addition.body)
      .run();
}

void SqliteTables::update_resources(const std::vector<Addition>& added) {
  for (const auto& [entry, body] : added) {
    if (entry.hash.empty()) {
      database_.prepared("DELETE FROM resource WHERE deployment = ? AND address = ?")
          .bind(deployment_)
          .bind(entry.address)
          .run();
    } else {
      database_
          .prepared(
              "INSERT INTO resource (deployment, address, entry) VALUES (?, ?, ?)"
              " ON CONFLICT (deployment, address) DO UPDATE SET entry = excluded.entry")
          .bind(deployment_)
          .bind(entry.address)
          .bind(entry.number)
          .run();
    }
  }
}

}  // namespace weir
