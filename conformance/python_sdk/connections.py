"""Credentials as passwords: how long, for whom, for which endpoint."""

import threading
from datetime import timedelta

import psycopg
from databricks.sdk.errors import BadRequest, DatabricksError, NotFound

from .branches import DEV, PRODUCTION
from .endpoints import PRIMARY
from .workspace import TOKEN, connect, credential, moment, now, rows, seconds


def lifetime(issued):
    return issued.expire_time.ToDatetime() - now().replace(tzinfo=None)


def issue(check, space):
    credentials = space.owner.postgres

    def generate(endpoint=PRIMARY, **limits):
        return credentials.generate_database_credential(endpoint, **limits)

    issued = generate()
    check.true("a credential is a token", issued.token)
    check.true(
        "a credential lives for an hour",
        timedelta(minutes=59) < lifetime(issued) <= timedelta(minutes=60, seconds=5),
        "about one hour",
        lifetime(issued),
    )
    brief = generate(ttl=seconds(300))
    check.true(
        "a credential can live for five minutes",
        lifetime(brief) < timedelta(seconds=305),
        got=lifetime(brief),
    )
    ends = moment((now() + timedelta(minutes=20)).replace(microsecond=0))
    check.equal("a credential can end at a time", generate(expire_time=ends).expire_time, ends)
    check.fails(
        "a credential for a minute is refused", BadRequest, lambda: generate(ttl=seconds(60))
    )
    check.fails(
        "a credential for two hours is refused", BadRequest, lambda: generate(ttl=seconds(7200))
    )
    check.fails(
        "a credential for an unknown endpoint is refused",
        NotFound,
        lambda: generate(f"{DEV}/endpoints/nowhere"),
    )
    check.fails("a credential for a branch is refused", DatabricksError, lambda: generate(DEV))


def connect_with_them(check, space):
    with connect(space.owner, PRIMARY, space.owner_name) as sql:
        check.true("a connection with a checked certificate is encrypted", sql.pgconn.ssl_in_use)
        check.equal(
            "a connection is its identity's",
            rows(sql, "select current_user::text"),
            [space.owner_name],
        )
        check.equal("a transaction works", in_transaction(sql), [3])
        check.fails(
            "a running query can be cancelled",
            psycopg.errors.QueryCanceled,
            lambda: cancelled_query(sql),
        )
        check.equal("a connection survives a cancelled query", rows(sql, "select 1"), [1])


def in_transaction(sql):
    with sql.transaction():
        sql.execute("create temporary table tried (number int)")
        sql.cursor().executemany("insert into tried values (%s)", [(1,), (2,), (3,)])
    return rows(sql, "select count(*) from tried")


def cancelled_query(sql):
    """Cancels from outside, as Ctrl-C does in psql, over a second connection."""
    canceller = threading.Timer(0.5, sql.cancel_safe)
    canceller.start()
    try:
        return rows(sql, "select pg_sleep(10)::text")
    finally:
        canceller.join()


def refuse_wrong_passwords(check, space):
    wrong = {
        "a made-up password": ("made-up", PRIMARY, space.owner_name),
        "the workspace's token": (TOKEN, PRIMARY, space.owner_name),
        "another endpoint's credential": (
            credential(space.owner, f"{PRODUCTION}/endpoints/primary"),
            PRIMARY,
            space.owner_name,
        ),
        "another user's credential": (credential(space.owner, PRIMARY), PRIMARY, space.jane_name),
    }
    for what, (password, endpoint, user) in wrong.items():
        check.fails(
            f"{what} is refused as a password",
            psycopg.OperationalError,
            lambda: connect(space.owner, endpoint, user, password=password),
            says="authentication failed",
        )
    check.fails(
        "an unknown database is refused",
        psycopg.OperationalError,
        lambda: connect(space.owner, PRIMARY, space.owner_name, database="nowhere"),
        says="does not exist",
    )


PARTS = [issue, connect_with_them, refuse_wrong_passwords]
