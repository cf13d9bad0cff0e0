/**
 * Clean roots in place of images: Debian's minimal system by debootstrap, with Node and npm where Node's images have them,
 * and commands in them by chroot. Needs root.
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type CommandResult, runCommand } from '../../src/setup/run-command.ts';
import { failure, fetchNode, fetchProgram } from '../nodes.ts';

/** An npm of the major version that Node 24 brings. */
const NPM = '11.21.2';

/** Variables of the machine that reach a build, as a user hands them to Docker: they say how the network is reached. */
const OF_THE_NETWORK = /^(https?_proxy|no_proxy|npm_config_registry|pip_index_url|pip_default_timeout)$/i;

/** Where the machine's own certificates are seen in a root, if it has some. */
const CERTIFICATES = '/run/certificates.crt';

/** How a command runs in a root. */
export interface RootCommand {
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The command's current folder. */
  readonly folder: string;
  /** User and group by number, like `1000:1000`. */
  readonly user: string;
  /** Default: the machine's. */
  readonly network?: 'none';
}

/**
 * Makes the root that stands for an image of Node.
 *
 * @param image like `node:24.21.0-trixie-slim`
 * @throws Error if the image is another, or a part cannot be fetched
 */
export async function makeRoot(image: string, root: string, signal: AbortSignal): Promise<void> {
  const [, version, suite] = /^node:(\d+\.\d+\.\d+)-(\w+)-slim$/.exec(image) ?? [];
  if (version === undefined || suite === undefined) throw new Error(`${image} is no image of Node that is known here`);
  expectSuccess(await runCommand('debootstrap', ['--variant=minbase', suite, root], signal), 'debootstrap');
  const local = join(root, 'usr', 'local');
  copyFileSync(await fetchNode(version, signal), join(local, 'bin', 'node'));
  const npm = join(local, 'lib', 'node_modules', 'npm');
  cpSync(await fetchProgram('npm', NPM, 'npm', signal), npm, { recursive: true });
  for (const name of ['npm', 'npx'])
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(local, 'bin', name));
  const all = { root, environment: { PATH }, folder: '/', user: '0:0' };
  // Node's images have the library of g++ that Node is linked with, and the user node, who is 1000.
  await inRoot(
    all,
    ['sh', '-c', 'apt-get update -q && apt-get install -qy --no-install-recommends libstdc++6'],
    signal,
  );
  await inRoot(all, ['useradd', '--uid', '1000', '--user-group', '--create-home', 'node'], signal);
}

/** Where programs are in Node's images. */
export const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Runs a command in a root, with processes and mounts of its own.
 *
 * @returns what it printed
 * @throws Error with the last line of its standard error if it fails
 */
export async function inRoot(at: RootCommand, words: readonly string[], signal: AbortSignal): Promise<CommandResult> {
  const { root, environment, folder, user, network } = at;
  const host = Object.entries(process.env).filter(([name]) => OF_THE_NETWORK.test(name));
  const certificates = process.env.NODE_EXTRA_CA_CERTS;
  const ours = certificates ? { NODE_EXTRA_CA_CERTS: CERTIFICATES, PIP_CERT: CERTIFICATES } : {};
  if (certificates) copyTo(root, certificates, CERTIFICATES);
  if (network !== 'none' && existsSync('/etc/resolv.conf')) copyTo(root, '/etc/resolv.conf', '/etc/resolv.conf');
  const variables = Object.entries({ ...Object.fromEntries(host), ...ours, ...environment });
  // Programs of the machine mount what a container has, and then leave the machine.
  const enter = [
    'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && mount -t tmpfs tmpfs "$0/tmp"',
    'user=$1 folder=$2; shift 2',
    `exec chroot --userspec="$user" "$0" /usr/bin/env --ignore-environment --chdir="$folder" "$@"`,
  ].join('\n');
  const apart = ['--mount', '--pid', '--fork', '--kill-child', ...(network === 'none' ? ['--net'] : [])];
  const called = [...variables.map(([name, value]) => `${name}=${value}`), ...words];
  const result = await runCommand('unshare', [...apart, 'sh', '-c', enter, root, user, folder, ...called], signal);
  return expectSuccess(result, words.join(' '));
}

function copyTo(root: string, source: string, target: string): void {
  mkdirSync(dirname(join(root, target)), { recursive: true });
  copyFileSync(source, join(root, target));
}

function expectSuccess(result: CommandResult, what: string): CommandResult {
  if (result.code === 0) return result;
  throw new Error(`${what}: ${failure(result)}`);
}

/** Writes a file into a root. */
export function writeInRoot(root: string, path: string, bytes: Buffer): void {
  writeFileSync(join(root, path), bytes);
}
