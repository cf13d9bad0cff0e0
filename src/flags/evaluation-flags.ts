/** Flags and words of the commands that read a trained model: `eval`, `report`, `predict` and `verify`. */
import { PREDICTION_FORMATS } from '../report/predict/prediction-formats.ts';
import { SETTINGS } from '../run/settings.ts';
import { count, fraction, oneOf, onOff, path, whole } from '../value-kinds.ts';
import { json, modelFlags, normalize, noTemperature, runFlags, runtimeFlags } from './common-flags.ts';
import type { Flag, Flags, Words } from './flag.ts';
import { settingFlag } from './setting-flags.ts';

const dataDir: Flag = { ...settingFlag(SETTINGS.dataDir), otherwise: 'the data that the model was trained on' };

const evaluationFlags: Flags = {
  'data-dir': dataDir,
  'data-format': settingFlag(SETTINGS.dataFormat),
  'file-column': settingFlag(SETTINGS.fileColumn),
  'label-column': settingFlag(SETTINGS.labelColumn),
  'split-column': settingFlag(SETTINGS.splitColumn),
  'skip-broken': settingFlag(SETTINGS.skipBroken),
  split: { group: 'Data', describe: 'images to evaluate', values: oneOf(['test', 'val', 'train']), default: 'test' },
  'limit-test': { group: 'Data', describe: 'evaluate only this many images', values: count, otherwise: 'all' },
  normalize,
  'data-memory': settingFlag(SETTINGS.dataMemory),
  ...runtimeFlags,
  'no-temperature': noTemperature,
  json,
};

/** All flags of `resnet eval`. */
export const EVAL_FLAGS: Flags = {
  ...modelFlags,
  ...evaluationFlags,
  worst: {
    group: 'Output',
    describe: 'number of mistakes to draw: those made with the highest probability',
    values: whole(0),
    default: '0',
  },
};

/** All flags of `resnet report`. */
export const REPORT_FLAGS: Flags = {
  ...runFlags,
  ...evaluationFlags,
  out: { group: 'Output', describe: 'folder to write the report to', values: path, otherwise: "the run's folder" },
  overwrite: { group: 'Output', describe: 'replace files in --out that are no report', values: onOff },
  worst: {
    group: 'Output',
    describe: 'number of mistakes to show as images: those made with the highest probability',
    values: whole(0),
    default: '12',
  },
};

/** All flags of `resnet predict`. */
export const PREDICT_FLAGS: Flags = {
  ...modelFlags,
  as: { ...settingFlag(SETTINGS.as), describe: 'how to read pictures', otherwise: 'as the model was trained to' },
  'image-size': {
    ...settingFlag(SETTINGS.imageSize),
    describe: 'side, or height and width, of the images of whole pictures in pixels',
    otherwise: 'that of the training images, else 224x224',
  },
  normalize,
  ...runtimeFlags,
  top: { group: 'Output', describe: 'number of classes to name, the most probable ones', values: count, default: '3' },
  'min-probability': {
    group: 'Output',
    describe: 'call a picture unknown if its most probable class is less probable than this',
    values: fraction,
    default: '0',
  },
  'no-temperature': noTemperature,
  format: {
    group: 'Output',
    describe: 'form of the answers',
    values: oneOf(PREDICTION_FORMATS),
    otherwise: 'table',
  },
  out: { group: 'Output', describe: 'file to write the answers to', values: path, otherwise: 'standard output' },
  show: {
    group: 'Output',
    describe: 'folder for pictures of what the network saw; a terminal of 256 colours shows it too',
    values: path,
    otherwise: 'show nothing',
  },
  overwrite: {
    group: 'Output',
    describe: 'replace files of --show and --out that are not of an earlier predict',
    values: onOff,
  },
  json,
};

/** The words of `resnet predict`. */
export const PREDICT_WORDS: Words = {
  files: {
    describe: 'pictures, folders of pictures, and patterns like "photos/*.jpg"; - is standard input',
    values: path,
    several: true,
  },
};

/** All flags of `resnet verify`. */
export const VERIFY_FLAGS: Flags = { ...runFlags, json };
