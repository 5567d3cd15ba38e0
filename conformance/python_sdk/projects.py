"""Projects: create, read, list in pages, update by masks, and what is refused."""

from databricks.sdk.errors import AlreadyExists, BadRequest, InvalidParameterValue, NotFound
from databricks.sdk.service.postgres import (
    Project,
    ProjectCustomTag,
    ProjectDefaultEndpointSettings,
    ProjectSpec,
)

from .workspace import done, ids, mask, seconds

SHOP = "projects/shop"
OTHERS = ["shelf-a", "shelf-b"]


def create_shop(check, space):
    projects = space.owner.postgres
    spec = ProjectSpec(
        display_name="Shop",
        pg_version=17,
        history_retention_duration=seconds(172800),
        default_endpoint_settings=ProjectDefaultEndpointSettings(
            autoscaling_limit_min_cu=0.5,
            autoscaling_limit_max_cu=4,
            suspend_timeout_duration=seconds(300),
        ),
        custom_tags=[ProjectCustomTag(key="team", value="sales")],
    )
    operation = projects.create_project(Project(spec=spec), "shop")
    check.true(
        "an operation is named after its project",
        operation.name().startswith(f"{SHOP}/operations/"),
        f"{SHOP}/operations/...",
        operation.name(),
    )
    created = done(operation)
    check.equal("a created project has its name", created.name, SHOP)
    check.true("an operation tells that it is done", operation.done())
    check.true("an operation carries metadata", operation.metadata() is not None)

    record = projects.get_operation(operation.name())
    check.equal(
        "an operation's metadata names its type",
        (record.metadata or {}).get("@type"),
        "type.googleapis.com/databricks.postgres.v1.ProjectOperationMetadata",
    )
    check.true("an operation's response has no spec", "spec" not in (record.response or {}))


def read_shop(check, space):
    projects = space.owner.postgres
    shop = projects.get_project(SHOP)
    check.true("a read project has no spec", shop.spec is None, got=shop.spec)
    check.equal("a project has its id", shop.project_id, "shop")
    check.true("a project has a uid", shop.uid, got=shop.uid)
    check.true("a project has its times", shop.create_time and shop.update_time)
    check.true("a live project has no delete time", shop.delete_time is None)

    status = shop.status
    check.equal("status repeats the project's id", status.project_id, "shop")
    check.equal("status shows the display name", status.display_name, "Shop")
    check.equal("status shows the Postgres version", status.pg_version, 17)
    check.equal("status shows the owner", status.owner, space.owner_name)
    check.equal(
        "the default branch is production", status.default_branch, f"{SHOP}/branches/production"
    )
    check.equal("status shows the history", status.history_retention_duration, seconds(172800))
    check.equal("password login is off", status.enable_pg_native_login, False)
    check.equal("a branch may grow to 8 TiB", status.branch_logical_size_limit_bytes, 8796093022208)
    check.equal("status shows tags", status.custom_tags, [ProjectCustomTag("team", "sales")])
    settings = status.default_endpoint_settings
    check.equal("status shows the smallest compute", settings.autoscaling_limit_min_cu, 0.5)
    check.equal("status shows the largest compute", settings.autoscaling_limit_max_cu, 4)
    check.equal("status shows the suspension", settings.suspend_timeout_duration, seconds(300))


def refuse_bad_projects(check, space):
    projects = space.owner.postgres

    def create(project_id, **spec):
        return done(projects.create_project(Project(spec=ProjectSpec(**spec)), project_id))

    check.fails(
        "a project's id is taken once", AlreadyExists, lambda: create("shop"), "ALREADY_EXISTS"
    )
    check.fails("an id with capitals is refused", InvalidParameterValue, lambda: create("Bad_Id"))
    check.fails(
        "an id with a hyphen at its end is refused", InvalidParameterValue, lambda: create("bad-")
    )
    check.fails(
        "an empty id is refused", InvalidParameterValue, lambda: create(""), says="is required"
    )
    check.fails(
        "a history of one day is refused",
        InvalidParameterValue,
        lambda: create("short", history_retention_duration=seconds(86400)),
    )
    check.fails(
        "a display name of 257 characters is refused",
        InvalidParameterValue,
        lambda: create("long", display_name="x" * 257),
    )
    check.fails(
        "an unknown project is not found",
        NotFound,
        lambda: projects.get_project("projects/nowhere"),
        "NOT_FOUND",
        "project id not found",
    )
    check.fails(
        "a branch of an unknown project names the project",
        NotFound,
        lambda: projects.get_branch("projects/nowhere/branches/production"),
        "NOT_FOUND",
        "project id not found",
    )
    check.fails(
        "an unknown operation is not found",
        NotFound,
        lambda: projects.get_operation(f"{SHOP}/operations/nothing"),
        "NOT_FOUND",
    )


def update_shop(check, space):
    projects = space.owner.postgres
    spec = ProjectSpec(display_name="The shop", enable_pg_native_login=True)
    done(projects.update_project(SHOP, Project(spec=spec), mask("spec.display_name")))
    status = projects.get_project(SHOP).status
    check.equal("a masked field changes", status.display_name, "The shop")
    check.equal("a field outside the mask stays", status.enable_pg_native_login, False)

    both = mask("spec.enable_pg_native_login", "spec.history_retention_duration")
    spec = ProjectSpec(enable_pg_native_login=True, history_retention_duration=seconds(259200))
    updated = done(projects.update_project(SHOP, Project(name=SHOP, spec=spec), both))
    check.equal("two fields change at once", updated.status.enable_pg_native_login, True)
    check.equal(
        "an update's response shows the new value",
        updated.status.history_retention_duration,
        seconds(259200),
    )
    spec = ProjectSpec(enable_pg_native_login=False)
    done(projects.update_project(SHOP, Project(spec=spec), mask("spec.enable_pg_native_login")))
    status = projects.get_project(SHOP).status
    check.equal("a literal false switches off", status.enable_pg_native_login, False)

    tags = [ProjectCustomTag("team", "stock"), ProjectCustomTag("stage", "test")]
    done(
        projects.update_project(
            SHOP, Project(spec=ProjectSpec(custom_tags=tags)), mask("spec.custom_tags")
        )
    )
    shown = {tag.key: tag.value for tag in projects.get_project(SHOP).status.custom_tags}
    check.equal("tags are replaced as a whole", shown, {"team": "stock", "stage": "test"})


def refuse_bad_updates(check, space):
    projects = space.owner.postgres

    def update(*paths, **spec):
        return done(projects.update_project(SHOP, Project(spec=ProjectSpec(**spec)), mask(*paths)))

    check.fails(
        "an unknown path in the mask is refused",
        InvalidParameterValue,
        lambda: update("spec.colour", display_name="x"),
        says="Unknown field path in update_mask",
    )
    check.fails(
        "a path without the prefix spec is refused",
        InvalidParameterValue,
        lambda: update("display_name", display_name="x"),
    )
    check.fails(
        "a mask that names what the body lacks is refused",
        BadRequest,
        lambda: update("spec.display_name", pg_version=17),
    )
    check.fails(
        "the Postgres version cannot change",
        BadRequest,
        lambda: update("spec.pg_version", pg_version=16),
    )
    check.fails(
        "an unknown project cannot be updated",
        NotFound,
        lambda: projects.update_project(
            "projects/nowhere",
            Project(spec=ProjectSpec(display_name="x")),
            mask("spec.display_name"),
        ),
    )
    check.equal(
        "refused updates change nothing", projects.get_project(SHOP).status.display_name, "The shop"
    )


def list_in_pages(check, space):
    client = space.owner
    projects = client.postgres
    for project_id in OTHERS:
        done(projects.create_project(Project(), project_id))
    bare = projects.get_project("projects/shelf-a").status
    settings = bare.default_endpoint_settings
    check.equal("a bare project starts with one CU", settings.autoscaling_limit_max_cu, 1)
    check.equal(
        "a bare project suspends after a day", settings.suspend_timeout_duration, seconds(86400)
    )
    check.equal("a bare project keeps seven days", bare.history_retention_duration, seconds(604800))

    everything = sorted(OTHERS + ["shop"])
    check.equal("a list has every project", ids(projects.list_projects(), "project_id"), everything)
    for size in (1, 2, 100):
        listed = ids(projects.list_projects(page_size=size), "project_id")
        check.equal(f"pages of {size} have every project once", listed, everything)
    page = client.api_client.do("GET", "/api/2.0/postgres/projects", query={"page_size": 1})
    check.equal("a page is no longer than asked", len(page["projects"]), 1)
    check.true("a page that is not the last has a token", page.get("next_page_token"))
    check.fails(
        "a negative page size is refused",
        BadRequest,
        lambda: list(projects.list_projects(page_size=-1)),
    )


PARTS = [
    create_shop,
    read_shop,
    refuse_bad_projects,
    update_shop,
    refuse_bad_updates,
    list_in_pages,
]
