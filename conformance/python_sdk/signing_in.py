"""Signing in: token, client credentials, refusals, who am I."""

from databricks.sdk.errors import Unauthenticated
from databricks.sdk import WorkspaceClient

from .workspace import Workspace, client_with_secret, client_with_token, new_identity


def sign_in():
    """Makes the identities of the walk; everything after it needs them."""
    owner = WorkspaceClient()
    jane = new_identity({"user_name": "jane@example.com"})
    robot = new_identity({"service_principal": "ci", "groups": ["admins"]})
    return Workspace(
        owner=owner,
        owner_name=owner.current_user.me().user_name,
        jane=client_with_token(jane["token"]),
        jane_name=jane["user_name"],
        robot=client_with_secret(robot["client_id"], robot["client_secret"]),
        robot_id=robot["application_id"],
        robot_secret=robot["client_secret"],
    )


def walk(check, space):
    check.equal("the environment's token signs in", space.owner_name, "developer@example.com")
    check.equal("the environment chooses token auth", space.owner.config.auth_type, "pat")
    check.true("the workspace has an id", space.owner.get_workspace_id() > 0)
    me = space.owner.current_user.me()
    check.true("the current user is active", me.active, got=me.active)
    check.true("the current user has an e-mail", me.emails, got=me.emails)

    check.equal(
        "a second user signs in", space.jane.current_user.me().user_name, "jane@example.com"
    )
    check.equal("client credentials sign in", space.robot.config.auth_type, "oauth-m2m")
    robot = space.robot.current_user.me()
    check.equal("a service principal is its application id", robot.user_name, space.robot_id)
    groups = [group.display for group in robot.groups or []]
    check.equal("a service principal shows its groups", groups, ["admins"])
    token = space.robot.config.oauth_token()
    check.equal("client credentials give a bearer token", token.token_type, "Bearer")
    check.true("a bearer token has an expiry", token.expiry, got=token.expiry)

    check.fails(
        "a made-up token is refused",
        Unauthenticated,
        lambda: client_with_token("made-up").current_user.me(),
    )
    check.fails(
        "a made-up token is refused by the database API too",
        Unauthenticated,
        lambda: list(client_with_token("made-up").postgres.list_projects()),
    )
    check.fails(
        "a wrong client secret is refused",
        ValueError,
        lambda: client_with_secret(space.robot_id, "wrong").current_user.me(),
        says="invalid_client",
    )
