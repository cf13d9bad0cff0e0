/** Flags of the commands about what the tool keeps outside its own folder: `setup` and `cache`. */
import { oneOf, onOff } from '../value-kinds.ts';
import { json, yes } from './common-flags.ts';
import type { Flags } from './flag.ts';

/** All flags of `resnet setup`. */
export const SETUP_FLAGS: Flags = {
  runtime: {
    group: 'Runtime',
    describe: 'which TensorFlow to install',
    values: oneOf(['cpu', 'gpu', 'none']),
    otherwise: "RESNET_RUNTIME; else gpu if NVIDIA's driver is there, else cpu",
  },
  yes: { ...yes, describe: 'install without asking, as this command always does' },
  json,
};

/** All flags of `resnet cache`. */
export const CACHE_FLAGS: Flags = {
  clear: { group: 'Run', describe: 'remove all that is in the cache', values: onOff },
  json,
};
