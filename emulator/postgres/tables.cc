#include "emulator/postgres/tables.h"

#include <algorithm>

#include "emulator/postgres/admin_session.h"

namespace emulator {
namespace {

namespace fs = std::filesystem;

/// Privileges alone would not do: project superusers may write everywhere.
constexpr const char* kGuard = "pg_catalog.databricks_refuse_writing";
constexpr const char* kGuardBody =
    "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF current_user <> 'databricks_writer' THEN "
    "RAISE EXCEPTION 'cannot write to synced table \"%\"', TG_TABLE_NAME USING ERRCODE = '42501'; "
    "END IF; RETURN NULL; END $$";

bool has_database(const fs::path& socket_folder, const std::string& name) {
  AdminSession session(socket_folder, "postgres");
  return !session.query("SELECT FROM pg_database WHERE datname = $1", {name}).empty();
}

AdminSession session_in(const fs::path& socket_folder, const std::string& database) {
  if (!has_database(socket_folder, database)) {
    throw Failure(kNotFound, "The database \"" + database + "\" does not exist.");
  }
  return AdminSession(socket_folder, database);
}

bool has_schema(AdminSession& session, const std::string& name) {
  return !session.query("SELECT FROM pg_namespace WHERE nspname = $1", {name}).empty();
}

/// The role that owns the tables. Members may index and drop them, and read.
void ensure_writer(AdminSession& session) {
  const std::string writer = identifier(kServiceWriter);
  if (session.query("SELECT FROM pg_roles WHERE rolname = $1", {kServiceWriter}).empty()) {
    session.query("CREATE ROLE " + writer + " NOLOGIN");
  }
  session.query("GRANT " + writer + " TO " + identifier(kProjectSuperuser));
}

/// Among the functions of the system, so that nobody finds it among his own.
void ensure_guard(AdminSession& session) {
  session.query("CREATE OR REPLACE FUNCTION " + std::string(kGuard) + "() " + kGuardBody);
}

std::string qualified(const TablePlace& place) {
  return identifier(place.schema) + "." + identifier(place.name);
}

/// The owner of what has the table's name; "" when nothing has it.
std::string owner_of(AdminSession& session, const TablePlace& place) {
  const auto rows =
      session.query("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = to_regclass($1)",
                    {qualified(place)});
  return rows.empty() ? "" : rows.at(0).at(0).value_or("");
}

/// The schema that an extension's types live in.
std::string schema_of_extension(AdminSession& session, const std::string& extension) {
  const auto available =
      session.query("SELECT FROM pg_available_extensions WHERE name = $1", {extension});
  if (available.empty()) {
    throw Failure(kBadRequest, "The extension \"" + extension + "\" is not installed here.");
  }
  session.query("CREATE EXTENSION IF NOT EXISTS " + identifier(extension) + " SCHEMA public");
  return session.value(
      "SELECT nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
      "WHERE extname = $1",
      {extension});
}

/// The column types as this database writes them: those of extensions with their schema.
std::vector<std::string> types_of(AdminSession& session, const TableDefinition& table) {
  std::vector<std::string> types;
  for (const TableDefinition::Column& column : table.columns) {
    const bool is_plain = column.extension.empty();
    types.push_back(is_plain ? column.type
                             : identifier(schema_of_extension(session, column.extension)) + "." +
                                   column.type);
  }
  return types;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::vector<std::string> identifiers(const std::vector<std::string>& names) {
  std::vector<std::string> result;
  result.reserve(names.size());
  for (const std::string& name : names) result.push_back(identifier(name));
  return result;
}

std::string create_statement(const TableDefinition& table, const std::vector<std::string>& types) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const TableDefinition::Column& column = table.columns[i];
    std::string part = identifier(column.name) + " " + types[i];
    if (!column.generated_as.empty()) {
      part += " GENERATED ALWAYS AS (" + column.generated_as + ") STORED";
    }
    if (!column.is_nullable) part += " NOT NULL";
    parts.push_back(part);
  }
  parts.push_back("PRIMARY KEY (" + joined(identifiers(table.primary_key)) + ")");
  return "CREATE TABLE " + qualified(table.place) + " (" + joined(parts) + ")";
}

/// A name of a type without spaces and schema: "numeric(10, 2)" and "numeric(10,2)" are one.
std::string plain_type(std::string type) {
  std::erase(type, ' ');
  const std::size_t dot = type.find('.');
  return dot == std::string::npos ? type : type.substr(dot + 1);
}

/// Whether the table that is there has the wanted columns: then its indexes can stay.
bool has_shape(AdminSession& session, const TableDefinition& table,
               const std::vector<std::string>& types) {
  const auto rows = session.query(
      "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
      "WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
      {qualified(table.place)});
  if (rows.size() != types.size()) return false;
  for (std::size_t i = 0; i < types.size(); ++i) {
    const TableDefinition::Column& column = table.columns[i];
    if (rows[i].at(0) != column.name || !column.generated_as.empty()) return false;
    if (plain_type(rows[i].at(1).value_or("")) != plain_type(types[i])) return false;
  }
  return true;
}

/// The rows, given as a JSON list of objects, as values of the columns.
std::string insert_statement(const TableDefinition& table, const std::vector<std::string>& types) {
  std::vector<std::string> names;
  std::vector<std::string> read_as;
  std::vector<std::string> values;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const TableDefinition::Column& column = table.columns[i];
    if (!column.generated_as.empty()) continue;
    const std::string name = identifier(column.name);
    const bool is_bytes = types[i] == "bytea";
    const bool is_list = !column.extension.empty();  // "[1, 2]" is a vector's own form too
    names.push_back(name);
    read_as.push_back(name + " " + (is_bytes ? "text" : is_list ? "jsonb" : types[i]));
    values.push_back(is_bytes  ? "decode(" + name + ", 'base64')"
                     : is_list ? "(" + name + " #>> '{}')::" + types[i]
                               : name);
  }
  const std::string key = joined(identifiers(table.primary_key));
  std::string statement =
      "INSERT INTO " + qualified(table.place) + " (" + joined(names) + ") SELECT ";
  if (!table.latest_by.empty()) statement += "DISTINCT ON (" + key + ") ";
  statement +=
      joined(values) + " FROM jsonb_to_recordset($1::jsonb) AS source(" + joined(read_as) + ")";
  if (!table.latest_by.empty()) {
    statement += " ORDER BY " + key + ", " + identifier(table.latest_by) + " DESC NULLS LAST";
  }
  return statement;
}

}  // namespace

void prepare_schema(const fs::path& socket_folder, const SchemaPlace& place) {
  AdminSession session = session_in(socket_folder, place.database);
  const std::string schema = identifier(place.schema);
  if (!has_schema(session, place.schema)) {
    if (!place.may_be_made) {
      throw Failure(kNotFound, "The schema \"" + place.schema + "\" does not exist.");
    }
    session.query("CREATE SCHEMA " + schema + " AUTHORIZATION " + identifier(kProjectSuperuser));
  }
  ensure_writer(session);
  session.query("GRANT USAGE, CREATE ON SCHEMA " + schema + " TO " + identifier(kServiceWriter));
}

void write_table(const fs::path& socket_folder, const TableDefinition& table) {
  AdminSession session = session_in(socket_folder, table.place.database);
  const std::string owner = owner_of(session, table.place);
  if (!owner.empty() && owner != kServiceWriter) {
    throw Failure(kBadRequest, "The table " + qualified(table.place) +
                                   " is there already and belongs to \"" + owner + "\".");
  }
  const std::vector<std::string> types = types_of(session, table);
  const std::string name = qualified(table.place);
  ensure_guard(session);
  session.transaction([&] {
    // What users write into generated columns must not run with our own rights.
    session.query("SET LOCAL ROLE " + identifier(kServiceWriter));
    if (!owner.empty() && has_shape(session, table, types)) {
      session.query("TRUNCATE " + name);
    } else {
      session.query("DROP TABLE IF EXISTS " + name);
      session.query(create_statement(table, types));
      session.query(
          "CREATE TRIGGER databricks_refuse_writing BEFORE INSERT OR UPDATE OR DELETE OR "
          "TRUNCATE ON " +
          name + " EXECUTE FUNCTION " + kGuard + "()");
    }
    session.query(insert_statement(table, types), {table.rows});
  });
}

void drop_table(const fs::path& socket_folder, const TablePlace& place) {
  if (!has_database(socket_folder, place.database)) return;
  AdminSession session(socket_folder, place.database);
  if (owner_of(session, place) != kServiceWriter) return;
  session.query("DROP TABLE " + qualified(place));
}

namespace {

std::vector<std::string> first_fields(const std::vector<AdminSession::Row>& rows) {
  std::vector<std::string> names;
  names.reserve(rows.size());
  for (const AdminSession::Row& row : rows) names.push_back(row.at(0).value_or(""));
  return names;
}

}  // namespace

std::vector<std::string> schemas_of(const fs::path& socket_folder, const std::string& database) {
  AdminSession session = session_in(socket_folder, database);
  return first_fields(
      session.query("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' "
                    "AND nspname <> 'information_schema' ORDER BY nspname"));
}

std::vector<std::string> tables_of(const fs::path& socket_folder, const std::string& database,
                                   const std::string& schema) {
  AdminSession session = session_in(socket_folder, database);
  return first_fields(session.query(
      "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident($1)) "
      "AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname",
      {schema}));
}

}  // namespace emulator
