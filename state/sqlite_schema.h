// The tables of the SQLite store. Both stores have the same ones, as far as it goes.
#pragma once

#include "state/sqlite.h"

namespace weir {

/// "weir" in ASCII; the version counts changes of the tables that an older weir cannot read.
inline constexpr SqliteFormat kSqliteFormat{.application = 0x77656972, .version = 1};

inline constexpr const char* kSqliteSchema = R"(
  CREATE TABLE meta (
    id INTEGER PRIMARY KEY, deployment TEXT NOT NULL UNIQUE, lineage TEXT NOT NULL,
    created_at TEXT NOT NULL, host TEXT NOT NULL DEFAULT '',
    workspace_id TEXT NOT NULL DEFAULT '');
  CREATE TABLE head (
    deployment INTEGER PRIMARY KEY REFERENCES meta, serial INTEGER NOT NULL DEFAULT 0,
    entry INTEGER NOT NULL DEFAULT 0, chain BLOB NOT NULL DEFAULT x'');
  CREATE TABLE apply (
    number INTEGER PRIMARY KEY, deployment INTEGER NOT NULL REFERENCES meta, id TEXT NOT NULL,
    plan_hash TEXT NOT NULL, actor TEXT NOT NULL, tool_version TEXT NOT NULL,
    started_at TEXT NOT NULL, ended_at TEXT NOT NULL DEFAULT '',
    outcome TEXT NOT NULL DEFAULT '');
  -- The epoch only grows. No apply: the lease is free.
  CREATE TABLE lease (
    deployment INTEGER PRIMARY KEY REFERENCES meta, epoch INTEGER NOT NULL DEFAULT 0,
    apply INTEGER REFERENCES apply, since TEXT NOT NULL DEFAULT '');
  CREATE TABLE history (
    entry INTEGER PRIMARY KEY, deployment INTEGER NOT NULL REFERENCES meta,
    serial INTEGER NOT NULL, at INTEGER NOT NULL, apply INTEGER NOT NULL REFERENCES apply,
    action TEXT NOT NULL, address TEXT NOT NULL, before INTEGER REFERENCES blob,
    chain BLOB NOT NULL);
  CREATE TABLE blob (
    entry INTEGER PRIMARY KEY REFERENCES history, hash BLOB NOT NULL, body TEXT NOT NULL);
  CREATE TABLE resource (
    deployment INTEGER NOT NULL REFERENCES meta, address TEXT NOT NULL,
    entry INTEGER NOT NULL REFERENCES blob, PRIMARY KEY (deployment, address)) WITHOUT ROWID;
  CREATE TABLE intent (
    deployment INTEGER NOT NULL REFERENCES meta, id TEXT NOT NULL, position INTEGER NOT NULL,
    epoch INTEGER NOT NULL, operation TEXT NOT NULL DEFAULT '', body TEXT NOT NULL,
    PRIMARY KEY (deployment, id)) WITHOUT ROWID;
  CREATE TRIGGER history_is_not_changed BEFORE UPDATE ON history
    BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
  CREATE TRIGGER history_is_not_deleted BEFORE DELETE ON history
    BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
  CREATE TRIGGER blob_is_not_changed BEFORE UPDATE ON blob
    BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
)";

}  // namespace weir
