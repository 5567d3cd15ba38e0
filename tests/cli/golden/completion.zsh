#compdef weir
_weir() {
  local -a commands=(
    'validate:finds every mistake in the manifests, without a network'
    'fmt:writes manifests in their one form'
    'plan:shows what would change in the workspace, and changes nothing'
    'apply:makes the workspace as declared, or carries out a saved plan'
    'destroy:ends everything that is declared or was applied'
    'drift:shows what is not in the workspace as it should be'
    'rollback:goes back to what was applied before the last apply, or at a serial'
    'up:makes a branch of a branch class, such as one for a pull request'
    'down:ends a branch of a branch class'
    'renew:gives a branch its full lifetime from now on'
    'reset:makes a branch anew from its source, with what that has now'
    'restore:makes a branch from another one as it was at a time'
    'state:shows what weir remembers of earlier applies'
    'show:prints a saved plan'
    'graph:prints the dependencies of the declarations for Graphviz'
    'output:prints the outputs of the manifest, or what it says for an app'\''s app.yaml'
    'env:prints what an app finds its database by; no secret is among it'
    'credential:mints a token for a database, for whom it is piped to'
    'psql:opens a session of psql in a database'
    'doctor:tries what weir needs, step by step, and says what to do where it fails'
    'export:writes a manifest for everything that the workspace has'
    'convert:writes a manifest for what other tools declare'
    'print:prints the merged tree with the origin of each value'
    'explain:explains a kind, a field, a key, a limit or a rule, or why a role has access'
    'schema:prints the JSON Schema of manifests, for editors'
    'completion:prints the completion script of a shell'
    'version:prints the version'
    'help:shows the commands, or the help of one'
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
    validate)
      _arguments \
        '-json[the same as -output json]' \
        '-output[how to print the result]:value:(text json)' \
        '*-file[a manifest, a folder of them, or - for standard input (this folder)]:PATH:_files' \
        '-env[the environment to plan for]:NAME:_files' \
        '*-var[sets a variable of the manifest]:NAME=VALUE:_files' \
        '*-var-file[sets variables from a YAML file of NAME\: VALUE lines]:FILE:_files' \
        '-quiet[says nothing but the result and errors\: no warnings, no notices]' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    fmt)
      _arguments \
        '-check[changes nothing and tells by its exit code]' \
        '-diff[prints the differences]' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    plan)
      _arguments \
        '-out[writes the result to this file]:FILE:_files' \
        '-force[lets -out replace a file that holds something else]' \
        '-sql[prints only the statements, as a script]' \
        '-detailed-exitcode[exits with 2 when there is something to do]' \
        '-json[the same as -output json]' \
        '-json-lines[the same as -output json-lines, one event a line]' \
        '-markdown[the same as -output markdown, for a pull request'\''s comment]' \
        '-output[how to print the result]:value:(text json json-lines markdown)' \
        '-time[shows how long it took, also away from a terminal]' \
        '*-file[a manifest, a folder of them, or - for standard input (this folder)]:PATH:_files' \
        '-env[the environment to plan for]:NAME:_files' \
        '*-var[sets a variable of the manifest]:NAME=VALUE:_files' \
        '*-var-file[sets variables from a YAML file of NAME\: VALUE lines]:FILE:_files' \
        '-quiet[says nothing but the result and errors\: no warnings, no notices]' \
        '-profile[the profile of ~/.databrickscfg to connect with]:NAME:_files' \
        '-parallelism[requests at the same time, 1 to 64 (10)]:N:_files' \
        '-verbose[tells of each request on standard error]' \
        '-wake[which sleeping databases are woken (auto\: where another wish is declared)]:value:(never auto always)' \
        '*-only[plans these addresses and leaves the rest alone]:GLOB:_files' \
        '*-except[leaves these addresses alone]:GLOB:_files' \
        '*-only-file[like -only for each line of a file; # begins a comment]:FILE:_files' \
        '*-except-file[like -except for each line of a file]:FILE:_files' \
        '-destroy[plans the end of everything that is declared]' \
        '-prune[deletes what was applied and is no longer declared (the default)]' \
        '-no-prune[keeps what was applied and is no longer declared]' \
        '*-allow-destroy[consents to the end of this address, or of all with *]:ADDRESS:_files' \
        '*-replace[makes this address anew, and consents to its end]:ADDRESS:_files' \
        '-max-destroys[refuses a plan that destroys more]:N:_files' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    apply)
      _arguments \
        '-auto-approve[does not ask before it changes anything]' \
        '-input[false\: fails instead of asking]:BOOLEAN:_files' \
        '-lock-timeout[waits so long for somebody else'\''s apply to end (0s)]:DURATION:_files' \
        '-time[shows how long it took, also away from a terminal]' \
        '-json-lines[the same as -output json-lines, one event a line]' \
        '-output[how to print the result]:value:(text json-lines)' \
        '*-file[a manifest, a folder of them, or - for standard input (this folder)]:PATH:_files' \
        '-env[the environment to plan for]:NAME:_files' \
        '*-var[sets a variable of the manifest]:NAME=VALUE:_files' \
        '*-var-file[sets variables from a YAML file of NAME\: VALUE lines]:FILE:_files' \
        '-quiet[says nothing but the result and errors\: no warnings, no notices]' \
        '-profile[the profile of ~/.databrickscfg to connect with]:NAME:_files' \
        '-parallelism[requests at the same time, 1 to 64 (10)]:N:_files' \
        '-verbose[tells of each request on standard error]' \
        '-wake[which sleeping databases are woken (auto\: where another wish is declared)]:value:(never auto always)' \
        '*-only[plans these addresses and leaves the rest alone]:GLOB:_files' \
        '*-except[leaves these addresses alone]:GLOB:_files' \
        '*-only-file[like -only for each line of a file; # begins a comment]:FILE:_files' \
        '*-except-file[like -except for each line of a file]:FILE:_files' \
        '-destroy[plans the end of everything that is declared]' \
        '-prune[deletes what was applied and is no longer declared (the default)]' \
        '-no-prune[keeps what was applied and is no longer declared]' \
        '*-allow-destroy[consents to the end of this address, or of all with *]:ADDRESS:_files' \
        '*-replace[makes this address anew, and consents to its end]:ADDRESS:_files' \
        '-max-destroys[refuses a plan that destroys more]:N:_files' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    destroy)
      _arguments \
        '-auto-approve[does not ask before it changes anything]' \
        '-input[false\: fails instead of asking]:BOOLEAN:_files' \
        '-lock-timeout[waits so long for somebody else'\''s apply to end (0s)]:DURATION:_files' \
        '-time[shows how long it took, also away from a terminal]' \
        '-json-lines[the same as -output json-lines, one event a line]' \
        '-output[how to print the result]:value:(text json-lines)' \
        '*-file[a manifest, a folder of them, or - for standard input (this folder)]:PATH:_files' \
        '-env[the environment to plan for]:NAME:_files' \
        '*-var[sets a variable of the manifest]:NAME=VALUE:_files' \
        '*-var-file[sets variables from a YAML file of NAME\: VALUE lines]:FILE:_files' \
        '-quiet[says nothing but the result and errors\: no warnings, no notices]' \
        '-profile[the profile of ~/.databrickscfg to connect with]:NAME:_files' \
        '-parallelism[requests at the same time, 1 to 64 (10)]:N:_files' \
        '-verbose[tells of each request on standard error]' \
        '-wake[which sleeping databases are woken (auto\: where another wish is declared)]:value:(never auto always)' \
        '*-only[plans these addresses and leaves the rest alone]:GLOB:_files' \
        '*-except[leaves these addresses alone]:GLOB:_files' \
        '*-only-file[like -only for each line of a file; # begins a comment]:FILE:_files' \
        '*-except-file[like -except for each line of a file]:FILE:_files' \
        '-destroy[plans the end of everything that is declared]' \
        '-prune[deletes what was applied and is no longer declared (the default)]' \
        '-no-prune[keeps what was applied and is no longer declared]' \
        '*-allow-destroy[consents to the end of this address, or of all with *]:ADDRESS:_files' \
        '*-replace[makes this address anew, and consents to its end]:ADDRESS:_files' \
        '-max-destroys[refuses a plan that destroys more]:N:_files' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    drift)
      _arguments \
        '-wake[which sleeping databases are woken (auto\: where another wish is declared)]:value:(never auto always)' \
        '-unmanaged[lists what nobody declares in projects and databases; it counts as drift]' \
        '*-only[plans these addresses and leaves the rest alone]:GLOB:_files' \
        '*-except[leaves these addresses alone]:GLOB:_files' \
        '*-only-file[like -only for each line of a file; # begins a comment]:FILE:_files' \
        '*-except-file[like -except for each line of a file]:FILE:_files' \
        '-json[the same as -output json]' \
        '-json-lines[the same as -output json-lines, one event a line]' \
        '-markdown[the same as -output markdown, for a pull request'\''s comment]' \
        '-output[how to print the result]:value:(text json json-lines markdown)' \
        '-time[shows how long it took, also away from a terminal]' \
        '*-file[a manifest, a folder of them, or - for standard input (this folder)]:PATH:_files' \
        '-env[the environment to plan for]:NAME:_files' \
        '*-var[sets a variable of the manifest]:NAME=VALUE:_files' \
        '*-var-file[sets variables from a YAML file of NAME\: VALUE lines]:FILE:_files' \
        '-quiet[says nothing but the result and errors\: no warnings, no notices]' \
        '-profile[the profile of ~/.databrickscfg to connect with]:NAME:_files' \
        '-parallelism[requests at the same time, 1 to 64 (10)]:N:_files' \
        '-verbose[tells of each request on standard error]' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    rollback)
      _arguments \
        '-auto-approve[does not ask before it changes anything]' \
        '-input[false\: fails instead of asking]:BOOLEAN:_files' \
        '-lock-timeout[waits so long for somebody else'\''s apply to end (0s)]:DURATION:_files' \
        '-time[shows how long it took, also away from a terminal]' \
        '-json-lines[the same as -output json-lines, one event a line]' \
        '-output[how to print the result]:value:(text json-lines)' \
        '*-file[a manifest, a folder of them, or - for standard input (this folder)]:PATH:_files' \
        '-env[the environment to plan for]:NAME:_files' \
        '*-var[sets a variable of the manifest]:NAME=VALUE:_files' \
        '*-var-file[sets variables from a YAML file of NAME\: VALUE lines]:FILE:_files' \
        '-quiet[says nothing but the result and errors\: no warnings, no notices]' \
        '-profile[the profile of ~/.databrickscfg to connect with]:NAME:_files' \
        '-parallelism[requests at the same time, 1 to 64 (10)]:N:_files' \
        '-verbose[tells of each request on standard error]' \
        '-wake[which sleeping databases are woken (auto\: where another wish is declared)]:value:(never auto always)' \
        '*-only[plans these addresses and leaves the rest alone]:GLOB:_files' \
        '*-except[leaves these addresses alone]:GLOB:_files' \
        '*-only-file[like -only for each line of a file; # begins a comment]:FILE:_files' \
        '*-except-file[like -except for each line of a file]:FILE:_files' \
        '-destroy[plans the end of everything that is declared]' \
        '-prune[deletes what was applied and is no longer declared (the default)]' \
        '-no-prune[keeps what was applied and is no longer declared]' \
        '*-allow-destroy[consents to the end of this address, or of all with *]:ADDRESS:_files' \
        '*-replace[makes this address anew, and consents to its end]:ADDRESS:_files' \
        '-max-destroys[refuses a plan that destroys more]:N:_files' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    up)
      _arguments \
        '-branch[the branch that is meant, by address or key]:BRANCH:_files' \
        '-ttl[how long the branch lives]:DURATION:_files' \
        '-auto-approve[does not ask before it changes anything]' \
        '-input[false\: fails instead of asking]:BOOLEAN:_files' \
        '-lock-timeout[waits so long for somebody else'\''s apply to end (0s)]:DURATION:_files' \
        '-time[shows how long it took, also away from a terminal]' \
        '-json-lines[the same as -output json-lines, one event a line]' \
        '-output[how to print the result]:value:(text json-lines)' \
        '*-file[a manifest, a folder of them, or - for standard input (this folder)]:PATH:_files' \
        '-env[the environment to plan for]:NAME:_files' \
        '*-var[sets a variable of the manifest]:NAME=VALUE:_files' \
        '*-var-file[sets variables from a YAML file of NAME\: VALUE lines]:FILE:_files' \
        '-quiet[says nothing but the result and errors\: no warnings, no notices]' \
        '-profile[the profile of ~/.databrickscfg to connect with]:NAME:_files' \
        '-parallelism[requests at the same time, 1 to 64 (10)]:N:_files' \
        '-verbose[tells of each request on standard error]' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    down)
      _arguments \
        '-branch[the branch that is meant, by address or key]:BRANCH:_files' \
        '-auto-approve[does not ask before it changes anything]' \
        '-input[false\: fails instead of asking]:BOOLEAN:_files' \
        '-lock-timeout[waits so long for somebody else'\''s apply to end (0s)]:DURATION:_files' \
        '-time[shows how long it took, also away from a terminal]' \
        '-json-lines[the same as -output json-lines, one event a line]' \
        '-output[how to print the result]:value:(text json-lines)' \
        '*-file[a manifest, a folder of them, or - for standard input (this folder)]:PATH:_files' \
        '-env[the environment to plan for]:NAME:_files' \
        '*-var[sets a variable of the manifest]:NAME=VALUE:_files' \
        '*-var-file[sets variables from a YAML file of NAME\: VALUE lines]:FILE:_files' \
        '-quiet[says nothing but the result and errors\: no warnings, no notices]' \
        '-profile[the profile of ~/.databrickscfg to connect with]:NAME:_files' \
        '-parallelism[requests at the same time, 1 to 64 (10)]:N:_files' \
        '-verbose[tells of each request on standard error]' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    renew)
      _arguments \
        '-branch[the branch that is meant, by address or key]:BRANCH:_files' \
        '-ttl[how long the branch lives]:DURATION:_files' \
        '-auto-approve[does not ask before it changes anything]' \
        '-input[false\: fails instead of asking]:BOOLEAN:_files' \
        '-lock-timeout[waits so long for somebody else'\''s apply to end (0s)]:DURATION:_files' \
        '-time[shows how long it took, also away from a terminal]' \
        '-json-lines[the same as -output json-lines, one event a line]' \
        '-output[how to print the result]:value:(text json-lines)' \
        '*-file[a manifest, a folder of them, or - for standard input (this folder)]:PATH:_files' \
        '-env[the environment to plan for]:NAME:_files' \
        '*-var[sets a variable of the manifest]:NAME=VALUE:_files' \
        '*-var-file[sets variables from a YAML file of NAME\: VALUE lines]:FILE:_files' \
        '-quiet[says nothing but the result and errors\: no warnings, no notices]' \
        '-profile[the profile of ~/.databrickscfg to connect with]:NAME:_files' \
        '-parallelism[requests at the same time, 1 to 64 (10)]:N:_files' \
        '-verbose[tells of each request on standard error]' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    reset)
      _arguments \
        '-branch[the branch that is meant, by address or key]:BRANCH:_files' \
        '-ttl[how long the branch lives]:DURATION:_files' \
        '-auto-approve[does not ask before it changes anything]' \
        '-input[false\: fails instead of asking]:BOOLEAN:_files' \
        '-lock-timeout[waits so long for somebody else'\''s apply to end (0s)]:DURATION:_files' \
        '-time[shows how long it took, also away from a terminal]' \
        '-json-lines[the same as -output json-lines, one event a line]' \
        '-output[how to print the result]:value:(text json-lines)' \
        '*-file[a manifest, a folder of them, or - for standard input (this folder)]:PATH:_files' \
        '-env[the environment to plan for]:NAME:_files' \
        '*-var[sets a variable of the manifest]:NAME=VALUE:_files' \
        '*-var-file[sets variables from a YAML file of NAME\: VALUE lines]:FILE:_files' \
        '-quiet[says nothing but the result and errors\: no warnings, no notices]' \
        '-profile[the profile of ~/.databrickscfg to connect with]:NAME:_files' \
        '-parallelism[requests at the same time, 1 to 64 (10)]:N:_files' \
        '-verbose[tells of each request on standard error]' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    restore)
      _arguments \
        '-branch[the branch that is meant, by address or key]:BRANCH:_files' \
        '-at[the time whose data is wanted, 2026-04-27T09\:15\:00Z]:TIME:_files' \
        '-as[the id of the new branch (BRANCH-at-TIME)]:ID:_files' \
        '-ttl[how long the branch lives]:DURATION:_files' \
        '-auto-approve[does not ask before it changes anything]' \
        '-input[false\: fails instead of asking]:BOOLEAN:_files' \
        '-lock-timeout[waits so long for somebody else'\''s apply to end (0s)]:DURATION:_files' \
        '-time[shows how long it took, also away from a terminal]' \
        '-json-lines[the same as -output json-lines, one event a line]' \
        '-output[how to print the result]:value:(text json-lines)' \
        '*-file[a manifest, a folder of them, or - for standard input (this folder)]:PATH:_files' \
        '-env[the environment to plan for]:NAME:_files' \
        '*-var[sets a variable of the manifest]:NAME=VALUE:_files' \
        '*-var-file[sets variables from a YAML file of NAME\: VALUE lines]:FILE:_files' \
        '-quiet[says nothing but the result and errors\: no warnings, no notices]' \
        '-profile[the profile of ~/.databrickscfg to connect with]:NAME:_files' \
        '-parallelism[requests at the same time, 1 to 64 (10)]:N:_files' \
        '-verbose[tells of each request on standard error]' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    state)
      _arguments \
        '-auto-approve[does not ask before it changes anything]' \
        '-input[false\: fails instead of asking]:BOOLEAN:_files' \
        '-lock-timeout[waits so long for somebody else'\''s apply to end (0s)]:DURATION:_files' \
        '-json[the same as -output json]' \
        '-output[how to print the result]:value:(text json)' \
        '*-file[a manifest, a folder of them, or - for standard input (this folder)]:PATH:_files' \
        '-env[the environment to plan for]:NAME:_files' \
        '*-var[sets a variable of the manifest]:NAME=VALUE:_files' \
        '*-var-file[sets variables from a YAML file of NAME\: VALUE lines]:FILE:_files' \
        '-quiet[says nothing but the result and errors\: no warnings, no notices]' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '1:argument:(list show history diff rm unlock)' ;;
    show)
      _arguments \
        '-check[changes nothing and tells by its exit code]' \
        '-profile[the profile of ~/.databrickscfg to connect with]:NAME:_files' \
        '-parallelism[requests at the same time, 1 to 64 (10)]:N:_files' \
        '-verbose[tells of each request on standard error]' \
        '-quiet[says nothing but the result and errors\: no warnings, no notices]' \
        '-json[the same as -output json]' \
        '-json-lines[the same as -output json-lines, one event a line]' \
        '-markdown[the same as -output markdown, for a pull request'\''s comment]' \
        '-output[how to print the result]:value:(text json json-lines markdown)' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    graph)
      _arguments \
        '-reduce[leaves out what follows from other dependencies]' \
        '-plan[labels and colours what this saved plan changes]:FILE:_files' \
        '*-file[a manifest, a folder of them, or - for standard input (this folder)]:PATH:_files' \
        '-env[the environment to plan for]:NAME:_files' \
        '*-var[sets a variable of the manifest]:NAME=VALUE:_files' \
        '*-var-file[sets variables from a YAML file of NAME\: VALUE lines]:FILE:_files' \
        '-quiet[says nothing but the result and errors\: no warnings, no notices]' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    output)
      _arguments \
        '-app[the app that is meant, by its name]:NAME:_files' \
        '-json[the same as -output json]' \
        '-output[how to print the result]:value:(text json env dotenv shell app-yaml github)' \
        '*-file[a manifest, a folder of them, or - for standard input (this folder)]:PATH:_files' \
        '-env[the environment to plan for]:NAME:_files' \
        '*-var[sets a variable of the manifest]:NAME=VALUE:_files' \
        '*-var-file[sets variables from a YAML file of NAME\: VALUE lines]:FILE:_files' \
        '-quiet[says nothing but the result and errors\: no warnings, no notices]' \
        '-profile[the profile of ~/.databrickscfg to connect with]:NAME:_files' \
        '-parallelism[requests at the same time, 1 to 64 (10)]:N:_files' \
        '-verbose[tells of each request on standard error]' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    env)
      _arguments \
        '-in[the database that is meant]:ADDRESS:_files' \
        '-branch[the branch that is meant, by address or key]:BRANCH:_files' \
        '-app[the app that is meant, by its name]:NAME:_files' \
        '-json[the same as -output json]' \
        '-output[how to print the result]:value:(dotenv shell json app-yaml github)' \
        '*-file[a manifest, a folder of them, or - for standard input (this folder)]:PATH:_files' \
        '-env[the environment to plan for]:NAME:_files' \
        '*-var[sets a variable of the manifest]:NAME=VALUE:_files' \
        '*-var-file[sets variables from a YAML file of NAME\: VALUE lines]:FILE:_files' \
        '-quiet[says nothing but the result and errors\: no warnings, no notices]' \
        '-profile[the profile of ~/.databrickscfg to connect with]:NAME:_files' \
        '-parallelism[requests at the same time, 1 to 64 (10)]:N:_files' \
        '-verbose[tells of each request on standard error]' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    credential)
      _arguments \
        '-in[the database that is meant]:ADDRESS:_files' \
        '-branch[the branch that is meant, by address or key]:BRANCH:_files' \
        '-json[the same as -output json]' \
        '-output[how to print the result]:value:(text json)' \
        '*-file[a manifest, a folder of them, or - for standard input (this folder)]:PATH:_files' \
        '-env[the environment to plan for]:NAME:_files' \
        '*-var[sets a variable of the manifest]:NAME=VALUE:_files' \
        '*-var-file[sets variables from a YAML file of NAME\: VALUE lines]:FILE:_files' \
        '-quiet[says nothing but the result and errors\: no warnings, no notices]' \
        '-profile[the profile of ~/.databrickscfg to connect with]:NAME:_files' \
        '-parallelism[requests at the same time, 1 to 64 (10)]:N:_files' \
        '-verbose[tells of each request on standard error]' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    psql)
      _arguments \
        '*-file[a manifest, a folder of them, or - for standard input (this folder)]:PATH:_files' \
        '-env[the environment to plan for]:NAME:_files' \
        '*-var[sets a variable of the manifest]:NAME=VALUE:_files' \
        '*-var-file[sets variables from a YAML file of NAME\: VALUE lines]:FILE:_files' \
        '-quiet[says nothing but the result and errors\: no warnings, no notices]' \
        '-profile[the profile of ~/.databrickscfg to connect with]:NAME:_files' \
        '-parallelism[requests at the same time, 1 to 64 (10)]:N:_files' \
        '-verbose[tells of each request on standard error]' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    doctor)
      _arguments \
        '-wake[which sleeping databases are woken (auto\: where another wish is declared)]:value:(never auto always)' \
        '-json[the same as -output json]' \
        '-output[how to print the result]:value:(text json)' \
        '*-file[a manifest, a folder of them, or - for standard input (this folder)]:PATH:_files' \
        '-env[the environment to plan for]:NAME:_files' \
        '*-var[sets a variable of the manifest]:NAME=VALUE:_files' \
        '*-var-file[sets variables from a YAML file of NAME\: VALUE lines]:FILE:_files' \
        '-quiet[says nothing but the result and errors\: no warnings, no notices]' \
        '-profile[the profile of ~/.databrickscfg to connect with]:NAME:_files' \
        '-parallelism[requests at the same time, 1 to 64 (10)]:N:_files' \
        '-verbose[tells of each request on standard error]' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    export)
      _arguments \
        '-name[the name of the manifest]:NAME:_files' \
        '-out[writes the result to this file]:FILE:_files' \
        '-force[lets -out replace a file that holds something else]' \
        '-inside[false\: leaves out what is inside databases, and needs no way into them]:value:(true false)' \
        '-wake[which sleeping databases are woken (auto\: where another wish is declared)]:value:(never auto always)' \
        '-profile[the profile of ~/.databrickscfg to connect with]:NAME:_files' \
        '-parallelism[requests at the same time, 1 to 64 (10)]:N:_files' \
        '-verbose[tells of each request on standard error]' \
        '-quiet[says nothing but the result and errors\: no warnings, no notices]' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    convert)
      _arguments \
        '-from[what the files are (as they look)]:value:(bundle deployment terraform pgroles)' \
        '-name[the name of the manifest]:NAME:_files' \
        '-in[the database that is meant]:ADDRESS:_files' \
        '-out[writes the result to this file]:FILE:_files' \
        '-force[lets -out replace a file that holds something else]' \
        '-quiet[says nothing but the result and errors\: no warnings, no notices]' \
        '-json[the same as -output json]' \
        '-output[how to print the result]:value:(text json)' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    print)
      _arguments \
        '*-file[a manifest, a folder of them, or - for standard input (this folder)]:PATH:_files' \
        '-env[the environment to plan for]:NAME:_files' \
        '*-var[sets a variable of the manifest]:NAME=VALUE:_files' \
        '*-var-file[sets variables from a YAML file of NAME\: VALUE lines]:FILE:_files' \
        '-quiet[says nothing but the result and errors\: no warnings, no notices]' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    explain)
      _arguments \
        '-in[the database that is meant]:ADDRESS:_files' \
        '-json[the same as -output json]' \
        '-output[how to print the result]:value:(text json)' \
        '*-file[a manifest, a folder of them, or - for standard input (this folder)]:PATH:_files' \
        '-env[the environment to plan for]:NAME:_files' \
        '*-var[sets a variable of the manifest]:NAME=VALUE:_files' \
        '*-var-file[sets variables from a YAML file of NAME\: VALUE lines]:FILE:_files' \
        '-quiet[says nothing but the result and errors\: no warnings, no notices]' \
        '-profile[the profile of ~/.databrickscfg to connect with]:NAME:_files' \
        '-parallelism[requests at the same time, 1 to 64 (10)]:N:_files' \
        '-verbose[tells of each request on standard error]' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    schema)
      _arguments \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    completion)
      _arguments \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '1:argument:(bash zsh fish pwsh)' ;;
    version)
      _arguments \
        '-json[the same as -output json]' \
        '-output[how to print the result]:value:(text json)' \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '*:file:_files' ;;
    help)
      _arguments \
        '-no-color[prints without colours]' \
        '-help[shows this help]' \
        '1:argument:(validate fmt plan apply destroy drift rollback up down renew reset restore state show graph output env credential psql doctor export convert print explain schema completion version help)' ;;
  esac
}
compdef _weir weir
