// Pools of the official JavaScript package, and of plain node-postgres, on a project of their own.
"use strict";

const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const {
  createLakebasePool,
  generateDatabaseCredential,
  getUsernameWithApiLookup,
} = require("@databricks/lakebase");
const { WorkspaceClient } = require("@databricks/sdk-experimental");
const pg = require("pg");
const { equal, fails, chapter, finish } = require("./check.cjs");

const DATABASE = "databricks_postgres";
const BRANCH = "projects/script/branches/production";
const ENDPOINT = `${BRANCH}/endpoints/primary`;
const UNTRUSTED = [
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
];

const workspace = new WorkspaceClient({});

function request(method, path, { query, payload } = {}) {
  const headers = new Headers({ Accept: "application/json", "Content-Type": "application/json" });
  return workspace.apiClient.request({ path, method, headers, query, payload, raw: false });
}

// This SDK knows neither projects nor operations, so the walk asks for both by hand.
async function create(path, query, payload) {
  let operation = await request("POST", `/api/2.0/postgres/${path}`, { query, payload });
  while (!operation.done) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    operation = await request("GET", `/api/2.0/postgres/${operation.name}`);
  }
  if (operation.error) throw new Error(JSON.stringify(operation.error));
  return operation.response;
}

async function withPool(pool, use) {
  try {
    return await use(pool);
  } finally {
    await pool.end();
  }
}

async function first(pool, statement, values) {
  return withPool(
    pool,
    async (open) => Object.values((await open.query(statement, values)).rows[0])[0],
  );
}

// A pool whose errors are checked needs no log of them.
function quietPool(options) {
  return createLakebasePool({ logger: { error: false }, ...options });
}

async function signIn() {
  equal(
    "the package finds the user by its token",
    await getUsernameWithApiLookup(),
    "developer@example.com",
  );
  process.env.PGUSER = await getUsernameWithApiLookup();
  await fails(
    "a made-up token is refused",
    () => new WorkspaceClient({ token: "made-up" }).currentUser.me(),
    { codes: [401] },
  );
}

async function useProject() {
  await create("projects", { project_id: "script" }, { spec: { display_name: "Script" } });
  const endpoint = await request("GET", `/api/2.0/postgres/${ENDPOINT}`);
  process.env.PGHOST = endpoint.status.hosts.host;
  process.env.PGDATABASE = DATABASE;
  process.env.LAKEBASE_ENDPOINT = ENDPOINT;
  const credential = await generateDatabaseCredential(workspace, { endpoint: ENDPOINT });
  const minutes = (new Date(credential.expire_time) - Date.now()) / 60000;
  equal("the package gets a credential for an hour", Math.round(minutes), 60);
}

async function usePool() {
  await withPool(createLakebasePool(), async (pool) => {
    await pool.query(
      "create table item (id bigint primary key, name text, tags jsonb, at timestamptz default now())",
    );
    const insert = "insert into item (id, name, tags) values ($1, $2, $3) returning name";
    const saved = await pool.query(insert, [1, "größe", JSON.stringify({ a: [1, 2] })]);
    equal("a pool inserts and returns", saved.rows, [{ name: "größe" }]);
    const read = await pool.query("select id, tags, at from item where id = $1", [1]);
    equal("a pool reads JSON", read.rows[0].tags, { a: [1, 2] });
    equal("a pool reads a time", read.rows[0].at instanceof Date, true);

    const sleepers = Array.from({ length: 10 }, (_, n) =>
      pool.query("select pg_sleep(0.2), $1::int as n", [n]),
    );
    const numbers = (await Promise.all(sleepers)).map((result) => result.rows[0].n);
    equal("ten connections work at once", numbers, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);

    const large = "x".repeat(5_000_000);
    const echoed = await pool.query("select $1::text as text", [large]);
    equal("five megabytes go there and back", echoed.rows[0].text === large, true);

    const one = await pool.connect();
    await one.query("begin");
    await one.query("insert into item (id, name) values (2, 'lost')");
    await one.query("rollback");
    one.release();
    const count = await pool.query("select count(*)::int as n from item");
    equal("a rollback undoes", count.rows[0].n, 1);
    await fails(
      "an error of Postgres arrives with its code",
      () => pool.query(insert, [1, "twice", null]),
      {
        codes: ["23505"],
      },
    );
  });
}

async function useServicePrincipal() {
  const robot = await request("POST", "/_emulator/identities", {
    payload: { service_principal: "script" },
  });
  const robotClient = new WorkspaceClient({
    host: process.env.DATABRICKS_HOST,
    clientId: robot.client_id,
    clientSecret: robot.client_secret,
    authType: "oauth-m2m",
  });
  equal(
    "client credentials sign in",
    (await robotClient.currentUser.me()).userName,
    robot.application_id,
  );
  await create(
    `${BRANCH}/roles`,
    { role_id: "robot" },
    {
      spec: { postgres_role: robot.application_id, identity_type: "SERVICE_PRINCIPAL" },
    },
  );
  const pool = createLakebasePool({ user: robot.application_id, workspaceClient: robotClient });
  equal(
    "a service principal has its own pool",
    await first(pool, "select current_user::text"),
    robot.application_id,
  );
}

async function checkCertificates() {
  const ca = fs.readFileSync(process.env.PGSSLROOTCERT);
  const { token } = await generateDatabaseCredential(workspace, { endpoint: ENDPOINT });
  const options = {
    host: process.env.PGHOST,
    user: process.env.PGUSER,
    database: DATABASE,
    password: token,
  };
  const plain = new pg.Pool({ ...options, ssl: { ca, rejectUnauthorized: true } });
  equal("plain node-postgres trusts the given authority", await first(plain, "select 1"), 1);

  const env = { ...process.env, NODE_EXTRA_CA_CERTS: "" };
  const stranger = spawnSync(process.execPath, [__filename, "one-query"], {
    env,
    encoding: "utf8",
  });
  const code = stranger.stdout.trim();
  equal(`without the authority the package refuses (${code})`, UNTRUSTED.includes(code), true);
  equal(
    "sslMode prefer encrypts without a check",
    await first(createLakebasePool({ sslMode: "prefer" }), "select 1"),
    1,
  );
  await fails(
    "sslMode disable is refused",
    () => first(quietPool({ sslMode: "disable" }), "select 1"),
    {
      codes: ["28000", "28P01"],
    },
  );
}

async function refuse() {
  await fails(
    "a made-up password is refused",
    () => first(quietPool({ password: "made-up" }), "select 1"),
    {
      codes: ["28P01"],
    },
  );
  await fails(
    "the workspace's token is refused as a password",
    () => first(quietPool({ password: process.env.DATABRICKS_TOKEN }), "select 1"),
    { codes: ["28P01"] },
  );
  const workspaceClient = new WorkspaceClient({ token: "made-up" });
  await fails(
    "a pool with a made-up token is refused",
    () => first(quietPool({ workspaceClient }), "select 1"),
    {
      codes: [401],
    },
  );
  const endpoint = `${BRANCH}/endpoints/nowhere`;
  await fails("an unknown endpoint is refused", () => first(quietPool({ endpoint }), "select 1"), {
    codes: [404],
  });
  await fails(
    "an unknown database is refused",
    () => first(quietPool({ database: "nowhere" }), "select 1"),
    {
      codes: ["3D000"],
    },
  );
}

async function oneQuery() {
  try {
    console.log(await first(quietPool(), "select 'connected'"));
  } catch (error) {
    console.log(error.code);
  }
}

async function main() {
  if (process.argv[2] === "one-query") return oneQuery();
  await chapter("signing in", signIn);
  await chapter("a project of its own", useProject);
  await chapter("a pool from the environment", usePool);
  await chapter("a service principal", useServicePrincipal);
  await chapter("certificates", checkCertificates);
  await chapter("refusals", refuse);
  await request("DELETE", "/api/2.0/postgres/projects/script", { query: { purge: true } });
  finish();
}

main();
