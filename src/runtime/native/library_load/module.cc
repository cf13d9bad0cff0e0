// The addon `library_load`, documented in `../addons.ts`. It is not linked with TensorFlow, so that it can be loaded
// before it.
#include "memory.h"
#include "stderr_capture.h"

namespace {

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  exports.Set("captureStderr", Napi::Function::New(env, captureStderr));
  exports.Set("releaseStderr", Napi::Function::New(env, releaseStderr));
  exports.Set("shareMallocArena", Napi::Function::New(env, shareMallocArena));
  exports.Set("releaseFreeMemory", Napi::Function::New(env, releaseFreeMemory));
  exports.Set("releaseLibraryPages", Napi::Function::New(env, releaseLibraryPages));
  return exports;
}

}  // namespace

NODE_API_MODULE(library_load, initialise)
