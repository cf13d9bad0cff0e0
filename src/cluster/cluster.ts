/** Who the workers of a run are, from flags or from the environment. */
import { ExitCode, UserError } from '../errors.ts';
import { addressOf, isLoopback, MAX_PORT, workerAddresses } from './addresses.ts';
import { placeText, type Workers, workersOfTfConfig } from './tf-config.ts';

/** The workers of a run: processes that train one network together. There are at least two. */
export interface Cluster {
  /** Which worker this process is, from 0. Rank 0 leads and writes. */
  readonly rank: number;
  /** `host:port` of each worker's TensorFlow server, by rank. */
  readonly addresses: readonly string[];
  /** The port of rank 0's control connection. Default: the next after its own that no worker of its host has. */
  readonly controlPort: number;
  /** How long the workers wait for one another at the start (seconds). Default: 300. */
  readonly startLimit: number;
  /** What all workers know and no stranger does: RESNET_CLUSTER_SECRET; undefined if all are on this machine. */
  readonly secret: string | undefined;
}

/** The flags that say who the workers are; the others of a command line are ignored. */
export interface ClusterFlags {
  /** `host:port` of each worker: a list, or one text with commas between. */
  readonly cluster?: string | readonly string[] | undefined;
  readonly rank?: number | undefined;
  readonly controlPort?: number | undefined;
  /** Seconds. */
  readonly startLimit?: number | undefined;
}

/** How long workers wait for one another (seconds). */
export const DEFAULT_START_LIMIT = 300;

/**
 * The cluster that flags name, otherwise the one that TF_CONFIG names. The secret is RESNET_CLUSTER_SECRET without white
 * space around it, since files and their variables often end in a line break.
 *
 * @param environment the process's variables
 * @returns undefined for one process: if no workers are named, or one
 * @throws UserError (usage) if addresses, rank, ports or TF_CONFIG cannot be, or if a secret is missing
 */
export function clusterOf(flags: ClusterFlags, environment: NodeJS.ProcessEnv): Cluster | undefined {
  const workers = workersOfFlags(flags) ?? workersOfTfConfig(environment.TF_CONFIG ?? '');
  if (workers === undefined) {
    if (flags.controlPort !== undefined) {
      fail(`--control-port ${flags.controlPort} is of no use without a cluster: give --cluster and --rank too`);
    }
    return undefined;
  }
  const { addresses, rank } = workers;
  if (addresses.length === 1) return undefined;
  const secret = environment.RESNET_CLUSTER_SECRET?.trim() || undefined;
  const remote = addresses.find((address) => !isLoopback(parts(address).host));
  if (remote !== undefined && secret === undefined) {
    fail(
      `worker ${addresses.indexOf(remote)} (${remote}) is on another machine, and RESNET_CLUSTER_SECRET is not set: set it to the same secret for every worker, for example from "openssl rand -hex 32"`,
    );
  }
  return {
    addresses,
    rank,
    controlPort: controlPortOf(addresses, flags.controlPort),
    startLimit: flags.startLimit ?? DEFAULT_START_LIMIT,
    secret,
  };
}

function fail(message: string): never {
  throw new UserError(message, ExitCode.usage);
}

/** The workers that `--cluster` and `--rank` name; undefined if neither is given. */
function workersOfFlags({ cluster, rank }: ClusterFlags): Workers | undefined {
  if (cluster === undefined) {
    if (rank !== undefined) fail(`--rank ${rank} names no cluster: give --cluster host:port,host:port,… too`);
    return undefined;
  }
  const addresses = workerAddresses(typeof cluster === 'string' ? cluster.split(',') : cluster, '--cluster');
  if (addresses.length === 0) fail('--cluster names no worker: give host:port of each');
  const [count, range] = [countText(addresses.length), placeText(addresses.length)];
  if (rank === undefined) fail(`--cluster names ${count}: give --rank too, ${range}`);
  if (!Number.isInteger(rank) || rank < 0 || rank >= addresses.length) {
    fail(`--rank ${rank} is not in the cluster of ${count}: give ${range}`);
  }
  return { addresses, rank };
}

function countText(workers: number): string {
  return workers === 1 ? '1 worker' : `${workers} workers`;
}

/** Host and port of a checked address. */
function parts(address: string): { host: string; port: number } {
  const found = addressOf(address);
  if (found === undefined) throw new Error(`${address} was not checked`);
  return found;
}

/** Rank 0's control port: `wish`, or the next port after its own. Workers of its host have theirs. */
function controlPortOf(addresses: readonly string[], wish: number | undefined): number {
  const [leader, ...others] = addresses.map(parts);
  const { host, port } = leader!;
  const isThere = (other: string) => other === host || (isLoopback(other) && isLoopback(host));
  const taken = [port, ...others.filter((other) => isThere(other.host)).map((other) => other.port)];
  if (wish !== undefined) {
    if (!Number.isInteger(wish) || wish < 1 || wish > MAX_PORT) {
      fail(`--control-port ${wish} is no port: give a whole number from 1 to ${MAX_PORT}`);
    }
    if (taken.includes(wish)) {
      fail(`--control-port ${wish} is a worker's port in the cluster: choose one that no worker on ${host} has`);
    }
    return wish;
  }
  let next = port + 1;
  while (taken.includes(next)) next++;
  if (next > MAX_PORT) fail(`there is no port after worker 0's ${port}: choose one by --control-port`);
  return next;
}
