"""What is applied: a new estate, a change of one, and one whose branches end."""
import re
from dataclasses import dataclass, field
from pathlib import Path

SLIDES = (Path(__file__).resolve().parents[2] / "examples" / "slides" / "weir.yaml").read_text()


def control_plane(manifest):
    """The slides without what needs a PostgreSQL behind every branch."""
    inside = (r" {12}settings: .*\n", r" {12}access: .*\n", r" {12}schemas:\n( {14}.*\n)+",
              r" {10}legacy: .*\n", r", member_of: [^\]]*\]")
    for pattern in inside:
        manifest = re.sub(pattern, "", manifest)
    return (manifest.replace("app: ai-slide-generator", "user: app@example.com")
            .replace("login: false", "login: true"))


ESTATE = """\
version: weir/v1
name: shop
projects:
  shop:
    display_name: Shop
    pg_version: 17
    native_login: true
    permissions:
      - { group: admins, level: CAN_MANAGE }
    branches:
      production:
        endpoints:
          primary: { type: read_write, min_cu: 0.5, max_cu: 2, suspend_after: 5m }
          reports: { type: read_only, min_cu: 0.5, max_cu: 1 }
        roles:
          ana: { user: ana@example.com }
          migrator: { login: true }
        databases:
          orders: { owner: migrator }
          reports: { owner: ana }
      dev:
        from: production
        expires: 7d
        endpoints:
          primary: { type: read_write, min_cu: 0.5, max_cu: 1 }
        roles:
          tester: { login: true }
        databases:
          scratch: { owner: tester }
"""

BEFORE = """\
version: weir/v1
name: shop
projects:
  old:
    display_name: Old
    branches:
      production: {}
      side: { from: production, expires: never }
  shop:
    display_name: Shop
    pg_version: 17
    native_login: true
    tags: { team: shop }
    permissions:
      - { group: admins, level: CAN_MANAGE }
    branches:
      production:
        endpoints:
          primary: { type: read_write, min_cu: 0.5, max_cu: 2, suspend_after: 5m }
          reports: { type: read_only, min_cu: 0.5, max_cu: 1 }
        roles:
          ana: { user: ana@example.com }
          migrator: { login: true }
          leaving: { login: true }
        databases:
          orders: { owner: migrator }
          gone: { owner: migrator }
      dev:
        from: production
        expires: 7d
        roles: { tester: { login: true } }
      staging: { from: production, expires: never }
      feature: { from: staging, expires: 3d }
"""

AFTER = """\
version: weir/v1
name: shop
projects:
  old:
    display_name: Old
    pg_version: 16
    branches:
      production: {}
      side: { from: production, expires: 5d }
  shop:
    display_name: The shop
    pg_version: 17
    native_login: true
    tags: { team: shop, stage: two }
    permissions:
      - { group: admins, level: CAN_MANAGE }
      - { group: users, level: CAN_USE }
    branches:
      production:
        endpoints:
          primary: { type: read_write, min_cu: 1, max_cu: 4, suspend_after: never }
        roles:
          ana: { user: ana@example.com, superuser: true }
          migrator: { login: true }
        databases:
          orders: { owner: ana }
          added: { owner: migrator }
      dev:
        from: production
        expires: 14d
        roles: { tester: { login: true, attributes: [createdb] } }
      staging: { from: production, expires: never }
      feature: { from: production, expires: 3d }
      fresh: { from: dev, expires: 2d }
"""


INSTANCES_BEFORE = """\
version: weir/v1
name: legacy
instances:
  shop-db:
    capacity: CU_1
    tags: { team: shop }
    roles:
      ana: { user: ana@example.com }
      leaving: { user: leaving@example.com }
  old-db: { capacity: CU_1 }
"""

INSTANCES_AFTER = """\
version: weir/v1
name: legacy
instances:
  shop-db:
    capacity: CU_2
    nodes: 2
    tags: { team: shop, stage: two }
    permissions:
      - { group: admins, level: CAN_MANAGE }
    roles:
      ana: { user: ana@example.com, superuser: true }
      added: { group: analysts }
  copy-db: { from: shop-db, capacity: CU_1 }
"""


APPS_BEFORE = """\
version: weir/v1
name: shop
projects:
  shop:
    branches:
      production:
        roles: { ana: { user: ana@example.com } }
        databases: { orders: { owner: ana }, gone: { owner: ana } }
apps:
  shop-app:
    bind:
      - { resource_key: gone, database: projects.shop.branches.production.databases.gone }
      - { resource_key: db, branch: projects.shop.branches.production }
  other-app: { bind: [{ resource_key: db, branch: projects.shop.branches.production }] }
"""

APPS_AFTER = """\
version: weir/v1
name: shop
projects:
  shop:
    branches:
      production:
        roles: { ana: { user: ana@example.com } }
        databases: { orders: { owner: ana }, added: { owner: ana } }
apps:
  shop-app:
    bind:
      - { resource_key: db, database: projects.shop.branches.production.databases.orders }
      - { resource_key: added, database: projects.shop.branches.production.databases.added }
"""


@dataclass
class Example:
    """One apply that is disturbed, and what was applied before it."""
    name: str
    manifest: str
    before: str = ""  # applied undisturbed; "" for an empty workspace
    flags: tuple = ()
    latency: str = "settle=0s"
    variables: dict = field(default_factory=dict)
    has_postgres: bool = False
    apps: tuple = ()  # that exist in the workspace
    tables: dict = field(default_factory=dict)  # of Unity Catalog, to be copied


EXAMPLES = [
    Example("new", ESTATE),
    Example("mix", AFTER, before=BEFORE, flags=("-allow-destroy", "*")),
    Example("instances", INSTANCES_AFTER, before=INSTANCES_BEFORE, flags=("-allow-destroy", "*"),
            latency="create=80ms,update=40ms,delete=60ms,settle=20ms"),
    Example("apps", APPS_AFTER, before=APPS_BEFORE, flags=("-allow-destroy", "*"),
            latency="create=40ms,update=40ms,delete=40ms,app.update=40ms,settle=0s",
            apps=("shop-app", "other-app")),
    Example("slides", control_plane(SLIDES), flags=("-e", "dev")),
    Example("polls", ESTATE,
            latency="create=120ms,update=80ms,delete=60ms,settle=60ms"),
]
