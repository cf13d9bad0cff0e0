/** Limits of control groups are found in the texts that Linux writes, in both versions and inside containers. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { groupLimits, parseGroups, parseMounts } from '../../src/memory/control-groups.ts';

/** Reads files from an object. */
const reader = (files: Readonly<Record<string, string>>) => (path: string) => files[path];

/** A line of mountinfo. */
const mount = (root: string, folder: string, kind: string) =>
  `36 31 0:33 ${root} ${folder} rw,nosuid shared:9 - ${kind}`;

const V2 = 'cgroup2 cgroup2 rw,nsdelegate';
const V1 = 'cgroup cgroup rw,memory';

describe('the limits of control groups', () => {
  test('of version 2 are those of the own group and of all groups around it', () => {
    const read = reader({
      '/proc/self/cgroup': '0::/user.slice/job.scope\n',
      '/proc/self/mountinfo': `${mount('/', '/', 'ext4 /dev/sda1 rw')}\n${mount('/', '/sys/fs/cgroup', V2)}\n`,
      '/sys/fs/cgroup/user.slice/job.scope/memory.max': 'max\n',
      '/sys/fs/cgroup/user.slice/memory.max': '4294967296\n',
      '/sys/fs/cgroup/user.slice/memory.current': '1000000000\n',
      '/sys/fs/cgroup/user.slice/memory.stat': 'anon 1\ninactive_file 400000000\nactive_file 7\n',
    });
    const path = '/sys/fs/cgroup/user.slice/memory.max';
    expect(groupLimits(read)).toEqual([{ path, limitBytes: 2 ** 32, usedBytes: 600_000_000 }]);
  });

  test('of version 1 are those of the hierarchy that counts memory; a group without a limit has none', () => {
    const read = reader({
      '/proc/self/cgroup': '9:name=systemd:/\n5:cpu,cpuacct:/other\n4:memory:/box/inner\n0::/\n',
      '/proc/self/mountinfo': `${mount('/', '/sys/fs/cgroup/cpu', 'cgroup cgroup rw,cpu')}\n${mount('/', '/sys/fs/cgroup/memory', V1)}\n`,
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      '/sys/fs/cgroup/memory/box/memory.limit_in_bytes': '2147483648\n',
      '/sys/fs/cgroup/memory/box/memory.usage_in_bytes': '500\n',
      '/sys/fs/cgroup/memory/box/memory.stat': 'inactive_file 3\ntotal_inactive_file 100\n',
      '/sys/fs/cgroup/memory/box/inner/memory.limit_in_bytes': '1073741824\n',
      '/sys/fs/cgroup/memory/box/inner/memory.usage_in_bytes': '300\n',
    });
    expect(groupLimits(read)).toEqual([
      { path: '/sys/fs/cgroup/memory/box/inner/memory.limit_in_bytes', limitBytes: 2 ** 30, usedBytes: 300 },
      { path: '/sys/fs/cgroup/memory/box/memory.limit_in_bytes', limitBytes: 2 ** 31, usedBytes: 400 },
    ]);
  });

  test.each([
    { seen: 'by its path outside', cgroup: '4:memory:/docker/0123\n', root: '/docker/0123' },
    { seen: 'by a path that leads out of it', cgroup: '4:memory:/../other\n', root: '/' },
    { seen: 'as the root', cgroup: '4:memory:/\n', root: '/' },
  ])('of a container are found at the root of its mount: its own group, seen $seen', ({ cgroup, root }) => {
    const read = reader({
      '/proc/self/cgroup': cgroup,
      '/proc/self/mountinfo': mount(root, '/sys/fs/cgroup/memory', V1),
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '1000000000\n',
      '/sys/fs/cgroup/memory/memory.usage_in_bytes': '1\n',
    });
    expect(groupLimits(read).map(({ limitBytes }) => limitBytes)).toEqual([1e9]);
  });

  test('are none where there is no /proc, as on macOS and Windows', () => {
    expect(groupLimits(() => undefined)).toEqual([]);
  });

  test('are read from any text without an error', () => {
    const anyText = fc.string({ unit: 'binary' });
    const line = fc.oneof(
      anyText,
      fc.constantFrom('0::/a/b', '4:memory:/x', mount('/', '/g', V2), mount('/y', '/g', V1)),
    );
    const text = fc.array(line).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, fc.option(anyText), (groups, mounts, content) => {
        const files: Record<string, string> = { '/proc/self/cgroup': groups, '/proc/self/mountinfo': mounts };
        for (const { limitBytes, usedBytes } of groupLimits((path) => files[path] ?? content ?? undefined)) {
          expect(limitBytes).toBeGreaterThanOrEqual(0);
          expect(usedBytes).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});

test('a group’s path may hold any character but a line’s end', () => {
  const path = fc.string().filter((text) => !/[\n\r\u2028\u2029]/.test(text));
  fc.assert(
    fc.property(path, (rest) => expect(parseGroups(`0::/${rest}`)).toEqual([{ version: 2, path: `/${rest}` }])),
  );
});

test('a mount’s folder may hold spaces, which mountinfo writes in octal', () => {
  expect(parseMounts(mount('/', '/a\\040b', V2))).toEqual([{ version: 2, root: '/', folder: '/a b' }]);
});
