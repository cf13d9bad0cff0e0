/** Flags of `resnet export`. */
import { EXPORT_FORMATS } from '../export/formats.ts';
import { SETTINGS } from '../run/settings.ts';
import { oneOf, onOff, path } from '../value-kinds.ts';
import { json, normalize, runFlags, yes } from './common-flags.ts';
import type { Flags } from './flag.ts';
import { settingFlag } from './setting-flags.ts';

/** All flags of `resnet export`. */
export const EXPORT_FLAGS: Flags = {
  ...runFlags,
  format: { group: 'Output', describe: 'form of the file, which must be given', values: oneOf(EXPORT_FORMATS) },
  half: { group: 'Output', describe: 'write the weights as float16, which takes half the room', values: onOff },
  raw: {
    group: 'Output',
    describe: 'have the network take normalised images; else it takes numbers from 0 to 255, and normalises them',
    values: onOff,
  },
  'keep-batch-norm': {
    group: 'Output',
    describe: 'keep batch norms as layers; else each becomes a part of the convolution before it',
    values: onOff,
  },
  probabilities: {
    group: 'Output',
    describe: "have the network return probabilities, at the checkpoint's temperature; else it returns logits",
    values: onOff,
  },
  'image-size': {
    ...settingFlag(SETTINGS.imageSize),
    describe: "side, or height and width, of the network's images in pixels",
    otherwise: "that of the training images; another tool's file does not say it",
  },
  normalize,
  out: {
    group: 'Output',
    describe: 'file or folder to write',
    values: path,
    otherwise: "the checkpoint's name with the form's extension, beside it: best.pth, best-tfjs in the run's folder",
  },
  overwrite: { group: 'Output', describe: 'replace what is at --out', values: onOff },
  yes,
  json,
};
