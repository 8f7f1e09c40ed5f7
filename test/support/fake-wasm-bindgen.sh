#!/bin/sh
# A wasm-bindgen that copies its input, after a line in the fifo $FAKE_CARGO_DIR/hold-bindgen if there is one.
for arg do
  case $arg in
    --version) echo "wasm-bindgen 0.2.100"; exit 0 ;;
    --out-dir=*) dir=${arg#*=} ;;
    --out-name=*) name=${arg#*=} ;;
    --*) ;;
    *) input=$arg ;;
  esac
done
if [ -p "$FAKE_CARGO_DIR/hold-bindgen" ]; then
  read -r _ <"$FAKE_CARGO_DIR/hold-bindgen"
fi
mkdir -p "$dir"
cp "$input" "$dir/${name}_bg.wasm"
echo "export default function init() {}" >"$dir/$name.js"
