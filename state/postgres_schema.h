// The tables of the PostgreSQL store. Both stores have the same ones, as far as it goes.
#pragma once

namespace weir {

/// Counts changes of the tables that an older weir cannot read.
inline constexpr int kPostgresFormat = 1;

/// Any number: it keeps two from making the tables at once.
inline constexpr const char* kLockSchema = "SELECT pg_advisory_xact_lock(1752526194)";

inline constexpr const char* kPostgresSchema = R"(
  CREATE TABLE weir.format (version integer NOT NULL);
  CREATE TABLE weir.meta (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, deployment text NOT NULL UNIQUE,
    lineage text NOT NULL, created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    host text NOT NULL DEFAULT '', workspace_id text NOT NULL DEFAULT '');
  -- `step` counts all commits: after a lost answer it tells whether one happened.
  CREATE TABLE weir.head (
    deployment bigint PRIMARY KEY REFERENCES weir.meta, serial bigint NOT NULL DEFAULT 0,
    entry bigint NOT NULL DEFAULT 0, chain bytea NOT NULL DEFAULT '',
    step bigint NOT NULL DEFAULT 0);
  CREATE TABLE weir.apply (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    deployment bigint NOT NULL REFERENCES weir.meta, id text NOT NULL, plan_hash text NOT NULL,
    actor text NOT NULL, tool_version text NOT NULL, started_at text NOT NULL,
    ended_at text NOT NULL DEFAULT '', outcome text NOT NULL DEFAULT '');
  -- The epoch only grows: it is the fencing token. No apply: the lease is free.
  CREATE TABLE weir.lease (
    deployment bigint PRIMARY KEY REFERENCES weir.meta, epoch bigint NOT NULL DEFAULT 0,
    apply bigint REFERENCES weir.apply, run text NOT NULL DEFAULT '',
    holder text NOT NULL DEFAULT '', since timestamptz, expires_at timestamptz,
    drained_at timestamptz NOT NULL DEFAULT clock_timestamp());
  CREATE TABLE weir.history (
    deployment bigint NOT NULL REFERENCES weir.meta, entry bigint NOT NULL,
    serial bigint NOT NULL, at bigint NOT NULL, apply bigint NOT NULL REFERENCES weir.apply,
    action text NOT NULL, address text NOT NULL, before bigint NOT NULL, chain bytea NOT NULL,
    PRIMARY KEY (deployment, entry));
  CREATE INDEX history_by_serial ON weir.history (deployment, serial);
  CREATE TABLE weir.blob (
    deployment bigint NOT NULL, entry bigint NOT NULL, hash bytea NOT NULL, body text NOT NULL,
    PRIMARY KEY (deployment, entry), FOREIGN KEY (deployment, entry) REFERENCES weir.history);
  CREATE TABLE weir.resource (
    deployment bigint NOT NULL, address text COLLATE "C" NOT NULL, entry bigint NOT NULL,
    PRIMARY KEY (deployment, address), FOREIGN KEY (deployment, entry) REFERENCES weir.blob);
  CREATE TABLE weir.intent (
    deployment bigint NOT NULL REFERENCES weir.meta, id text NOT NULL,
    position bigint GENERATED ALWAYS AS IDENTITY, epoch bigint NOT NULL,
    operation text NOT NULL DEFAULT '', body text NOT NULL, PRIMARY KEY (deployment, id));
  CREATE FUNCTION weir.refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the history is append-only'; END $$;
  CREATE TRIGGER history_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON weir.history
    FOR EACH STATEMENT EXECUTE FUNCTION weir.refuse_change();
  CREATE TRIGGER blob_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON weir.blob
    FOR EACH STATEMENT EXECUTE FUNCTION weir.refuse_change();
)";

}  // namespace weir
