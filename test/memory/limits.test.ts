/** The limits on this process's memory: the machine's, control groups' and that of the address space. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addressLimit, kibibytesIn, memoryLimits, usualDataMemory } from '../../src/memory/limits.ts';

const MEMINFO =
  'MemTotal:       24683656 kB\nMemFree:        21620548 kB\nMemAvailable:   20971520 kB\nBuffers: 1 kB\n';
const STATUS = 'Name:\tnode\nVmPeak:\t 1200000 kB\nVmSize:\t 1048576 kB\nVmRSS:\t  102400 kB\nThreads:\t11\n';
const LIMITS = (bytes: string) =>
  'Limit                     Soft Limit           Hard Limit           Units     \n' +
  'Max resident set          unlimited            unlimited            bytes     \n' +
  `Max address space         ${bytes.padEnd(20)} unlimited            bytes     \n`;

const MEBIBYTE = 2 ** 20;

/** Limits of a machine with 20 GiB free, of a process that takes 100 MiB of them more. */
function limitsWith(files: Readonly<Record<string, string>>) {
  const all: Record<string, string> = { '/proc/meminfo': MEMINFO, '/proc/self/status': STATUS, ...files };
  return memoryLimits((path) => all[path]);
}

test('the machine’s limit is what is free, and what the process has already', () => {
  expect(limitsWith({})).toEqual([{ bytes: (20 * 1024 + 100) * MEBIBYTE, which: 'is free on this machine' }]);
});

test('a control group’s limit is what the others in the group have left', () => {
  const [, group] = limitsWith({
    '/proc/self/cgroup': '0::/a',
    '/proc/self/mountinfo': '36 31 0:33 / /cg rw - cgroup2 cgroup2 rw',
    '/cg/a/memory.max': String(4096 * MEBIBYTE),
    '/cg/a/memory.current': String(1124 * MEBIBYTE),
  });
  expect(group).toEqual({ bytes: 3072 * MEBIBYTE, which: "is left of the control group's 4.0 GiB (/cg/a/memory.max)" });
});

test('of the address space is counted what is left beyond the addresses that are taken without memory', () => {
  const [, addresses] = limitsWith({ '/proc/self/limits': LIMITS(String(3072 * MEBIBYTE)) });
  expect(addresses).toEqual({
    bytes: (3072 - (1024 - 100) - 600) * MEBIBYTE,
    which: 'is left of the 3.0 GiB of address space (ulimit -v)',
  });
  expect(limitsWith({ '/proc/self/limits': LIMITS('1000000') })[1]?.bytes).toBe(0);
  expect(limitsWith({ '/proc/self/limits': LIMITS('unlimited') })).toHaveLength(1);
});

test('images take a quarter of the least limit unless the user says', () => {
  const files: Record<string, string> = { '/proc/meminfo': MEMINFO, '/proc/self/status': STATUS };
  expect(usualDataMemory((path) => files[path])).toBe(((20 * 1024 + 100) / 4) * MEBIBYTE);
  files['/proc/self/limits'] = LIMITS(String(3072 * MEBIBYTE));
  expect(usualDataMemory((path) => files[path])).toBe(((3072 - (1024 - 100) - 600) / 4) * MEBIBYTE);
});

test('where there is no /proc, the limit is the memory of the machine', () => {
  const [machine, ...others] = memoryLimits(() => undefined);
  expect(machine?.which).toBe('is in this machine');
  expect(machine?.bytes).toBeGreaterThan(2 ** 28);
  expect(others).toEqual([]);
});

test('any limit that the system can write is read, and any other text means none', () => {
  fc.assert(fc.property(fc.nat(), (bytes) => expect(addressLimit(LIMITS(String(bytes)))).toBe(bytes)));
  fc.assert(fc.property(fc.nat(), (size) => expect(kibibytesIn(`A: 1 kB\nB:\t${size} kB\n`, 'B')).toBe(1024 * size)));
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect([addressLimit(text), kibibytesIn(text, 'VmRSS')]).toEqual([undefined, undefined]);
    }),
  );
});
