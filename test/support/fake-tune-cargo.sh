#!/bin/sh
# A cargo for `tune`: its builds take no time, but tell how long they want to have taken, and the test's clock believes them.
# Everything but `build` goes to the real cargo. Files in $FAKE_CARGO_DIR:
#   speeds     lines "MS TEXT": a call whose arguments (or linker arguments) contain TEXT takes MS; the last that fits counts.
#              FAIL instead of MS: the build fails; HANG: it does not end; FRESH: it finds nothing to compile
#   spent      this script adds the MS of each build
#   calls      this script adds each call: side, pid, the edited text, the linker's arguments, all arguments
[ "$1" = build ] || exec "$FAKE_CARGO_REAL" "$@"
side=server
profile=debug
for arg do
  case $arg in
    --lib) side=front ;;
    --profile=dev) ;;
    --profile=*) profile=${arg#*=} ;;
    --target-dir=*) target=${arg#*=} ;;
    --manifest-path=*)
      root=${arg#*=}
      root=${root%/*}
      ;;
  esac
done
told="$* $LF_TUNE_LINK_ARGS"
# The text in line 2 of app.rs; no other program, so that a hundred builds take seconds.
{ read -r _; read -r line; } <"$root/src/app.rs"
edited=${line#*\"}
edited=${edited%%\"*}
# As cargo: what these arguments have built last is not built again, and how it was linked is in none of them.
while read -r of _ call; do
  [ "$of" != "$side" ] || [ "${call#*\] }" != "$*" ] || last=${call%%\' \[*}
done <"$FAKE_CARGO_DIR/calls"
echo "$side $$ '$edited' [$LF_TUNE_LINK_ARGS] $*" >>"$FAKE_CARGO_DIR/calls"
ms=1000
while read -r value text; do
  case $told in *"$text"*) ms=$value ;; esac
done <"$FAKE_CARGO_DIR/speeds"
[ "$ms" != HANG ] || exec tail -f /dev/null
if [ "$ms" = FAIL ]; then
  echo 'error: linking with `cc` failed: exit status: 1' >&2
  exit 101
fi
fresh=false
if [ "$ms" = FRESH ] || [ "$last" = "'$edited" ]; then
  fresh=true
  ms=0
fi
case $side in
  front) file=$target/wasm32-unknown-unknown/$profile/app.wasm ;;
  server) file=$target/$profile/app ;;
esac
[ -d "${file%/*}" ] || mkdir -p "${file%/*}"
echo "$edited" >"$file"
echo "$ms" >>"$FAKE_CARGO_DIR/spent"
printf '{"reason":"compiler-artifact","package_id":"app","target":{"name":"app"},"filenames":["%s"],"fresh":%s}\n' "$file" "$fresh"
