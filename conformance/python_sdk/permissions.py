"""Permissions of a project: levels, reading, adding, replacing."""

from databricks.sdk.errors import BadRequest
from databricks.sdk.service.iam import AccessControlRequest, PermissionLevel

KIND = "database-projects"
PROJECT = "shop"


def entry(level, **who):
    return AccessControlRequest(permission_level=level, **who)


def direct(permissions):
    """Who holds which level by an entry of the object itself."""
    return {
        holder.user_name
        or holder.service_principal_name
        or holder.group_name: held.permission_level
        for holder in permissions.access_control_list
        for held in holder.all_permissions
        if not held.inherited
    }


def walk(check, space):
    permissions = space.owner.permissions
    use, manage = PermissionLevel.CAN_USE, PermissionLevel.CAN_MANAGE

    before = permissions.get(KIND, PROJECT)
    check.equal("permissions name their object", before.object_id, f"/{KIND}/{PROJECT}")
    check.equal("permissions name their kind", before.object_type, KIND)
    check.equal("a creator manages", direct(before).get(space.owner_name), manage)
    levels = permissions.get_permission_levels(KIND, PROJECT).permission_levels
    shown = sorted(level.permission_level.value for level in levels)
    check.equal("a project has two levels", shown, ["CAN_MANAGE", "CAN_USE"])

    permissions.set(
        KIND,
        PROJECT,
        access_control_list=[
            entry(manage, user_name=space.owner_name),
            entry(use, user_name=space.jane_name),
            entry(use, group_name="admins"),
        ],
    )
    after = direct(permissions.get(KIND, PROJECT))
    expected = {space.owner_name: manage, space.jane_name: use, "admins": use}
    check.equal("setting replaces the whole list", after, expected)

    permissions.update(
        KIND,
        PROJECT,
        access_control_list=[
            entry(manage, user_name=space.jane_name),
            entry(use, service_principal_name=space.robot_id),
        ],
    )
    after = direct(permissions.get(KIND, PROJECT))
    expected.update({space.jane_name: manage, space.robot_id: use})
    check.equal("updating adds and changes, and keeps the rest", after, expected)
    check.fails(
        "a level that projects do not have is refused",
        BadRequest,
        lambda: permissions.update(
            KIND,
            PROJECT,
            access_control_list=[entry(PermissionLevel.CAN_RUN, user_name=space.jane_name)],
        ),
    )
