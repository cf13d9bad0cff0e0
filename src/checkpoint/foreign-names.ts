/** The names of another tool's tensors, made plain: without the prefixes of what had wrapped the network. */
import type { Notice } from '../errors.ts';
import { quote } from './quote.ts';
import type { FileOutline } from './scan.ts';

/** Prefixes of wrappers: DataParallel, torch.compile, and modules that hold the network as a field. */
const WRAPPERS = ['module.', '_orig_mod.', 'model.', 'net.'];

/** The counter that `torch.optim.swa_utils.AveragedModel` puts beside the network. */
const AVERAGE_COUNT = 'n_averaged';

/**
 * Plain names of a file's tensors: the aliases of safetensors' `save_model` are followed, the counter of an
 * AveragedModel is dropped, and prefixes that all names have are taken off.
 *
 * @param notice called if a prefix was taken off
 * @returns by each name in the file, the plain names of its tensor
 */
export function plainNames(
  { tensors, metadata }: FileOutline,
  path: string,
  notice: Notice,
): ReadonlyMap<string, readonly string[]> {
  const stored = [...tensors.keys()].filter((name) => name !== AVERAGE_COUNT);
  // `save_model` keeps one of several names that share memory, and notes the others as texts: dropped → kept.
  const aliases = [...metadata].filter(([dropped, kept]) => tensors.has(kept) && !tensors.has(dropped));
  const all = [...stored, ...aliases.map(([dropped]) => dropped)];
  const prefix = commonWrapper(all);
  if (prefix !== '') notice(`${path}: all names begin with ${quote(prefix)}, which is taken off`);
  const plain = (name: string) => name.slice(prefix.length);
  const names = new Map(stored.map((name) => [name, [plain(name)]]));
  for (const [dropped, kept] of aliases) names.get(kept)?.push(plain(dropped));
  return names;
}

/** The longest row of wrappers' prefixes that all names begin with. */
function commonWrapper(names: readonly string[]): string {
  let prefix = '';
  for (;;) {
    const next = WRAPPERS.find((wrapper) => names.every((name) => name.startsWith(prefix + wrapper)));
    if (next === undefined || names.length === 0) return prefix;
    prefix += next;
  }
}
