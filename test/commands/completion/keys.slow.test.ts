/** The Tab key in real shells on a terminal, with the scripts of `resnet completion`. */
import { describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { inTerminal } from '../../support/terminal.ts';
import { isInstalled, prepareFolder } from './shells.ts';

const folder = temporaryFolder();

/** What is typed, and the words that the command gets. */
const TYPED: readonly (readonly [keys: string, ...words: string[]])[] = [
  ['resnet summ\t', 'summary'],
  ['resnet bench --prof\t', 'bench', '--profile'],
  ['resnet summary --columns name,ker\t', 'summary', '--columns', 'name,kernel'],
  ['resnet summary --depth 15\t', 'summary', '--depth', '152'],
  ['resnet summary --depth=15\t', 'summary', '--depth=152'],
  ['resnet summary --columns=name,ker\t', 'summary', '--columns=name,kernel'],
  ['resnet eval mod\t', 'eval', 'model.safetensors'],
  ['resnet eval -- mod\t', 'eval', '--', 'model.safetensors'],
  ['resnet predict my\ta\t', 'predict', 'my folder/a.png'],
  ['resnet train --data-dir=mod\t', 'train', '--data-dir=model.safetensors'],
  ['resnet train --class-weights bal\t', 'train', '--class-weights', 'balanced'],
  ['resnet train --class-weights mod\t', 'train', '--class-weights', 'model.safetensors'],
  ['resnet train --resume mod\t', 'train', '--resume', 'model.safetensors'],
  ['resnet completion fi\t', 'completion', 'fish'],
];

/** How each shell is started without the user's own files, and begins to complete. */
const SHELLS = {
  bash: { words: ['bash', '--norc', '-i'], begin: "bind 'set bell-style none'" },
  zsh: { words: ['zsh', '-f', '-i'], begin: 'unsetopt beep; autoload -U compinit; compinit -u -D' },
} as const;

describe.each(['bash', 'zsh'] as const)('%s on a terminal', (shell) => {
  (isInstalled(shell) ? test : test.skip)('completes at the Tab key', async () => {
    const script = prepareFolder(folder, shell);
    const { words, begin } = SHELLS[shell];
    const echo = `resnet() { printf 'GOT'; printf '<%s>' "$@"; echo; }`;
    const lines = TYPED.map(([keys, ...wanted]) => ({
      keys,
      text: `GOT${wanted.map((word) => `<${word}>`).join('')}`,
    }));
    const { notes } = await inTerminal(
      words,
      [
        ['type', `cd ${folder}; ${begin}; source ${script}; ${echo}; echo REA''DY\n`],
        ['wait', 'READY'],
        ...lines.flatMap(({ keys, text }) => [['type', `${keys}\n`] as const, ['wait', text] as const]),
        ['type', 'exit\n'],
      ],
      { environment: { TERM: 'dumb', PS1: '$ ', HOME: folder } },
    );
    expect(notes).toEqual([]);
  });
});
