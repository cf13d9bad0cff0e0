#!/usr/bin/env bash
# libjpeg-turbo's fast transform rounds down: a decoded JPEG is half a level darker in grey, and more in colour.
#
# Versions: @julusian/jpeg-turbo 2.3.0 (it decodes with TJFLAG_FASTDCT), sharp 0.35.5, Node 20.20, Linux x64.
#
# A reasonable guess: the fast transform is less exact, so that single pixels are a level or two off, above and below
# alike; the mean of a picture, and a picture that is reduced to a few pixels, stay what they are.
#
# Behaviour seen: beside the exact transform, which sharp (and Pillow, and OpenCV) decode with, the differences are no
# noise around 0. Waves and noise in grey come out half a level darker in the mean, at quality 90 as at 100; waves in three
# colours 0.8 levels. A flat picture stays
# as it is, because it has no waves to transform. What is then reduced, such as a photograph to 64 × 64 pixels, keeps the
# darkening to the last pixel, while the differences of single pixels are averaged away. At quality 100, noise is 11 levels
# off in the mean: the fast transform loses its digits where the file has the most of them.
#
# A network that is trained on pictures decoded in the one way and answers for those of the other sees them shifted.
#
# The script needs npm, and a few seconds.
#
# Output seen:
#   grey waves, quality 90: darker by 0.48 in the mean, 2 at most off
#   grey noise, quality 90: darker by 0.48 in the mean, 5 at most off
#   grey noise, quality 100: darker by 0.47 in the mean, off by 11.2 in the mean
#   colour waves, quality 90: darker by 0.83 in the mean, 5 at most off
#   flat grey, quality 90: darker by 0.00 in the mean, 0 at most off
#   As described.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

npm init --yes > /dev/null
npm install --silent --no-audit --no-fund --save-exact @julusian/jpeg-turbo@2.3.0 sharp@0.35.5

cat > compare.cjs <<'JS'
const sharp = require('sharp');
const turbo = require('@julusian/jpeg-turbo');

const SIDE = 256;
let state = 1;
const random = () => {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return state >>> 24;
};
const waves = (x, y, channel) => 128 + 60 * Math.sin(x / (5 + channel)) + 50 * Math.cos(y / (3 + 2 * channel));

/** Differences of the fast transform from the exact one, for a picture of this function. */
async function differences(level, channels, quality) {
  const values = Array.from({ length: SIDE * SIDE * channels }, (_, index) => {
    const pixel = Math.floor(index / channels);
    return Math.min(255, Math.max(0, Math.round(level(pixel % SIDE, Math.floor(pixel / SIDE), index % channels))));
  });
  const picture = sharp(Buffer.from(values), { raw: { width: SIDE, height: SIDE, channels } });
  const jpeg = await picture.toColourspace(channels === 1 ? 'b-w' : 'srgb').jpeg({ quality }).toBuffer();
  const exact = await sharp(jpeg).toColourspace('srgb').raw().toBuffer();
  const fast = turbo.decompressSync(jpeg, { format: turbo.FORMAT_RGB }).data;
  let [sum, size, most] = [0, 0, 0];
  exact.forEach((value, index) => {
    const off = fast[index] - value;
    sum += off;
    size += Math.abs(off);
    most = Math.max(most, Math.abs(off));
  });
  return { darker: -sum / exact.length, off: size / exact.length, most };
}

(async () => {
  const kinds = {
    greyWaves: await differences((x, y) => waves(x, y, 0), 1, 90),
    greyNoise: await differences(random, 1, 90),
    fine: await differences(random, 1, 100),
    colour: await differences(waves, 3, 90),
    flat: await differences(() => 128, 1, 90),
  };
  const { greyWaves, greyNoise, fine, colour, flat } = kinds;
  const line = (name, { darker, most }) => `${name}: darker by ${darker.toFixed(2)} in the mean, ${most} at most off`;
  console.log(line('grey waves, quality 90', greyWaves));
  console.log(line('grey noise, quality 90', greyNoise));
  console.log(`grey noise, quality 100: darker by ${fine.darker.toFixed(2)} in the mean, off by ${fine.off.toFixed(1)} in the mean`);
  console.log(line('colour waves, quality 90', colour));
  console.log(line('flat grey, quality 90', { ...flat, darker: Math.abs(flat.darker) }));
  const near = (value, least, most) => value >= least && value <= most;
  const holds = [greyWaves, greyNoise, fine].every(({ darker }) => near(darker, 0.4, 0.6)) && near(colour.darker, 0.6, 1)
    && fine.off > 5 && flat.most === 0;
  console.log(holds ? 'As described.' : 'Not as described: the behaviour has changed.');
  process.exitCode = holds ? 0 : 1;
})();
JS
node compare.cjs
