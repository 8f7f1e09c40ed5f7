#!/bin/sh
# A cargo that "compiles" in a few ms: the wasm is the text of the sources, the server a script that serves that text.
# Everything but `build` goes to the real cargo. The test steers it through files in $FAKE_CARGO_DIR:
#   calls         this script adds "start SIDE PID" and "end SIDE PID CODE"
#   args          the arguments of each build, one call a line
#   hold-SIDE     a fifo: the build of that side waits until the test writes a line to it
#   tells         if it is there, the build tells what it was made from: cargo's artifact message and dep-info
# A source with the text BROKEN fails both builds, with BROKEN_FRONT or BROKEN_SERVER only one.
[ "$1" = build ] || exec "$FAKE_CARGO_REAL" "$@"
side=server
profile=debug
target=${CARGO_TARGET_DIR:-target}
name=app
for arg do
  case $arg in
    --lib) side=front ;;
    --package=*) name=${arg#*=} ;;
    --profile=dev) ;;
    --profile=*) profile=${arg#*=} ;;
    --target-dir=*) target=${arg#*=} ;;
  esac
done
# A workspace's packages lie in folders of their names.
src=src
[ ! -d "$name/src" ] || src=$name/src
echo "$*" >>"$FAKE_CARGO_DIR/args"
echo "start $side $$" >>"$FAKE_CARGO_DIR/calls"
end() {
  echo "end $side $$ $1" >>"$FAKE_CARGO_DIR/calls"
  exit "$1"
}
sources() {
  # What client.rs holds is for the front alone, as behind a cfg of the feature `hydrate`.
  case $side in server) skip=client.rs ;; *) skip= ;; esac
  find $src -name '*.rs' ! -name "$skip" | sort | xargs cat
}
seen=$(sources)
if [ -p "$FAKE_CARGO_DIR/hold-$side" ]; then
  read -r _ <"$FAKE_CARGO_DIR/hold-$side"
fi
[ "$CARGO_TERM_PROGRESS_WHEN" != always ] || printf '\r    Building [=====>    ] 1/2: app\r' >&2
case $side in front) other=BROKEN_FRONT ;; *) other=BROKEN_SERVER ;; esac
if printf '%s\n' "$seen" | grep -qE "\"BROKEN\"|$other"; then
  printf '%s\n' '{"reason":"compiler-message","package_id":"app","target":{"name":"app"},"message":{"rendered":"error[E0425]: cannot find value `broken`\n --> src/app.rs:1:1\n","level":"error","message":"cannot find value `broken`","code":{"code":"E0425","explanation":null},"spans":[{"file_name":"src/app.rs","line_start":1,"column_start":1,"is_primary":true}]}}'
  echo 'error: could not compile `app` (lib) due to 1 previous error' >&2
  end 101
fi
case $side in
  front)
    out=$target/wasm32-unknown-unknown/$profile
    file=$out/$name.wasm
    mkdir -p "$out"
    # A comment changes no wasm.
    printf '%s\n' "$seen" | grep -v '^ *//' >"$file.new"
    ;;
  server)
    out=$target/$profile
    file=$out/$name
    mkdir -p "$out"
    { cat "$FAKE_CARGO_SERVER"; printf '%s\n' "$seen" | grep -v '^ *//' | sed 's|^|//> |'; } >"$file.new"
    chmod +x "$file.new"
    ;;
esac
mv "$file.new" "$file"
if [ -e "$FAKE_CARGO_DIR/tells" ]; then
  case $side in server) skip=client.rs feature=ssr ;; *) skip= feature=hydrate ;; esac
  echo "$file: $(find "$PWD/$src" -name '*.rs' ! -name "$skip" | tr '\n' ' ')" >"${file%.wasm}.d"
  printf '{"reason":"compiler-artifact","package_id":"path+file://%s#0.1.0","target":{"name":"app","kind":["lib"]},"features":["%s"],"filenames":["%s"],"fresh":false}\n' \
    "$PWD" "$feature" "$(cd "$(dirname "$file")" && pwd)/$(basename "$file")"
else
  printf '%s\n' '{"reason":"compiler-artifact","package_id":"app","target":{"name":"app"},"fresh":false}'
fi
end 0
