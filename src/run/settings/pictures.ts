/** Settings that say how the data are read, and how pictures become images. */
import { DATA_FORMATS, type DataFormat } from '../../dataset/formats/found.ts';
import { FITS, type Fit } from '../../image/prepare/preparation.ts';
import { imageSize, name, oneOf, onOff, path } from '../../value-kinds.ts';
import type { SettingsTable } from './setting.ts';

/** How `predict` reads a picture: it looks for a digit as MNIST has them, or prepares all of it as training did. */
export const PICTURE_READINGS = ['digit', 'picture'] as const;
/** A way in which `predict` reads a picture. */
export type PictureReading = (typeof PICTURE_READINGS)[number];

/** Values of the settings of reading and pictures. */
export interface PictureSettings {
  /** Default: found out. */
  readonly dataFormat?: DataFormat | undefined;
  /** File with the names of the classes in the order of the labels; default: the data's own, by code points. */
  readonly classNames?: string | undefined;
  readonly fileColumn?: string | undefined;
  readonly labelColumn?: string | undefined;
  readonly splitColumn?: string | undefined;
  /** Whether pictures that cannot be read are left out; default: they end the run. */
  readonly skipBroken?: boolean | undefined;
  /** Height and width of the images as `HxW`; default: see `docs/data.md`. */
  readonly imageSize?: string | undefined;
  readonly fit?: Fit | undefined;
  /** Default: 3 if any picture has colour. */
  readonly channels?: 1 | 3 | undefined;
  /** How `predict` reads pictures: it looks for a digit, or prepares them as training did. */
  readonly as?: PictureReading | undefined;
}

/** Rows of the settings of reading and pictures. */
export const PICTURE_SETTINGS: SettingsTable<PictureSettings> = {
  dataFormat: {
    flag: 'data-format',
    group: 'Data',
    describe: 'format of the data',
    values: oneOf(DATA_FORMATS),
    otherwise: 'found out from the names of the files',
    optional: true,
    onResume: 'free',
  },
  classNames: {
    flag: 'class-names',
    group: 'Data',
    describe: 'file with the names of the classes, one a line, in the order of the labels',
    values: path,
    otherwise: "the data's own names, by code points",
    optional: true,
    onResume: 'fixed',
  },
  fileColumn: {
    flag: 'file-column',
    group: 'Data',
    describe: 'column of the pictures in a CSV or Parquet file',
    values: name,
    otherwise: 'the usual names, such as file or image',
    optional: true,
    onResume: 'free',
  },
  labelColumn: {
    flag: 'label-column',
    group: 'Data',
    describe: 'column of the labels in a CSV or Parquet file',
    values: name,
    otherwise: 'the usual names, such as label',
    optional: true,
    onResume: 'free',
  },
  splitColumn: {
    flag: 'split-column',
    group: 'Data',
    describe: 'column of a CSV file that says whether an image is of train, val or test',
    values: name,
    otherwise: 'the usual names, such as split',
    optional: true,
    onResume: 'free',
  },
  // The pictures that are left out change the data's hash, which a resumed run compares.
  skipBroken: {
    flag: 'skip-broken',
    group: 'Data',
    describe: 'leave pictures out that cannot be read',
    values: onOff,
    default: false,
    optional: true,
    onResume: 'free',
  },
  imageSize: {
    flag: 'image-size',
    group: 'Data',
    describe: 'side, or height and width, of the images in pixels',
    values: imageSize,
    otherwise: "the pictures' own where all are equal and at most 96, else 64",
    optional: true,
    onResume: 'fixed',
  },
  fit: {
    flag: 'fit',
    group: 'Data',
    describe: 'how pictures of another shape become images (pad fills with the mean colour)',
    values: oneOf(FITS),
    default: 'pad',
    optional: true,
    onResume: 'fixed',
  },
  channels: {
    flag: 'channels',
    group: 'Data',
    describe: 'channels of the images (1 is grey)',
    values: oneOf([1, 3]),
    otherwise: '3 if any picture has colour',
    optional: true,
    onResume: 'fixed',
  },
  as: {
    flag: 'as',
    group: 'Data',
    describe: 'how predict reads pictures with this model (digit looks for one as MNIST has them)',
    values: oneOf(PICTURE_READINGS),
    otherwise: 'digit for MNIST, QMNIST and the digits of EMNIST, else picture',
    optional: true,
    onResume: 'free',
  },
};
