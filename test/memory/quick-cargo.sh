#!/bin/sh
# A cargo whose builds read nothing: what they make is another one each time, and they tell which files they were made from.
# Thousands of sources would otherwise be read in a shell for each build. Everything but `build` goes to the real cargo.
[ "$1" = build ] || exec "$FAKE_CARGO_REAL" "$@"
side=server
profile=debug
target=${CARGO_TARGET_DIR:-target}
for arg do
  case $arg in
    --lib) side=front ;;
    --profile=dev) ;;
    --profile=*) profile=${arg#*=} ;;
    --target-dir=*) target=${arg#*=} ;;
  esac
done
case $side in
  front)
    out=$target/wasm32-unknown-unknown/$profile
    file=$out/app.wasm
    feature=hydrate
    mkdir -p "$out"
    date +%s%N >"$file.new"
    ;;
  server)
    out=$target/$profile
    file=$out/app
    feature=ssr
    mkdir -p "$out"
    { cat "$FAKE_CARGO_SERVER"; date '+//> %s%N'; } >"$file.new"
    chmod +x "$file.new"
    ;;
esac
mv "$file.new" "$file"
echo "$file: $(find "$PWD/src" -name '*.rs' | tr '\n' ' ')" >"${file%.wasm}.d"
printf '{"reason":"compiler-artifact","package_id":"path+file://%s#0.1.0","target":{"name":"app","kind":["lib"]},"features":["%s"],"filenames":["%s"],"fresh":false}\n' \
  "$PWD" "$feature" "$(cd "$(dirname "$file")" && pwd)/$(basename "$file")"
