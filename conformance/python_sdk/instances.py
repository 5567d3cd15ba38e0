"""Provisioned instances: life, changes, roles, permissions, logins, copies, stop and start."""

import time

import psycopg
from databricks.sdk.errors import BadRequest, NotFound
from databricks.sdk.service.database import (
    CustomTag,
    DatabaseInstance,
    DatabaseInstanceRef,
    DatabaseInstanceRole,
    DatabaseInstanceRoleAttributes,
    DatabaseInstanceRoleIdentityType,
    DatabaseInstanceState,
)
from databricks.sdk.service.iam import AccessControlRequest, PermissionLevel

from .permissions import direct
from .workspace import DEFAULT_DATABASE, PATIENCE, connect_to, rows

NAME = "conformance-db"
CHILD = "conformance-child"
KIND = "database-instances"


def token_for(client, *instances):
    return client.database.generate_database_credential(instance_names=list(instances)).token


def open_instance(client, instance, user, password=None):
    return connect_to(
        client.database.get_database_instance(instance).read_write_dns,
        user,
        password or token_for(client, instance),
        DEFAULT_DATABASE,
    )


def settled(instances, name, state):
    """Reads an instance until it is in a state: only creation has a waiter in the SDK."""
    deadline = time.monotonic() + PATIENCE.total_seconds()
    while instances.get_database_instance(name).state != state:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{name} does not become {state}")
        time.sleep(0.2)
    return instances.get_database_instance(name)


def create(check, space):
    instances = space.owner.database
    wanted = DatabaseInstance(
        name=NAME, capacity="CU_1", custom_tags=[CustomTag(key="team", value="shop")]
    )
    waiter = instances.create_database_instance(wanted)
    check.equal("an instance is starting at once", waiter.response.state.value, "STARTING")
    made = waiter.result(timeout=PATIENCE)
    check.equal("the SDK waits until it is available", made.state, DatabaseInstanceState.AVAILABLE)
    check.equal("its creator is shown", made.creator, space.owner_name)
    check.equal("its effective capacity is its capacity", made.effective_capacity, "CU_1")
    check.equal("it keeps seven days by default", made.effective_retention_window_in_days, 7)
    check.equal("reads leave its tags out", made.custom_tags or [], [])
    check.equal("reads show tags in force", made.effective_custom_tags[0].value, "shop")
    found = instances.find_database_instance_by_uid(uid=made.uid)
    check.equal("it is found by its uid", found.name, NAME)
    names = [instance.name for instance in instances.list_database_instances()]
    check.true("it is listed", NAME in names, got=names)
    check.fails(
        "an unknown instance is not found",
        NotFound,
        lambda: instances.get_database_instance("nowhere"),
        code="NOT_FOUND",
    )
    check.fails(
        "a retention of a year is refused",
        BadRequest,
        lambda: instances.create_database_instance(
            DatabaseInstance(name="other", retention_window_in_days=365)
        ),
    )


def change(check, space):
    instances = space.owner.database
    changed = instances.update_database_instance(
        NAME,
        DatabaseInstance(name=NAME, capacity="CU_2", retention_window_in_days=14),
        "capacity,retention_window_in_days",
    )
    check.equal("a change shows what is wanted", changed.capacity, "CU_2")
    after = settled(instances, NAME, DatabaseInstanceState.AVAILABLE)
    check.equal("a change of retention is in force", after.effective_retention_window_in_days, 14)
    check.equal("what a mask does not name stays", after.effective_custom_tags[0].key, "team")
    wiped = instances.update_database_instance(NAME, DatabaseInstance(name=NAME), "custom_tags")
    check.equal("tags are wiped by naming them", wiped.effective_custom_tags or [], [])
    settled(instances, NAME, DatabaseInstanceState.AVAILABLE)


def log_in(check, space):
    with open_instance(space.owner, NAME, space.owner_name) as sql:
        check.true("a connection to an instance is encrypted", sql.pgconn.ssl_in_use)
        sql.execute("create table orders as select 'tea' as item")
        check.equal("its creator may create tables", rows(sql, "table orders"), ["tea"])
    check.fails(
        "a made-up password is refused by an instance",
        psycopg.OperationalError,
        lambda: open_instance(space.owner, NAME, space.owner_name, password="made-up"),
        says="authentication failed",
    )


def roles(check, space):
    instances = space.owner.database
    made = instances.create_database_instance_role(
        NAME,
        DatabaseInstanceRole(
            name=space.jane_name,
            identity_type=DatabaseInstanceRoleIdentityType.USER,
            attributes=DatabaseInstanceRoleAttributes(createdb=True),
        ),
    )
    check.equal("a new role has its name", made.name, space.jane_name)
    read = instances.get_database_instance_role(NAME, space.jane_name)
    check.equal("a role shows its identity", read.identity_type.value, "USER")
    names = [role.name for role in instances.list_database_instance_roles(NAME)]
    check.true("roles are listed", {space.owner_name, space.jane_name} <= set(names), got=names)
    with open_instance(space.jane, NAME, space.jane_name) as sql:
        check.equal(
            "a user with a role logs in as it",
            rows(sql, "select current_user::text"),
            [space.jane_name],
        )
    instances.delete_database_instance_role(
        NAME, space.jane_name, reassign_owned_to=space.owner_name
    )
    check.fails(
        "a deleted role is not found",
        NotFound,
        lambda: instances.get_database_instance_role(NAME, space.jane_name),
    )
    instances.delete_database_instance_role(NAME, space.jane_name, allow_missing=True)
    check.fails(
        "a user without a role is refused",
        psycopg.OperationalError,
        lambda: open_instance(space.jane, NAME, space.jane_name),
        says="authentication failed",
    )


def permissions(check, space):
    use, manage = PermissionLevel.CAN_USE, PermissionLevel.CAN_MANAGE
    api = space.owner.permissions
    before = api.get(KIND, NAME)
    check.equal("permissions name an instance", before.object_id, f"/{KIND}/{NAME}")
    entry = AccessControlRequest(permission_level=use, user_name=space.jane_name)
    after = direct(api.update(KIND, NAME, access_control_list=[entry]))
    expected = {space.owner_name: manage, space.jane_name: use}
    check.equal("permissions of an instance are added to", after, expected)


def children(check, space):
    instances = space.owner.database
    child = instances.create_database_instance(
        DatabaseInstance(name=CHILD, parent_instance_ref=DatabaseInstanceRef(name=NAME))
    ).result(timeout=PATIENCE)
    check.equal("a child names its parent", child.parent_instance_ref.name, NAME)
    refs = instances.get_database_instance(NAME).child_instance_refs
    check.equal("a parent names its child", [ref.name for ref in refs], [CHILD])
    with open_instance(space.owner, CHILD, space.owner_name) as sql:
        check.equal("a child has its parent's data", rows(sql, "table orders"), ["tea"])
    check.fails(
        "a parent is not deleted without its child",
        BadRequest,
        lambda: instances.delete_database_instance(NAME, purge=True),
    )


def stop_and_start(check, space):
    instances = space.owner.database
    stopped = DatabaseInstance(name=NAME, stopped=True)
    instances.update_database_instance(NAME, stopped, "stopped")
    settled(instances, NAME, DatabaseInstanceState.STOPPED)
    check.fails(
        "a stopped instance takes no connection",
        psycopg.OperationalError,
        lambda: open_instance(space.owner, NAME, space.owner_name),
        says="is not available",
    )
    started = DatabaseInstance(name=NAME, stopped=False)
    instances.update_database_instance(NAME, started, "stopped")
    settled(instances, NAME, DatabaseInstanceState.AVAILABLE)
    with open_instance(space.owner, NAME, space.owner_name) as sql:
        check.equal("a started instance has its data", rows(sql, "table orders"), ["tea"])


def delete(check, space):
    instances = space.owner.database
    instances.delete_database_instance(NAME, force=True, purge=True)
    deadline = time.monotonic() + PATIENCE.total_seconds()
    while list(instances.list_database_instances()) and time.monotonic() < deadline:
        time.sleep(0.2)
    left = [instance.name for instance in instances.list_database_instances()]
    check.equal("force deletes an instance and its children", left, [])


PARTS = [create, change, log_in, roles, permissions, children, stop_and_start, delete]
