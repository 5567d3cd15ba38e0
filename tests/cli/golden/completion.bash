# weir completion for bash
_weir() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="validate fmt plan apply destroy drift rollback state show graph output export print explain schema completion version help"
  else
    case ${COMP_WORDS[1]}${before/#--/-} in
      validate-output) words="text json" ;;
      validate-o) words="text json" ;;
      validate-format) words="text json" ;;
      plan-output) words="text json json-lines markdown" ;;
      plan-o) words="text json json-lines markdown" ;;
      plan-format) words="text json json-lines markdown" ;;
      apply-output) words="text json-lines" ;;
      apply-o) words="text json-lines" ;;
      apply-format) words="text json-lines" ;;
      destroy-output) words="text json-lines" ;;
      destroy-o) words="text json-lines" ;;
      destroy-format) words="text json-lines" ;;
      drift-output) words="text json json-lines markdown" ;;
      drift-o) words="text json json-lines markdown" ;;
      drift-format) words="text json json-lines markdown" ;;
      rollback-output) words="text json-lines" ;;
      rollback-o) words="text json-lines" ;;
      rollback-format) words="text json-lines" ;;
      state-output) words="text json" ;;
      state-o) words="text json" ;;
      state-format) words="text json" ;;
      show-output) words="text json json-lines markdown" ;;
      show-o) words="text json json-lines markdown" ;;
      show-format) words="text json json-lines markdown" ;;
      output-output) words="text json env" ;;
      output-o) words="text json env" ;;
      output-format) words="text json env" ;;
      version-output) words="text json" ;;
      version-o) words="text json" ;;
      version-format) words="text json" ;;
    esac
    [ -n "$words" ] || case ${COMP_WORDS[1]} in
      validate) words="-json -output -file -env -var -var-file -quiet -no-color -help " ;;
      fmt) words="-check -diff -no-color -help " ;;
      plan) words="-out -force -sql -detailed-exitcode -json -json-lines -markdown -output -time -file -env -var -var-file -quiet -profile -parallelism -verbose -wake -only -except -only-file -except-file -destroy -prune -no-prune -allow-destroy -max-destroys -no-color -help " ;;
      apply) words="-auto-approve -input -lock-timeout -time -json-lines -output -file -env -var -var-file -quiet -profile -parallelism -verbose -wake -only -except -only-file -except-file -destroy -prune -no-prune -allow-destroy -max-destroys -no-color -help " ;;
      destroy) words="-auto-approve -input -lock-timeout -time -json-lines -output -file -env -var -var-file -quiet -profile -parallelism -verbose -wake -only -except -only-file -except-file -destroy -prune -no-prune -allow-destroy -max-destroys -no-color -help " ;;
      drift) words="-wake -unmanaged -only -except -only-file -except-file -json -json-lines -markdown -output -time -file -env -var -var-file -quiet -profile -parallelism -verbose -no-color -help " ;;
      rollback) words="-auto-approve -input -lock-timeout -time -json-lines -output -file -env -var -var-file -quiet -profile -parallelism -verbose -wake -only -except -only-file -except-file -destroy -prune -no-prune -allow-destroy -max-destroys -no-color -help " ;;
      state) words="-auto-approve -input -lock-timeout -json -output -file -env -var -var-file -quiet -no-color -help " ;;
      show) words="-check -profile -parallelism -verbose -quiet -json -json-lines -markdown -output -no-color -help " ;;
      graph) words="-reduce -plan -file -env -var -var-file -quiet -no-color -help " ;;
      output) words="-json -output -file -env -var -var-file -quiet -profile -parallelism -verbose -no-color -help " ;;
      export) words="-name -out -force -profile -parallelism -verbose -quiet -no-color -help " ;;
      print) words="-file -env -var -var-file -quiet -no-color -help " ;;
      explain) words="-no-color -help " ;;
      schema) words="-no-color -help " ;;
      completion) words="-no-color -help bash zsh fish pwsh" ;;
      version) words="-json -output -no-color -help " ;;
      help) words="-no-color -help validate fmt plan apply destroy drift rollback state show graph output export print explain schema completion version help" ;;
    esac
  fi
  case $word in --*) words=" $words" words=${words// -/ --} ;; esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _weir weir
