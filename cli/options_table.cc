#include <algorithm>
#include <array>

#include "cli/options.h"

namespace weir {
namespace {

constexpr std::array kFlags = {
    Flag{.name = "file",
         .other_names = "f",
         .value = "PATH",
         .doc = "a manifest, a folder of them, or - for standard input (this folder)",
         .is_repeatable = true},
    Flag{.name = "env", .other_names = "e", .value = "NAME", .doc = "the environment to plan for"},
    Flag{.name = "var",
         .value = "NAME=VALUE",
         .doc = "sets a variable of the manifest",
         .is_repeatable = true},
    Flag{.name = "var-file",
         .value = "FILE",
         .doc = "sets variables from a YAML file of NAME: VALUE lines",
         .is_repeatable = true},
    Flag{.name = "profile",
         .other_names = "p",
         .value = "NAME",
         .doc = "the profile of ~/.databrickscfg to connect with"},
    Flag{.name = "parallelism", .value = "N", .doc = "requests at the same time, 1 to 64 (10)"},
    Flag{.name = "wake",
         .value = "WHEN",
         .doc = "which sleeping databases are woken (auto: where another wish is declared)",
         .choices = "never auto always"},
    Flag{.name = "sql", .doc = "prints only the statements, as a script"},
    Flag{.name = "in", .value = "ADDRESS", .doc = "the database that is meant"},
    Flag{.name = "branch", .value = "BRANCH", .doc = "the branch that is meant, by address or key"},
    Flag{.name = "ttl", .value = "DURATION", .doc = "how long the branch lives"},
    Flag{.name = "at",
         .value = "TIME",
         .doc = "the time whose data is wanted, 2026-04-27T09:15:00Z"},
    Flag{.name = "as", .value = "ID", .doc = "the id of the new branch (BRANCH-at-TIME)"},
    Flag{.name = "app", .value = "NAME", .doc = "the app that is meant, by its name"},
    Flag{.name = "only",
         .other_names = "target",
         .value = "GLOB",
         .doc = "plans these addresses and leaves the rest alone",
         .is_repeatable = true},
    Flag{.name = "except",
         .other_names = "exclude",
         .value = "GLOB",
         .doc = "leaves these addresses alone",
         .is_repeatable = true},
    Flag{.name = "only-file",
         .other_names = "target-file",
         .value = "FILE",
         .doc = "like -only for each line of a file; # begins a comment",
         .is_repeatable = true},
    Flag{.name = "except-file",
         .other_names = "exclude-file",
         .value = "FILE",
         .doc = "like -except for each line of a file",
         .is_repeatable = true},
    Flag{.name = "destroy", .doc = "plans the end of everything that is declared"},
    Flag{.name = "prune",
         .doc = "deletes what was applied and is no longer declared (the default)"},
    Flag{.name = "no-prune", .doc = "keeps what was applied and is no longer declared"},
    Flag{.name = "allow-destroy",
         .value = "ADDRESS",
         .doc = "consents to the end of this address, or of all with *",
         .is_repeatable = true},
    Flag{.name = "replace",
         .value = "ADDRESS",
         .doc = "makes this address anew, and consents to its end",
         .is_repeatable = true},
    Flag{.name = "max-destroys", .value = "N", .doc = "refuses a plan that destroys more"},
    Flag{.name = "out", .value = "FILE", .doc = "writes the result to this file"},
    Flag{.name = "force", .doc = "lets -out replace a file that holds something else"},
    Flag{.name = "name", .value = "NAME", .doc = "the name of the manifest"},
    Flag{.name = "inside",
         .value = "BOOLEAN",
         .doc = "false: leaves out what is inside databases, and needs no way into them",
         .choices = "true false"},
    Flag{.name = "from",
         .value = "FORMAT",
         .doc = "what the files are (as they look)",
         .choices = "bundle deployment terraform pgroles"},
    Flag{.name = "detailed-exitcode", .doc = "exits with 2 when there is something to do"},
    Flag{.name = "json", .doc = "the same as -output json"},
    Flag{.name = "json-lines", .doc = "the same as -output json-lines, one event a line"},
    Flag{.name = "markdown", .doc = "the same as -output markdown, for a pull request's comment"},
    Flag{.name = "output",
         .other_names = "o format",
         .value = "FORMAT",
         .doc = "how to print the result",
         .choices = "text json json-lines markdown env dotenv shell app-yaml github"},
    Flag{.name = "no-color", .other_names = "no-colour", .doc = "prints without colours"},
    Flag{.name = "quiet",
         .other_names = "q",
         .doc = "says nothing but the result and errors: no warnings, no notices"},
    Flag{.name = "verbose", .other_names = "v", .doc = "tells of each request on standard error"},
    Flag{.name = "time", .doc = "shows how long it took, also away from a terminal"},
    Flag{.name = "check", .doc = "changes nothing and tells by its exit code"},
    Flag{.name = "diff", .doc = "prints the differences"},
    Flag{.name = "reduce", .doc = "leaves out what follows from other dependencies"},
    Flag{.name = "unmanaged",
         .doc = "lists what nobody declares in projects and databases; it counts as drift"},
    Flag{.name = "plan", .value = "FILE", .doc = "labels and colours what this saved plan changes"},
    Flag{.name = "auto-approve", .doc = "does not ask before it changes anything"},
    Flag{.name = "input", .value = "BOOLEAN", .doc = "false: fails instead of asking"},
    Flag{.name = "lock-timeout",
         .value = "DURATION",
         .doc = "waits so long for somebody else's apply to end (0s)"},
    Flag{.name = "help", .other_names = "h", .doc = "shows this help"},
};

constexpr std::string_view kManifestFlags = "file env var var-file quiet ";
constexpr std::string_view kWorkspaceFlags = "profile parallelism verbose ";
constexpr std::string_view kPlanFlags =
    "wake only except only-file except-file destroy prune no-prune allow-destroy replace "
    "max-destroys ";
constexpr std::string_view kApplyFlags = "auto-approve input lock-timeout time json-lines output";
constexpr std::string_view kBranchFlags =
    "branch auto-approve input lock-timeout time json-lines output";
constexpr std::string_view kUpFlags =
    "branch ttl auto-approve input lock-timeout time json-lines output";
constexpr std::string_view kCommonFlags = "no-color help";

constexpr std::array kCommands = {
    Command{.name = "validate",
            .reach = Reach::kManifest,
            .doc = "finds every mistake in the manifests, without a network",
            .examples = "weir validate             # all environments\n"
                        "weir validate -e dev -json",
            .flags = "json output",
            .formats = "text json",
            .details = "Exits with 3 when something is wrong."},
    Command{.name = "fmt",
            .arguments = "[PATH ...]",
            .most_arguments = 1000,
            .doc = "writes manifests in their one form",
            .examples = "weir fmt                  # every manifest below this folder\n"
                        "weir fmt -check -diff     # for a pull request; exits with 3\n"
                        "weir fmt - <weir.yaml     # from standard input to standard output",
            .flags = "check diff"},
    Command{.name = "plan",
            .reach = Reach::kPlan,
            .doc = "shows what would change in the workspace, and changes nothing",
            .examples = "weir plan -e dev\n"
                        "weir plan -out weir.plan -detailed-exitcode\n"
                        "weir plan -markdown >comment.md",
            .flags = "out force sql detailed-exitcode json json-lines markdown output time",
            .formats = "text json json-lines markdown",
            .details =
                "With -detailed-exitcode: 0 nothing to do, 2 something to do. Exits with 4 "
                "when a destructive\nstep is blocked. In GitHub Actions it also writes the "
                "step's summary and outputs.\nFlags that pipelines bring along and that mean "
                "nothing here are refused with a reason:\n-refresh, -refresh-only, -lock, "
                "-lock-timeout, -input, -auto-approve, -compact-warnings."},
    Command{.name = "apply",
            .reach = Reach::kPlan,
            .arguments = "[FILE]",
            .most_arguments = 1,
            .doc = "makes the workspace as declared, or carries out a saved plan",
            .examples = "weir apply -e dev         # shows the plan, and asks\n"
                        "weir apply -auto-approve  # for a pipeline\n"
                        "weir apply weir.plan      # what weir plan -out has saved",
            .flags = kApplyFlags,
            .formats = "text json-lines",
            .details = "Exits with 4 when a destructive step is blocked, 5 while somebody else "
                       "applies, 6 when some steps\nwere not done, and 7 when a saved plan no "
                       "longer fits. After any end, even by a crash, the next\napply goes on."},
    Command{.name = "destroy",
            .reach = Reach::kPlan,
            .doc = "ends everything that is declared or was applied",
            .examples = "weir destroy -e preview -allow-destroy '*'",
            .flags = kApplyFlags,
            .formats = "text json-lines",
            .details = "The same as weir apply -destroy, with the same exit codes."},
    Command{
        .name = "drift",
        .reach = Reach::kWorkspace,
        .doc = "shows what is not in the workspace as it should be",
        .examples = "weir drift -e prod        # exits with 2 when there is drift\n"
                    "weir drift -unmanaged     # what nobody declares counts as well\n"
                    "weir drift -json",
        .flags =
            "wake unmanaged only except only-file except-file json json-lines markdown output time",
        .formats = "text json json-lines markdown"},
    Command{.name = "rollback",
            .reach = Reach::kPlan,
            .arguments = "[SERIAL]",
            .most_arguments = 1,
            .doc = "goes back to what was applied before the last apply, or at a serial",
            .examples = "weir rollback             # undoes the last apply, undeleting included\n"
                        "weir rollback 12          # weir state history lists the serials",
            .flags = kApplyFlags,
            .formats = "text json-lines",
            .details =
                "A plan like any other, made from what was remembered then. The manifests stay as "
                "they are,\nso that the next weir apply goes forward again."},
    Command{.name = "up",
            .reach = Reach::kWorkspace,
            .doc = "makes a branch of a branch class, such as one for a pull request",
            .examples = "weir up -branch pr-123 -ttl 7d\n"
                        "weir env -branch pr-123 -format github >>$GITHUB_ENV",
            .flags = kUpFlags,
            .formats = "text json-lines",
            .details = "Run again it changes nothing, and never shortens what the branch still has "
                       "to live. Nothing of it is\nremembered: the class is the declaration."},
    Command{.name = "down",
            .reach = Reach::kWorkspace,
            .doc = "ends a branch of a branch class",
            .examples = "weir down -branch pr-123 -auto-approve",
            .flags = kBranchFlags,
            .formats = "text json-lines",
            .details = "Run again it changes nothing. Declared branches end with their "
                       "declarations."},
    Command{.name = "renew",
            .reach = Reach::kWorkspace,
            .doc = "gives a branch its full lifetime from now on",
            .examples = "weir renew -branch pr-123\n"
                        "weir renew -branch pr-123 -ttl 3d",
            .flags = kUpFlags,
            .formats = "text json-lines",
            .details = "Within what its class allows, counted from its creation. A declared branch "
                       "needs on_expiry: renew."},
    Command{.name = "reset",
            .reach = Reach::kWorkspace,
            .doc = "makes a branch anew from its source, with what that has now",
            .examples = "weir reset -branch staging\n"
                        "weir reset -branch pr-123 -auto-approve",
            .flags = kUpFlags,
            .formats = "text json-lines",
            .details = "The service has no reset, so the branch is deleted for good and made "
                       "again: its data and hosts are lost.\nWhat the manifest declares inside of "
                       "it is made again as well."},
    Command{.name = "restore",
            .reach = Reach::kWorkspace,
            .doc = "makes a branch from another one as it was at a time",
            .examples = "weir restore -branch production -at 2026-04-27T09:15:00Z\n"
                        "weir restore -branch production -at 2026-04-27T09:15:00Z -as before -ttl "
                        "2d",
            .flags = "branch at as ttl auto-approve input lock-timeout time json-lines output",
            .formats = "text json-lines",
            .details = "It lives 7 days unless -ttl says otherwise; the branch itself stays as it "
                       "is."},
    Command{
        .name = "state",
        .reach = Reach::kManifest,
        .arguments = "list|show ADDRESS|history|diff SERIAL [SERIAL]|rm ADDRESS|unlock",
        .least_arguments = 1,
        .most_arguments = 3,
        .doc = "shows what weir remembers of earlier applies",
        .examples = "weir state list\n"
                    "weir state show projects/shop\n"
                    "weir state diff 12        # since that serial\n"
                    "weir state unlock         # when its holder cannot end it",
        .flags = "auto-approve input lock-timeout json output",
        .formats = "text json",
        .details = "The state is a cache: without it, what exists is adopted again by its name."},
    Command{.name = "show",
            .arguments = "FILE",
            .least_arguments = 1,
            .most_arguments = 1,
            .doc = "prints a saved plan",
            .examples = "weir show weir.plan\n"
                        "weir show -check weir.plan    # exits with 7 when it no longer fits",
            .flags = "check profile parallelism verbose quiet json json-lines markdown output",
            .formats = "text json json-lines markdown"},
    Command{.name = "graph",
            .reach = Reach::kManifest,
            .doc = "prints the dependencies of the declarations for Graphviz",
            .examples = "weir graph | dot -Tsvg >graph.svg\n"
                        "weir graph -reduce\n"
                        "weir graph -plan weir.plan | dot -Tsvg >plan.svg",
            .flags = "reduce plan"},
    Command{.name = "output",
            .reach = Reach::kWorkspace,
            .arguments = "[NAME]",
            .most_arguments = 1,
            .doc = "prints the outputs of the manifest, or what it says for an app's app.yaml",
            .examples = "weir output -e dev\n"
                        "weir output pg_host\n"
                        "weir output -format env >>.env\n"
                        "weir output -app slides -format app-yaml",
            .flags = "app json output",
            .formats = "text json env dotenv shell app-yaml github",
            .details = "With -app it prints the variables that the app's env has in the manifest, "
                       "also as dotenv, shell, app-yaml\nand github."},
    Command{.name = "env",
            .reach = Reach::kWorkspace,
            .doc = "prints what an app finds its database by; no secret is among it",
            .examples = "weir env >.env\n"
                        "weir env -branch pr-123 -format github >>$GITHUB_ENV\n"
                        "weir env -app slides -format app-yaml\n"
                        "eval \"$(weir env -format shell)\"",
            .flags = "in branch app json output",
            .formats = "dotenv shell json app-yaml github",
            .details =
                "PG… variables for libpq and its kin, LAKEBASE_… for apps that mint their own "
                "tokens. With -app the\nuser is the app's service principal."},
    Command{.name = "credential",
            .reach = Reach::kWorkspace,
            .doc = "mints a token for a database, for whom it is piped to",
            .examples = "weir credential -branch dev -json | jq .expire_time\n"
                        "PGPASSWORD=$(weir credential) pg_dump -s",
            .flags = "in branch json output",
            .formats = "text json",
            .details = "It is never written to a terminal or a file."},
    Command{.name = "psql",
            .reach = Reach::kWorkspace,
            .arguments = "[ADDRESS] [-- ARGUMENT ...]",
            .most_arguments = 1000,
            .doc = "opens a session of psql in a database",
            .examples = "weir psql\n"
                        "weir psql projects/shop/branches/dev/databases/app\n"
                        "weir psql dev -- -c 'SELECT now()'",
            .details = "ADDRESS is the address or the key of a branch or a database. What comes "
                       "after -- is for psql.\nA database that sleeps wakes."},
    Command{.name = "doctor",
            .reach = Reach::kWorkspace,
            .doc = "tries what weir needs, step by step, and says what to do where it fails",
            .examples = "weir doctor -e prod\n"
                        "weir doctor -wake always",
            .flags = "wake json output",
            .formats = "text json"},
    Command{.name = "export",
            .doc = "writes a manifest for everything that the workspace has",
            .examples = "weir export >weir.yaml\n"
                        "weir export -name shop -out weir.yaml\n"
                        "weir export -inside=false",
            .flags = "name out force inside wake profile parallelism verbose quiet",
            .details = "Schemas, access, settings, extensions and memberships are read from the "
                       "databases themselves.\nThose that sleep are left out, unless -wake always "
                       "wakes them."},
    Command{
        .name = "convert",
        .arguments = "FILE ...",
        .least_arguments = 1,
        .most_arguments = 1000,
        .doc = "writes a manifest for what other tools declare",
        .examples = "weir convert databricks.yml resources/*.yml >weir.yaml\n"
                    "terraform show -json | weir convert -out weir.yaml -\n"
                    "weir convert -from pgroles -in projects/shop/branches/production roles.yaml",
        .flags = "from name in out force quiet json output",
        .formats = "text json",
        .details = "Knows Databricks bundles, deployment.yaml, Terraform's JSON, and pgroles. "
                   "What does not come along is\ntold on standard error with its place and what "
                   "to do; -in says where roles and grants belong whose\nserver their tool does "
                   "not name. A password never does: it becomes a secret variable."},
    Command{.name = "print",
            .reach = Reach::kManifest,
            .doc = "prints the merged tree with the origin of each value",
            .examples = "weir print -e dev"},
    Command{.name = "explain",
            .reach = Reach::kWorkspace,
            .arguments = "[WHAT|access ROLE OBJECT]",
            .most_arguments = 3,
            .doc = "explains a kind, a field, a key, a limit or a rule, or why a role has access",
            .examples = "weir explain branch\n"
                        "weir explain branch.expires\n"
                        "weir explain for_each\n"
                        "weir explain limits\n"
                        "weir explain L012\n"
                        "weir explain access reader app.orders    # looks into the database",
            .flags = "in json output",
            .formats = "text json",
            .details =
                "ROLE is a key of the manifest, an address, or a name inside Postgres; OBJECT "
                "is app.orders,\napp.orders.total, app.f(integer), a schema, or the database. "
                "Where the manifest has more than\none database, -in says which."},
    Command{.name = "schema",
            .doc = "prints the JSON Schema of manifests, for editors",
            .examples = "weir schema >weir.v1.schema.json"},
    Command{.name = "completion",
            .arguments = "bash|zsh|fish|pwsh",
            .least_arguments = 1,
            .most_arguments = 1,
            .doc = "prints the completion script of a shell",
            .examples = "weir completion bash >/etc/bash_completion.d/weir\n"
                        "weir completion fish >~/.config/fish/completions/weir.fish\n"
                        "weir completion pwsh >>$PROFILE"},
    Command{.name = "version",
            .doc = "prints the version",
            .examples = "weir version",
            .flags = "json output",
            .formats = "text json"},
    Command{.name = "help",
            .arguments = "[COMMAND]",
            .most_arguments = 1,
            .doc = "shows the commands, or the help of one",
            .examples = "weir help plan"},
};

void append_flags(std::string_view names, std::vector<const Flag*>& flags) {
  for (const std::string_view name : words_of(names)) {
    const Flag* flag = find_flag(name);
    if (flag != nullptr) flags.push_back(flag);
  }
}

}  // namespace

std::span<const Command> all_commands() {
  return kCommands;
}

std::span<const Flag> all_flags() {
  return kFlags;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

const Command* find_command(std::string_view name) {
  const auto* found = std::ranges::find(kCommands, name, &Command::name);
  return found == kCommands.end() ? nullptr : found;
}

const Flag* find_flag(std::string_view name) {
  for (const Flag& flag : kFlags) {
    if (flag.name == name) return &flag;
    for (const std::string_view other : words_of(flag.other_names)) {
      if (other == name) return &flag;
    }
  }
  return nullptr;
}

std::vector<const Flag*> flags_of(const Command& command) {
  std::vector<const Flag*> flags;
  append_flags(command.flags, flags);
  if (command.reach >= Reach::kManifest) append_flags(kManifestFlags, flags);
  if (command.reach >= Reach::kWorkspace) append_flags(kWorkspaceFlags, flags);
  if (command.reach >= Reach::kPlan) append_flags(kPlanFlags, flags);
  append_flags(kCommonFlags, flags);
  return flags;
}

}  // namespace weir
