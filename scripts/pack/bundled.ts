/** The npm packages that the tarball brings along in a pruned form, and which of their files the tool loads. */

/** A package in the tarball. */
export interface BundledPackage {
  /** Its folder in the clone's node_modules; default: its name. */
  readonly from?: string;
  /** Paths of the files that are kept besides package.json and licences. */
  readonly keeps: RegExp;
  /**
   * Texts of its licence, if it is published without: `apache` is this project's own, others are in the folder
   * `licences` beside this file.
   */
  readonly licence?: readonly string[];
}

/** A part of TensorFlow.js: of its builds, whose source maps alone make up most of 290 MB, the one that Node loads. */
function tensorflowPart(file: string, ...licence: string[]): BundledPackage {
  return { keeps: RegExp(`^dist/${file}$`), licence: [...licence, 'apache'] };
}

/**
 * The packages by their names. All that they load of one another is among them, so npm fetches none of their other
 * dependencies. Some are loaded by few commands only: test/package/ runs those from an installed tarball.
 */
export const BUNDLED: Readonly<Record<string, BundledPackage>> = {
  '@mapbox/node-pre-gyp': { keeps: /^index\.js$/, licence: ['apache'] },
  '@tensorflow/tfjs': tensorflowPart('tf\\.node\\.js'),
  '@tensorflow/tfjs-backend-cpu': tensorflowPart('tf-backend-cpu\\.node\\.js'),
  '@tensorflow/tfjs-backend-wasm': tensorflowPart('(tf-backend-wasm\\.node\\.js|[^/]*\\.wasm)'),
  '@tensorflow/tfjs-backend-webgl': tensorflowPart('tf-backend-webgl\\.node\\.js'),
  '@tensorflow/tfjs-converter': tensorflowPart('tf-converter\\.node\\.js'),
  '@tensorflow/tfjs-core': tensorflowPart('tf-core\\.node\\.js'),
  '@tensorflow/tfjs-data': tensorflowPart('tf-data\\.node\\.js'),
  '@tensorflow/tfjs-layers': tensorflowPart('tf-layers\\.node\\.js', 'tfjs-layers'),
  // Set-up compiles the sources in binding/. Without binding.gyp: for that npm would run node-gyp.
  '@tensorflow/tfjs-node-gpu': {
    keeps: /^(binding\/.*|dist\/.*(?<!_test|\/run_tests)\.js)$/,
    licence: ['apache'],
  },
  'dejavu-fonts-ttf': { keeps: /^(ttf\/DejaVuSans\.ttf|fontconfig\/57-dejavu-sans\.conf)$/ },
  echarts: { keeps: /^(index\.js|lib\/.*\.js)$/ },
  'google-protobuf': { keeps: /^google-protobuf\.js$/ },
  long: { keeps: /^src\/long\.js$/ },
  progress: { keeps: /^(index|lib\/node-progress)\.js$/ },
  seedrandom: { keeps: /^((index|seedrandom|lib\/[^/]+)\.js|README\.md)$/ }, // its licence is in its README
  tslib: { from: 'echarts/node_modules/tslib', keeps: /^(tslib\.js|modules\/.*)$/ },
  zrender: { keeps: /^(index\.js|lib\/.*\.js)$/ },
};
