/** Tests of matching the classes of data with those of a model. */
import { describe, expect, test } from '@jest/globals';
import { withClassesOf } from '../../src/evaluation/match-classes.ts';
import { METADATA } from '../checkpoint/example.ts';
import { datasetOf } from '../support/datasets.ts';

const notices: string[] = [];
const notice = (message: string) => notices.push(message);

function modelOf(classNames: readonly string[] | undefined, classes = classNames?.length ?? 10) {
  return { metadata: { ...METADATA, classNames }, architecture: { ...METADATA.architecture, classes } as never };
}

function dataOf(labels: number[], classNames: readonly string[] | undefined) {
  return { ...datasetOf(new Uint8Array(labels.length), Uint8Array.from(labels), 1, 1), source: 'pets', classNames };
}

describe('classes are matched by name', () => {
  test('whatever their numbers are: data that lack a class, in another order', () => {
    const matched = withClassesOf(modelOf(['ant', 'bee', 'cat']), dataOf([0, 1, 0], ['cat', 'ant']), 'best', notice);
    expect([...matched.labels]).toEqual([2, 0, 2]);
    expect(matched.classNames).toEqual(['ant', 'bee', 'cat']);
    expect(matched.classes).toBe(3);
  });

  test('of a model with more than 256 classes', () => {
    const names = Array.from({ length: 300 }, (_, index) => `class ${index}`);
    const matched = withClassesOf(modelOf(names), dataOf([1, 0], ['class 7', 'class 299']), 'best', notice);
    expect([...matched.labels]).toEqual([299, 7]);
  });

  test('and a class that the model does not know is refused (exit 3)', () => {
    const data = dataOf([0, 1], ['ant', 'dog']);
    expect(() => withClassesOf(modelOf(['ant', 'bee', 'cat']), data, 'best', notice)).toThrow(
      expect.objectContaining({
        code: 3,
        message: 'pets: class dog is not one that best knows (ant, bee, cat); give data with its classes',
      }),
    );
  });

  test('but one without images does not matter', () => {
    const matched = withClassesOf(modelOf(['ant', 'bee']), dataOf([0, 0], ['bee', 'dog']), 'best', notice);
    expect([...matched.labels]).toEqual([1, 1]);
  });
});

describe('classes are matched by number', () => {
  test('if the data have bare numbers: they get the model’s names, and the user is told', () => {
    notices.length = 0;
    const matched = withClassesOf(modelOf(['ant', 'bee']), dataOf([1, 0], undefined), 'best', notice);
    expect([...matched.labels]).toEqual([1, 0]);
    expect(matched.classNames).toEqual(['ant', 'bee']);
    expect(notices).toEqual(['pets: labels are numbers, taken as the classes of best: ant, bee']);
  });

  test('if the model has none, and the user is told in which order', () => {
    notices.length = 0;
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    expect(withClassesOf(modelOf(undefined), dataOf([6], names), 'best', notice).classNames).toEqual(names);
    withClassesOf(modelOf(undefined), dataOf([5], names.slice(0, 6)), 'best', notice);
    expect(notices).toEqual([
      'best does not name its classes: taken in this order are a, b, c, d, e and 2 others',
      'best does not name its classes: taken in this order are a, b, c, d, e and 1 other',
    ]);
  });
});
