#include "state/postgres_tables.h"

#include <fmt/format.h>

#include "core/digest.h"
#include "state/codec.h"
#include "state/postgres_schema.h"
#include "state/refusals.h"

namespace weir {
namespace {

std::string text(const pqxx::field& field) {
  return field.is_null() ? "" : field.as<std::string>();
}

std::int64_t number(const pqxx::field& field) {
  return field.is_null() ? 0 : field.as<std::int64_t>();
}

std::string bytes(const pqxx::field& field) {
  return from_hex(text(field));
}

constexpr const char* kLeaseColumns =
    "SELECT epoch, apply, coalesce(expires_at < clock_timestamp(), true), holder, run,"
    " to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM weir.lease"
    " WHERE deployment = $1";
constexpr const char* kHeadColumns =
    "SELECT head.serial, head.entry, encode(head.chain, 'hex'), head.step,"
    " (extract(epoch FROM clock_timestamp()) * 1000000)::bigint FROM weir.head";

PostgresTables::Lease to_lease(const pqxx::result& rows) {
  if (rows.empty()) return {};
  const auto row = rows[0];
  return {.epoch = number(row[0]),
          .apply = number(row[1]),
          .is_over = row[2].as<bool>(),
          .holder = {.actor = text(row[3]), .run = text(row[4]), .since = text(row[5])}};
}

PostgresTables::Head to_head(const pqxx::result& rows) {
  const auto row = rows[0];
  return {.tip = {.serial = number(row[0]), .entry = number(row[1]), .chain = bytes(row[2])},
          .step = number(row[3]),
          .at = number(row[4])};
}

}  // namespace

int PostgresTables::format() {
  if (transaction_.exec("SELECT to_regclass('weir.format')")[0][0].is_null()) return 0;
  const int format = transaction_.exec("SELECT max(version) FROM weir.format")[0][0].as<int>(0);
  if (format < 1) throw damaged(where_, "it has no format");
  return format;
}

void PostgresTables::make() {
  transaction_.exec(kLockSchema);
  // Before the format is read again: looking into the catalogue makes the server notice what others
  // have made since it last looked.
  const auto found = transaction_.exec(
      "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = pg_namespace.oid)"
      " FROM pg_namespace WHERE nspname = 'weir'");
  if (format() != 0) return;  // somebody was faster
  if (!found.empty() && found[0][0].as<bool>()) {
    throw StateError(fmt::format(
        "{}: the schema weir has tables that weir did not make. Name another database", where_));
  }
  // A schema that somebody made for us needs no right to make one.
  if (found.empty()) transaction_.exec("CREATE SCHEMA weir");
  transaction_.exec(kPostgresSchema);
  transaction_.exec_params("INSERT INTO weir.format VALUES ($1)", kPostgresFormat);
}

std::int64_t PostgresTables::find_deployment(const std::string& name) {
  const auto found =
      transaction_.exec_params("SELECT id FROM weir.meta WHERE deployment = $1", name);
  deployment_ = found.empty() ? 0 : number(found[0][0]);
  return deployment_;
}

std::int64_t PostgresTables::add_deployment(const std::string& name) {
  if (find_deployment(name) != 0) return deployment_;
  transaction_.exec_params(
      "INSERT INTO weir.meta (deployment, lineage) VALUES ($1, $2)"
      " ON CONFLICT (deployment) DO NOTHING",
      name, random_id());
  find_deployment(name);
  for (const char* table : {"head", "lease"}) {
    transaction_.exec_params(
        fmt::format("INSERT INTO weir.{} (deployment) VALUES ($1) ON CONFLICT DO NOTHING", table),
        deployment_);
  }
  return deployment_;
}

weir::Head PostgresTables::head() {
  const auto rows = transaction_.exec_params(
      "SELECT lineage, serial, epoch, encode(chain, 'hex'), host, workspace_id FROM weir.meta"
      " JOIN weir.head ON head.deployment = id JOIN weir.lease ON lease.deployment = id"
      " WHERE id = $1",
      deployment_);
  if (rows.empty()) return {};
  const auto row = rows[0];
  return {.lineage = text(row[0]),
          .serial = number(row[1]),
          .epoch = number(row[2]),
          .chain = text(row[3]),
          .host = text(row[4]),
          .workspace_id = text(row[5])};
}

Records PostgresTables::records() {
  const auto rows = transaction_.exec_params(
      "SELECT r.address, encode(b.hash, 'hex'), b.body FROM weir.resource r"
      " JOIN weir.blob b USING (deployment, entry) WHERE r.deployment = $1 ORDER BY r.address",
      deployment_);
  Records records;
  for (const auto& row : rows) {
    const auto address = Address::parse(text(row[0]));
    if (!address) throw damaged(where_, "a resource has no address");
    records.emplace_hint(
        records.end(), *address,
        read_blob(*address, {.body = text(row[2]), .hash = bytes(row[1])}, where_));
  }
  return records;
}

std::vector<Intent> PostgresTables::intents() {
  const auto rows = transaction_.exec_params(
      "SELECT id, operation, body FROM weir.intent WHERE deployment = $1 ORDER BY position",
      deployment_);
  std::vector<Intent> intents;
  for (const auto& row : rows) {
    intents.push_back(read_intent(text(row[0]), text(row[1]), text(row[2]), where_));
  }
  return intents;
}

std::vector<HistoryEntry> PostgresTables::history(std::int64_t after_serial) {
  const auto end = transaction_.exec_params(
      "SELECT encode(chain, 'hex') FROM weir.history WHERE deployment = $1 AND serial <= $2"
      " ORDER BY entry DESC LIMIT 1",
      deployment_, after_serial);
  ChainReader chain(end.empty() ? "" : bytes(end[0][0]), where_);
  const auto rows = transaction_.exec_params(
      "SELECT h.entry, h.serial, h.at, a.id, h.action, h.address, h.before,"
      " encode(h.chain, 'hex'), encode(old.hash, 'hex'), old.body, encode(new.hash, 'hex'),"
      " new.body FROM weir.history h JOIN weir.apply a ON a.number = h.apply"
      " LEFT JOIN weir.blob old ON old.deployment = $1 AND old.entry = h.before"
      " LEFT JOIN weir.blob new ON new.deployment = $1 AND new.entry = h.entry"
      " WHERE h.deployment = $1 AND h.serial > $2 ORDER BY h.entry",
      deployment_, after_serial);
  std::vector<HistoryEntry> history;
  for (const auto& row : rows) {
    const Entry entry{.number = number(row[0]),
                      .serial = number(row[1]),
                      .at = number(row[2]),
                      .run = text(row[3]),
                      .action = text(row[4]),
                      .address = text(row[5]),
                      .before = number(row[6]),
                      .hash = bytes(row[10]),
                      .chain = bytes(row[7])};
    chain.follow(entry);
    history.push_back(to_history(entry, {.body = text(row[9]), .hash = bytes(row[8])},
                                 {.body = text(row[11]), .hash = entry.hash}, where_));
  }
  return history;
}

std::vector<Run> PostgresTables::runs() {
  const auto rows = transaction_.exec_params(
      "SELECT id, plan_hash, actor, tool_version, started_at, ended_at, outcome FROM weir.apply"
      " WHERE deployment = $1 ORDER BY number",
      deployment_);
  std::vector<Run> runs;
  for (const auto& row : rows) {
    runs.push_back({.id = text(row[0]),
                    .plan_hash = text(row[1]),
                    .actor = text(row[2]),
                    .tool_version = text(row[3]),
                    .started_at = text(row[4]),
                    .ended_at = text(row[5]),
                    .outcome = text(row[6])});
  }
  return runs;
}

void PostgresTables::set_workspace(const std::string& host, const std::string& workspace_id) {
  transaction_.exec_params(
      "UPDATE weir.meta SET host = $2, workspace_id = $3 WHERE id = $1 AND host = ''", deployment_,
      host, workspace_id);
}

PostgresTables::Lease PostgresTables::lease() {
  return to_lease(transaction_.exec_params(kLeaseColumns, deployment_));
}

PostgresTables::Lease PostgresTables::lock_lease() {
  return to_lease(
      transaction_.exec_params(std::string(kLeaseColumns) + " FOR UPDATE", deployment_));
}

PostgresTables::Taken PostgresTables::take_lease(std::int64_t apply, const Run& run,
                                                 const LeaseSpan& span, bool is_ours) {
  const auto rows = transaction_.exec_params(
      "UPDATE weir.lease SET epoch = epoch + 1, apply = $2, run = $3, holder = $4,"
      " since = clock_timestamp(), drained_at = CASE WHEN apply IS NULL OR $7 THEN drained_at ELSE"
      " greatest(drained_at, expires_at + $6::bigint * interval '1 microsecond') END,"
      " expires_at = clock_timestamp() + $5::bigint * interval '1 microsecond'"
      " WHERE deployment = $1 RETURNING epoch,"
      " ceil(greatest(0, extract(epoch FROM drained_at - clock_timestamp())) * 1000000)::bigint,"
      " (SELECT step FROM weir.head WHERE deployment = $1)",
      deployment_, apply, run.id, run.actor, span.length, span.longest_request, is_ours);
  if (rows.empty()) throw damaged(where_, "it has no lease to take");
  const auto row = rows[0];
  return {.epoch = number(row[0]), .step = number(row[2]), .drain = number(row[1])};
}

bool PostgresTables::renew_lease(std::int64_t epoch, std::int64_t length) {
  const auto renewed = transaction_.exec_params(
      "UPDATE weir.lease SET expires_at = clock_timestamp() + $3::bigint * interval"
      " '1 microsecond' WHERE deployment = $1 AND epoch = $2 AND apply IS NOT NULL"
      " AND expires_at > clock_timestamp()",
      deployment_, epoch, length);
  return renewed.affected_rows() == 1;
}

void PostgresTables::free_lease() {
  transaction_.exec_params(
      "UPDATE weir.lease SET apply = NULL, run = '', holder = '' WHERE deployment = $1",
      deployment_);
}

void PostgresTables::break_lease(std::int64_t longest_request) {
  transaction_.exec_params(
      "UPDATE weir.lease SET epoch = epoch + 1, apply = NULL, run = '', holder = '',"
      // Until then the holder may believe in its lease, and send.
      " drained_at = greatest(drained_at, expires_at, clock_timestamp() + $2::bigint * interval"
      " '1 microsecond') WHERE deployment = $1",
      deployment_, longest_request);
}

std::int64_t PostgresTables::insert_run(const Run& run) {
  const auto rows = transaction_.exec_params(
      "INSERT INTO weir.apply (deployment, id, plan_hash, actor, tool_version, started_at,"
      " ended_at, outcome) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING number",
      deployment_, run.id, run.plan_hash, run.actor, run.tool_version, run.started_at, run.ended_at,
      run.outcome);
  return number(rows[0][0]);
}

void PostgresTables::end_run(std::int64_t apply, const std::string& outcome) {
  transaction_.exec_params(
      "UPDATE weir.apply SET outcome = $2, ended_at = to_char(clock_timestamp() AT TIME ZONE 'UTC',"
      " 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') WHERE number = $1",
      apply, outcome);
}

std::optional<PostgresTables::Head> PostgresTables::lock_head(std::int64_t epoch) {
  const auto rows = transaction_.exec_params(
      std::string(kHeadColumns) +
          " JOIN weir.lease USING (deployment) WHERE deployment = $1 AND lease.epoch = $2"
          " AND lease.apply IS NOT NULL FOR SHARE OF lease FOR UPDATE OF head",
      deployment_, epoch);
  if (rows.empty()) return std::nullopt;
  return to_head(rows);
}

PostgresTables::Head PostgresTables::lock_head() {
  const auto rows = transaction_.exec_params(
      std::string(kHeadColumns) + " WHERE deployment = $1 FOR UPDATE", deployment_);
  if (rows.empty()) throw damaged(where_, "it has no head");
  return to_head(rows);
}

void PostgresTables::count_commit() {
  transaction_.exec_params("UPDATE weir.head SET step = step + 1 WHERE deployment = $1",
                           deployment_);
}

Standing PostgresTables::standing_of(const std::vector<Remembered>& remembered) {
  Document addresses = Document::array();
  for (const Remembered& change : remembered) addresses.push_back(change.address.text());
  const auto rows = transaction_.exec_params(
      "SELECT address, entry FROM weir.resource WHERE deployment = $1"
      " AND address IN (SELECT json_array_elements_text($2::json))",
      deployment_, to_text(addresses));
  Standing standing;
  for (const auto& row : rows) standing[text(row[0])] = number(row[1]);
  return standing;
}

void PostgresTables::insert_intents(const std::vector<Intent>& intents, std::int64_t epoch) {
  if (intents.empty()) return;
  Document rows = Document::array();
  for (const Intent& intent : intents) {
    rows.push_back({{"id", intent.id}, {"operation", intent.operation}, {"body", to_body(intent)}});
  }
  transaction_.exec_params(
      "INSERT INTO weir.intent (deployment, id, epoch, operation, body)"
      " SELECT $1, v->>'id', $2, v->>'operation', v->>'body'"
      " FROM json_array_elements($3::json) WITH ORDINALITY AS rows (v, place) ORDER BY place",
      deployment_, epoch, to_text(rows));
}

void PostgresTables::accept_intents(const std::vector<Commit::Accepted>& accepted) {
  if (accepted.empty()) return;
  Document rows = Document::array();
  std::vector<std::string> ids;
  for (const auto& [intent, operation] : accepted) {
    rows.push_back({{"id", intent}, {"operation", operation}});
    ids.push_back(intent);
  }
  const auto changed = transaction_.exec_params(
      "UPDATE weir.intent SET operation = rows.operation FROM json_to_recordset($2::json)"
      " AS rows (id text, operation text) WHERE deployment = $1 AND intent.id = rows.id",
      deployment_, to_text(rows));
  if (changed.affected_rows() == accepted.size()) return;
  throw no_such_intent(where_, fmt::format("{}", fmt::join(ids, ", ")));
}

void PostgresTables::delete_intents(const std::vector<std::string>& closed) {
  if (closed.empty()) return;
  const auto deleted = transaction_.exec_params(
      "DELETE FROM weir.intent WHERE deployment = $1"
      " AND id IN (SELECT json_array_elements_text($2::json))",
      deployment_, to_text(Document(closed)));
  if (deleted.affected_rows() == closed.size()) return;
  throw no_such_intent(where_, fmt::format("{}", fmt::join(closed, ", ")));
}

void PostgresTables::append(const std::vector<Addition>& added, std::int64_t apply) {
  // One statement changes a row once: of an address that changes twice the last change counts.
  Standing last;
  for (const auto& [entry, body] : added) last[entry.address] = entry.number;
  Document rows = Document::array();
  for (const auto& [entry, body] : added) {
    rows.push_back({{"entry", entry.number},
                    {"serial", entry.serial},
                    {"at", entry.at},
                    {"action", entry.action},
                    {"address", entry.address},
                    {"before", entry.before},
                    {"chain", to_hex(entry.chain)},
                    {"hash", to_hex(entry.hash)},
                    {"body", body},
                    {"is_last", last.at(entry.address) == entry.number}});
  }
  const Entry& end = added.back().entry;
  // One statement is one way to the server and back; foreign keys are checked at its end.
  transaction_.exec_params(
      "WITH added AS (SELECT * FROM json_to_recordset($3::json) AS rows (entry bigint,"
      "   serial bigint, at bigint, action text, address text, before bigint, chain text,"
      "   hash text, body text, is_last boolean)),"
      " histories AS (INSERT INTO weir.history (deployment, entry, serial, at, apply, action,"
      "   address, before, chain) SELECT $1, entry, serial, at, $2, action, address, before,"
      "   decode(chain, 'hex') FROM added),"
      " blobs AS (INSERT INTO weir.blob (deployment, entry, hash, body)"
      "   SELECT $1, entry, decode(hash, 'hex'), body FROM added WHERE hash <> ''),"
      " kept AS (INSERT INTO weir.resource (deployment, address, entry)"
      "   SELECT $1, address, entry FROM added WHERE is_last AND hash <> ''"
      "   ON CONFLICT (deployment, address) DO UPDATE SET entry = excluded.entry),"
      " forgotten AS (DELETE FROM weir.resource WHERE deployment = $1"
      "   AND address IN (SELECT address FROM added WHERE is_last AND hash = ''))"
      " UPDATE weir.head SET serial = $4, entry = $5, chain = decode($6, 'hex'), step = step + 1"
      " WHERE deployment = $1",
      deployment_, apply, to_text(rows), end.serial, end.number, to_hex(end.chain));
}

}  // namespace weir
