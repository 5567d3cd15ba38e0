# weir completion for fish
complete -c weir -n __fish_use_subcommand -f -a validate -d 'finds every mistake in the manifests, without a network'
complete -c weir -n __fish_use_subcommand -f -a fmt -d 'writes manifests in their one form'
complete -c weir -n __fish_use_subcommand -f -a plan -d 'shows what would change in the workspace, and changes nothing'
complete -c weir -n __fish_use_subcommand -f -a apply -d 'makes the workspace as declared, or carries out a saved plan'
complete -c weir -n __fish_use_subcommand -f -a destroy -d 'ends everything that is declared or was applied'
complete -c weir -n __fish_use_subcommand -f -a drift -d 'shows what is not in the workspace as it should be'
complete -c weir -n __fish_use_subcommand -f -a rollback -d 'goes back to what was applied before the last apply, or at a serial'
complete -c weir -n __fish_use_subcommand -f -a up -d 'makes a branch of a branch class, such as one for a pull request'
complete -c weir -n __fish_use_subcommand -f -a down -d 'ends a branch of a branch class'
complete -c weir -n __fish_use_subcommand -f -a renew -d 'gives a branch its full lifetime from now on'
complete -c weir -n __fish_use_subcommand -f -a reset -d 'makes a branch anew from its source, with what that has now'
complete -c weir -n __fish_use_subcommand -f -a restore -d 'makes a branch from another one as it was at a time'
complete -c weir -n __fish_use_subcommand -f -a state -d 'shows what weir remembers of earlier applies'
complete -c weir -n __fish_use_subcommand -f -a show -d 'prints a saved plan'
complete -c weir -n __fish_use_subcommand -f -a graph -d 'prints the dependencies of the declarations for Graphviz'
complete -c weir -n __fish_use_subcommand -f -a output -d 'prints the outputs of the manifest, or what it says for an app\'s app.yaml'
complete -c weir -n __fish_use_subcommand -f -a env -d 'prints what an app finds its database by; no secret is among it'
complete -c weir -n __fish_use_subcommand -f -a credential -d 'mints a token for a database, for whom it is piped to'
complete -c weir -n __fish_use_subcommand -f -a psql -d 'opens a session of psql in a database'
complete -c weir -n __fish_use_subcommand -f -a doctor -d 'tries what weir needs, step by step, and says what to do where it fails'
complete -c weir -n __fish_use_subcommand -f -a export -d 'writes a manifest for everything that the workspace has'
complete -c weir -n __fish_use_subcommand -f -a convert -d 'writes a manifest for what other tools declare'
complete -c weir -n __fish_use_subcommand -f -a print -d 'prints the merged tree with the origin of each value'
complete -c weir -n __fish_use_subcommand -f -a explain -d 'explains a kind, a field, a key, a limit or a rule, or why a role has access'
complete -c weir -n __fish_use_subcommand -f -a schema -d 'prints the JSON Schema of manifests, for editors'
complete -c weir -n __fish_use_subcommand -f -a completion -d 'prints the completion script of a shell'
complete -c weir -n __fish_use_subcommand -f -a version -d 'prints the version'
complete -c weir -n __fish_use_subcommand -f -a help -d 'shows the commands, or the help of one'
complete -c weir -n '__fish_seen_subcommand_from validate' -o json -d 'the same as -output json'
complete -c weir -n '__fish_seen_subcommand_from validate' -o output -d 'how to print the result' -x -a 'text json'
complete -c weir -n '__fish_seen_subcommand_from validate' -o file -d 'a manifest, a folder of them, or - for standard input (this folder)' -r
complete -c weir -n '__fish_seen_subcommand_from validate' -o env -d 'the environment to plan for' -r
complete -c weir -n '__fish_seen_subcommand_from validate' -o var -d 'sets a variable of the manifest' -r
complete -c weir -n '__fish_seen_subcommand_from validate' -o var-file -d 'sets variables from a YAML file of NAME: VALUE lines' -r
complete -c weir -n '__fish_seen_subcommand_from validate' -o quiet -d 'says nothing but the result and errors: no warnings, no notices'
complete -c weir -n '__fish_seen_subcommand_from validate' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from validate' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from fmt' -o check -d 'changes nothing and tells by its exit code'
complete -c weir -n '__fish_seen_subcommand_from fmt' -o diff -d 'prints the differences'
complete -c weir -n '__fish_seen_subcommand_from fmt' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from fmt' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from plan' -o out -d 'writes the result to this file' -r
complete -c weir -n '__fish_seen_subcommand_from plan' -o force -d 'lets -out replace a file that holds something else'
complete -c weir -n '__fish_seen_subcommand_from plan' -o sql -d 'prints only the statements, as a script'
complete -c weir -n '__fish_seen_subcommand_from plan' -o detailed-exitcode -d 'exits with 2 when there is something to do'
complete -c weir -n '__fish_seen_subcommand_from plan' -o json -d 'the same as -output json'
complete -c weir -n '__fish_seen_subcommand_from plan' -o json-lines -d 'the same as -output json-lines, one event a line'
complete -c weir -n '__fish_seen_subcommand_from plan' -o markdown -d 'the same as -output markdown, for a pull request\'s comment'
complete -c weir -n '__fish_seen_subcommand_from plan' -o output -d 'how to print the result' -x -a 'text json json-lines markdown'
complete -c weir -n '__fish_seen_subcommand_from plan' -o time -d 'shows how long it took, also away from a terminal'
complete -c weir -n '__fish_seen_subcommand_from plan' -o file -d 'a manifest, a folder of them, or - for standard input (this folder)' -r
complete -c weir -n '__fish_seen_subcommand_from plan' -o env -d 'the environment to plan for' -r
complete -c weir -n '__fish_seen_subcommand_from plan' -o var -d 'sets a variable of the manifest' -r
complete -c weir -n '__fish_seen_subcommand_from plan' -o var-file -d 'sets variables from a YAML file of NAME: VALUE lines' -r
complete -c weir -n '__fish_seen_subcommand_from plan' -o quiet -d 'says nothing but the result and errors: no warnings, no notices'
complete -c weir -n '__fish_seen_subcommand_from plan' -o profile -d 'the profile of ~/.databrickscfg to connect with' -r
complete -c weir -n '__fish_seen_subcommand_from plan' -o parallelism -d 'requests at the same time, 1 to 64 (10)' -r
complete -c weir -n '__fish_seen_subcommand_from plan' -o verbose -d 'tells of each request on standard error'
complete -c weir -n '__fish_seen_subcommand_from plan' -o wake -d 'which sleeping databases are woken (auto: where another wish is declared)' -x -a 'never auto always'
complete -c weir -n '__fish_seen_subcommand_from plan' -o only -d 'plans these addresses and leaves the rest alone' -r
complete -c weir -n '__fish_seen_subcommand_from plan' -o except -d 'leaves these addresses alone' -r
complete -c weir -n '__fish_seen_subcommand_from plan' -o only-file -d 'like -only for each line of a file; # begins a comment' -r
complete -c weir -n '__fish_seen_subcommand_from plan' -o except-file -d 'like -except for each line of a file' -r
complete -c weir -n '__fish_seen_subcommand_from plan' -o destroy -d 'plans the end of everything that is declared'
complete -c weir -n '__fish_seen_subcommand_from plan' -o prune -d 'deletes what was applied and is no longer declared (the default)'
complete -c weir -n '__fish_seen_subcommand_from plan' -o no-prune -d 'keeps what was applied and is no longer declared'
complete -c weir -n '__fish_seen_subcommand_from plan' -o allow-destroy -d 'consents to the end of this address, or of all with *' -r
complete -c weir -n '__fish_seen_subcommand_from plan' -o replace -d 'makes this address anew, and consents to its end' -r
complete -c weir -n '__fish_seen_subcommand_from plan' -o max-destroys -d 'refuses a plan that destroys more' -r
complete -c weir -n '__fish_seen_subcommand_from plan' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from plan' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from apply' -o auto-approve -d 'does not ask before it changes anything'
complete -c weir -n '__fish_seen_subcommand_from apply' -o input -d 'false: fails instead of asking' -r
complete -c weir -n '__fish_seen_subcommand_from apply' -o lock-timeout -d 'waits so long for somebody else\'s apply to end (0s)' -r
complete -c weir -n '__fish_seen_subcommand_from apply' -o time -d 'shows how long it took, also away from a terminal'
complete -c weir -n '__fish_seen_subcommand_from apply' -o json-lines -d 'the same as -output json-lines, one event a line'
complete -c weir -n '__fish_seen_subcommand_from apply' -o output -d 'how to print the result' -x -a 'text json-lines'
complete -c weir -n '__fish_seen_subcommand_from apply' -o file -d 'a manifest, a folder of them, or - for standard input (this folder)' -r
complete -c weir -n '__fish_seen_subcommand_from apply' -o env -d 'the environment to plan for' -r
complete -c weir -n '__fish_seen_subcommand_from apply' -o var -d 'sets a variable of the manifest' -r
complete -c weir -n '__fish_seen_subcommand_from apply' -o var-file -d 'sets variables from a YAML file of NAME: VALUE lines' -r
complete -c weir -n '__fish_seen_subcommand_from apply' -o quiet -d 'says nothing but the result and errors: no warnings, no notices'
complete -c weir -n '__fish_seen_subcommand_from apply' -o profile -d 'the profile of ~/.databrickscfg to connect with' -r
complete -c weir -n '__fish_seen_subcommand_from apply' -o parallelism -d 'requests at the same time, 1 to 64 (10)' -r
complete -c weir -n '__fish_seen_subcommand_from apply' -o verbose -d 'tells of each request on standard error'
complete -c weir -n '__fish_seen_subcommand_from apply' -o wake -d 'which sleeping databases are woken (auto: where another wish is declared)' -x -a 'never auto always'
complete -c weir -n '__fish_seen_subcommand_from apply' -o only -d 'plans these addresses and leaves the rest alone' -r
complete -c weir -n '__fish_seen_subcommand_from apply' -o except -d 'leaves these addresses alone' -r
complete -c weir -n '__fish_seen_subcommand_from apply' -o only-file -d 'like -only for each line of a file; # begins a comment' -r
complete -c weir -n '__fish_seen_subcommand_from apply' -o except-file -d 'like -except for each line of a file' -r
complete -c weir -n '__fish_seen_subcommand_from apply' -o destroy -d 'plans the end of everything that is declared'
complete -c weir -n '__fish_seen_subcommand_from apply' -o prune -d 'deletes what was applied and is no longer declared (the default)'
complete -c weir -n '__fish_seen_subcommand_from apply' -o no-prune -d 'keeps what was applied and is no longer declared'
complete -c weir -n '__fish_seen_subcommand_from apply' -o allow-destroy -d 'consents to the end of this address, or of all with *' -r
complete -c weir -n '__fish_seen_subcommand_from apply' -o replace -d 'makes this address anew, and consents to its end' -r
complete -c weir -n '__fish_seen_subcommand_from apply' -o max-destroys -d 'refuses a plan that destroys more' -r
complete -c weir -n '__fish_seen_subcommand_from apply' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from apply' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from destroy' -o auto-approve -d 'does not ask before it changes anything'
complete -c weir -n '__fish_seen_subcommand_from destroy' -o input -d 'false: fails instead of asking' -r
complete -c weir -n '__fish_seen_subcommand_from destroy' -o lock-timeout -d 'waits so long for somebody else\'s apply to end (0s)' -r
complete -c weir -n '__fish_seen_subcommand_from destroy' -o time -d 'shows how long it took, also away from a terminal'
complete -c weir -n '__fish_seen_subcommand_from destroy' -o json-lines -d 'the same as -output json-lines, one event a line'
complete -c weir -n '__fish_seen_subcommand_from destroy' -o output -d 'how to print the result' -x -a 'text json-lines'
complete -c weir -n '__fish_seen_subcommand_from destroy' -o file -d 'a manifest, a folder of them, or - for standard input (this folder)' -r
complete -c weir -n '__fish_seen_subcommand_from destroy' -o env -d 'the environment to plan for' -r
complete -c weir -n '__fish_seen_subcommand_from destroy' -o var -d 'sets a variable of the manifest' -r
complete -c weir -n '__fish_seen_subcommand_from destroy' -o var-file -d 'sets variables from a YAML file of NAME: VALUE lines' -r
complete -c weir -n '__fish_seen_subcommand_from destroy' -o quiet -d 'says nothing but the result and errors: no warnings, no notices'
complete -c weir -n '__fish_seen_subcommand_from destroy' -o profile -d 'the profile of ~/.databrickscfg to connect with' -r
complete -c weir -n '__fish_seen_subcommand_from destroy' -o parallelism -d 'requests at the same time, 1 to 64 (10)' -r
complete -c weir -n '__fish_seen_subcommand_from destroy' -o verbose -d 'tells of each request on standard error'
complete -c weir -n '__fish_seen_subcommand_from destroy' -o wake -d 'which sleeping databases are woken (auto: where another wish is declared)' -x -a 'never auto always'
complete -c weir -n '__fish_seen_subcommand_from destroy' -o only -d 'plans these addresses and leaves the rest alone' -r
complete -c weir -n '__fish_seen_subcommand_from destroy' -o except -d 'leaves these addresses alone' -r
complete -c weir -n '__fish_seen_subcommand_from destroy' -o only-file -d 'like -only for each line of a file; # begins a comment' -r
complete -c weir -n '__fish_seen_subcommand_from destroy' -o except-file -d 'like -except for each line of a file' -r
complete -c weir -n '__fish_seen_subcommand_from destroy' -o destroy -d 'plans the end of everything that is declared'
complete -c weir -n '__fish_seen_subcommand_from destroy' -o prune -d 'deletes what was applied and is no longer declared (the default)'
complete -c weir -n '__fish_seen_subcommand_from destroy' -o no-prune -d 'keeps what was applied and is no longer declared'
complete -c weir -n '__fish_seen_subcommand_from destroy' -o allow-destroy -d 'consents to the end of this address, or of all with *' -r
complete -c weir -n '__fish_seen_subcommand_from destroy' -o replace -d 'makes this address anew, and consents to its end' -r
complete -c weir -n '__fish_seen_subcommand_from destroy' -o max-destroys -d 'refuses a plan that destroys more' -r
complete -c weir -n '__fish_seen_subcommand_from destroy' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from destroy' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from drift' -o wake -d 'which sleeping databases are woken (auto: where another wish is declared)' -x -a 'never auto always'
complete -c weir -n '__fish_seen_subcommand_from drift' -o unmanaged -d 'lists what nobody declares in projects and databases; it counts as drift'
complete -c weir -n '__fish_seen_subcommand_from drift' -o only -d 'plans these addresses and leaves the rest alone' -r
complete -c weir -n '__fish_seen_subcommand_from drift' -o except -d 'leaves these addresses alone' -r
complete -c weir -n '__fish_seen_subcommand_from drift' -o only-file -d 'like -only for each line of a file; # begins a comment' -r
complete -c weir -n '__fish_seen_subcommand_from drift' -o except-file -d 'like -except for each line of a file' -r
complete -c weir -n '__fish_seen_subcommand_from drift' -o json -d 'the same as -output json'
complete -c weir -n '__fish_seen_subcommand_from drift' -o json-lines -d 'the same as -output json-lines, one event a line'
complete -c weir -n '__fish_seen_subcommand_from drift' -o markdown -d 'the same as -output markdown, for a pull request\'s comment'
complete -c weir -n '__fish_seen_subcommand_from drift' -o output -d 'how to print the result' -x -a 'text json json-lines markdown'
complete -c weir -n '__fish_seen_subcommand_from drift' -o time -d 'shows how long it took, also away from a terminal'
complete -c weir -n '__fish_seen_subcommand_from drift' -o file -d 'a manifest, a folder of them, or - for standard input (this folder)' -r
complete -c weir -n '__fish_seen_subcommand_from drift' -o env -d 'the environment to plan for' -r
complete -c weir -n '__fish_seen_subcommand_from drift' -o var -d 'sets a variable of the manifest' -r
complete -c weir -n '__fish_seen_subcommand_from drift' -o var-file -d 'sets variables from a YAML file of NAME: VALUE lines' -r
complete -c weir -n '__fish_seen_subcommand_from drift' -o quiet -d 'says nothing but the result and errors: no warnings, no notices'
complete -c weir -n '__fish_seen_subcommand_from drift' -o profile -d 'the profile of ~/.databrickscfg to connect with' -r
complete -c weir -n '__fish_seen_subcommand_from drift' -o parallelism -d 'requests at the same time, 1 to 64 (10)' -r
complete -c weir -n '__fish_seen_subcommand_from drift' -o verbose -d 'tells of each request on standard error'
complete -c weir -n '__fish_seen_subcommand_from drift' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from drift' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from rollback' -o auto-approve -d 'does not ask before it changes anything'
complete -c weir -n '__fish_seen_subcommand_from rollback' -o input -d 'false: fails instead of asking' -r
complete -c weir -n '__fish_seen_subcommand_from rollback' -o lock-timeout -d 'waits so long for somebody else\'s apply to end (0s)' -r
complete -c weir -n '__fish_seen_subcommand_from rollback' -o time -d 'shows how long it took, also away from a terminal'
complete -c weir -n '__fish_seen_subcommand_from rollback' -o json-lines -d 'the same as -output json-lines, one event a line'
complete -c weir -n '__fish_seen_subcommand_from rollback' -o output -d 'how to print the result' -x -a 'text json-lines'
complete -c weir -n '__fish_seen_subcommand_from rollback' -o file -d 'a manifest, a folder of them, or - for standard input (this folder)' -r
complete -c weir -n '__fish_seen_subcommand_from rollback' -o env -d 'the environment to plan for' -r
complete -c weir -n '__fish_seen_subcommand_from rollback' -o var -d 'sets a variable of the manifest' -r
complete -c weir -n '__fish_seen_subcommand_from rollback' -o var-file -d 'sets variables from a YAML file of NAME: VALUE lines' -r
complete -c weir -n '__fish_seen_subcommand_from rollback' -o quiet -d 'says nothing but the result and errors: no warnings, no notices'
complete -c weir -n '__fish_seen_subcommand_from rollback' -o profile -d 'the profile of ~/.databrickscfg to connect with' -r
complete -c weir -n '__fish_seen_subcommand_from rollback' -o parallelism -d 'requests at the same time, 1 to 64 (10)' -r
complete -c weir -n '__fish_seen_subcommand_from rollback' -o verbose -d 'tells of each request on standard error'
complete -c weir -n '__fish_seen_subcommand_from rollback' -o wake -d 'which sleeping databases are woken (auto: where another wish is declared)' -x -a 'never auto always'
complete -c weir -n '__fish_seen_subcommand_from rollback' -o only -d 'plans these addresses and leaves the rest alone' -r
complete -c weir -n '__fish_seen_subcommand_from rollback' -o except -d 'leaves these addresses alone' -r
complete -c weir -n '__fish_seen_subcommand_from rollback' -o only-file -d 'like -only for each line of a file; # begins a comment' -r
complete -c weir -n '__fish_seen_subcommand_from rollback' -o except-file -d 'like -except for each line of a file' -r
complete -c weir -n '__fish_seen_subcommand_from rollback' -o destroy -d 'plans the end of everything that is declared'
complete -c weir -n '__fish_seen_subcommand_from rollback' -o prune -d 'deletes what was applied and is no longer declared (the default)'
complete -c weir -n '__fish_seen_subcommand_from rollback' -o no-prune -d 'keeps what was applied and is no longer declared'
complete -c weir -n '__fish_seen_subcommand_from rollback' -o allow-destroy -d 'consents to the end of this address, or of all with *' -r
complete -c weir -n '__fish_seen_subcommand_from rollback' -o replace -d 'makes this address anew, and consents to its end' -r
complete -c weir -n '__fish_seen_subcommand_from rollback' -o max-destroys -d 'refuses a plan that destroys more' -r
complete -c weir -n '__fish_seen_subcommand_from rollback' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from rollback' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from up' -o branch -d 'the branch that is meant, by address or key' -r
complete -c weir -n '__fish_seen_subcommand_from up' -o ttl -d 'how long the branch lives' -r
complete -c weir -n '__fish_seen_subcommand_from up' -o auto-approve -d 'does not ask before it changes anything'
complete -c weir -n '__fish_seen_subcommand_from up' -o input -d 'false: fails instead of asking' -r
complete -c weir -n '__fish_seen_subcommand_from up' -o lock-timeout -d 'waits so long for somebody else\'s apply to end (0s)' -r
complete -c weir -n '__fish_seen_subcommand_from up' -o time -d 'shows how long it took, also away from a terminal'
complete -c weir -n '__fish_seen_subcommand_from up' -o json-lines -d 'the same as -output json-lines, one event a line'
complete -c weir -n '__fish_seen_subcommand_from up' -o output -d 'how to print the result' -x -a 'text json-lines'
complete -c weir -n '__fish_seen_subcommand_from up' -o file -d 'a manifest, a folder of them, or - for standard input (this folder)' -r
complete -c weir -n '__fish_seen_subcommand_from up' -o env -d 'the environment to plan for' -r
complete -c weir -n '__fish_seen_subcommand_from up' -o var -d 'sets a variable of the manifest' -r
complete -c weir -n '__fish_seen_subcommand_from up' -o var-file -d 'sets variables from a YAML file of NAME: VALUE lines' -r
complete -c weir -n '__fish_seen_subcommand_from up' -o quiet -d 'says nothing but the result and errors: no warnings, no notices'
complete -c weir -n '__fish_seen_subcommand_from up' -o profile -d 'the profile of ~/.databrickscfg to connect with' -r
complete -c weir -n '__fish_seen_subcommand_from up' -o parallelism -d 'requests at the same time, 1 to 64 (10)' -r
complete -c weir -n '__fish_seen_subcommand_from up' -o verbose -d 'tells of each request on standard error'
complete -c weir -n '__fish_seen_subcommand_from up' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from up' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from down' -o branch -d 'the branch that is meant, by address or key' -r
complete -c weir -n '__fish_seen_subcommand_from down' -o auto-approve -d 'does not ask before it changes anything'
complete -c weir -n '__fish_seen_subcommand_from down' -o input -d 'false: fails instead of asking' -r
complete -c weir -n '__fish_seen_subcommand_from down' -o lock-timeout -d 'waits so long for somebody else\'s apply to end (0s)' -r
complete -c weir -n '__fish_seen_subcommand_from down' -o time -d 'shows how long it took, also away from a terminal'
complete -c weir -n '__fish_seen_subcommand_from down' -o json-lines -d 'the same as -output json-lines, one event a line'
complete -c weir -n '__fish_seen_subcommand_from down' -o output -d 'how to print the result' -x -a 'text json-lines'
complete -c weir -n '__fish_seen_subcommand_from down' -o file -d 'a manifest, a folder of them, or - for standard input (this folder)' -r
complete -c weir -n '__fish_seen_subcommand_from down' -o env -d 'the environment to plan for' -r
complete -c weir -n '__fish_seen_subcommand_from down' -o var -d 'sets a variable of the manifest' -r
complete -c weir -n '__fish_seen_subcommand_from down' -o var-file -d 'sets variables from a YAML file of NAME: VALUE lines' -r
complete -c weir -n '__fish_seen_subcommand_from down' -o quiet -d 'says nothing but the result and errors: no warnings, no notices'
complete -c weir -n '__fish_seen_subcommand_from down' -o profile -d 'the profile of ~/.databrickscfg to connect with' -r
complete -c weir -n '__fish_seen_subcommand_from down' -o parallelism -d 'requests at the same time, 1 to 64 (10)' -r
complete -c weir -n '__fish_seen_subcommand_from down' -o verbose -d 'tells of each request on standard error'
complete -c weir -n '__fish_seen_subcommand_from down' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from down' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from renew' -o branch -d 'the branch that is meant, by address or key' -r
complete -c weir -n '__fish_seen_subcommand_from renew' -o ttl -d 'how long the branch lives' -r
complete -c weir -n '__fish_seen_subcommand_from renew' -o auto-approve -d 'does not ask before it changes anything'
complete -c weir -n '__fish_seen_subcommand_from renew' -o input -d 'false: fails instead of asking' -r
complete -c weir -n '__fish_seen_subcommand_from renew' -o lock-timeout -d 'waits so long for somebody else\'s apply to end (0s)' -r
complete -c weir -n '__fish_seen_subcommand_from renew' -o time -d 'shows how long it took, also away from a terminal'
complete -c weir -n '__fish_seen_subcommand_from renew' -o json-lines -d 'the same as -output json-lines, one event a line'
complete -c weir -n '__fish_seen_subcommand_from renew' -o output -d 'how to print the result' -x -a 'text json-lines'
complete -c weir -n '__fish_seen_subcommand_from renew' -o file -d 'a manifest, a folder of them, or - for standard input (this folder)' -r
complete -c weir -n '__fish_seen_subcommand_from renew' -o env -d 'the environment to plan for' -r
complete -c weir -n '__fish_seen_subcommand_from renew' -o var -d 'sets a variable of the manifest' -r
complete -c weir -n '__fish_seen_subcommand_from renew' -o var-file -d 'sets variables from a YAML file of NAME: VALUE lines' -r
complete -c weir -n '__fish_seen_subcommand_from renew' -o quiet -d 'says nothing but the result and errors: no warnings, no notices'
complete -c weir -n '__fish_seen_subcommand_from renew' -o profile -d 'the profile of ~/.databrickscfg to connect with' -r
complete -c weir -n '__fish_seen_subcommand_from renew' -o parallelism -d 'requests at the same time, 1 to 64 (10)' -r
complete -c weir -n '__fish_seen_subcommand_from renew' -o verbose -d 'tells of each request on standard error'
complete -c weir -n '__fish_seen_subcommand_from renew' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from renew' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from reset' -o branch -d 'the branch that is meant, by address or key' -r
complete -c weir -n '__fish_seen_subcommand_from reset' -o ttl -d 'how long the branch lives' -r
complete -c weir -n '__fish_seen_subcommand_from reset' -o auto-approve -d 'does not ask before it changes anything'
complete -c weir -n '__fish_seen_subcommand_from reset' -o input -d 'false: fails instead of asking' -r
complete -c weir -n '__fish_seen_subcommand_from reset' -o lock-timeout -d 'waits so long for somebody else\'s apply to end (0s)' -r
complete -c weir -n '__fish_seen_subcommand_from reset' -o time -d 'shows how long it took, also away from a terminal'
complete -c weir -n '__fish_seen_subcommand_from reset' -o json-lines -d 'the same as -output json-lines, one event a line'
complete -c weir -n '__fish_seen_subcommand_from reset' -o output -d 'how to print the result' -x -a 'text json-lines'
complete -c weir -n '__fish_seen_subcommand_from reset' -o file -d 'a manifest, a folder of them, or - for standard input (this folder)' -r
complete -c weir -n '__fish_seen_subcommand_from reset' -o env -d 'the environment to plan for' -r
complete -c weir -n '__fish_seen_subcommand_from reset' -o var -d 'sets a variable of the manifest' -r
complete -c weir -n '__fish_seen_subcommand_from reset' -o var-file -d 'sets variables from a YAML file of NAME: VALUE lines' -r
complete -c weir -n '__fish_seen_subcommand_from reset' -o quiet -d 'says nothing but the result and errors: no warnings, no notices'
complete -c weir -n '__fish_seen_subcommand_from reset' -o profile -d 'the profile of ~/.databrickscfg to connect with' -r
complete -c weir -n '__fish_seen_subcommand_from reset' -o parallelism -d 'requests at the same time, 1 to 64 (10)' -r
complete -c weir -n '__fish_seen_subcommand_from reset' -o verbose -d 'tells of each request on standard error'
complete -c weir -n '__fish_seen_subcommand_from reset' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from reset' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from restore' -o branch -d 'the branch that is meant, by address or key' -r
complete -c weir -n '__fish_seen_subcommand_from restore' -o at -d 'the time whose data is wanted, 2026-04-27T09:15:00Z' -r
complete -c weir -n '__fish_seen_subcommand_from restore' -o as -d 'the id of the new branch (BRANCH-at-TIME)' -r
complete -c weir -n '__fish_seen_subcommand_from restore' -o ttl -d 'how long the branch lives' -r
complete -c weir -n '__fish_seen_subcommand_from restore' -o auto-approve -d 'does not ask before it changes anything'
complete -c weir -n '__fish_seen_subcommand_from restore' -o input -d 'false: fails instead of asking' -r
complete -c weir -n '__fish_seen_subcommand_from restore' -o lock-timeout -d 'waits so long for somebody else\'s apply to end (0s)' -r
complete -c weir -n '__fish_seen_subcommand_from restore' -o time -d 'shows how long it took, also away from a terminal'
complete -c weir -n '__fish_seen_subcommand_from restore' -o json-lines -d 'the same as -output json-lines, one event a line'
complete -c weir -n '__fish_seen_subcommand_from restore' -o output -d 'how to print the result' -x -a 'text json-lines'
complete -c weir -n '__fish_seen_subcommand_from restore' -o file -d 'a manifest, a folder of them, or - for standard input (this folder)' -r
complete -c weir -n '__fish_seen_subcommand_from restore' -o env -d 'the environment to plan for' -r
complete -c weir -n '__fish_seen_subcommand_from restore' -o var -d 'sets a variable of the manifest' -r
complete -c weir -n '__fish_seen_subcommand_from restore' -o var-file -d 'sets variables from a YAML file of NAME: VALUE lines' -r
complete -c weir -n '__fish_seen_subcommand_from restore' -o quiet -d 'says nothing but the result and errors: no warnings, no notices'
complete -c weir -n '__fish_seen_subcommand_from restore' -o profile -d 'the profile of ~/.databrickscfg to connect with' -r
complete -c weir -n '__fish_seen_subcommand_from restore' -o parallelism -d 'requests at the same time, 1 to 64 (10)' -r
complete -c weir -n '__fish_seen_subcommand_from restore' -o verbose -d 'tells of each request on standard error'
complete -c weir -n '__fish_seen_subcommand_from restore' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from restore' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from state' -o auto-approve -d 'does not ask before it changes anything'
complete -c weir -n '__fish_seen_subcommand_from state' -o input -d 'false: fails instead of asking' -r
complete -c weir -n '__fish_seen_subcommand_from state' -o lock-timeout -d 'waits so long for somebody else\'s apply to end (0s)' -r
complete -c weir -n '__fish_seen_subcommand_from state' -o json -d 'the same as -output json'
complete -c weir -n '__fish_seen_subcommand_from state' -o output -d 'how to print the result' -x -a 'text json'
complete -c weir -n '__fish_seen_subcommand_from state' -o file -d 'a manifest, a folder of them, or - for standard input (this folder)' -r
complete -c weir -n '__fish_seen_subcommand_from state' -o env -d 'the environment to plan for' -r
complete -c weir -n '__fish_seen_subcommand_from state' -o var -d 'sets a variable of the manifest' -r
complete -c weir -n '__fish_seen_subcommand_from state' -o var-file -d 'sets variables from a YAML file of NAME: VALUE lines' -r
complete -c weir -n '__fish_seen_subcommand_from state' -o quiet -d 'says nothing but the result and errors: no warnings, no notices'
complete -c weir -n '__fish_seen_subcommand_from state' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from state' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from state' -f -a 'list show history diff rm unlock'
complete -c weir -n '__fish_seen_subcommand_from show' -o check -d 'changes nothing and tells by its exit code'
complete -c weir -n '__fish_seen_subcommand_from show' -o profile -d 'the profile of ~/.databrickscfg to connect with' -r
complete -c weir -n '__fish_seen_subcommand_from show' -o parallelism -d 'requests at the same time, 1 to 64 (10)' -r
complete -c weir -n '__fish_seen_subcommand_from show' -o verbose -d 'tells of each request on standard error'
complete -c weir -n '__fish_seen_subcommand_from show' -o quiet -d 'says nothing but the result and errors: no warnings, no notices'
complete -c weir -n '__fish_seen_subcommand_from show' -o json -d 'the same as -output json'
complete -c weir -n '__fish_seen_subcommand_from show' -o json-lines -d 'the same as -output json-lines, one event a line'
complete -c weir -n '__fish_seen_subcommand_from show' -o markdown -d 'the same as -output markdown, for a pull request\'s comment'
complete -c weir -n '__fish_seen_subcommand_from show' -o output -d 'how to print the result' -x -a 'text json json-lines markdown'
complete -c weir -n '__fish_seen_subcommand_from show' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from show' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from graph' -o reduce -d 'leaves out what follows from other dependencies'
complete -c weir -n '__fish_seen_subcommand_from graph' -o plan -d 'labels and colours what this saved plan changes' -r
complete -c weir -n '__fish_seen_subcommand_from graph' -o file -d 'a manifest, a folder of them, or - for standard input (this folder)' -r
complete -c weir -n '__fish_seen_subcommand_from graph' -o env -d 'the environment to plan for' -r
complete -c weir -n '__fish_seen_subcommand_from graph' -o var -d 'sets a variable of the manifest' -r
complete -c weir -n '__fish_seen_subcommand_from graph' -o var-file -d 'sets variables from a YAML file of NAME: VALUE lines' -r
complete -c weir -n '__fish_seen_subcommand_from graph' -o quiet -d 'says nothing but the result and errors: no warnings, no notices'
complete -c weir -n '__fish_seen_subcommand_from graph' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from graph' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from output' -o app -d 'the app that is meant, by its name' -r
complete -c weir -n '__fish_seen_subcommand_from output' -o json -d 'the same as -output json'
complete -c weir -n '__fish_seen_subcommand_from output' -o output -d 'how to print the result' -x -a 'text json env dotenv shell app-yaml github'
complete -c weir -n '__fish_seen_subcommand_from output' -o file -d 'a manifest, a folder of them, or - for standard input (this folder)' -r
complete -c weir -n '__fish_seen_subcommand_from output' -o env -d 'the environment to plan for' -r
complete -c weir -n '__fish_seen_subcommand_from output' -o var -d 'sets a variable of the manifest' -r
complete -c weir -n '__fish_seen_subcommand_from output' -o var-file -d 'sets variables from a YAML file of NAME: VALUE lines' -r
complete -c weir -n '__fish_seen_subcommand_from output' -o quiet -d 'says nothing but the result and errors: no warnings, no notices'
complete -c weir -n '__fish_seen_subcommand_from output' -o profile -d 'the profile of ~/.databrickscfg to connect with' -r
complete -c weir -n '__fish_seen_subcommand_from output' -o parallelism -d 'requests at the same time, 1 to 64 (10)' -r
complete -c weir -n '__fish_seen_subcommand_from output' -o verbose -d 'tells of each request on standard error'
complete -c weir -n '__fish_seen_subcommand_from output' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from output' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from env' -o in -d 'the database that is meant' -r
complete -c weir -n '__fish_seen_subcommand_from env' -o branch -d 'the branch that is meant, by address or key' -r
complete -c weir -n '__fish_seen_subcommand_from env' -o app -d 'the app that is meant, by its name' -r
complete -c weir -n '__fish_seen_subcommand_from env' -o json -d 'the same as -output json'
complete -c weir -n '__fish_seen_subcommand_from env' -o output -d 'how to print the result' -x -a 'dotenv shell json app-yaml github'
complete -c weir -n '__fish_seen_subcommand_from env' -o file -d 'a manifest, a folder of them, or - for standard input (this folder)' -r
complete -c weir -n '__fish_seen_subcommand_from env' -o env -d 'the environment to plan for' -r
complete -c weir -n '__fish_seen_subcommand_from env' -o var -d 'sets a variable of the manifest' -r
complete -c weir -n '__fish_seen_subcommand_from env' -o var-file -d 'sets variables from a YAML file of NAME: VALUE lines' -r
complete -c weir -n '__fish_seen_subcommand_from env' -o quiet -d 'says nothing but the result and errors: no warnings, no notices'
complete -c weir -n '__fish_seen_subcommand_from env' -o profile -d 'the profile of ~/.databrickscfg to connect with' -r
complete -c weir -n '__fish_seen_subcommand_from env' -o parallelism -d 'requests at the same time, 1 to 64 (10)' -r
complete -c weir -n '__fish_seen_subcommand_from env' -o verbose -d 'tells of each request on standard error'
complete -c weir -n '__fish_seen_subcommand_from env' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from env' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from credential' -o in -d 'the database that is meant' -r
complete -c weir -n '__fish_seen_subcommand_from credential' -o branch -d 'the branch that is meant, by address or key' -r
complete -c weir -n '__fish_seen_subcommand_from credential' -o json -d 'the same as -output json'
complete -c weir -n '__fish_seen_subcommand_from credential' -o output -d 'how to print the result' -x -a 'text json'
complete -c weir -n '__fish_seen_subcommand_from credential' -o file -d 'a manifest, a folder of them, or - for standard input (this folder)' -r
complete -c weir -n '__fish_seen_subcommand_from credential' -o env -d 'the environment to plan for' -r
complete -c weir -n '__fish_seen_subcommand_from credential' -o var -d 'sets a variable of the manifest' -r
complete -c weir -n '__fish_seen_subcommand_from credential' -o var-file -d 'sets variables from a YAML file of NAME: VALUE lines' -r
complete -c weir -n '__fish_seen_subcommand_from credential' -o quiet -d 'says nothing but the result and errors: no warnings, no notices'
complete -c weir -n '__fish_seen_subcommand_from credential' -o profile -d 'the profile of ~/.databrickscfg to connect with' -r
complete -c weir -n '__fish_seen_subcommand_from credential' -o parallelism -d 'requests at the same time, 1 to 64 (10)' -r
complete -c weir -n '__fish_seen_subcommand_from credential' -o verbose -d 'tells of each request on standard error'
complete -c weir -n '__fish_seen_subcommand_from credential' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from credential' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from psql' -o file -d 'a manifest, a folder of them, or - for standard input (this folder)' -r
complete -c weir -n '__fish_seen_subcommand_from psql' -o env -d 'the environment to plan for' -r
complete -c weir -n '__fish_seen_subcommand_from psql' -o var -d 'sets a variable of the manifest' -r
complete -c weir -n '__fish_seen_subcommand_from psql' -o var-file -d 'sets variables from a YAML file of NAME: VALUE lines' -r
complete -c weir -n '__fish_seen_subcommand_from psql' -o quiet -d 'says nothing but the result and errors: no warnings, no notices'
complete -c weir -n '__fish_seen_subcommand_from psql' -o profile -d 'the profile of ~/.databrickscfg to connect with' -r
complete -c weir -n '__fish_seen_subcommand_from psql' -o parallelism -d 'requests at the same time, 1 to 64 (10)' -r
complete -c weir -n '__fish_seen_subcommand_from psql' -o verbose -d 'tells of each request on standard error'
complete -c weir -n '__fish_seen_subcommand_from psql' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from psql' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from doctor' -o wake -d 'which sleeping databases are woken (auto: where another wish is declared)' -x -a 'never auto always'
complete -c weir -n '__fish_seen_subcommand_from doctor' -o json -d 'the same as -output json'
complete -c weir -n '__fish_seen_subcommand_from doctor' -o output -d 'how to print the result' -x -a 'text json'
complete -c weir -n '__fish_seen_subcommand_from doctor' -o file -d 'a manifest, a folder of them, or - for standard input (this folder)' -r
complete -c weir -n '__fish_seen_subcommand_from doctor' -o env -d 'the environment to plan for' -r
complete -c weir -n '__fish_seen_subcommand_from doctor' -o var -d 'sets a variable of the manifest' -r
complete -c weir -n '__fish_seen_subcommand_from doctor' -o var-file -d 'sets variables from a YAML file of NAME: VALUE lines' -r
complete -c weir -n '__fish_seen_subcommand_from doctor' -o quiet -d 'says nothing but the result and errors: no warnings, no notices'
complete -c weir -n '__fish_seen_subcommand_from doctor' -o profile -d 'the profile of ~/.databrickscfg to connect with' -r
complete -c weir -n '__fish_seen_subcommand_from doctor' -o parallelism -d 'requests at the same time, 1 to 64 (10)' -r
complete -c weir -n '__fish_seen_subcommand_from doctor' -o verbose -d 'tells of each request on standard error'
complete -c weir -n '__fish_seen_subcommand_from doctor' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from doctor' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from export' -o name -d 'the name of the manifest' -r
complete -c weir -n '__fish_seen_subcommand_from export' -o out -d 'writes the result to this file' -r
complete -c weir -n '__fish_seen_subcommand_from export' -o force -d 'lets -out replace a file that holds something else'
complete -c weir -n '__fish_seen_subcommand_from export' -o inside -d 'false: leaves out what is inside databases, and needs no way into them' -x -a 'true false'
complete -c weir -n '__fish_seen_subcommand_from export' -o wake -d 'which sleeping databases are woken (auto: where another wish is declared)' -x -a 'never auto always'
complete -c weir -n '__fish_seen_subcommand_from export' -o profile -d 'the profile of ~/.databrickscfg to connect with' -r
complete -c weir -n '__fish_seen_subcommand_from export' -o parallelism -d 'requests at the same time, 1 to 64 (10)' -r
complete -c weir -n '__fish_seen_subcommand_from export' -o verbose -d 'tells of each request on standard error'
complete -c weir -n '__fish_seen_subcommand_from export' -o quiet -d 'says nothing but the result and errors: no warnings, no notices'
complete -c weir -n '__fish_seen_subcommand_from export' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from export' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from convert' -o from -d 'what the files are (as they look)' -x -a 'bundle deployment terraform pgroles'
complete -c weir -n '__fish_seen_subcommand_from convert' -o name -d 'the name of the manifest' -r
complete -c weir -n '__fish_seen_subcommand_from convert' -o in -d 'the database that is meant' -r
complete -c weir -n '__fish_seen_subcommand_from convert' -o out -d 'writes the result to this file' -r
complete -c weir -n '__fish_seen_subcommand_from convert' -o force -d 'lets -out replace a file that holds something else'
complete -c weir -n '__fish_seen_subcommand_from convert' -o quiet -d 'says nothing but the result and errors: no warnings, no notices'
complete -c weir -n '__fish_seen_subcommand_from convert' -o json -d 'the same as -output json'
complete -c weir -n '__fish_seen_subcommand_from convert' -o output -d 'how to print the result' -x -a 'text json'
complete -c weir -n '__fish_seen_subcommand_from convert' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from convert' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from print' -o file -d 'a manifest, a folder of them, or - for standard input (this folder)' -r
complete -c weir -n '__fish_seen_subcommand_from print' -o env -d 'the environment to plan for' -r
complete -c weir -n '__fish_seen_subcommand_from print' -o var -d 'sets a variable of the manifest' -r
complete -c weir -n '__fish_seen_subcommand_from print' -o var-file -d 'sets variables from a YAML file of NAME: VALUE lines' -r
complete -c weir -n '__fish_seen_subcommand_from print' -o quiet -d 'says nothing but the result and errors: no warnings, no notices'
complete -c weir -n '__fish_seen_subcommand_from print' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from print' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from explain' -o in -d 'the database that is meant' -r
complete -c weir -n '__fish_seen_subcommand_from explain' -o json -d 'the same as -output json'
complete -c weir -n '__fish_seen_subcommand_from explain' -o output -d 'how to print the result' -x -a 'text json'
complete -c weir -n '__fish_seen_subcommand_from explain' -o file -d 'a manifest, a folder of them, or - for standard input (this folder)' -r
complete -c weir -n '__fish_seen_subcommand_from explain' -o env -d 'the environment to plan for' -r
complete -c weir -n '__fish_seen_subcommand_from explain' -o var -d 'sets a variable of the manifest' -r
complete -c weir -n '__fish_seen_subcommand_from explain' -o var-file -d 'sets variables from a YAML file of NAME: VALUE lines' -r
complete -c weir -n '__fish_seen_subcommand_from explain' -o quiet -d 'says nothing but the result and errors: no warnings, no notices'
complete -c weir -n '__fish_seen_subcommand_from explain' -o profile -d 'the profile of ~/.databrickscfg to connect with' -r
complete -c weir -n '__fish_seen_subcommand_from explain' -o parallelism -d 'requests at the same time, 1 to 64 (10)' -r
complete -c weir -n '__fish_seen_subcommand_from explain' -o verbose -d 'tells of each request on standard error'
complete -c weir -n '__fish_seen_subcommand_from explain' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from explain' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from schema' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from schema' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from completion' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from completion' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish pwsh'
complete -c weir -n '__fish_seen_subcommand_from version' -o json -d 'the same as -output json'
complete -c weir -n '__fish_seen_subcommand_from version' -o output -d 'how to print the result' -x -a 'text json'
complete -c weir -n '__fish_seen_subcommand_from version' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from version' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from help' -o no-color -d 'prints without colours'
complete -c weir -n '__fish_seen_subcommand_from help' -o help -d 'shows this help'
complete -c weir -n '__fish_seen_subcommand_from help' -f -a 'validate fmt plan apply destroy drift rollback up down renew reset restore state show graph output env credential psql doctor export convert print explain schema completion version help'
