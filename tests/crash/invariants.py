"""What must hold after whatever happened: no duplicate, no orphan, a true end."""
import json
from urllib.parse import parse_qs, quote, unquote, urlsplit

POSTGRES = "/api/2.0/postgres/"
DATABASE = "/api/2.0/database/"
IDS = {"projects": "project_id", "branches": "branch_id", "endpoints": "endpoint_id",
       "roles": "role_id", "databases": "database_id", "catalogs": "catalog_id",
       "synced_tables": "synced_table_id", "cdf-configs": "cdf_config_id"}
ALONE = ("data-api",)  # one in its database, without an id


def name_in(path):
    """The name of a resource, whichever part of the API it belongs to."""
    return unquote(path.removeprefix(DATABASE).removeprefix(POSTGRES))


def path_to(name):
    """The path of a resource below the one that the emulator's helper adds."""
    return DATABASE + quote(name) if name.startswith("instances/") else name


def created_name(exchange):
    """The name of what a request makes; "" when it makes nothing."""
    parts = urlsplit(exchange.target)
    collection = parts.path.rsplit("/", 1)[-1]
    if exchange.method == "POST" and parts.path.startswith(DATABASE):
        return f"{name_in(parts.path)}/{json.loads(exchange.body)['name']}"
    if exchange.method == "POST" and collection in ALONE:
        return name_in(parts.path)
    if exchange.method != "POST" or collection not in IDS:
        return ""
    given = parse_qs(parts.query).get(IDS[collection])
    return f"{name_in(parts.path)}/{given[0]}" if given else ""


def ended_name(exchange):
    path = urlsplit(exchange.target).path
    return name_in(path) if exchange.method == "DELETE" else ""


def standing_after(exchanges, wrong):
    """The names that weir has made and that nothing has ended since."""
    standing = set()
    for exchange in exchanges:
        if exchange.status != 200:
            continue
        if ended := ended_name(exchange):
            standing = {name for name in standing
                        if name != ended and not name.startswith(ended + "/")}
        if made := created_name(exchange):
            if made in standing:
                wrong.append(f"{made} was made twice")
            standing.add(made)
    return standing


def check_no_orphan(case, when):
    """All that weir has made is remembered, or an intent says that it may be there."""
    known = {record["remote_name"] for record in case.remembered()}
    known |= {intent["remote_name"] for intent in case.intents()}
    wrong = []
    for name in standing_after(case.proxy.exchanges, wrong) - known:
        wrong.append(f"{when}, the state knows nothing of {name}")
    case.wrong += wrong


def check_no_blind_retry(case):
    """A change whose answer was lost is looked up before it is sent again by the same run."""
    lost = {}
    for exchange in case.proxy.exchanges:
        if not exchange.is_change:
            lost.clear()
        elif (exchange.run, exchange.name) in lost:
            case.wrong.append(f"{exchange.name} was sent again without a look")
        elif exchange.is_lost:
            lost[exchange.run, exchange.name] = exchange


def check_files(case):
    """Nothing but the state and its lock is left behind."""
    allowed = {"weir.yaml", ".weir"}
    for file in case.states:
        allowed |= {f".weir/{file.name}", f".weir/{file.name}.lock"}
    found = {str(path.relative_to(case.work)) for path in case.work.rglob("*")}
    for name in sorted(found - allowed):
        case.wrong.append(f"the file {name} is left behind")


def check_history(case):
    serials = [serial for (serial,) in case.rows("SELECT serial FROM history ORDER BY entry")]
    if serials != sorted(serials) or set(serials) != set(range(1, max(serials, default=0) + 1)):
        case.wrong.append(f"the history has gaps: {serials}")
    if open_intents := case.intents():
        case.wrong.append(f"intents are open in the end: {open_intents}")


def check_uids(case):
    """What is remembered is what stands there, not one of the same name."""
    for record in case.remembered():
        if uid := record.get("uid"):
            now = case.emulator.call("GET", path_to(record["remote_name"])).get("uid")
            if now != uid:
                case.wrong.append(f"{record['remote_name']} has the uid {now}, remembered is {uid}")


def check_requests(case, usual):
    sent = len(case.proxy.exchanges)
    if sent > 3 * usual + 40:
        case.wrong.append(f"{sent} requests were sent, {usual} are usual")


def converge(case, first=None):
    """Applies until it is done, at most twice, and then there is nothing to do."""
    runs = [first] if first else []
    while not runs or runs[-1].code != 0:
        if len(runs) - bool(first) == 2:
            case.wrong.append(f"two applies did not do it: exit codes {[ran.code for ran in runs]}")
            return
        runs.append(case.apply())
    planned = case.plan()
    if planned.code != 0:
        case.wrong.append(f"after an apply with exit code 0, plan ends with {planned.code}")
    check_files(case)


def check_all(case, usual):
    check_no_orphan(case, "in the end")
    standing_after(case.proxy.exchanges, case.wrong)
    check_no_blind_retry(case)
    check_history(case)
    check_uids(case)
    check_requests(case, usual)
    case.wrong[:] = list(dict.fromkeys(case.wrong))
