#!/bin/sh
# A cargo for `tune`: its builds take no time, but tell how long they want to have taken, and the test's clock believes them.
# Everything but `build` goes to the real cargo. Files in $FAKE_CARGO_DIR:
#   speeds     lines "MS TEXT": a call whose arguments (or linker arguments) contain TEXT takes MS; the last that fits counts.
#              FAIL instead of MS: the build fails
#   spent      this script adds the MS of each build
#   calls      this script adds each call: side, pid, the edited text, the linker's arguments, all arguments
#   hold-SIDE  a fifo: the build of that side waits until the test writes a line to it
[ "$1" = build ] || exec "$FAKE_CARGO_REAL" "$@"
side=server
profile=debug
for arg do
  case $arg in
    --lib) side=front ;;
    --profile=dev) ;;
    --profile=*) profile=${arg#*=} ;;
    --target-dir=*) target=${arg#*=} ;;
    --manifest-path=*) root=$(dirname "${arg#*=}") ;;
  esac
done
told="$* $LF_TUNE_LINK_ARGS"
edited=$(cat "${root:-.}"/src/*.rs | grep -o '"Hello[^"]*"' | tr -d ' ')
echo "$side $$ $edited [$LF_TUNE_LINK_ARGS] $*" >>"$FAKE_CARGO_DIR/calls"
if [ -p "$FAKE_CARGO_DIR/hold-$side" ]; then
  read -r _ <"$FAKE_CARGO_DIR/hold-$side"
fi
ms=1000
while read -r value text; do
  case $told in *"$text"*) ms=$value ;; esac
done <"$FAKE_CARGO_DIR/speeds"
if [ "$ms" = FAIL ]; then
  echo 'error: linking with `cc` failed: exit status: 1' >&2
  exit 101
fi
case $side in
  front) file=$target/wasm32-unknown-unknown/$profile/app.wasm ;;
  server) file=$target/$profile/app ;;
esac
mkdir -p "$(dirname "$file")"
echo "$edited" >"$file"
echo "$ms" >>"$FAKE_CARGO_DIR/spent"
printf '{"reason":"compiler-artifact","package_id":"app","target":{"name":"app"},"filenames":["%s"],"fresh":false}\n' "$file"
