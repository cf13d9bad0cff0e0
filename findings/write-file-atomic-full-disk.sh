#!/usr/bin/env bash
# write-file-atomic and atomically put a cut file in the place of a good one when the disk is full, and report no error.
#
# Versions: write-file-atomic 7.0.1, atomically 2.1.1, Node 20.20.2, Linux.
#
# A reasonable guess: the write fails with an error and the old file stays whole. Both packages promise an atomic
# replacement, and atomically's readme says that a partly written file is impossible.
#
# Behaviour seen: each package asks the kernel to write the data once and does not look at the count that comes back.
# The kernel takes what still fits and returns that smaller count, which is no error. The package then renames the cut
# file over the good one. Node's own writeFileSync asks again for the rest and so meets the error.
#
# The script needs no root rights: a limit on the size of files (RLIMIT_FSIZE) stands for the full disk. In both cases
# write(2) takes a part and returns its size. The script runs the synchronous functions, because a limit on sizes answers
# a repeated write otherwise than a full disk does. On a full tmpfs, tried once by hand, the promises of both packages
# were fulfilled and left 823,296 of 1,000,000 bytes.
#
# It needs bash, Node 20.17 or later and npm, and takes a few seconds.
#
# Output seen:
#   The good file holds 500000 bytes; 1000000 bytes shall replace it; 614400 bytes fit.
#   node:fs: error EFBIG
#   write-file-atomic 7.0.1: no error, the file holds 614400 bytes
#   atomically 2.1.1: no error, the file holds 614400 bytes
#   As described.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --prefix "$folder" --silent --ignore-scripts --no-audit --no-fund \
  write-file-atomic@7.0.1 atomically@2.1.1

cat > "$folder/replace.mjs" <<'JS'
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import * as atomically from 'atomically';
import writeFileAtomic from 'write-file-atomic';

const [name, file] = process.argv.slice(2);
const { writeFileSync: writeAtomically } = atomically;
const write = { 'node:fs': writeFileSync, atomically: writeAtomically, 'write-file-atomic': writeFileAtomic.sync };
const manifest = new URL(`node_modules/${name}/package.json`, import.meta.url);
const title = name === 'node:fs' ? name : `${name} ${JSON.parse(readFileSync(manifest, 'utf8')).version}`;
try {
  write[name](file, Buffer.alloc(1_000_000, 'new'));
  console.log(`${title}: no error, the file holds ${statSync(file).size} bytes`);
} catch (error) {
  console.log(`${title}: error ${error.code}`);
}
JS

# Bash counts the limit in units of 1024 bytes: 600 of them are 614,400 bytes.
replace() {
  head -c 500000 /dev/zero > "$folder/good"
  (ulimit -f 600 && node "$folder/replace.mjs" "$1" "$folder/good")
}

echo 'The good file holds 500000 bytes; 1000000 bytes shall replace it; 614400 bytes fit.'
seen=$(replace node:fs; replace write-file-atomic; replace atomically)
echo "$seen"

expected='node:fs: error EFBIG
write-file-atomic 7.0.1: no error, the file holds 614400 bytes
atomically 2.1.1: no error, the file holds 614400 bytes'
if [ "$seen" != "$expected" ]; then
  echo 'The behaviour has changed.'
  exit 1
fi
echo 'As described.'
