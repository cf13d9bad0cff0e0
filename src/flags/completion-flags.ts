/** The word of `resnet completion`. */
import { oneOf } from '../value-kinds.ts';
import type { Words } from './flag.ts';

/** The shells that a completion is written for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** A shell that a completion is written for. */
export type Shell = (typeof SHELLS)[number];

/** The word of `resnet completion`. */
export const COMPLETION_WORDS: Words = {
  shell: {
    describe: 'the shell; it completes resnet, and npx resnet once a function of the name resnet calls it',
    values: oneOf(SHELLS),
    otherwise: 'the shell that $SHELL names',
  },
};
