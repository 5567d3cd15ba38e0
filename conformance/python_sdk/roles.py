"""Roles: plain ones and identities, attributes, memberships, ownership, deletion."""

from databricks.sdk.errors import BadRequest, InvalidParameterValue, NotFound
from databricks.sdk.service.postgres import (
    Role,
    RoleAttributes,
    RoleAuthMethod,
    RoleIdentityType,
    RoleMembershipRole,
    RoleRoleSpec,
)

from .branches import DEV
from .endpoints import PRIMARY
from .workspace import connect, done, ids, mask, rows

APP_OWNER = f"{DEV}/roles/app-owner"
SUPERUSER = [RoleMembershipRole.DATABRICKS_SUPERUSER]


def create(roles, role_id, replace_existing=None, **spec):
    role = Role(spec=RoleRoleSpec(**spec))
    return done(roles.create_role(DEV, role, role_id=role_id, replace_existing=replace_existing))


def update(roles, *paths, **spec):
    return done(roles.update_role(APP_OWNER, Role(spec=RoleRoleSpec(**spec)), mask(*paths)))


def by_postgres_name(roles, postgres_role):
    return next(
        (role for role in roles.list_roles(DEV) if role.status.postgres_role == postgres_role), None
    )


def read_owner(check, space):
    roles = space.owner.postgres
    owner = by_postgres_name(roles, space.owner_name)
    check.true(
        "the creator of a project has a role on its branches", owner, space.owner_name, owner
    )
    check.equal("the creator's role is a superuser", owner.status.membership_roles, SUPERUSER)
    check.equal("the creator's role is a user", owner.status.identity_type, RoleIdentityType.USER)
    check.equal(
        "the creator's role signs in by token",
        owner.status.auth_method,
        RoleAuthMethod.LAKEBASE_OAUTH_V1,
    )


def create_plain(check, space):
    roles = space.owner.postgres
    role = create(
        roles, "app-owner", postgres_role="app_owner", attributes=RoleAttributes(createdb=True)
    )
    status = role.status
    check.equal("a role has its id", (role.role_id, status.role_id), ("app-owner", "app-owner"))
    check.equal("a role's name in Postgres is its own", status.postgres_role, "app_owner")
    check.equal("a plain role has no identity", status.identity_type, None)
    check.equal(
        "a plain role has a password", status.auth_method, RoleAuthMethod.PG_PASSWORD_SCRAM_SHA_256
    )
    expected = RoleAttributes(bypassrls=False, createdb=True, createrole=False)
    check.equal("a role shows all attributes", status.attributes, expected)
    check.true("a role without memberships shows none", not status.membership_roles)

    with connect(space.owner, PRIMARY, space.owner_name) as sql:
        found = rows(sql, "select rolcreatedb from pg_roles where rolname = 'app_owner'")
    check.equal("a role is real in Postgres", found, [True])
    unnamed = create(roles, None, postgres_role="unnamed")
    check.true("a role without an id gets one", unnamed.role_id, got=unnamed.role_id)
    done(roles.delete_role(unnamed.name))


def update_attributes(check, space):
    roles = space.owner.postgres
    # The body repeats the fixed name, as official tools do; the mask leaves it out.
    spec = dict(
        postgres_role="app_owner", attributes=RoleAttributes(createrole=True, createdb=False)
    )
    update(roles, "spec.attributes.createrole", **spec)
    attributes = roles.get_role(APP_OWNER).status.attributes
    check.equal(
        "one attribute changes alone", (attributes.createrole, attributes.createdb), (True, True)
    )
    update(
        roles,
        "spec.attributes",
        attributes=RoleAttributes(createdb=True, createrole=False, bypassrls=False),
    )
    attributes = roles.get_role(APP_OWNER).status.attributes
    check.equal(
        "all attributes change together",
        (attributes.createrole, attributes.createdb),
        (False, True),
    )
    with connect(space.owner, PRIMARY, space.owner_name) as sql:
        found = rows(sql, "select rolcreaterole from pg_roles where rolname = 'app_owner'")
    check.equal("attributes change in Postgres", found, [False])


def update_memberships(check, space):
    roles = space.owner.postgres
    updated = update(roles, "spec.membership_roles", membership_roles=SUPERUSER)
    check.equal("a role becomes a superuser", updated.status.membership_roles, SUPERUSER)
    replaced = create(
        roles,
        "app-owner",
        replace_existing=True,
        postgres_role="app_owner",
        attributes=RoleAttributes(createdb=True),
    )
    check.true("replacing a role clears its memberships", not replaced.status.membership_roles)


def refuse_bad_roles(check, space):
    roles = space.owner.postgres
    check.fails(
        "a role's id is taken once",
        BadRequest,
        lambda: create(roles, "app-owner", postgres_role="app_owner"),
        "BAD_REQUEST",
        "role with that name already exists",
    )
    check.fails(
        "a role's id of two characters is refused",
        InvalidParameterValue,
        lambda: create(roles, "ab", postgres_role="ab"),
    )
    check.fails(
        "a role's name cannot change",
        InvalidParameterValue,
        lambda: update(roles, "spec.postgres_role", postgres_role="other"),
        says="Unknown field path in update_mask",
    )
    check.fails(
        "a mask with a field and its part is refused",
        InvalidParameterValue,
        lambda: update(
            roles,
            "spec.attributes",
            "spec.attributes.createdb",
            attributes=RoleAttributes(createdb=True),
        ),
    )
    check.fails(
        "an unknown role is not found",
        NotFound,
        lambda: roles.get_role(f"{DEV}/roles/nobody"),
        "NOT_FOUND",
        "role id not found",
    )


def create_identities(check, space):
    roles = space.owner.postgres
    identities = [
        ("jane", "jane", space.jane, RoleIdentityType.USER, space.jane_name),
        ("robot", "robot", space.robot, RoleIdentityType.SERVICE_PRINCIPAL, space.robot_id),
    ]
    for who, role_id, client, identity_type, name in identities:
        role = create(roles, role_id, postgres_role=name, identity_type=identity_type)
        check.equal(f"{who}'s role knows its kind", role.status.identity_type, identity_type)
        check.equal(
            f"{who} signs in by token", role.status.auth_method, RoleAuthMethod.LAKEBASE_OAUTH_V1
        )
        with connect(client, PRIMARY, name) as sql:
            check.equal(f"{who} connects as itself", rows(sql, "select current_user::text"), [name])


def see_sql_roles(check, space):
    roles = space.owner.postgres
    with connect(space.owner, PRIMARY, space.owner_name) as sql:
        sql.execute("create role made_by_sql createdb")
    seen = by_postgres_name(roles, "made_by_sql")
    check.true("a role made by SQL is listed", seen)
    check.true("it shows its attributes", seen and seen.status.attributes.createdb)
    done(roles.delete_role(seen.name))
    check.true("it can be deleted", by_postgres_name(roles, "made_by_sql") is None)
    paged = ids(roles.list_roles(DEV, page_size=1), "role_id")
    check.equal("pages of roles have each once", paged, ids(roles.list_roles(DEV), "role_id"))


PARTS = [
    read_owner,
    create_plain,
    update_attributes,
    update_memberships,
    refuse_bad_roles,
    create_identities,
    see_sql_roles,
]
