/** Carries out the instructions of a Dockerfile in clean roots, as a build would; the lines that run are the file's own. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { globSync } from 'tinyglobby';
import { inRoot, makeRoot, PATH } from './clean-root.ts';
import { type Instruction, readDockerfile, type Stage } from './dockerfile.ts';

/** What a build leaves. */
export interface BuiltImage {
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly user: string;
  readonly entrypoint: readonly string[];
}

/** What is built, and where. */
export interface Build {
  /** The folder with the Dockerfile and all that it copies. */
  readonly context: string;
  /** An empty folder. */
  readonly workplace: string;
  /** Values of ARG instructions by name; default: those of the file. */
  readonly args?: Readonly<Record<string, string>>;
  /** Called before each instruction that takes time. */
  readonly onStep: (text: string) => void;
  readonly signal: AbortSignal;
}

/** @throws Error naming the instruction that fails, or is not known here */
export async function buildImage(build: Build): Promise<BuiltImage> {
  const stages = readDockerfile(readFileSync(join(build.context, 'Dockerfile'), 'utf8'));
  const roots = new Map<string, string>();
  let last: BuiltImage | undefined;
  for (const [index, stage] of stages.entries()) {
    const root = join(build.workplace, `stage-${index}`);
    await copyOfImage(stage.image, root, build);
    last = await buildStage(stage, root, roots, build);
    if (stage.name !== undefined) roots.set(stage.name, root);
  }
  if (last === undefined) throw new Error('the Dockerfile has no FROM');
  return last;
}

async function copyOfImage(image: string, root: string, { workplace, onStep, signal }: Build): Promise<void> {
  const base = join(workplace, image.replaceAll(/[^\w.-]/g, '-'));
  onStep(`FROM ${image}`);
  if (mkdirSync(base, { recursive: true }) !== undefined) await makeRoot(image, base, signal);
  execFileSync('cp', ['-a', '--reflink=auto', base, root]);
}

async function buildStage(
  { instructions }: Stage,
  root: string,
  roots: ReadonlyMap<string, string>,
  build: Build,
): Promise<BuiltImage> {
  const state = {
    environment: { PATH } as Record<string, string>,
    folder: '/',
    user: '0:0',
    entrypoint: [] as string[],
  };
  const args: Record<string, string> = {};
  for (const { name, text } of instructions) {
    build.onStep(`${name} ${text}`);
    if (name === 'ARG') {
      const [key = '', value = ''] = text.split('=');
      args[key] = build.args?.[key] ?? value;
    } else if (name === 'ENV') {
      const [key = '', value = ''] = text.split('=');
      state.environment[key] = value;
    } else if (name === 'WORKDIR') {
      state.folder = text;
      mkdirSync(join(root, text), { recursive: true });
    } else if (name === 'COPY') copy(text, root, state.folder, roots, build.context);
    else if (name === 'RUN') {
      const environment = { ...args, ...state.environment, HOME: '/root' };
      await inRoot({ root, ...state, environment }, ['sh', '-c', text], build.signal);
    } else if (name === 'USER') state.user = text;
    else if (name === 'ENTRYPOINT') state.entrypoint = JSON.parse(text) as string[];
    else if (name !== 'CMD') throw new Error(`${name}: not known here`);
  }
  return { root, ...state };
}

/** Copies a folder's content: of a stage, or of the context without what `.dockerignore` names. */
function copy(
  text: Instruction['text'],
  root: string,
  folder: string,
  roots: ReadonlyMap<string, string>,
  context: string,
): void {
  const [, stage, source = '', target = ''] = /^(?:--from=(\S+) )?(\S+) (\S+)$/.exec(text) ?? [];
  const place = join(root, target.startsWith('/') ? '' : folder, target);
  mkdirSync(place, { recursive: true });
  if (stage !== undefined) {
    execFileSync('cp', ['-a', '--reflink=auto', `${join(roots.get(stage) ?? '', source)}/.`, place]);
    return;
  }
  if (source !== '.') throw new Error(`COPY ${text}: only the whole context is known here`);
  for (const file of filesOfContext(context)) {
    mkdirSync(dirname(join(place, file)), { recursive: true });
    cpSync(join(context, file), join(place, file));
  }
}

/** The files that a build sees: all but those that `.dockerignore` names. */
function filesOfContext(context: string): string[] {
  const lines = readFileSync(join(context, '.dockerignore'), 'utf8').split('\n');
  const ignore = lines.filter((line) => line !== '').flatMap((line) => [line, `${line}/**`]);
  return globSync('**', { cwd: context, dot: true, ignore, followSymbolicLinks: false });
}
