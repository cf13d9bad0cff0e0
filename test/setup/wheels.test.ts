/** The members of a wheel that are unpacked, and TensorFlow's wheels themselves. */
import { describe, expect, test } from '@jest/globals';
import { isWanted, RUNTIME_WHEELS, tensorflowLibraries } from '../../src/runtime/installed/wheels.ts';
import { withTemporaryFolder } from '../../src/setup/cache.ts';
import { downloadWheel } from '../../src/setup/download.ts';
import { listMembers } from '../../src/setup/unpack.ts';

describe('unpacking a wheel', () => {
  test.each([
    'tensorflow/libtensorflow_cc.so.2',
    'tensorflow/libtensorflow_framework.2.dylib',
    'tensorflow/include/tensorflow/c/eager/c_api.h',
    'tensorflow/include/xla/tsl/c/tsl_status.h',
    'nvidia/cudnn/lib/libcudnn.so.9',
    'nvidia/cuda_nvcc/bin/ptxas',
  ])('keeps %s', (member) => expect(isWanted(member)).toBe(true));

  test.each([
    'tensorflow/python/_pywrap_tensorflow_common.so',
    'tensorflow/include/tensorflow/core/framework/tensor.h',
    'tensorflow/include/tensorflow/c/',
    'nvidia/cuda_runtime/lib/libcudart_static.a',
    'nvidia/cublas/include/cublas.h',
  ])('leaves %s out', (member) => expect(isWanted(member)).toBe(false));
});

/** Headers that `g++ -M` names for the package's binding. */
const HEADERS = [
  ...['c_api', 'c_api_macros', 'eager/c_api', 'tf_attrtype', 'tf_buffer', 'tf_datatype', 'tf_status', 'tf_tensor'].map(
    (name) => `tensorflow/c/${name}.h`,
  ),
  'tensorflow/c/tf_tstring.h',
  'tensorflow/core/platform/ctstring.h',
  'tensorflow/core/platform/ctstring_internal.h',
  'tsl/platform/ctstring.h',
  'tsl/platform/ctstring_internal.h',
  'xla/tsl/c/tsl_status.h',
].map((path) => `tensorflow/include/${path}`);

const long = process.env.RESNET_LONG === '1' ? test : test.skip;

describe('TensorFlow’s wheel', () => {
  const wheels = Object.entries(RUNTIME_WHEELS).flatMap(([platform, kinds]) =>
    Object.entries(kinds).map(([kind, [wheel]]) => ({ platform, kind, wheel: wheel! })),
  );

  long.each(wheels)(
    'for $platform ($kind) can be fetched by its hash and holds the libraries and headers',
    async ({ platform, wheel }) => {
      const members = await withTemporaryFolder(async (folder) =>
        listMembers(await downloadWheel(wheel, folder, new AbortController().signal, () => {})),
      );
      const system = platform.split('-')[0] as NodeJS.Platform;
      const libraries = tensorflowLibraries(system).map((name) => `tensorflow/${name}`);
      expect(members.filter(isWanted)).toEqual(expect.arrayContaining([...libraries, ...HEADERS]));
    },
    600_000,
  );
});
