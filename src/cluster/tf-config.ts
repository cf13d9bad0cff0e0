/** TF_CONFIG: the cluster as Kubernetes' TFJob and TensorFlow's MultiWorkerMirroredStrategy describe it. */
import { quote } from '../checkpoint/quote.ts';
import { ExitCode, UserError } from '../errors.ts';
import { workerAddresses } from './addresses.ts';

/** The workers, and which of them this process is. */
export interface Workers {
  /** `host:port` of each worker, by rank. */
  readonly addresses: readonly string[];
  readonly rank: number;
}

/** The roles of tasks that train, in the order of their ranks: the chief, if there is one, is worker 0. */
const TRAINING_ROLES = ['chief', 'worker'] as const;

/** What to do about other roles that TensorFlow knows. */
const ADVICE: Readonly<Record<string, string>> = {
  ps: 'every worker holds all weights, so leave the parameter servers out',
  evaluator: 'the workers share the validation, so leave the evaluator out',
  master: 'name its task chief',
};

/**
 * Reads the value of TF_CONFIG. Other fields than `cluster` and `task`, such as `environment`, are ignored.
 *
 * @returns undefined if it names no cluster
 * @throws UserError (usage) if it is no JSON, or has roles, addresses or a task that cannot be
 */
export function workersOfTfConfig(text: string): Workers | undefined {
  if (text.trim() === '') return undefined;
  const { cluster, task, sparseCluster } = fieldsOf(parsed(text), 'TF_CONFIG');
  if (sparseCluster !== undefined) refuse('has a sparseCluster', 'set enableDynamicWorker: false in the TFJob');
  if (cluster === undefined) return undefined;
  const jobs = fieldsOf(cluster, 'its cluster');
  if (Object.keys(jobs).length === 0) return undefined;
  for (const role of Object.keys(jobs)) requireTrainingRole(role);
  const tasks = TRAINING_ROLES.flatMap((role) => textsOf(jobs[role], role).map((address) => ({ role, address })));
  if (tasks.filter(({ role }) => role === 'chief').length > 1) refuse('has several chiefs', 'name one chief at most');
  const addresses = workerAddresses(
    tasks.map(({ address }) => address),
    'TF_CONFIG',
  );
  const advice = 'say which of its cluster this process is, as "task":{"type":"worker","index":0}';
  if (task === undefined || task === null) refuse('names no task', advice);
  const { type, index } = fieldsOf(task, 'its task');
  if (type === undefined) refuse('names no type of its task', advice);
  if (index === undefined) refuse('names no index of its task', advice);
  if (typeof type !== 'string') refuse(`has the task type ${quote(type)}`, 'write chief or worker');
  requireTrainingRole(type);
  const place = typeof index === 'string' && /^\d+$/.test(index) ? Number(index) : index;
  const first = tasks.findIndex(({ role }) => role === type);
  const members = tasks.filter(({ role }) => role === type).length;
  if (typeof place !== 'number' || !Number.isInteger(place) || place < 0 || place >= members) {
    refuse(
      `has the task index ${quote(index)}`,
      members > 0 ? `give ${placeText(members)}` : `give that of a ${type}, and its cluster has none`,
    );
  }
  return { addresses, rank: first + place };
}

/** Which places there are among some: `a whole number from 0 to 3`. */
export function placeText(count: number): string {
  return count === 1 ? '0' : `a whole number from 0 to ${count - 1}`;
}

function refuse(fault: string, advice: string): never {
  throw new UserError(`TF_CONFIG ${fault}: ${advice}`, ExitCode.usage);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(
      `TF_CONFIG is not JSON (${quote(text)}): set it to {"cluster":{"worker":["host:port",…]},"task":{"type":"worker","index":0}}, or unset it`,
      ExitCode.usage,
      { cause: error },
    );
  }
}

/** The fields of an object. */
function fieldsOf(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.fromEntries(Object.entries(value));
  const place = name === 'TF_CONFIG' ? 'is' : `has as ${name}`;
  return refuse(`${place} ${quote(value)}`, 'write an object in braces');
}

/** The texts of an array; none if there is no array. */
function textsOf(value: unknown, role: string): readonly string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  return refuse(`has as ${role} ${quote(value)}`, 'write an array of texts host:port');
}

/** TensorFlow ends the process at some names of jobs, so none but known ones are taken. */
function requireTrainingRole(role: string): void {
  if (TRAINING_ROLES.some((each) => each === role)) return;
  const advice = Object.hasOwn(ADVICE, role) ? ADVICE[role] : 'name only tasks of chief and worker';
  refuse(`has the role ${quote(role)}`, `resnet trains on a chief and workers alone; ${advice}`);
}
