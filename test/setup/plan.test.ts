/** The choice of a runtime, and the wheels of each platform. */
import { describe, expect, test } from '@jest/globals';
import { requireWheels } from '../../src/runtime/installed/wheels.ts';
import { automaticKind } from '../../src/setup/plan.ts';

describe('the automatic choice of a runtime', () => {
  test('is the CUDA build on Linux x64 with NVIDIA’s driver, else the CPU build', () => {
    expect(automaticKind('linux-x64', true)).toBe('gpu');
    expect(automaticKind('linux-x64', false)).toBe('cpu');
  });

  test.each(['linux-arm64', 'darwin-arm64'])('is the CPU build on %s, with or without the driver', (platform) => {
    expect(automaticKind(platform, true)).toBe('cpu');
  });
});

describe('the wheels', () => {
  test('are TensorFlow’s alone for the CPU, and NVIDIA’s with it for the GPU', () => {
    expect(requireWheels('linux-x64', 'cpu').map((wheel) => wheel.package)).toEqual(['tensorflow-cpu']);
    const [first, ...others] = requireWheels('linux-x64', 'gpu').map((wheel) => wheel.package);
    expect(first).toBe('tensorflow');
    expect(others).toHaveLength(11);
    expect(others.every((name) => name.startsWith('nvidia-'))).toBe(true);
  });

  test.each(['linux-x64-musl', 'win32-x64', 'darwin-x64', 'linux-ppc64'])('do not exist for %s', (platform) => {
    expect(() => requireWheels(platform, 'cpu')).toThrow(
      `TensorFlow has no build for ${platform}: it needs Linux x64 or arm64 with glibc, or macOS arm64.`,
    );
  });

  test('do not exist for a GPU elsewhere than on Linux x64', () => {
    expect(() => requireWheels('linux-arm64', 'gpu')).toThrow('RESNET_RUNTIME=gpu needs Linux x64, choose cpu');
  });
});
