"""Apps: life, changes by body and by mask, and the logins that an attached database brings."""

import time

import psycopg
from databricks.sdk.errors import BadRequest, NotFound, ResourceAlreadyExists
from databricks.sdk.service.apps import (
    App,
    AppResource,
    AppResourceDatabase,
    AppResourceDatabaseDatabasePermission,
    AppResourcePostgres,
    AppResourcePostgresPostgresPermission,
    AppResourceSecret,
    AppResourceSecretSecretPermission,
    ComputeState,
)
from databricks.sdk.service.database import DatabaseInstance
from databricks.sdk.service.postgres import Project

from .instances import token_for
from .workspace import (
    DEFAULT_DATABASE,
    PATIENCE,
    client_with_secret,
    connect,
    connect_to,
    done,
    new_identity,
    rows,
    settled_endpoint,
)

NAME = "conformance-app"
PROJECT = "projects/conformance-app"
BRANCH = f"{PROJECT}/branches/production"
PRIMARY = f"{BRANCH}/endpoints/primary"
INSTANCE = "conformance-app-db"

SECRET = AppResource(
    name="key",
    description="Of the till",
    secret=AppResourceSecret(
        scope="shop", key="till", permission=AppResourceSecretSecretPermission.READ
    ),
)


def branch_resource(database="databricks-postgres"):
    return AppResource(
        name="pg",
        postgres=AppResourcePostgres(
            branch=BRANCH,
            database=f"{BRANCH}/databases/{database}",
            permission=AppResourcePostgresPostgresPermission.CAN_CONNECT_AND_CREATE,
        ),
    )


def instance_resource():
    return AppResource(
        name="db",
        database=AppResourceDatabase(
            instance_name=INSTANCE,
            database_name=DEFAULT_DATABASE,
            permission=AppResourceDatabaseDatabasePermission.CAN_CONNECT_AND_CREATE,
        ),
    )


def sign_in():
    """The app's own client, with the secret that the service would inject into it."""
    made = new_identity({"app": NAME})
    return client_with_secret(made["client_id"], made["client_secret"])


def create(check, space):
    apps = space.owner.apps
    made = apps.create(App(name=NAME, description="The shop", resources=[SECRET])).result(
        timeout=PATIENCE
    )
    check.equal("the SDK waits until an app is active", made.compute_status.state.value, "ACTIVE")
    check.equal("a resource of another kind comes back", made.resources, [SECRET])
    check.true("an app has a service principal", made.service_principal_client_id)
    check.true("apps are listed", NAME in [app.name for app in apps.list()])
    check.fails("a name is taken once", ResourceAlreadyExists, lambda: apps.create(App(name=NAME)))
    check.fails("an unknown app is not found", NotFound, lambda: apps.get("nowhere"))
    state = apps.get_update(NAME).status.state.value
    check.equal("before the first update there is none", state, "NOT_UPDATED")


def change(check, space):
    apps = space.owner.apps
    done(space.owner.postgres.create_project(Project(), "conformance-app"))
    settled_endpoint(space.owner.postgres, PRIMARY)
    with connect(space.owner, PRIMARY, space.owner_name) as sql:
        sql.execute("create table orders as select 'tea' as item")
    after = apps.update(NAME, App(name=NAME, resources=[branch_resource()]))
    check.equal("a change replaces the whole list", after.resources, [branch_resource()])
    check.equal("what the body lacks stays", after.description, "The shop")
    check.equal("the reply is what is read", apps.get(NAME).as_dict(), after.as_dict())
    check.fails(
        "a database that is not there is refused",
        NotFound,
        lambda: apps.update(NAME, App(name=NAME, resources=[branch_resource("nowhere")])),
    )


def log_in(check, space):
    client = sign_in()
    role = space.owner.apps.get(NAME).service_principal_client_id
    with connect(client, PRIMARY, role) as sql:
        sql.execute("create schema shop_app create table carts (item text)")
        check.equal("an app owns what it makes", rows(sql, "table shop_app.carts"), [])
        check.fails(
            "an app reads no table of others",
            psycopg.errors.InsufficientPrivilege,
            lambda: rows(sql, "table orders"),
        )


def update(check, space):
    apps = space.owner.apps
    instance = DatabaseInstance(name=INSTANCE)
    space.owner.database.create_database_instance(instance).result(timeout=PATIENCE)
    wanted = App(name=NAME, description="not named", resources=[instance_resource(), SECRET])
    waiter = apps.create_update(NAME, "resources", app=wanted)
    check.true("an update tells its state", waiter.response.status.state)
    updated = waiter.result(timeout=PATIENCE)
    check.equal("the SDK waits until an update succeeded", updated.status.state.value, "SUCCEEDED")
    after = apps.get(NAME)
    check.equal("an update does what the mask names", after.resources, wanted.resources)
    check.equal("an update leaves what the mask does not name", after.description, "The shop")
    host = space.owner.database.get_database_instance(INSTANCE).read_write_dns
    role = after.service_principal_client_id
    with connect_to(host, role, token_for(sign_in(), INSTANCE), DEFAULT_DATABASE) as sql:
        right = rows(sql, "select has_database_privilege(current_database(), 'create')")
        check.equal("an app may create in a database of an instance", right, [True])
    with connect(sign_in(), PRIMARY, role) as sql:
        user = rows(sql, "select current_user::text")
        check.equal("what was detached keeps its role", user, [role])
    check.fails(
        "an unknown path of the mask is refused",
        BadRequest,
        lambda: apps.create_update(NAME, "colour", app=wanted),
    )
    apps.create_update(NAME, "resources", app=App(name=NAME)).result(timeout=PATIENCE)
    check.equal("a mask takes away what the body lacks", apps.get(NAME).resources or [], [])


def stop_and_start(check, space):
    apps = space.owner.apps
    stopped = apps.stop(NAME).result(timeout=PATIENCE)
    check.equal("an app stops", stopped.compute_status.state, ComputeState.STOPPED)
    started = apps.start(NAME).result(timeout=PATIENCE)
    check.equal("an app starts", started.compute_status.state, ComputeState.ACTIVE)


def is_gone(apps):
    deadline = time.monotonic() + PATIENCE.total_seconds()
    while time.monotonic() < deadline:
        if NAME not in [app.name for app in apps.list()]:
            return True
        time.sleep(0.2)
    return False


def delete(check, space):
    apps = space.owner.apps
    deleted = apps.delete(NAME)
    check.equal("an app is being deleted", deleted.compute_status.state, ComputeState.DELETING)
    check.true("a deleted app is gone after a while", is_gone(apps))
    space.owner.database.delete_database_instance(INSTANCE, purge=True)
    done(space.owner.postgres.delete_project(PROJECT))


PARTS = [create, change, log_in, update, stop_and_start, delete]
