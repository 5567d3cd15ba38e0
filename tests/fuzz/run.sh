#!/usr/bin/env bash
# Runs every fuzzer for a while: run.sh BUILD_FOLDER [SECONDS]. What it learns stays in the build
# folder; an input that breaks something is named and ends the run with 1.
set -euo pipefail
build=$(realpath "$1")
seconds=${2:-30}
here=$(dirname "$(realpath "$0")")
found=0
symbolizer=$(ls /usr/lib/llvm-16/bin/llvm-symbolizer 2>/dev/null || command -v llvm-symbolizer || true)
[ -z "$symbolizer" ] || export ASAN_SYMBOLIZER_PATH=$symbolizer UBSAN_SYMBOLIZER_PATH=$symbolizer

# Dialogues of the tests are seeds as well; their answers would only be in the way.
mkdir -p "$build/corpus/dialogues"
for dialogue in "$here"/../emulator/dialogues/*.txt; do
  grep '^> \|^$' "$dialogue" >"$build/corpus/dialogues/$(basename "$dialogue")" || true
done

for fuzzer in http_request dialogue startup values manifest; do
  corpus=$build/corpus/$fuzzer
  crashes=$build/crashes/$fuzzer
  log=$build/$fuzzer.log
  mkdir -p "$corpus" "$crashes"
  seeds=("$corpus" "$here/corpus/$fuzzer")
  [ "$fuzzer" = dialogue ] && seeds+=("$build/corpus/dialogues")
  printf '%-13s %s s … ' "$fuzzer" "$seconds"
  if "$build/tests/fuzz/${fuzzer}_fuzz" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 \
    -max_len=8192 -dict="$here/emulator.dict" -artifact_prefix="$crashes/" -print_final_stats=1 -print_funcs=0 \
    "${seeds[@]}" >"$log" 2>&1; then
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    coverage=$(sed -n 's/.*DONE *cov: \([0-9]*\).*/\1/p' "$log")
    echo "no crash, $runs runs, $coverage edges"
  else
    found=1
    echo "CRASH"
    grep -av '^#[0-9]*[[:space:]]\+\(INITED\|NEW\|REDUCE\|pulse\|RELOAD\)' "$log" | tail -60 >&2
    printf 'the input: %s\nthe log:   %s\nagain:     %s INPUT\n' \
      "$(sed -n "s/.*Test unit written to //p" "$log" | tail -1)" "$log" \
      "$build/tests/fuzz/${fuzzer}_fuzz" >&2
  fi
done
exit $found
