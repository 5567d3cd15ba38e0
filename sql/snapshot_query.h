// The one statement that reads a database: its answer is one row with one JSON text.
#pragma once

namespace weir::sql {

/// For anybody who may connect, on PostgreSQL 14 to 18, through a pool as well: it needs no
/// parameter, no session state and no system table that is closed to plain users. Columns that
/// only newer servers have are read through to_json, which leaves them out on older ones.
/// Whoever sends it sets the search path to pg_catalog, so that no operator is somebody else's.
///
/// Objects are grouped by owner and privileges, so that ten thousand tables of one owner are one
/// row, and what one role gives to another is taken apart once ("items"), however many objects give
/// it: groups name it by its position. What came with an extension is marked, and so are the
/// constructors of range types, which PostgreSQL gives to its first superuser. Nothing else is
/// ordered here, as the reader orders by bytes.
inline constexpr const char* kSnapshotQuery = R"sql(
WITH schemas AS MATERIALIZED (
  SELECT oid, nspname AS name, nspowner, nspacl FROM pg_catalog.pg_namespace
  WHERE pg_catalog.left(nspname, 3) <> 'pg_' AND nspname <> 'information_schema'
), of_extensions AS MATERIALIZED (
  SELECT classid, objid FROM pg_catalog.pg_depend
  WHERE deptype = 'e' OR (deptype = 'i' AND classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
    AND refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass)
), relations AS MATERIALIZED (
  SELECT c.oid, c.relname AS name, c.relkind, c.relowner, c.relacl, s.name AS schema
  FROM pg_catalog.pg_class c JOIN schemas s ON s.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p', 'S')
), argument_types AS MATERIALIZED (
  SELECT p.oid AS routine, a.position, n.nspname AS schema, t.typname AS name,
    CASE WHEN coalesce(e.typnamespace, t.typnamespace) = 'pg_catalog'::pg_catalog.regnamespace
      THEN pg_catalog.format_type(t.oid, NULL)
      ELSE pg_catalog.quote_ident(coalesce(en.nspname, n.nspname)) || '.'
        || pg_catalog.quote_ident(coalesce(e.typname, t.typname))
        || CASE WHEN e.oid IS NULL THEN '' ELSE '[]' END
    END AS shown
  FROM pg_catalog.pg_proc p JOIN schemas s ON s.oid = p.pronamespace
  CROSS JOIN LATERAL pg_catalog.unnest(p.proargtypes) WITH ORDINALITY AS a(type, position)
  JOIN pg_catalog.pg_type t ON t.oid = a.type
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
  LEFT JOIN pg_catalog.pg_namespace en ON en.oid = e.typnamespace
), signatures AS MATERIALIZED (
  SELECT routine, pg_catalog.string_agg(shown, ', ' ORDER BY position) AS shown,
    pg_catalog.json_agg(pg_catalog.json_build_array(schema, name) ORDER BY position) AS types
  FROM argument_types GROUP BY routine
), routines AS MATERIALIZED (
  SELECT p.oid, s.name AS schema, p.proname AS name, p.proowner, p.proacl,
    p.proname || '(' || coalesce(g.shown, '') || ')' AS shown, coalesce(g.types, '[]') AS types
  FROM pg_catalog.pg_proc p JOIN schemas s ON s.oid = p.pronamespace
  LEFT JOIN signatures g ON g.routine = p.oid
), used AS (
  SELECT 'pg_catalog.pg_class'::pg_catalog.regclass AS classid, oid, schema FROM relations
  UNION ALL SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, oid, schema FROM routines
  UNION ALL SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, s.name
  FROM pg_catalog.pg_type t JOIN schemas s ON s.oid = t.typnamespace
), uses AS MATERIALIZED (
  SELECT u.schema, d.classid, d.objid, d.objsubid,
    CASE d.classid
      WHEN 'pg_catalog.pg_class'::pg_catalog.regclass THEN d.objid
      WHEN 'pg_catalog.pg_rewrite'::pg_catalog.regclass
        THEN (SELECT ev_class FROM pg_catalog.pg_rewrite WHERE oid = d.objid)
      WHEN 'pg_catalog.pg_attrdef'::pg_catalog.regclass
        THEN (SELECT adrelid FROM pg_catalog.pg_attrdef WHERE oid = d.objid)
      WHEN 'pg_catalog.pg_constraint'::pg_catalog.regclass
        THEN (SELECT conrelid FROM pg_catalog.pg_constraint WHERE oid = d.objid)
      WHEN 'pg_catalog.pg_trigger'::pg_catalog.regclass
        THEN (SELECT tgrelid FROM pg_catalog.pg_trigger WHERE oid = d.objid AND NOT tgisinternal)
      WHEN 'pg_catalog.pg_policy'::pg_catalog.regclass
        THEN (SELECT polrelid FROM pg_catalog.pg_policy WHERE oid = d.objid)
    END AS relation
  FROM pg_catalog.pg_depend d JOIN used u ON u.classid = d.refclassid AND u.oid = d.refobjid
  WHERE d.deptype = 'n' OR (d.deptype = 'a' AND d.classid = d.refclassid)
), hanging AS (
  SELECT DISTINCT x.schema, o.type || ' ' || o.identity AS what
  FROM uses x
  JOIN schemas h ON h.oid = CASE x.classid
    WHEN 'pg_catalog.pg_proc'::pg_catalog.regclass
      THEN (SELECT pronamespace FROM pg_catalog.pg_proc WHERE oid = x.objid)
    WHEN 'pg_catalog.pg_type'::pg_catalog.regclass
      THEN (SELECT typnamespace FROM pg_catalog.pg_type WHERE oid = x.objid)
    ELSE (SELECT relnamespace FROM pg_catalog.pg_class WHERE oid = x.relation) END
  CROSS JOIN LATERAL (
    SELECT x.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AS is_rule) w
  CROSS JOIN LATERAL pg_catalog.pg_identify_object(
    CASE WHEN w.is_rule THEN 'pg_catalog.pg_class'::pg_catalog.regclass ELSE x.classid END,
    CASE WHEN w.is_rule THEN x.relation ELSE x.objid END,
    CASE WHEN w.is_rule THEN 0 ELSE x.objsubid END) o
  WHERE h.name <> x.schema
), objects AS (
  SELECT 'database' AS class, '' AS schema, '' AS container, datdba AS owner, datacl AS acl,
    false AS of_extension, datname::text AS name
  FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()
  UNION ALL
  SELECT 'schema', '', '', s.nspowner, s.nspacl, x.objid IS NOT NULL, s.name
  FROM schemas s
  LEFT JOIN of_extensions x
    ON x.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND x.objid = s.oid
  UNION ALL
  SELECT CASE r.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, r.schema, '', r.relowner,
    r.relacl, x.objid IS NOT NULL, r.name
  FROM relations r
  LEFT JOIN of_extensions x
    ON x.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND x.objid = r.oid
  UNION ALL
  SELECT 'column', r.schema, r.name, r.relowner, a.attacl, x.objid IS NOT NULL, a.attname
  FROM pg_catalog.pg_attribute a JOIN relations r ON r.oid = a.attrelid
  LEFT JOIN of_extensions x
    ON x.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND x.objid = r.oid
  WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
  UNION ALL
  SELECT 'routine', r.schema, '', r.proowner, r.proacl, x.objid IS NOT NULL, r.shown
  FROM routines r
  LEFT JOIN of_extensions x
    ON x.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND x.objid = r.oid
  UNION ALL
  SELECT 'type', s.name, '', t.typowner, t.typacl, x.objid IS NOT NULL, t.typname
  FROM pg_catalog.pg_type t JOIN schemas s ON s.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
  LEFT JOIN of_extensions x
    ON x.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND x.objid = t.oid
  WHERE t.typtype IN ('b', 'c', 'd', 'e', 'r') AND NOT (t.typtype = 'b' AND t.typcategory = 'A')
    AND (t.typrelid = 0 OR c.relkind = 'c')
  UNION ALL
  SELECT 'large_object', '', '', lomowner, lomacl, false, oid::text
  FROM pg_catalog.pg_largeobject_metadata
), groups AS MATERIALIZED (
  SELECT pg_catalog.row_number() OVER () AS number, class, schema, container, owner, acl,
    of_extension, pg_catalog.json_agg(name) AS names
  FROM objects GROUP BY class, schema, container, owner, acl, of_extension
), entries AS MATERIALIZED (
  SELECT g.number, e.item FROM groups g CROSS JOIN LATERAL pg_catalog.unnest(g.acl) AS e(item)
), items AS MATERIALIZED (
  SELECT pg_catalog.row_number() OVER () - 1 AS position, d.item
  FROM (SELECT DISTINCT item FROM entries) d
  WHERE EXISTS (SELECT FROM pg_catalog.aclexplode(ARRAY[d.item]))
), lists AS (
  SELECT e.number, pg_catalog.json_agg(i.position) AS positions
  FROM entries e JOIN items i ON i.item = e.item GROUP BY e.number
)
SELECT pg_catalog.json_build_object(
  'version', pg_catalog.current_setting('server_version_num')::integer,
  'database', pg_catalog.current_database(),
  'user', (SELECT oid::bigint FROM pg_catalog.pg_roles WHERE rolname = current_user),
  'roles', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(oid::bigint, rolname,
      rolcanlogin, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolreplication,
      rolbypassrls, rolconnlimit, coalesce(rolvaliduntil <= pg_catalog.now(), false)))
    FROM pg_catalog.pg_roles),
  'memberships', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(m.roleid::bigint,
      m.member::bigint, m.grantor::bigint, m.admin_option,
      pg_catalog.to_json(m) -> 'inherit_option', pg_catalog.to_json(m) -> 'set_option'))
    FROM pg_catalog.pg_auth_members m),
  'settings', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(r.setrole::bigint,
      r.setdatabase <> 0, c.entry))
    FROM pg_catalog.pg_db_role_setting r CROSS JOIN LATERAL pg_catalog.unnest(r.setconfig) c(entry)
    WHERE r.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database
                                WHERE datname = pg_catalog.current_database()))),
  'items', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(e.grantor, e.grantee,
      e.privileges, e.grantable) ORDER BY i.position)
    FROM items i CROSS JOIN LATERAL (
      SELECT grantor::bigint, grantee::bigint,
        pg_catalog.string_agg(privilege_type, ',') AS privileges,
        coalesce(pg_catalog.string_agg(privilege_type, ',') FILTER (WHERE is_grantable), '')
          AS grantable
      FROM pg_catalog.aclexplode(ARRAY[i.item]) GROUP BY grantor, grantee) e),
  'groups', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(g.class, g.schema,
      g.container, g.owner::bigint,
      CASE WHEN g.acl IS NULL THEN NULL ELSE coalesce(l.positions, '[]') END,
      g.of_extension, g.names))
    FROM groups g LEFT JOIN lists l ON l.number = g.number),
  'defaults', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(d.defaclrole::bigint,
      n.nspname, d.defaclobjtype, coalesce((
        SELECT pg_catalog.json_agg(pg_catalog.json_build_array(e.grantor::bigint,
          e.grantee::bigint, e.privilege_type,
          CASE WHEN e.is_grantable THEN e.privilege_type ELSE '' END))
        FROM pg_catalog.aclexplode(d.defaclacl) e), '[]')))
    FROM pg_catalog.pg_default_acl d
    LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace),
  'extensions', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(e.extname, e.extversion,
      n.nspname))
    FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace),
  'own_indexes', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(r.schema, r.name, c.relname))
    FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    JOIN relations r ON r.oid = i.indrelid
    WHERE pg_catalog.left(c.relname, 5) = 'weir_'),
  'comments', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(r.schema, r.name,
      coalesce(a.attname, ''), d.description))
    FROM pg_catalog.pg_description d JOIN relations r ON r.oid = d.objoid AND r.relkind <> 'S'
    LEFT JOIN pg_catalog.pg_attribute a ON d.objsubid > 0 AND a.attrelid = r.oid
      AND a.attnum = d.objsubid
    WHERE d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass),
  'linked', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(s.schema, s.name, t.schema,
      t.name, a.attname, d.deptype = 'i'))
    FROM relations s
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
      AND d.objid = s.oid AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
      AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
    JOIN relations t ON t.oid = d.refobjid
    JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
    WHERE s.relkind = 'S'),
  'routines', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(schema, shown, name, types))
    FROM routines),
  'hanging', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(schema, what)) FROM hanging),
  'stays', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(e.refobjid::bigint, d.datname))
    FROM (SELECT DISTINCT refobjid, dbid FROM pg_catalog.pg_shdepend
          WHERE refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass) e
    JOIN pg_catalog.pg_database d ON d.oid = e.dbid
      AND d.datname <> pg_catalog.current_database()),
  'databases', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(datname, datdba::bigint))
    FROM pg_catalog.pg_database WHERE datname <> pg_catalog.current_database())
)::text
)sql";

}  // namespace weir::sql
