/**
 * Prepares a folder of pictures as `resnet train` does on its first start; prints the seconds as JSON.
 *
 * Usage: node prepare.js FOLDER SIDE PIXELS, where PIXELS is the file that the pixels are written to.
 */
import { writeFileSync } from 'node:fs';
import { readData } from '../../src/dataset/formats/read-data.ts';
import { prepareImages } from '../../src/dataset/prepare/prepare-images.ts';
import type { Preparing } from './main.ts';

const [folder, side, pixels] = process.argv.slice(2);
const size = { height: Number(side), width: Number(side) };

const began = performance.now();
const data = await readData(folder, {});
const part = await data.parts.train();
const prepared = await prepareImages(part, { size, channels: 3, fit: 'stretch' }, { skipBroken: false });
const seconds = (performance.now() - began) / 1000;

writeFileSync(pixels!, prepared.pixels);
const peakMemoryBytes = 1024 * process.resourceUsage().maxRSS;
const result: Preparing = { seconds, images: prepared.kept.length, peakMemoryBytes, versions: [] };
process.stdout.write(`${JSON.stringify(result)}\n`);
