/** The Dockerfile: `npm run check:docker` lints it and carries it out, which takes minutes; here is what needs neither. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { readDockerfile } from '../../scripts/check-docker/dockerfile.ts';

const stages = readDockerfile(readFileSync('Dockerfile', 'utf8'));
const last = stages.at(-1);

/** The texts of a stage's instructions of this name. */
function textsOf(stage: (typeof stages)[number] | undefined, name: string): string[] {
  return (stage?.instructions ?? []).filter((each) => each.name === name).map(({ text }) => text);
}

test('the Dockerfile takes one pinned Node for all stages, which the tests run too', () => {
  const [image, ...others] = new Set(stages.map((stage) => stage.image));
  expect(others).toEqual([]);
  const [, version = ''] = /^node:(\d+\.\d+\.\d+)-\w+-slim$/.exec(image ?? '') ?? [];
  expect(readFileSync('scripts/test-nodes.ts', 'utf8')).toContain(`'${version}'`);
});

test('the image runs resnet as a user by number, in a folder of its own, and installs nothing more', () => {
  expect(textsOf(last, 'ENTRYPOINT')).toEqual(['["resnet"]']);
  expect(textsOf(last, 'USER')).toEqual(['1000:1000']);
  expect(textsOf(last, 'WORKDIR')).toEqual(['/work']);
  expect(textsOf(last, 'RUN').join()).not.toMatch(/apt-get|npm|pip/);
});

test('lines that continue are one instruction, and comments are none', () => {
  const text = '# first\nFROM node:1 AS a\nRUN one \\\n  && two\n# between\n\nFROM a\nUSER 1';
  expect(readDockerfile(text)).toEqual([
    { image: 'node:1', name: 'a', instructions: [{ name: 'RUN', text: 'one   && two' }] },
    { image: 'a', name: undefined, instructions: [{ name: 'USER', text: '1' }] },
  ]);
  expect(() => readDockerfile('RUN one')).toThrow('before the first FROM: RUN one');
});
