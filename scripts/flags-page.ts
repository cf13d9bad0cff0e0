/** The page `docs/flags.md`, made from the tables that the commands themselves read. */

import { COMMANDS, type Command } from '../src/commands/index.ts';
import { type Flag, isSwitch, type Words } from '../src/flags/flag.ts';
import { defaultText, inGroups, valuesText } from '../src/flags/help-text.ts';
import { textOf } from '../src/flags/setting-flags.ts';
import { DEFAULT_RECIPE, defaultOf } from '../src/run/recipes.ts';
import type { AnySetting, Effect, OnResume } from '../src/run/settings/setting.ts';
import { RECIPE_NAMES, type RunSettings, SETTING_ENTRIES } from '../src/run/settings.ts';

const INTRODUCTION = `# Flags

Every flag of every command. \`resnet COMMAND --help\` shows the same in a terminal.

A flag is written \`--flag VALUE\` or \`--flag=VALUE\`; a switch is written without a value. A flag that is given twice is
refused.

This page is written by \`npm run docs:flags\`. Edit the tables in \`src/run/settings/\`, \`src/engine/hyperparameters.ts\` and
\`src/flags/\` instead.
`;

const ON_RESUME: Readonly<Record<OnResume, (flag: string) => string>> = {
  fixed: () => 'cannot change',
  override: (flag) => `changes with \`--override ${flag}\` only`,
  free: () => 'may change',
};

const EFFECTS: Readonly<Record<Effect, string>> = {
  batches: 'the current epoch restarts',
  validation: 'the best checkpoint so far is moved aside',
  schedule: 'the learning rates of the remaining steps are computed again',
};

const SETTINGS_BY_FLAG = new Map(SETTING_ENTRIES.map(([name, setting]) => [setting.flag, { name, setting }]));

/** The whole page. */
export function flagsPage(): string {
  const sections = Object.entries(COMMANDS).map(([name, command]) => section(name, command));
  return [INTRODUCTION, ...sections].join('\n');
}

function section(name: string, command: Command): string {
  const { describe, flags, words = {}, examples } = command;
  const isTrain = name === 'train';
  const heads = ['flag', 'group', 'meaning', 'values', 'default', ...(isTrain ? ['in a resumed run'] : [])];
  const rows = inGroups(flags).map(([flag, row]) => (isTrain ? trainRow(flag, row) : flagRow(flag, row)));
  const lines = examples.map(([line, meaning]) => `# ${meaning}\nnpx ${line}\n`).join('');
  const flagsTable = rows.length === 0 ? '' : `${table(heads, rows)}\n`;
  return `## resnet ${name}\n\n${describe}.\n\n${wordsTable(words)}${flagsTable}\`\`\`\n${lines}\`\`\`\n`;
}

function wordsTable(words: Words): string {
  const rows = Object.entries(words).map(([name, word]) => {
    const { describe, several } = word;
    return [code(name.toUpperCase()), several ? `${describe}; one or more` : describe, defaultText(word) ?? ''];
  });
  return rows.length === 0 ? '' : `${table(['word without a flag', 'meaning', 'default'], rows)}\n`;
}

function flagRow(name: string, flag: Flag): string[] {
  const values = isSwitch(flag) ? 'switch' : (valuesText(flag) ?? '');
  return [code(`--${name}`), flag.group, flag.describe, values, defaultText(flag) ?? ''];
}

/** A flag of `train` has a default for each recipe, and a setting says what a resumed run may do with it. */
function trainRow(flag: string, row: Flag): string[] {
  const found = SETTINGS_BY_FLAG.get(flag);
  if (found === undefined) return [...flagRow(flag, row), ''];
  const { name, setting } = found;
  return [...flagRow(flag, row).slice(0, -1), recipeDefaults(name, setting), onResume(setting)];
}

/** One default where all recipes agree, else one for each, e.g. `lesson: 128, fast: 64`. */
function recipeDefaults(name: keyof RunSettings, { otherwise = '' }: AnySetting): string {
  if (name === 'recipe') return DEFAULT_RECIPE;
  const defaults = RECIPE_NAMES.map((recipe) => textOf(defaultOf(name, recipe)) ?? otherwise);
  const [first = ''] = defaults;
  if (defaults.every((each) => each === first)) return first;
  return RECIPE_NAMES.map((recipe, index) => `${recipe}: ${defaults[index]}`).join('<br>');
}

function onResume({ flag, onResume: may, changes = [] }: AnySetting): string {
  return [ON_RESUME[may](flag), ...changes.map((effect) => EFFECTS[effect])].join('; ');
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

/** A Markdown table; a bar within a cell is escaped. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return [heads, heads.map(() => '---'), ...rows].map(line).join('');
}
