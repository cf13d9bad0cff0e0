/** Flags of `resnet export`. */
import { EXPORT_FORMATS } from '../../export/formats.ts';
import { oneOf, onOff, path } from '../../value-kinds.ts';
import { json, runFlags } from './common-flags.ts';
import type { Flags } from './flag.ts';

/** All flags of `resnet export`. */
export const EXPORT_FLAGS: Flags = {
  ...runFlags,
  format: { group: 'Output', describe: 'form of the file, which must be given', values: oneOf(EXPORT_FORMATS) },
  half: { group: 'Output', describe: 'write the weights as float16, which takes half the room', values: onOff },
  out: {
    group: 'Output',
    describe: 'file to write',
    values: path,
    otherwise: "the checkpoint's name with the form's extension, beside it: best.pth in the run's folder",
  },
  overwrite: { group: 'Output', describe: 'replace a file at --out', values: onOff },
  json,
};
