/** Measures programs in turns, so that other load on the machine affects all of them. */
import { parseArgs } from 'node:util';
import { type Contender, measure, type Versioned } from './peers/contenders.ts';

/** What a comparison is told by its command line. */
export interface TurnOptions {
  readonly rounds: number;
  /** Timed training steps of a round. */
  readonly steps: number;
  /** The Python that has PyTorch. */
  readonly python: string;
}

/** Reads `--rounds`, `--steps` and `--python`; ends the process with exit code 2 if a number is none. */
export function turnOptions({ rounds, steps } = { rounds: '5', steps: '30' }): TurnOptions {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: rounds },
      steps: { type: 'string', default: steps },
      python: { type: 'string', default: 'python3' },
    },
  });
  return {
    rounds: wholeNumber('rounds', values.rounds),
    steps: wholeNumber('steps', values.steps),
    python: values.python,
  };
}

/** The number that an option has; ends the process with exit code 2 if it is not a whole one of at least 1. */
function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  say(`--${option} must be a whole number of at least 1, got ${text}`);
  process.exit(2);
}

/** Every comparison's speed, in images per second. */
interface Measured extends Versioned {
  readonly trainImagesPerSecond: number;
}

/** A program, with a measurement for each round. */
export interface Runs<Measurement> {
  readonly name: string;
  readonly measurements: readonly Measurement[];
}

/**
 * Measures all contenders in each round; says on standard error how far it is, and why a contender cannot run.
 *
 * @param figures names of what each has to print
 * @returns those that ran in every round
 */
export function inTurns<Measurement extends Measured>(
  contenders: readonly Contender[],
  rounds: number,
  figures: readonly (keyof Measurement & string)[],
): Runs<Measurement>[] {
  const runs = new Map<Contender, Measurement[]>(contenders.map((contender) => [contender, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const [contender, measurements] of runs) {
      try {
        const measurement = measure<Measurement>(contender, figures);
        measurements.push(measurement);
        say(`round ${round}: ${contender.name}: ${Math.round(measurement.trainImagesPerSecond)} images/s in training`);
      } catch (error) {
        runs.delete(contender); // from the table, too: it lacks rounds that the others have
        say(`${contender.name} cannot run: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
  return [...runs].map(([{ name }, measurements]) => ({ name, measurements }));
}

/** The version of PyTorch that one of these runs had. */
export function pytorchVersion(runs: readonly Runs<Versioned>[]): string {
  const found = runs.flatMap(({ measurements }) => measurements).find((each) => each.pytorchVersion);
  return `PyTorch ${found?.pytorchVersion ?? 'none'}`;
}

/** Prints a line of progress. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
