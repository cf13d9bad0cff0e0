/** Faults that are no part of the suite: `table.test.ts` makes a table of them. */
import { expect } from '@jest/globals';
import { testFault } from './fault.ts';

testFault('a fault that is survived', 'hash abc', (see) => see('hash abc'));
testFault('a fault that is not', 'hash abc', (see) => {
  see('hash def');
  expect('def').toBe('abc');
});
testFault('a fault whose check fails before it has seen anything', 'exit 3', () => {
  throw new Error('no such command');
});
testFault('a hang', 'exit 3', () => new Promise<void>(() => {}), { timeoutSeconds: 0.2 });
testFault('a fault that this machine cannot make', 'exit 5', () => {}, { skip: 'only on another' });
