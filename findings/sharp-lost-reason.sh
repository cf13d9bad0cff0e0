#!/usr/bin/env bash
# sharp may lose the reason of a failure when another operation of the process runs at the same time.
#
# Versions: sharp 0.35.5, Pillow 12.0.0 (which writes the file), Node 20.20.2, Linux on x86-64.
#
# A reasonable guess: a promise of sharp is rejected with what went wrong in its own operation, whatever else runs.
#
# Behaviour seen: libvips keeps the texts of errors in one buffer of the process. A valid TIFF with ZSTD compression,
# which sharp's libvips is built without, is refused with the reason each time if it is decoded alone. If its metadata
# are read at the same moment, which succeeds, one in ten of the very same refusals comes without the reason: as
# "tiff2vips: read error", "Warning treated as error due to failOn setting", or with failOn "error" as "Unknown error".
# So what a program makes of the text, such as advice to its user, holds only if nothing else runs in sharp meanwhile.
#
# The script decodes the file 3000 times alone and 3000 times beside `metadata()`. It asks that all of the former give
# one text, and that some of the latter give another. It needs Python 3 with pip, Node with npm, and half a minute.
#
# Output seen (the counts differ from run to run):
#   alone: 3000 × tiff2vips: ZSTD compression support is not configured
#   beside metadata(): 2667 × tiff2vips: ZSTD compression support is not configured
#   beside metadata(): 326 × Warning treated as error due to failOn setting
#   beside metadata(): 7 × tiff2vips: read error
#   As described.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m pip install --quiet --target packages pillow==12.0.0
PYTHONPATH=packages python3 -c '
from PIL import Image
Image.new("L", (64, 64), 200).save("zstd.tif", compression="zstd")'
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund sharp@0.35.5

cat > decode.mjs <<'JS'
import { readFileSync } from 'node:fs';
import sharp from 'sharp';

const ROUNDS = 3000;
const bytes = readFileSync('zstd.tif');

/** The text of the refusal, in which libvips may say the same several times. */
const refusal = async (pipeline) => {
  const error = await pipeline.raw().toBuffer().then(() => undefined, (reason) => reason);
  return error === undefined ? 'decoded' : error.message.trim().split('\n')[0];
};

/** How often each text was seen. */
async function texts(round) {
  const seen = new Map();
  for (let count = 0; count < ROUNDS; count++) {
    const text = await round();
    seen.set(text, (seen.get(text) ?? 0) + 1);
  }
  return seen;
}

const alone = await texts(() => refusal(sharp(bytes)));
const beside = await texts(async () => {
  const pipeline = sharp(bytes);
  const decoding = refusal(pipeline.clone());
  await pipeline.metadata();
  return decoding;
});
for (const [name, seen] of Object.entries({ alone, 'beside metadata()': beside })) {
  for (const [text, count] of seen) console.log(`${name}: ${count} × ${text}`);
}
const [reason] = alone.keys();
const holds = alone.size === 1 && reason !== 'decoded' && [...beside.keys()].some((text) => text !== reason);
console.log(holds ? 'As described.' : 'Not as described: the behaviour has changed.');
process.exitCode = holds ? 0 : 1;
JS
node decode.mjs
