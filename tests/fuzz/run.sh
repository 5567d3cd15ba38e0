#!/usr/bin/env bash
# Runs every fuzzer for a while, as many at once as there are cores: run.sh BUILD_FOLDER [SECONDS].
# What they learn stays in the build folder; an input that breaks something is named and ends the
# run with 1.
set -euo pipefail
build=$(realpath "$1")
seconds=${2:-30}
here=$(dirname "$(realpath "$0")")
symbolizer=$(ls /usr/lib/llvm-16/bin/llvm-symbolizer 2>/dev/null || command -v llvm-symbolizer || true)
[ -z "$symbolizer" ] || export ASAN_SYMBOLIZER_PATH=$symbolizer UBSAN_SYMBOLIZER_PATH=$symbolizer

# Dialogues of the tests are seeds as well; their answers would only be in the way.
mkdir -p "$build/corpus/dialogues"
for dialogue in "$here"/../emulator/dialogues/*.txt; do
  grep '^> \|^$' "$dialogue" >"$build/corpus/dialogues/$(basename "$dialogue")" || true
done

# Prints once, when it has ended, so that those that run at once do not talk into each other.
run_fuzzer() {
  local fuzzer=$1 corpus=$build/corpus/$1 crashes=$build/crashes/$1 log=$build/$1.log
  local seeds=("$corpus" "$here/corpus/$fuzzer") dictionary=$here/$fuzzer.dict
  [ "$fuzzer" != dialogue ] || seeds+=("$build/corpus/dialogues")
  [ -f "$dictionary" ] || dictionary=$here/emulator.dict
  mkdir -p "$corpus" "$crashes"
  if "$build/tests/fuzz/${fuzzer}_fuzz" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 \
    -max_len=8192 -dict="$dictionary" -artifact_prefix="$crashes/" -print_final_stats=1 \
    -print_funcs=0 "${seeds[@]}" >"$log" 2>&1; then
    printf '%-13s no crash, %s runs, %s edges\n' "$fuzzer" \
      "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
      "$(sed -n 's/.*DONE *cov: \([0-9]*\).*/\1/p' "$log")"
    return
  fi
  printf '%-13s CRASH\n%s\nthe input: %s\nthe log:   %s\nagain:     %s INPUT\n' "$fuzzer" \
    "$(grep -av '^#[0-9]*[[:space:]]\+\(INITED\|NEW\|REDUCE\|pulse\|RELOAD\)' "$log" | tail -60)" \
    "$(sed -n "s/.*Test unit written to //p" "$log" | tail -1)" "$log" \
    "$build/tests/fuzz/${fuzzer}_fuzz"
  return 1
}
export -f run_fuzzer
export build seconds here

fuzzers=()
for program in "$build"/tests/fuzz/*_fuzz; do
  name=$(basename "$program")
  fuzzers+=("${name%_fuzz}")
done
echo "${#fuzzers[@]} fuzzers, $seconds s each, $(nproc) at once"
printf '%s\n' "${fuzzers[@]}" | xargs -P "$(nproc)" -I{} bash -euo pipefail -c 'run_fuzzer {}' || exit 1
