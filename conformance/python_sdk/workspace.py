"""What all chapters of the walk share: clients, waiting for operations, opening connections."""

import json
import os
import time
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import psycopg
from databricks.sdk import WorkspaceClient
from databricks.sdk.common.lro import LroOptions
from databricks.sdk.common.types.fieldmask import FieldMask
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

HOST = os.environ["DATABRICKS_HOST"]
TOKEN = os.environ["DATABRICKS_TOKEN"]
DEFAULT_DATABASE = "databricks_postgres"
PATIENCE = timedelta(seconds=60)


@dataclass
class Workspace:
    """The identities of the walk, each with its own client."""

    owner: WorkspaceClient
    owner_name: str
    jane: WorkspaceClient
    jane_name: str
    robot: WorkspaceClient
    robot_id: str
    robot_secret: str


def client_with_token(token):
    return WorkspaceClient(host=HOST, token=token, auth_type="pat")


def client_with_secret(client_id, client_secret):
    return WorkspaceClient(
        host=HOST, client_id=client_id, client_secret=client_secret, auth_type="oauth-m2m"
    )


def new_identity(description):
    """Asks the emulator, which is not a part of Databricks' API, for one more identity."""
    request = urllib.request.Request(
        f"{HOST}/_emulator/identities",
        data=json.dumps(description).encode(),
        headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


def done(operation):
    """Waits with the SDK's own waiter and returns the operation's response."""
    return operation.wait(LroOptions(timeout=PATIENCE))


def mask(*paths):
    return FieldMask(list(paths))


def seconds(number):
    return Duration(seconds=number)


def moment(time_with_zone):
    timestamp = Timestamp()
    timestamp.FromDatetime(time_with_zone.astimezone(timezone.utc).replace(tzinfo=None))
    return timestamp


def now():
    return datetime.now(timezone.utc)


def ids(resources, field):
    return sorted(getattr(resource, field) for resource in resources)


def settled_endpoint(endpoints, name):
    """Reads an endpoint until nothing is pending, as official clients do after a change."""
    deadline = time.monotonic() + PATIENCE.total_seconds()
    while True:
        endpoint = endpoints.get_endpoint(name)
        if endpoint.status.pending_state is None:
            return endpoint
        if time.monotonic() > deadline:
            raise TimeoutError(f"{name} still has a pending state")
        time.sleep(0.2)


def credential(client, endpoint):
    return client.postgres.generate_database_credential(endpoint).token


def connect(client, endpoint, user, database=DEFAULT_DATABASE, password=None):
    """Opens a connection to an endpoint with a fresh credential as the password."""
    host = client.postgres.get_endpoint(endpoint).status.hosts.host
    return connect_to(host, user, password or credential(client, endpoint), database)


def connect_to(host, user, password, database):
    """Opens a connection with a checked certificate."""
    return psycopg.connect(
        host=host,
        port=os.environ.get("PGPORT", "5432"),
        user=user,
        password=password,
        dbname=database,
        sslmode="verify-full",
        sslrootcert=os.environ["PGSSLROOTCERT"],
        connect_timeout=30,
        autocommit=True,
    )


def rows(connection, statement):
    """First column of what a statement returns."""
    return [row[0] for row in connection.execute(statement).fetchall()]
