"""Endpoints: the primary, a read-only one, size, suspension, switching off, deletion."""

import time

import psycopg
from databricks.sdk.errors import AlreadyExists, BadRequest, NotFound
from databricks.sdk.service.postgres import (
    Endpoint,
    EndpointSettings,
    EndpointSpec,
    EndpointStatusState,
    EndpointType,
)

from .branches import DEV, managed_by_parent
from .workspace import connect, done, ids, mask, rows, seconds, settled_endpoint

PRIMARY = f"{DEV}/endpoints/primary"
READER = f"{DEV}/endpoints/reader"
AWAKE_OR_ASLEEP = (EndpointStatusState.ACTIVE, EndpointStatusState.IDLE)


def create(endpoints, endpoint_id, endpoint_type, **spec):
    endpoint = Endpoint(spec=EndpointSpec(endpoint_type=endpoint_type, **spec))
    return done(endpoints.create_endpoint(DEV, endpoint, endpoint_id))


def update(endpoints, name, *paths, **spec):
    """Changes the masked fields and returns the endpoint once it is quiet."""
    body = Endpoint(spec=EndpointSpec(endpoint_type=None, **spec))
    done(endpoints.update_endpoint(name, body, mask(*paths)))
    return settled_endpoint(endpoints, name).status


def read_primary(check, space):
    endpoints = space.owner.postgres
    primary = endpoints.get_endpoint(PRIMARY)
    status = primary.status
    check.equal("a branch has the endpoint primary", primary.endpoint_id, "primary")
    check.equal("an endpoint knows its branch", primary.parent, DEV)
    check.true(
        "an endpoint's uid begins with ep-", primary.uid.startswith("ep-"), "ep-...", primary.uid
    )
    check.equal(
        "the primary reads and writes", status.endpoint_type, EndpointType.ENDPOINT_TYPE_READ_WRITE
    )
    check.true(
        "the primary is awake or asleep",
        status.current_state in AWAKE_OR_ASLEEP,
        got=status.current_state,
    )
    check.true("the primary has a host", status.hosts.host, got=status.hosts)
    check.true("the primary has no read-only host", status.hosts.read_only_host is None)
    check.equal("the primary takes the project's size", status.autoscaling_limit_max_cu, 4)
    check.equal(
        "the primary takes the project's suspension", status.suspend_timeout_duration, seconds(300)
    )
    check.equal("the primary is not disabled", status.disabled, False)
    check.equal("the primary is a group of one", (status.group.min, status.group.max), (1, 1))
    check.equal(
        "no endpoint but the primary",
        ids(endpoints.list_endpoints(DEV), "endpoint_id"),
        ["primary"],
    )


def create_reader(check, space):
    endpoints = space.owner.postgres
    create(
        endpoints,
        "reader",
        EndpointType.ENDPOINT_TYPE_READ_ONLY,
        autoscaling_limit_min_cu=0.5,
        autoscaling_limit_max_cu=2,
        suspend_timeout_duration=seconds(120),
    )
    status = settled_endpoint(endpoints, READER).status
    check.equal(
        "a second endpoint only reads", status.endpoint_type, EndpointType.ENDPOINT_TYPE_READ_ONLY
    )
    check.equal("its read-only host is its host", status.hosts.read_only_host, status.hosts.host)
    check.equal(
        "its size is its own",
        (status.autoscaling_limit_min_cu, status.autoscaling_limit_max_cu),
        (0.5, 2),
    )
    check.equal("its suspension is its own", status.suspend_timeout_duration, seconds(120))
    listed = ids(endpoints.list_endpoints(DEV, page_size=1), "endpoint_id")
    check.equal("pages of endpoints have each once", listed, ["primary", "reader"])

    with connect(space.owner, READER, space.owner_name) as reader:
        check.equal(
            "a read-only endpoint reads",
            rows(reader, "select text from note where id = 3"),
            ["dev"],
        )
        check.fails(
            "a read-only endpoint refuses to write",
            psycopg.errors.ReadOnlySqlTransaction,
            lambda: reader.execute("insert into note values (4, 'reader')"),
        )
    with connect(space.owner, PRIMARY, space.owner_name) as primary:
        primary.execute("insert into note values (5, 'fresh')")
    with connect(space.owner, READER, space.owner_name) as reader:
        seen = rows_in_time(reader, "select text from note where id = 5")
        check.equal("a read-only endpoint comes to see new rows", seen, ["fresh"])


def rows_in_time(reader, statement):
    """A read-only endpoint may lag a little behind its branch."""
    deadline = time.monotonic() + 10
    while not (seen := rows(reader, statement)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return seen


def resize(check, space):
    endpoints = space.owner.postgres
    sizes = ("spec.autoscaling_limit_min_cu", "spec.autoscaling_limit_max_cu")
    status = update(
        endpoints, READER, *sizes, autoscaling_limit_min_cu=1, autoscaling_limit_max_cu=8
    )
    check.equal(
        "a size changes", (status.autoscaling_limit_min_cu, status.autoscaling_limit_max_cu), (1, 8)
    )
    status = update(
        endpoints, READER, sizes[1], autoscaling_limit_max_cu=4, autoscaling_limit_min_cu=3
    )
    check.equal(
        "one limit changes alone",
        (status.autoscaling_limit_min_cu, status.autoscaling_limit_max_cu),
        (1, 4),
    )

    status = update(endpoints, READER, "spec.suspension", suspend_timeout_duration=seconds(600))
    check.equal("a suspension changes", status.suspend_timeout_duration, seconds(600))
    status = update(endpoints, READER, "spec.suspension", no_suspension=True)
    check.true(
        "a suspension goes away",
        status.suspend_timeout_duration in (None, seconds(0)),
        "none or 0s",
        status.suspend_timeout_duration,
    )
    status = update(endpoints, READER, "spec.suspension", suspend_timeout_duration=seconds(60))
    check.equal("a suspension comes back", status.suspend_timeout_duration, seconds(60))
    check.equal("a suspension's change keeps the size", status.autoscaling_limit_max_cu, 4)

    settings = EndpointSettings(pg_settings={"work_mem": "8MB"})
    status = update(endpoints, PRIMARY, "spec.settings", settings=settings)
    check.equal("Postgres settings change", status.settings.pg_settings, {"work_mem": "8MB"})


def switch_off_and_on(check, space):
    endpoints = space.owner.postgres
    with connect(space.owner, PRIMARY, space.owner_name) as primary:
        check.equal("Postgres settings are in force", rows(primary, "show work_mem"), ["8MB"])
    status = update(endpoints, PRIMARY, "spec.disabled", disabled=True)
    check.equal("an endpoint is disabled", status.disabled, True)
    check.equal("a disabled endpoint sleeps", status.current_state, EndpointStatusState.IDLE)
    check.fails(
        "a disabled endpoint does not wake",
        psycopg.OperationalError,
        lambda: connect(space.owner, PRIMARY, space.owner_name),
    )
    update(endpoints, PRIMARY, "spec.disabled", disabled=False)
    with connect(space.owner, PRIMARY, space.owner_name) as primary:
        check.equal("an enabled endpoint wakes", rows(primary, "select count(*) from note"), [4])
    state = endpoints.get_endpoint(PRIMARY).status.current_state
    check.equal("an endpoint in use is active", state, EndpointStatusState.ACTIVE)


def refuse_bad_endpoints(check, space):
    endpoints = space.owner.postgres
    read_only = EndpointType.ENDPOINT_TYPE_READ_ONLY
    check.fails(
        "an endpoint's id is taken once",
        AlreadyExists,
        lambda: create(endpoints, "reader", read_only),
    )
    check.fails(
        "a second read-write endpoint is refused",
        BadRequest,
        lambda: create(endpoints, "writer", EndpointType.ENDPOINT_TYPE_READ_WRITE),
    )
    refused = {
        "a quarter CU": dict(autoscaling_limit_min_cu=0.25, autoscaling_limit_max_cu=1),
        "a spread over 16 CU": dict(autoscaling_limit_min_cu=1, autoscaling_limit_max_cu=18),
        "a maximum below the minimum": dict(autoscaling_limit_min_cu=4, autoscaling_limit_max_cu=2),
        "a suspension of half a minute": dict(suspend_timeout_duration=seconds(30)),
        "two suspensions at once": dict(suspend_timeout_duration=seconds(300), no_suspension=True),
    }
    for what, spec in refused.items():
        check.fails(
            f"{what} is refused",
            BadRequest,
            lambda spec=spec: create(endpoints, "refused", read_only, **spec),
        )
    check.fails(
        "an endpoint's type cannot change",
        BadRequest,
        lambda: done(
            endpoints.update_endpoint(
                READER,
                Endpoint(spec=EndpointSpec(endpoint_type=EndpointType.ENDPOINT_TYPE_READ_WRITE)),
                mask("spec.endpoint_type"),
            )
        ),
    )
    check.fails(
        "an unknown endpoint is not found",
        NotFound,
        lambda: endpoints.get_endpoint(f"{DEV}/endpoints/refused"),
        "NOT_FOUND",
        "endpoint id not found",
    )


def delete(check, space):
    endpoints = space.owner.postgres
    error = check.fails(
        "a read-write endpoint cannot be deleted",
        BadRequest,
        lambda: endpoints.delete_endpoint(PRIMARY),
        "BAD_REQUEST",
        "Cannot delete read-write endpoint",
    )
    check.equal(
        "a read-write endpoint is managed by its parent",
        managed_by_parent(error),
        ("RESOURCE_CONFLICT", "MANAGED_BY_PARENT"),
    )
    operation = endpoints.delete_endpoint(READER)
    done(operation)
    check.fails("a deleted endpoint is not found", NotFound, lambda: endpoints.get_endpoint(READER))
    check.true(
        "a delete's operation outlives its resource", endpoints.get_operation(operation.name()).done
    )


PARTS = [read_primary, create_reader, resize, switch_off_and_on, refuse_bad_endpoints, delete]
