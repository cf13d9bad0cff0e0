// What `require` returns; `../addons.ts` documents it.
#include <string>

#include "graph_session.h"
#include "log_level.h"
#include "tensors.h"

namespace {

Napi::Value registeredKernels(const Napi::CallbackInfo& info) {
  std::string op = info[0].As<Napi::String>();
  StatusHandle status(TF_NewStatus());
  BufferHandle kernels(TF_GetRegisteredKernelsForOp(op.c_str(), status.get()));
  throwUnlessOk(info.Env(), status);
  return copyBuffer(info.Env(), kernels);
}

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  exports.Set("GraphSession", GraphSession::define(env));
  exports.Set("registeredKernels", Napi::Function::New(env, registeredKernels));
  exports.Set("setLogLevel", Napi::Function::New(env, setLogLevel));
  return exports;
}

}  // namespace

NODE_API_MODULE(graph_session, initialise)
