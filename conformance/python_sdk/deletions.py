"""Deleting softly, finding the deleted, taking it back, and deleting for good."""

from databricks.sdk.errors import NotFound
from databricks.sdk.service.postgres import BranchStatusState

from .branches import DEV
from .endpoints import PRIMARY
from .projects import OTHERS, SHOP
from .workspace import connect, done, ids, now, rows


def delete_branch(check, space):
    branches = space.owner.postgres
    done(branches.delete_branch(DEV))
    check.equal(
        "a deleted branch is not listed",
        ids(branches.list_branches(SHOP), "branch_id"),
        ["production"],
    )
    shown = {
        branch.branch_id: branch.status
        for branch in branches.list_branches(SHOP, show_deleted=True)
    }
    check.equal("unless deleted ones are asked for", sorted(shown), ["dev", "production"])
    status = shown["dev"]
    check.equal("its state says deleted", status.current_state, BranchStatusState.DELETED)
    check.true("it has a time of deletion", status.delete_time is not None)
    later = status.purge_time and status.purge_time.ToDatetime() > now().replace(tzinfo=None)
    check.true("it will be purged later", later, "a time to come", status.purge_time)

    done(branches.undelete_branch(DEV))
    status = branches.get_branch(DEV).status
    check.equal("a branch comes back", status.current_state, BranchStatusState.READY)
    check.true("and is deleted no more", status.delete_time is None and status.purge_time is None)
    with connect(space.owner, PRIMARY, space.owner_name) as sql:
        found = rows(sql, "select text from note where id = 3")
    check.equal("it comes back with its rows", found, ["dev"])

    done(branches.delete_branch(DEV, purge=True))
    listed = ids(branches.list_branches(SHOP, show_deleted=True), "branch_id")
    check.equal("a purged branch is gone", listed, ["production"])
    check.fails("a purged branch is not found", NotFound, lambda: branches.get_branch(DEV))
    check.fails(
        "a purged branch does not come back", NotFound, lambda: branches.undelete_branch(DEV)
    )


def delete_project(check, space):
    projects = space.owner.postgres
    done(projects.delete_project(SHOP))
    check.equal(
        "a deleted project is not listed", ids(projects.list_projects(), "project_id"), OTHERS
    )
    shown = {project.project_id: project for project in projects.list_projects(show_deleted=True)}
    check.equal("unless deleted projects are asked for", sorted(shown), sorted(OTHERS + ["shop"]))
    check.true("it has a time of deletion too", shown["shop"].delete_time is not None)
    purge = shown["shop"].purge_time
    check.true(
        "it will be purged later too", purge and purge.ToDatetime() > now().replace(tzinfo=None)
    )

    done(projects.undelete_project(SHOP))
    check.equal("a project comes back", projects.get_project(SHOP).status.display_name, "The shop")
    check.true(
        "a project that came back is not deleted", projects.get_project(SHOP).delete_time is None
    )
    check.equal(
        "it comes back with its branches",
        ids(projects.list_branches(SHOP), "branch_id"),
        ["production"],
    )

    operation = projects.delete_project(SHOP, purge=True)
    done(operation)
    check.fails(
        "a purged project is not found", NotFound, lambda: projects.get_project(SHOP), "NOT_FOUND"
    )
    check.true("the purge can still be looked up", projects.get_operation(operation.name()).done)


def delete_the_rest(check, space):
    projects = space.owner.postgres
    for project_id in OTHERS:
        done(projects.delete_project(f"projects/{project_id}", purge=True))
    left = ids(projects.list_projects(show_deleted=True), "project_id")
    check.equal("purged projects leave nothing", left, [])


PARTS = [delete_branch, delete_project, delete_the_rest]
