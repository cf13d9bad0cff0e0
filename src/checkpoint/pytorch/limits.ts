/** How much a file of PyTorch may ask for before it is refused. Tests lower these; no user can. */

/** Upper limits of what is read. */
export interface Limits {
  /** Bytes of the pickle, which is read whole. That of a ResNet-152 with Adam's moments has 0.5 MB. */
  readonly pickleBytes: number;
  /** Values that the pickle may put on its stack, in all; each takes up to some 200 bytes of memory. */
  readonly values: number;
  /** Open marks at a time: how deep lists and dictionaries may be nested while they are filled. */
  readonly depth: number;
  /** Values in the pickle's memo. */
  readonly memo: number;
  /** Bytes of one whole number. Python's random state and NumPy's have numbers of more than 8 bytes. */
  readonly numberBytes: number;
  /** Dimensions of a tensor: one with more is opaque. PyTorch's own limit is 64. */
  readonly dimensions: number;
  /** Entries of a zip file. */
  readonly entries: number;
  /** Bytes of the texts that this tool puts beside the tensors. */
  readonly metadataBytes: number;
  /** How many times the file's bytes the wanted tensors may take: several may share one storage. */
  readonly sharing: number;
}

export const LIMITS: Limits = {
  pickleBytes: 2 ** 26,
  values: 2 ** 21,
  depth: 1000,
  memo: 2 ** 20,
  numberBytes: 1024,
  dimensions: 64,
  entries: 100_000,
  metadataBytes: 2 ** 20,
  sharing: 16,
};
