/**
 * Stands in for `@mapbox/node-pre-gyp` in `@tensorflow/tfjs-node-gpu`, which asks it one thing: where the compiled
 * binding is. So the real one and 24 packages that only it needs, in order to fetch a binding, are not installed.
 *
 * Before `@tensorflow/tfjs-node-gpu` is loaded, the path is set: `require('@mapbox/node-pre-gyp').path = …`.
 */
const { dirname, join } = require('node:path');

/** @type {string | undefined} Path of the compiled binding; unless it is set, the one inside the package. */
exports.path = undefined;

/**
 * Path of the compiled binding.
 *
 * @param {string} packageFile path of the package.json of the package that asks
 * @returns {string} the path that was set, else `lib/napi-v8/tfjs_binding.node` in that package
 */
exports.find = (packageFile) => exports.path ?? join(dirname(packageFile), 'lib', 'napi-v8', 'tfjs_binding.node');
