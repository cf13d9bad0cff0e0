/** Flags of `resnet summary`. */
import { COLUMN_NAMES, DEFAULT_COLUMNS } from '../report/summary-columns.ts';
import { SETTINGS } from '../run/settings.ts';
import { MAX_SIDE_PIXELS, oneOf, onOff, type ValueKind, whole } from '../value-kinds.ts';
import type { Flags } from './flag.ts';
import { settingFlag } from './setting-flags.ts';

const MAX_CLASSES = 1_000_000;
const MAX_IMAGES = 1_000_000;

const side = whole(1, MAX_SIDE_PIXELS);

/** [channels, height, width] */
const imageShape: ValueKind<readonly [number, number, number]> = {
  wanted: `an array of channels, height and width, each ${side.wanted}`,
  wantedText: `channels × height × width, each from 1 to ${MAX_SIDE_PIXELS}, like 1x224x224`,
  parse: (text) => text.split('x').map((each) => (/^\d+$/.test(each) ? Number(each) : 0)),
  isValid: (value): value is readonly [number, number, number] =>
    Array.isArray(value) && value.length === 3 && [...value].every(side.isValid),
};

/** All flags of `resnet summary`. */
export const SUMMARY_FLAGS: Flags = {
  depth: settingFlag(SETTINGS.depth),
  width: settingFlag(SETTINGS.width),
  variant: settingFlag(SETTINGS.variant),
  stem: settingFlag(SETTINGS.stem),
  classes: { group: 'Network', describe: 'number of classes', values: whole(1, MAX_CLASSES), default: '10' },
  input: {
    group: 'Data',
    describe: 'shape of one image: channels x height x width',
    values: imageShape,
    default: '1x224x224',
  },
  batch: { group: 'Data', describe: 'images of the batch', values: whole(1, MAX_IMAGES), default: '1' },
  freeze: {
    ...settingFlag(SETTINGS.freeze),
    group: 'Network',
    describe: 'parts of the body that are not trained',
  },
  format: {
    group: 'Output',
    describe: 'form of the summary (lines is how the lesson prints it)',
    values: oneOf(['table', 'lines', 'markdown', 'json']),
    default: 'table',
  },
  columns: {
    group: 'Output',
    describe: 'columns of the table in this order',
    values: oneOf(COLUMN_NAMES),
    list: true,
    otherwise: DEFAULT_COLUMNS.join(','),
  },
  'depth-limit': {
    group: 'Output',
    describe: 'levels of the tree of layers that the table shows',
    values: whole(1, 1000),
    otherwise: '2',
  },
  json: { group: 'Output', describe: 'print JSON, as --format json does', values: onOff },
};
