"""Databases: create, rename, change of owner, deletion, and the roles that own them."""

from databricks.sdk.errors import BadRequest, InvalidParameterValue, NotFound
from databricks.sdk.service.postgres import Database, DatabaseDatabaseSpec

from .branches import DEV
from .endpoints import PRIMARY
from .roles import APP_OWNER, by_postgres_name, create as create_role
from .workspace import DEFAULT_DATABASE, connect, done, ids, mask, rows

APP = f"{DEV}/databases/app-db"
OWNERS = """
    select datname::text, pg_get_userbyid(datdba)::text from pg_database
    where datname in ('app_db', 'app_new') order by datname
"""


def create(databases, database_id, role, postgres_database, replace_existing=None):
    spec = DatabaseDatabaseSpec(role=role, postgres_database=postgres_database)
    operation = databases.create_database(
        DEV, Database(spec=spec), database_id=database_id, replace_existing=replace_existing
    )
    return done(operation)


def update(databases, path, role=None, postgres_database=None):
    spec = DatabaseDatabaseSpec(role=role, postgres_database=postgres_database)
    return done(databases.update_database(APP, Database(spec=spec), mask(path)))


def owners(space):
    with connect(space.owner, PRIMARY, space.owner_name) as sql:
        return sql.execute(OWNERS).fetchall()


def read_default(check, space):
    databases = space.owner.postgres
    default = databases.get_database(f"{DEV}/databases/databricks-postgres")
    check.equal("a branch has a database", default.status.postgres_database, DEFAULT_DATABASE)
    owner = by_postgres_name(databases, space.owner_name)
    check.equal("its owner is the project's creator", default.status.role, owner.name)


def create_app(check, space):
    databases = space.owner.postgres
    app = create(databases, "app-db", APP_OWNER, "app_db")
    check.equal(
        "a database has its id", (app.database_id, app.status.database_id), ("app-db", "app-db")
    )
    check.equal("a database's name in Postgres is its own", app.status.postgres_database, "app_db")
    check.equal("a database has its owner", app.status.role, APP_OWNER)
    check.equal("a database is real in Postgres", owners(space), [("app_db", "app_owner")])
    with connect(space.owner, PRIMARY, space.owner_name, database="app_db") as sql:
        check.equal(
            "a database can be connected to",
            rows(sql, "select current_database()::text"),
            ["app_db"],
        )
    listed = ids(databases.list_databases(DEV, page_size=1), "database_id")
    check.equal("pages of databases have each once", listed, ["app-db", "databricks-postgres"])


def rename_and_hand_over(check, space):
    databases = space.owner.postgres
    renamed = update(
        databases, "spec.postgres_database", postgres_database="app_new", role=APP_OWNER
    )
    check.equal("a database is renamed", renamed.status.postgres_database, "app_new")
    check.equal("it is renamed in Postgres", owners(space), [("app_new", "app_owner")])
    jane = f"{DEV}/roles/jane"
    handed = update(databases, "spec.role", role=jane)
    check.equal("a database gets a new owner", handed.status.role, jane)
    check.equal("it has the new owner in Postgres", owners(space), [("app_new", space.jane_name)])
    kept = create(databases, "app-db", APP_OWNER, "app_new", replace_existing=True)
    check.equal("replace_existing takes a database over", kept.status.role, APP_OWNER)


def refuse_bad_databases(check, space):
    databases = space.owner.postgres
    check.fails(
        "a database's id is taken once",
        BadRequest,
        lambda: create(databases, "app-db", APP_OWNER, "again"),
        "BAD_REQUEST",
        "database with that name already exists",
    )
    check.fails(
        "a database's id with capitals is refused",
        InvalidParameterValue,
        lambda: create(databases, "Invalid_DB_ID", APP_OWNER, "x"),
        says="Field database_id must match pattern",
    )
    check.fails(
        "a database without an owner is refused",
        InvalidParameterValue,
        lambda: create(databases, "orphan", None, "orphan"),
        says="Field 'database.spec.role' is required",
    )
    check.fails(
        "a database of an unknown owner is refused",
        NotFound,
        lambda: create(databases, "orphan", f"{DEV}/roles/does-not-exist", "orphan"),
        "NOT_FOUND",
        'role not found; role_id:"does-not-exist"',
    )
    check.fails(
        "an unknown database is not found",
        NotFound,
        lambda: databases.get_database(f"{DEV}/databases/orphan"),
        "NOT_FOUND",
        "database id not found",
    )


def release_owner(check, space):
    databases = space.owner.postgres
    check.fails(
        "a role that owns a database cannot be deleted",
        BadRequest,
        lambda: done(databases.delete_role(APP_OWNER)),
    )
    heir = create_role(databases, "heir", postgres_role="heir")
    done(databases.delete_role(APP_OWNER, reassign_owned_to=heir.name))
    check.equal(
        "a role is deleted when an heir is named",
        databases.get_database(APP).status.role,
        heir.name,
    )
    check.equal("the heir owns it in Postgres", owners(space), [("app_new", "heir")])
    check.fails("a deleted role is not found", NotFound, lambda: databases.get_role(APP_OWNER))


def delete_app(check, space):
    databases = space.owner.postgres
    operation = databases.delete_database(APP)
    done(operation)
    check.fails("a deleted database is not found", NotFound, lambda: databases.get_database(APP))
    check.equal("it is gone from Postgres", owners(space), [])
    check.true("its operation can still be read", databases.get_operation(operation.name()).done)


PARTS = [
    read_default,
    create_app,
    rename_and_hand_over,
    refuse_bad_databases,
    release_owner,
    delete_app,
]
