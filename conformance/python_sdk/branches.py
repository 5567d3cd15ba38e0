"""Branches: expiration, protection, sources in the past, and data that go their own ways."""

import time
from datetime import timedelta

from databricks.sdk.errors import AlreadyExists, BadRequest, NotFound
from databricks.sdk.service.postgres import Branch, BranchSpec, BranchStatusState

from .projects import SHOP
from .workspace import connect, done, ids, mask, moment, now, rows, seconds

PRODUCTION = f"{SHOP}/branches/production"
DEV = f"{SHOP}/branches/dev"
DAY = 86400


def create(branches, branch_id, **spec):
    return done(branches.create_branch(SHOP, Branch(spec=BranchSpec(**spec)), branch_id))


def update(branches, name, path, **spec):
    return done(branches.update_branch(name, Branch(spec=BranchSpec(**spec)), mask(path)))


def managed_by_parent(error):
    """The marker by which official clients know that a delete may be skipped."""
    info = error and error.get_error_details().error_info
    return (info.reason, info.metadata.get("declarative_context")) if info else None


def read_root(check, space):
    branches = space.owner.postgres
    root = branches.get_branch(PRODUCTION)
    check.equal("a new project has the branch production", root.branch_id, "production")
    check.equal("a branch knows its project", root.parent, SHOP)
    check.true("a branch's uid begins with br-", root.uid.startswith("br-"), "br-...", root.uid)
    check.equal("production is ready", root.status.current_state, BranchStatusState.READY)
    check.equal("production is the default", root.status.default, True)
    check.equal("production is not protected", root.status.is_protected, False)
    check.true("production has no source", root.status.source_branch is None)
    check.true("production does not expire", root.status.expire_time is None)
    error = check.fails(
        "production cannot be deleted", BadRequest, lambda: branches.delete_branch(PRODUCTION)
    )
    check.equal(
        "production is managed by its parent",
        managed_by_parent(error),
        ("RESOURCE_CONFLICT", "MANAGED_BY_PARENT"),
    )
    taken = branches.create_branch(
        SHOP, Branch(spec=BranchSpec(no_expiry=True)), "production", replace_existing=True
    )
    check.equal("replace_existing keeps production's uid", done(taken).uid, root.uid)


def create_and_expire(check, space):
    branches = space.owner.postgres
    dev = create(branches, "dev", ttl=seconds(7 * DAY))
    created = dev.create_time.ToDatetime()
    status = dev.status
    check.equal("a created branch is ready", status.current_state, BranchStatusState.READY)
    check.equal("a branch is not the default", status.default, False)
    check.equal(
        "a lifetime counts from creation",
        status.expire_time.ToDatetime() - created,
        timedelta(days=7),
    )
    check.equal("the source is the default branch", status.source_branch, PRODUCTION)
    check.true(
        "a branch shows where its source stood",
        status.source_branch_lsn,
        got=status.source_branch_lsn,
    )
    check.true("a branch shows when it left its source", status.source_branch_time is not None)

    def expiration(name, **spec):
        update(branches, name, "spec.expiration", **spec)
        return branches.get_branch(name).status.expire_time

    tomorrow = moment((now() + timedelta(days=1)).replace(microsecond=0))
    check.equal("an expiration moves to a time", expiration(DEV, expire_time=tomorrow), tomorrow)
    check.equal("an expiration goes away", expiration(DEV, no_expiry=True), None)
    lifetime = expiration(DEV, ttl=seconds(2 * DAY)).ToDatetime() - created
    check.equal("a new lifetime counts from creation too", lifetime, timedelta(days=2))

    stays = create(branches, "stays", no_expiry=True, source_branch=DEV)
    check.equal("a branch can leave another branch", stays.status.source_branch, DEV)
    check.true("no_expiry leaves no expiration", stays.status.expire_time is None)
    check.equal(
        "a list has every branch",
        ids(branches.list_branches(SHOP), "branch_id"),
        ["dev", "production", "stays"],
    )
    paged = ids(branches.list_branches(SHOP, page_size=1), "branch_id")
    check.equal("pages of branches have each once", paged, ["dev", "production", "stays"])


def refuse_bad_branches(check, space):
    branches = space.owner.postgres
    check.fails(
        "a branch's id is taken once",
        AlreadyExists,
        lambda: create(branches, "dev", no_expiry=True),
        "ALREADY_EXISTS",
    )
    refused = {
        "two expirations at once": dict(ttl=seconds(DAY), no_expiry=True),
        "no_expiry false": dict(no_expiry=False),
        "a lifetime of 31 days": dict(ttl=seconds(31 * DAY)),
        "an expiration in the past": dict(expire_time=moment(now() - timedelta(hours=1))),
        "a source in the future": dict(
            no_expiry=True, source_branch_time=moment(now() + timedelta(days=1))
        ),
    }
    for what, spec in refused.items():
        check.fails(
            f"{what} is refused", BadRequest, lambda spec=spec: create(branches, "refused", **spec)
        )
    check.fails(
        "an unknown source is not found",
        NotFound,
        lambda: create(
            branches, "refused", no_expiry=True, source_branch=f"{SHOP}/branches/nowhere"
        ),
    )
    check.fails(
        "a source cannot change",
        BadRequest,
        lambda: update(branches, DEV, "spec.source_branch", source_branch=f"{SHOP}/branches/stays"),
    )
    check.fails(
        "an unknown branch is not found",
        NotFound,
        lambda: branches.get_branch(f"{SHOP}/branches/refused"),
        "NOT_FOUND",
        "branch id not found",
    )


def protect(check, space):
    branches = space.owner.postgres
    shielded = update(branches, DEV, "spec.is_protected", is_protected=True)
    check.equal("a branch becomes protected", shielded.status.is_protected, True)
    check.fails(
        "a protected branch cannot be deleted",
        BadRequest,
        lambda: branches.delete_branch(DEV),
        "BAD_REQUEST",
        "cannot delete protected branch",
    )
    check.fails(
        "a project with a protected branch cannot be deleted",
        BadRequest,
        lambda: branches.delete_project(SHOP),
    )
    check.fails(
        "a second branch cannot be protected",
        BadRequest,
        lambda: update(branches, f"{SHOP}/branches/stays", "spec.is_protected", is_protected=True),
    )
    update(branches, DEV, "spec.is_protected", is_protected=False)
    check.equal("protection ends", branches.get_branch(DEV).status.is_protected, False)


def keep_parents(check, space):
    branches = space.owner.postgres
    check.fails(
        "a branch with children cannot be deleted", BadRequest, lambda: branches.delete_branch(DEV)
    )
    done(branches.delete_branch(f"{SHOP}/branches/stays", purge=True))
    done(branches.delete_branch(DEV, purge=True))
    check.equal(
        "without children it can", ids(branches.list_branches(SHOP), "branch_id"), ["production"]
    )


def look_back(check, space):
    """Branches off at a past time and at a past log position, and reads what was there then."""
    with connect(space.owner, f"{PRODUCTION}/endpoints/primary", space.owner_name) as production:
        production.execute("create table note (id int primary key, text text not null)")
        production.execute("insert into note values (1, 'early')")
        time.sleep(1.1)
        then, position = production.execute(
            "select clock_timestamp(), pg_current_wal_lsn()"
        ).fetchone()
        time.sleep(1.1)
        production.execute("insert into note values (2, 'late')")

    branches = space.owner.postgres
    create(branches, "by-time", no_expiry=True, source_branch_time=moment(then))
    create(branches, "by-lsn", no_expiry=True, source_branch=PRODUCTION, source_branch_lsn=position)
    for branch_id, what in (("by-time", "time"), ("by-lsn", "log position")):
        endpoint = f"{SHOP}/branches/{branch_id}/endpoints/primary"
        with connect(space.owner, endpoint, space.owner_name) as past:
            seen = rows(past, "select text from note order by id")
        check.equal(f"a branch at a past {what} has only what was there", seen, ["early"])
        done(branches.delete_branch(f"{SHOP}/branches/{branch_id}", purge=True))


def diverge(check, space):
    """Leaves the branch `dev` behind, with a row that production lacks."""
    create(space.owner.postgres, "dev", no_expiry=True)
    read = "select text from note order by id"
    with connect(space.owner, f"{PRODUCTION}/endpoints/primary", space.owner_name) as production:
        with connect(space.owner, f"{DEV}/endpoints/primary", space.owner_name) as dev:
            check.equal(
                "a branch starts with its source's rows", rows(dev, read), ["early", "late"]
            )
            dev.execute("insert into note values (3, 'dev')")
            production.execute("insert into note values (3, 'production')")
            check.equal("a branch keeps its own row", rows(dev, read)[-1], "dev")
            check.equal("its source keeps its own too", rows(production, read)[-1], "production")


PARTS = [
    read_root,
    create_and_expire,
    refuse_bad_branches,
    protect,
    keep_parents,
    look_back,
    diverge,
]
