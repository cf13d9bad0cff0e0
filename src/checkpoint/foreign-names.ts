/**
 * The names of another tool's tensors, made plain: without the prefixes of what had wrapped the network, and as
 * torchvision spells them where Hugging Face spells them otherwise.
 */
import type { Notice } from '../errors.ts';
import { quote } from './quote.ts';
import type { FileOutline } from './scan.ts';

/** Prefixes of wrappers: DataParallel, torch.compile, and modules that hold the network as a field. */
const WRAPPERS = ['module.', '_orig_mod.', 'model.', 'net.'];

/** The counter that `torch.optim.swa_utils.AveragedModel` puts beside the network. */
const AVERAGE_COUNT = 'n_averaged';

/** Hugging Face's spelling of a ResNet's names (`ResNetForImageClassification`, transformers 5), and torchvision's. */
const HUGGING_FACE: readonly (readonly [spelling: RegExp, torchvision: (groups: readonly string[]) => string])[] = [
  [/^resnet\.embedder\.embedder\.convolution\./, () => 'conv1.'],
  [/^resnet\.embedder\.embedder\.normalization\./, () => 'bn1.'],
  [
    /^resnet\.encoder\.stages\.(\d)\.layers\.(\d+)\.shortcut\.(convolution|normalization)\./,
    ([stage, block, kind]) => `layer${Number(stage) + 1}.${block}.downsample.${kind === 'convolution' ? 0 : 1}.`,
  ],
  [
    /^resnet\.encoder\.stages\.(\d)\.layers\.(\d+)\.layer\.(\d)\.(convolution|normalization)\./,
    ([stage, block, layer, kind]) =>
      `layer${Number(stage) + 1}.${block}.${kind === 'convolution' ? 'conv' : 'bn'}${Number(layer) + 1}.`,
  ],
  [/^classifier\.1\./, () => 'fc.'],
];

/**
 * Plain names of a file's tensors: the aliases of safetensors' `save_model` are followed, the counter of an
 * AveragedModel is dropped, prefixes that all names have are taken off, and Hugging Face's names become torchvision's.
 *
 * @param notice called if names were changed
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
  const isHuggingFace = all.length > 0 && all.every((name) => torchvisionName(name.slice(prefix.length)) !== undefined);
  if (isHuggingFace) notice(`${path}: its names are those of Hugging Face's ResNet; they are read as torchvision's`);
  const plain = (name: string) => {
    const bare = name.slice(prefix.length);
    return (isHuggingFace && torchvisionName(bare)) || bare;
  };
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

/** @returns torchvision's spelling of one of Hugging Face's names; undefined if it is none of them */
function torchvisionName(name: string): string | undefined {
  for (const [spelling, torchvision] of HUGGING_FACE) {
    const match = spelling.exec(name);
    if (match) return torchvision(match.slice(1)) + name.slice(match[0].length);
  }
  return undefined;
}
