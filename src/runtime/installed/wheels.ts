/** The Python wheels with TensorFlow's and NVIDIA's libraries, pinned by hash; their sizes are measured. */
import { createHash } from 'node:crypto';
import { ExitCode, UserError } from '../../errors.ts';

/** Which TensorFlow is installed: the CPU build, the build for NVIDIA GPUs (which also runs on the CPU), or none. */
export type RuntimeKind = 'cpu' | 'gpu' | 'none';

/** Version of TensorFlow that set-up installs. */
export const TENSORFLOW_VERSION = '2.21.0';

/** A wheel of the Python package index. */
export interface Wheel {
  package: string;
  version: string;
  /** SHA-256 of the wheel file; pip refuses a file with another hash. */
  sha256: string;
  /** Platform tags; pip takes a file that has any of them. */
  platforms: readonly string[];
  /** Size of the download in megabytes (10⁶ bytes). */
  downloadMB: number;
  /** Size of the needed members on disk, in megabytes (10⁶ bytes). */
  unpackedMB: number;
}

/** A wheel of TensorFlow. */
function tensorflowWheel(
  name: string,
  platform: string,
  sha256: string,
  downloadMB: number,
  unpackedMB: number,
): Wheel {
  return { package: name, version: TENSORFLOW_VERSION, sha256, platforms: [platform], downloadMB, unpackedMB };
}

/** A wheel of one of NVIDIA's libraries for CUDA 12. */
function nvidiaWheel(name: string, version: string, sha256: string, downloadMB: number, unpackedMB: number): Wheel {
  const platforms = ['manylinux2010_x86_64', 'manylinux2014_x86_64', 'manylinux_2_27_x86_64'];
  return { package: `nvidia-${name}-cu12`, version, sha256, platforms, downloadMB, unpackedMB };
}

/**
 * CUDA 12 and cuDNN 9, the newest versions that TensorFlow 2.21.0's extra `and-cuda` allows. curand is left out: no
 * library needs it, and TensorFlow's run path does not lead to it.
 */
const CUDA_WHEELS: readonly Wheel[] = [
  nvidiaWheel('cublas', '12.9.3.13', 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72', 581, 855),
  nvidiaWheel('cuda-cupti', '12.8.90', 'ea0cb07ebda26bb9b29ba82cda34849e73c166c18162d3913575b0c9db9a6182', 10, 41),
  nvidiaWheel('cuda-nvcc', '12.9.86', '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0', 41, 35),
  nvidiaWheel('cuda-nvrtc', '12.9.86', '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4', 90, 227),
  nvidiaWheel('cuda-runtime', '12.9.79', '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3', 4, 1),
  nvidiaWheel('cudnn', '9.28.0.42', '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375', 717, 1162),
  nvidiaWheel('cufft', '11.4.1.4', 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28', 201, 294),
  nvidiaWheel('cusolver', '11.7.5.82', '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88', 338, 495),
  nvidiaWheel('cusparse', '12.5.10.65', '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78', 366, 487),
  nvidiaWheel('nccl', '2.32.3', 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c', 352, 474),
  nvidiaWheel('nvjitlink', '12.9.86', 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9', 40, 96),
];

const LINUX_X64_CPU = tensorflowWheel(
  'tensorflow-cpu',
  'manylinux_2_27_x86_64',
  '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  274,
  854,
);
const LINUX_X64_GPU = tensorflowWheel(
  'tensorflow',
  'manylinux_2_27_x86_64',
  '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
  572,
  1260,
);
const LINUX_ARM64 = tensorflowWheel(
  'tensorflow',
  'manylinux_2_27_aarch64',
  '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
  282,
  884,
);
const MACOS_ARM64 = tensorflowWheel(
  'tensorflow',
  'macosx_12_0_arm64',
  '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88',
  223,
  741,
);

/** The wheels of each platform (Node's `platform-arch`). TensorFlow's own wheel comes first in each list. */
export const RUNTIME_WHEELS: Readonly<Record<string, { cpu: readonly Wheel[]; gpu?: readonly Wheel[] }>> = {
  'linux-x64': { cpu: [LINUX_X64_CPU], gpu: [LINUX_X64_GPU, ...CUDA_WHEELS] },
  'linux-arm64': { cpu: [LINUX_ARM64] },
  'darwin-arm64': { cpu: [MACOS_ARM64] },
};

/** The wheels of a runtime; undefined if there is no runtime of that kind for the platform. */
export function wheelsOf(platform: string, kind: Exclude<RuntimeKind, 'none'>): readonly Wheel[] | undefined {
  return RUNTIME_WHEELS[platform]?.[kind];
}

/**
 * The wheels of a runtime.
 *
 * @throws UserError (device) naming the supported platforms if there is no runtime of that kind for this one
 */
export function requireWheels(platform: string, kind: Exclude<RuntimeKind, 'none'>): readonly Wheel[] {
  const wheels = wheelsOf(platform, kind);
  if (wheels !== undefined) return wheels;
  throw new UserError(
    kind === 'gpu' && wheelsOf(platform, 'cpu') !== undefined
      ? `TensorFlow has no CUDA build for ${platform}: RESNET_RUNTIME=gpu needs Linux x64, choose cpu.`
      : `TensorFlow has no build for ${platform}: it needs Linux x64 or arm64 with glibc, or macOS arm64.`,
    ExitCode.device,
  );
}

/** File names of TensorFlow's libraries, the same in all its wheels for a platform. */
export function tensorflowLibraries(platform: NodeJS.Platform): readonly string[] {
  const suffix = platform === 'darwin' ? '2.dylib' : 'so.2';
  return [`libtensorflow_cc.${suffix}`, `libtensorflow_framework.${suffix}`];
}

/**
 * Patterns of the members to unpack: TensorFlow's two libraries, the headers of its C interface, NVIDIA's shared
 * libraries, and the files that XLA needs to compile for a GPU. `g++ -M` on the package's binding and on TensorFlow's
 * `c_api*.h` and `eager/c_api*.h` names no other header. All four wheels of TensorFlow have these members; with
 * `RESNET_LONG=1` a test lists them.
 */
const WANTED_MEMBERS = [
  /^tensorflow\/libtensorflow_(cc|framework)\.(so\.2|2\.dylib)$/,
  /^tensorflow\/include\/tensorflow\/c\//,
  /^tensorflow\/include\/(tensorflow\/core|tsl)\/platform\/ctstring(_internal)?\.h$/,
  /^tensorflow\/include\/xla\/tsl\/c\//,
  /^nvidia\/\w+\/lib\/.*\.so/,
  /^nvidia\/cuda_nvcc\/(bin\/ptxas|nvvm\/libdevice\/.*)$/,
];

/**
 * Whether a member of a wheel is unpacked.
 *
 * @param member path inside the wheel, as in the zip archive
 */
export function isWanted(member: string): boolean {
  return !member.endsWith('/') && WANTED_MEMBERS.some((pattern) => pattern.test(member));
}

/** Name of a wheel's unpacked content in the cache; it changes with the wheel and with `WANTED_MEMBERS`. */
export function contentName(wheel: Wheel): string {
  const content = createHash('sha256')
    .update(`${wheel.sha256} ${WANTED_MEMBERS.join(' ')}`)
    .digest('hex');
  return `${wheel.package}-${wheel.version}-${content.slice(0, 16)}`;
}
