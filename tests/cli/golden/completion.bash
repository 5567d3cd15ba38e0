# weir completion for bash
_weir() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="validate fmt plan apply destroy drift rollback up down renew reset restore state show graph output env credential psql doctor export convert print explain schema completion version help"
  else
    case ${COMP_WORDS[1]}${before/#--/-} in
      validate-output|validate-o|validate-format) words="text json" ;;
      plan-output|plan-o|plan-format) words="text json json-lines markdown" ;;
      plan-wake) words="never auto always" ;;
      apply-output|apply-o|apply-format) words="text json-lines" ;;
      apply-wake) words="never auto always" ;;
      destroy-output|destroy-o|destroy-format) words="text json-lines" ;;
      destroy-wake) words="never auto always" ;;
      drift-wake) words="never auto always" ;;
      drift-output|drift-o|drift-format) words="text json json-lines markdown" ;;
      rollback-output|rollback-o|rollback-format) words="text json-lines" ;;
      rollback-wake) words="never auto always" ;;
      up-output|up-o|up-format) words="text json-lines" ;;
      down-output|down-o|down-format) words="text json-lines" ;;
      renew-output|renew-o|renew-format) words="text json-lines" ;;
      reset-output|reset-o|reset-format) words="text json-lines" ;;
      restore-output|restore-o|restore-format) words="text json-lines" ;;
      state-output|state-o|state-format) words="text json" ;;
      show-output|show-o|show-format) words="text json json-lines markdown" ;;
      output-output|output-o|output-format) words="text json env dotenv shell app-yaml github" ;;
      env-output|env-o|env-format) words="dotenv shell json app-yaml github" ;;
      credential-output|credential-o|credential-format) words="text json" ;;
      doctor-wake) words="never auto always" ;;
      doctor-output|doctor-o|doctor-format) words="text json" ;;
      export-inside) words="true false" ;;
      export-wake) words="never auto always" ;;
      convert-from) words="bundle deployment terraform pgroles" ;;
      convert-output|convert-o|convert-format) words="text json" ;;
      explain-output|explain-o|explain-format) words="text json" ;;
      version-output|version-o|version-format) words="text json" ;;
    esac
    case ${before/#--/-} in
      -file|-f|-env|-e|-var|-var-file|-profile|-p|-parallelism|-in|-branch|-ttl|-at|-as|-app|-only|-target|-except|-exclude|-only-file|-target-file|-except-file|-exclude-file|-allow-destroy|-replace|-max-destroys|-out|-name|-plan|-input|-lock-timeout) COMPREPLY=($(compgen -f -- "$word")); return ;;
    esac
    [ -n "$words" ] || case ${COMP_WORDS[1]} in
      validate) words="-json -output -file -env -var -var-file -quiet -no-color -help " ;;
      fmt) words="-check -diff -no-color -help " ;;
      plan) words="-out -force -sql -detailed-exitcode -json -json-lines -markdown -output -time -file -env -var -var-file -quiet -profile -parallelism -verbose -wake -only -except -only-file -except-file -destroy -prune -no-prune -allow-destroy -replace -max-destroys -no-color -help " ;;
      apply) words="-auto-approve -input -lock-timeout -time -json-lines -output -file -env -var -var-file -quiet -profile -parallelism -verbose -wake -only -except -only-file -except-file -destroy -prune -no-prune -allow-destroy -replace -max-destroys -no-color -help " ;;
      destroy) words="-auto-approve -input -lock-timeout -time -json-lines -output -file -env -var -var-file -quiet -profile -parallelism -verbose -wake -only -except -only-file -except-file -destroy -prune -no-prune -allow-destroy -replace -max-destroys -no-color -help " ;;
      drift) words="-wake -unmanaged -only -except -only-file -except-file -json -json-lines -markdown -output -time -file -env -var -var-file -quiet -profile -parallelism -verbose -no-color -help " ;;
      rollback) words="-auto-approve -input -lock-timeout -time -json-lines -output -file -env -var -var-file -quiet -profile -parallelism -verbose -wake -only -except -only-file -except-file -destroy -prune -no-prune -allow-destroy -replace -max-destroys -no-color -help " ;;
      up) words="-branch -ttl -auto-approve -input -lock-timeout -time -json-lines -output -file -env -var -var-file -quiet -profile -parallelism -verbose -no-color -help " ;;
      down) words="-branch -auto-approve -input -lock-timeout -time -json-lines -output -file -env -var -var-file -quiet -profile -parallelism -verbose -no-color -help " ;;
      renew) words="-branch -ttl -auto-approve -input -lock-timeout -time -json-lines -output -file -env -var -var-file -quiet -profile -parallelism -verbose -no-color -help " ;;
      reset) words="-branch -ttl -auto-approve -input -lock-timeout -time -json-lines -output -file -env -var -var-file -quiet -profile -parallelism -verbose -no-color -help " ;;
      restore) words="-branch -at -as -ttl -auto-approve -input -lock-timeout -time -json-lines -output -file -env -var -var-file -quiet -profile -parallelism -verbose -no-color -help " ;;
      state) words="-auto-approve -input -lock-timeout -json -output -file -env -var -var-file -quiet -no-color -help list show history diff rm unlock" ;;
      show) words="-check -profile -parallelism -verbose -quiet -json -json-lines -markdown -output -no-color -help " ;;
      graph) words="-reduce -plan -file -env -var -var-file -quiet -no-color -help " ;;
      output) words="-app -json -output -file -env -var -var-file -quiet -profile -parallelism -verbose -no-color -help " ;;
      env) words="-in -branch -app -json -output -file -env -var -var-file -quiet -profile -parallelism -verbose -no-color -help " ;;
      credential) words="-in -branch -json -output -file -env -var -var-file -quiet -profile -parallelism -verbose -no-color -help " ;;
      psql) words="-file -env -var -var-file -quiet -profile -parallelism -verbose -no-color -help " ;;
      doctor) words="-wake -json -output -file -env -var -var-file -quiet -profile -parallelism -verbose -no-color -help " ;;
      export) words="-name -out -force -inside -wake -profile -parallelism -verbose -quiet -no-color -help " ;;
      convert) words="-from -name -in -out -force -quiet -json -output -no-color -help " ;;
      print) words="-file -env -var -var-file -quiet -no-color -help " ;;
      explain) words="-in -json -output -file -env -var -var-file -quiet -profile -parallelism -verbose -no-color -help " ;;
      schema) words="-no-color -help " ;;
      completion) words="-no-color -help bash zsh fish pwsh" ;;
      version) words="-json -output -no-color -help " ;;
      help) words="-no-color -help validate fmt plan apply destroy drift rollback up down renew reset restore state show graph output env credential psql doctor export convert print explain schema completion version help" ;;
    esac
  fi
  case $word in --*) words=" $words" words=${words// -/ --} ;; esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _weir weir
