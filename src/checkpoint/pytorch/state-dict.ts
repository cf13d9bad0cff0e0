/** Finds the state dict in what was saved: bare, or under a key that trainers use. */
import { ExitCode, type Notice, UserError } from '../../errors.ts';
import { faultIn } from '../file-reading.ts';
import { quote } from '../quote.ts';
import { Dict, kindOf, Opaque, StoredTensor, type Value } from './values.ts';

/** Keys under which trainers save a state dict. */
const KEYS = ['state_dict', 'model', 'model_state', 'model_state_dict', 'net', 'state_dict_ema'];

const REMEDY = 'in PyTorch save the state dict instead: torch.save(model.state_dict(), PATH)';

/** Tensors by name. An opaque value among them is a tensor of a kind that is not known here. */
export type StateDict = ReadonlyMap<string, StoredTensor | Opaque>;

/**
 * The state dict of a file. Values in it that are no tensors are left out, and so are those whose keys are no texts.
 *
 * @param from the key under which it is wanted; default: the only one
 * @param notice called with the key that was chosen
 * @throws UserError (checkpoint) if there is none, (usage) if `from` is wrong, or there are several and none is chosen
 */
export function stateDictIn(top: Value, path: string, from: string | undefined, notice: Notice): StateDict {
  if (!(top instanceof Dict)) throw faultIn(path, `holds ${describe(top)}; ${REMEDY}`);
  const found = new Map<string, StateDict>();
  // Each dictionary is looked through once: a hostile file may give the same under a million keys.
  const seen = new Map<Dict, StateDict>();
  for (const [key, value] of top.items) {
    if (typeof key !== 'string' || !(value instanceof Dict)) continue;
    const tensors = seen.get(value) ?? tensorsIn(value);
    seen.set(value, tensors);
    if (tensors.size > 0) found.set(key, tensors);
  }
  const bare = tensorsIn(top);
  if (from !== undefined) return found.get(from) ?? refuse(from, found, path);
  const known = [...found.keys()].filter((key) => KEYS.includes(key));
  if (known.length === 1) {
    notice(`${path}: the weights are those under ${brief(known[0]!)}`);
    return found.get(known[0]!)!;
  }
  // A checkpoint may hold a single tensor, such as the best accuracy, beside its state dict.
  const isBare = [...found.values()].every(({ size }) => size <= bare.size);
  if (known.length > 1 || !isBare) {
    const keys = known.length > 1 ? known : [...found.keys()];
    throw new UserError(`${path}: tensors are under ${listed(keys)}; choose by --from KEY`, ExitCode.usage);
  }
  if (bare.size > 0) return bare;
  throw faultIn(path, `holds ${describeDict(top)}; ${REMEDY}`);
}

function tensorsIn({ items }: Dict): StateDict {
  const tensors = new Map<string, StoredTensor | Opaque>();
  for (const [name, value] of items) {
    const isTensor = value instanceof StoredTensor || (value instanceof Opaque && value.isTensor);
    if (typeof name === 'string' && isTensor) tensors.set(name, value);
  }
  return tensors;
}

/** What was saved, where it is no dictionary. */
function describe(value: Value): string {
  if (value instanceof StoredTensor) return 'a single tensor';
  if (!(value instanceof Opaque)) return kindOf(value);
  const what = value.isModule ? 'a whole network, whose code is not run,' : 'an object';
  return `${what} of class ${brief(value.name)}`;
}

/** What a dictionary without tensors holds. */
function describeDict({ items }: Dict): string {
  if (items.has('state') && items.has('param_groups')) return 'the state of an optimizer';
  for (const [key, value] of items) {
    if (value instanceof Opaque && value.isModule)
      return `${describe(value)} under ${brief(typeof key === 'string' ? key : kindOf(key))}`;
  }
  const keys = [...items.keys()].filter((key) => typeof key === 'string');
  return keys.length === 0 ? 'an empty dictionary' : `no tensors, but ${listed(keys)}`;
}

function refuse(from: string, found: ReadonlyMap<string, StateDict>, path: string): never {
  const there = found.size === 0 ? 'nowhere under a key; leave it out' : `under ${listed([...found.keys()])}`;
  throw new UserError(`--from ${brief(from)}: ${path} has no tensors there; they are ${there}`, ExitCode.usage);
}

/** Keys that are shown at most. */
const MOST_KEYS = 4;

function listed(keys: readonly string[]): string {
  const shown = keys.slice(0, MOST_KEYS).map(brief);
  const more = keys.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Characters of a key or a class that are shown at most. */
const MOST_CHARACTERS = 45;

/** A text of the file, quoted: cut shorter than `quote` does, because a message shows several. */
function brief(text: string): string {
  const quoted = quote(text);
  return quoted.length > MOST_CHARACTERS ? `${quoted.slice(0, MOST_CHARACTERS - 1)}…` : quoted;
}
