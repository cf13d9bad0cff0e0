/** The types of the library's settings, written from the tables of the flags: `src/api/setting-types.ts`. */
import { settingName } from '../../src/api/settings.ts';
import {
  ANSWER_TABLE,
  EVALUATE_TABLE,
  EXPORT_TABLE,
  OPEN_EVALUATE_TABLE,
  OPEN_TABLE,
  PREDICT_TABLE,
  SUMMARY_TABLE,
  TRAIN_TABLE,
} from '../../src/api/tables.ts';
import type { Flag, Flags } from '../../src/flags/flag.ts';
import { defaultText, inGroups } from '../../src/flags/help-text.ts';

/** Where the types are written. */
export const SETTING_TYPES_FILE = 'src/api/setting-types.ts';

/** Most characters of a line. */
const LINE_CHARACTERS = 120;

/** An interface to write: its meaning, and the flags that it has a property for. */
const INTERFACES: readonly (readonly [name: string, meaning: string, flags: Flags])[] = [
  ['TrainSettings', 'Settings of `train`: the flags of `resnet train`.', TRAIN_TABLE],
  ['EvaluateSettings', 'Settings of `evaluate`: the flags of `resnet eval`.', EVALUATE_TABLE],
  ['PredictSettings', 'Settings of `predict`: the flags of `resnet predict`.', PREDICT_TABLE],
  ['OpenSettings', 'Settings of `openCheckpoint`: how the checkpoint is read, and what computes.', OPEN_TABLE],
  ['AnswerSettings', 'Settings of the answers of an open checkpoint.', ANSWER_TABLE],
  ['OpenEvaluateSettings', 'Settings of the evaluation of an open checkpoint.', OPEN_EVALUATE_TABLE],
  ['SummarySettings', 'Settings of `summary`: the flags of `resnet summary`.', SUMMARY_TABLE],
  ['ExportSettings', 'Settings of `exportModel`: the flags of `resnet export`.', EXPORT_TABLE],
];

/** Flags whose values are of a type that no sample of them tells. */
const TYPES: Readonly<Record<string, string>> = {
  'class-weights': "'none' | 'balanced' | readonly number[] | string",
  betas: 'readonly [first: number, second: number]',
  input: 'readonly [channels: number, height: number, width: number]',
  'image-size': 'number | string',
  resume: 'boolean | string',
};

/** Flags that must be given. */
const NEEDED: readonly string[] = ['format'];

/** The text of the file. */
export function settingTypes(): string {
  const interfaces = INTERFACES.map(([name, meaning, flags]) => {
    const properties = inGroups(flags).map(([flag, row]) => property(flag, row));
    return `/** ${meaning} */\nexport interface ${name} {\n${properties.join('')}}\n`;
  });
  const head = '/** The settings of the library: `npm run docs:api` writes this file from the tables of flags. */\n';
  return `${head}\n${interfaces.join('\n')}`;
}

function property(flag: string, row: Flag): string {
  const mark = NEEDED.includes(flag) ? '' : '?';
  const type = typeOf(flag, row);
  const head = `${comment(meaningOf(flag, row))}  readonly ${settingName(flag)}${mark}: `;
  const line = `${head.split('\n').at(-1)}${type};`;
  if (line.length <= LINE_CHARACTERS) return `${head}${type};\n`;
  const choices = type.replace(/^readonly \(|\)\[\]$/g, '').split(' | '); // in lines, as the formatter writes them
  return `${head}readonly (\n${choices.map((choice) => `    | ${choice}\n`).join('')}  )[];\n`;
}

/** The meaning of a setting and its default, in sentences. */
function meaningOf(flag: string, row: Flag): string {
  const type = typeOf(flag, row);
  const usual = defaultText(row) ?? (type === 'boolean' ? 'false' : undefined);
  const describe = row.describe.charAt(0).toUpperCase() + row.describe.slice(1);
  const { wanted, wantedText, choices } = row.values;
  const text = type.endsWith('| string') ? (wantedText ?? wanted) : wanted;
  const isTold = choices === undefined && !['a path', 'a name', 'true or false'].includes(text);
  const values = isTold ? ` Values: ${text}.` : '';
  return `${describe}.${values}${usual === undefined ? '' : ` Default: ${usual}.`}`;
}

function typeOf(flag: string, { values, list }: Flag): string {
  const { choices, alsoTakes } = values;
  const known = TYPES[flag];
  if (known !== undefined) return known;
  if (choices !== undefined) {
    const union = choices.map((choice) => (typeof choice === 'number' ? choice : `'${choice}'`)).join(' | ');
    return list || values.all !== undefined ? `readonly (${union})[]` : union;
  }
  if (values.isValid(true)) return 'boolean';
  if (values.isValid([0, 1])) return values.isValid('auto') ? "readonly number[] | 'auto'" : 'readonly number[]';
  if ([0.5, 1, 2].some(values.isValid)) return alsoTakes === undefined ? 'number' : 'number | string';
  return 'string';
}

/** A comment before a property, in lines that are not too long. */
function comment(text: string): string {
  const whole = `  /** ${text} */`;
  if (whole.length <= LINE_CHARACTERS) return `${whole}\n`;
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = `${lines.at(-1)}${lines.at(-1) === '' ? '' : ' '}${word}`;
    if (`   * ${line}`.length <= LINE_CHARACTERS) lines[lines.length - 1] = line;
    else lines.push(word);
  }
  return `  /**\n${lines.map((line) => `   * ${line}\n`).join('')}   */\n`;
}
