/** The page `models/README.md`. */
import { basename } from 'node:path';
import { grouped } from '../src/numbers.ts';
import { BOXED_MODEL } from '../src/run/folder/boxed-model.ts';

/** What the page says of the model. */
export interface ModelFacts {
  readonly network: string;
  readonly recipe: string;
  readonly seed: number;
  readonly epoch: number;
  readonly accuracy: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
  /** The tool, the backend and the processor that trained it. */
  readonly madeBy: string;
}

/** The page in Markdown. */
export function modelPage({ network, recipe, seed, epoch, accuracy, bytes, sha256, madeBy }: ModelFacts): string {
  const name = basename(BOXED_MODEL.path);
  return `# The model in the box

\`${name}\` reads handwritten digits. \`resnet predict\` and \`resnet eval\` use it where there is no run, and say so in one line.

| | |
|---|---|
| network | ${network} |
| trained on | 55,000 of MNIST's training images; the other 5,000 chose the best epoch, the temperature and what is no digit |
| recipe | \`${recipe}\`, seed ${seed}; the best epoch is the ${epoch}th |
| accuracy on MNIST's test images | ${accuracy} |
| size | ${grouped(bytes)} bytes |
| SHA-256 | \`${sha256}\` |
| trained by | ${madeBy} |

The file is a checkpoint as \`resnet export --format safetensors\` writes one: weights, and what the commands need to know of them
(network, normalisation, temperature, what digits look like, settings, the hash of the data). It names no file and no machine.

## How it was made

In a clone, by two commands:

\`\`\`
npx resnet train --recipe ${recipe} --seed ${seed} --name mnist
npm run model -- mnist
\`\`\`

The second writes the file and this page. Done twice on one machine, both gave the same bytes. They depend on the tool's version, which is
in the file, and may depend on the kind of processor and on the number of threads.

## Licence

The weights are under Apache-2.0, as the tool is. They were learned from MNIST by Yann LeCun, Corinna Cortes and Christopher J. C. Burges,
which is under CC BY-SA 3.0; the file holds none of its images.
`;
}
