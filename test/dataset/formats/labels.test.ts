/** Labels: bare numbers, names of classes, and the narrowest type that holds them. */
import { expect, test } from '@jest/globals';
import { bareLabels, nameClasses, toLabels } from '../../../src/dataset/formats/labels.ts';

const at = (index: number) => `labels[${index}]`;

test('labels of up to 256 classes are bytes, of more than that numbers of 16 bits', () => {
  expect(toLabels([0, 255], 256)).toEqual(Uint8Array.of(0, 255));
  expect(toLabels([0, 256], 257)).toEqual(Uint16Array.of(0, 256));
  expect(bareLabels([255], {}, at)).toEqual(Uint8Array.of(255));
  expect(bareLabels([65_534], {}, at)).toEqual(Uint16Array.of(65_534));
});

test('the first label without a class is named, with what to do', () => {
  expect(() => bareLabels([0, 10, -1], { classes: 10 }, at)).toThrow(
    'labels[1]: label 10, but there are 10 classes: give',
  );
  expect(() => bareLabels([0, 2], { classNames: ['a', 'b'] }, at)).toThrow(
    'labels[1]: label 2, but only 2 classes have',
  );
  expect(() => bareLabels([65_535], {}, at)).toThrow('labels[0]: label 65535, but labels run to 65534 at most');
  expect(() => bareLabels([1.5], {}, at)).toThrow('labels[0]: label 1.5; labels are whole numbers from 0');
});

test('65,535 classes may have names, and no more', () => {
  const names = Array.from({ length: 65_535 }, (_, i) => `class ${i}`);
  expect(nameClasses(names, {}, 'data').labelOf.get('class 65534')).toBe(65_534);
  expect(() => nameClasses([...names, 'one more'], {}, 'data')).toThrow('data: has 65536 classes, at most 65535');
});

test('a name that breaks the line does not break the message', () => {
  expect(() => nameClasses(['a\nb', 'a\nb'], {}, 'data')).toThrow('data: "a\\u000ab" is the name of two classes');
});

test('names that are those of a model are not said to be the user’s', () => {
  const ofModel = { classNames: ['ant', 'bee'], modelClasses: 2 };
  expect(() => nameClasses(['ant', 'cow'], ofModel, 'data')).toThrow(
    'data: holds the class "cow", that the model was not trained with; rename or remove it',
  );
  expect(() => nameClasses(['ant'], ofModel, 'data')).toThrow(
    'data: holds no class "bee", that the model was trained with; give the data that it was trained on',
  );
  expect(() => nameClasses(['ant'], { classNames: ['ant', 'bee'] }, 'data')).toThrow(
    'data: holds no class "bee", which --class-names has; remove its name',
  );
});
