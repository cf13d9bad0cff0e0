/** Exported networks with PyTorch's answers, and what each runtime makes of them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tools } from '../check-pytorch/tools.ts';
import { type Answered, IMAGES, type Job, type Network, type Outcome } from './job.ts';
import { failure, judged, type Row } from './judge.ts';

/** What a part works with. */
export interface Workplace {
  /** An empty folder. */
  readonly folder: string;
  readonly tools: Tools;
  /** In which Python finds its libraries. */
  readonly python: NodeJS.ProcessEnv;
  /** Folder of the fetched packages of npm. */
  readonly packages: string;
  /** A checkpoint to export; default: random weights. */
  readonly checkpoint: string | undefined;
  readonly signal: AbortSignal;
  /** Takes finished lines of the table. */
  readonly note: (rows: readonly Row[]) => void;
}

/** Has Python write the weights of random networks, and the images of all. */
export async function writeNetworks(networks: readonly Network[], { folder, tools }: Workplace): Promise<void> {
  const list = join(folder, 'networks.json');
  writeFileSync(list, JSON.stringify(networks));
  await tools.python('write_networks.py', list, folder, String(IMAGES));
}

/** Jobs whose right answers are known. */
export class Trial {
  readonly jobs: readonly Job[];
  readonly #expected: ReadonlyMap<string, readonly number[]>;
  readonly #workplace: Workplace;

  private constructor(jobs: readonly Job[], expected: readonly (readonly number[])[], workplace: Workplace) {
    this.jobs = jobs;
    this.#expected = new Map(jobs.map(({ path }, index) => [path, expected[index] ?? []]));
    this.#workplace = workplace;
  }

  /** Has PyTorch compute the answers. */
  static async of(jobs: readonly Job[], workplace: Workplace): Promise<Trial> {
    const list = join(workplace.folder, 'references.json');
    writeFileSync(list, JSON.stringify(jobs.map(({ reference }) => reference)));
    return new Trial(jobs, JSON.parse(await workplace.tools.python('references.py', list)), workplace);
  }

  /** Has a program of Python run all jobs; if it fails as a whole, that is a line of the table. */
  async inPython(program: string): Promise<void> {
    const { folder, tools, signal, note } = this.#workplace;
    const list = join(folder, 'jobs.json');
    writeFileSync(list, JSON.stringify(this.jobs));
    try {
      const answered: Answered[] = lastLine(await tools.python(program, list));
      for (const each of answered) this.note(each);
    } catch (error) {
      signal.throwIfAborted();
      note([failure(program, error as Error)]);
    }
  }

  /** Has a runtime run jobs; if it fails as a whole, that is a line of the table. */
  async inRuntime(
    runtime: string,
    version: string,
    jobs: readonly Job[],
    run: () => Promise<Outcome[]>,
  ): Promise<void> {
    const results = await run().catch((error: Error) => {
      this.#workplace.signal.throwIfAborted();
      return jobs.map(() => ({ fault: error.message }));
    });
    this.note({ runtime, version, results }, jobs);
  }

  /** Notes what a runtime answered. */
  note(answered: Answered, jobs = this.jobs): void {
    const expected = jobs.map(({ path, shape: [images = 0], classes }) => {
      return this.#expected.get(path)?.slice(0, images * classes) ?? [];
    });
    this.#workplace.note(judged(jobs, expected, answered));
  }
}

/** The JSON of a program's last line: libraries may greet on lines before. */
export function lastLine<T>(output: string): T {
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}
