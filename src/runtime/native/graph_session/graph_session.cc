#include "graph_session.h"

#include <utility>

#include "tensors.h"

namespace {

// TensorFlow reads the bytes where JavaScript keeps them, so they are valid during the call only.
BufferHandle borrowBytes(const Napi::Value& value) {
  Napi::Uint8Array bytes = value.As<Napi::Uint8Array>();
  BufferHandle buffer(TF_NewBuffer());
  buffer->data = bytes.Data();
  buffer->length = bytes.ByteLength();
  return buffer;
}

std::vector<std::string> readNames(const Napi::Value& value) {
  Napi::Array array = value.As<Napi::Array>();
  std::vector<std::string> names;
  for (uint32_t i = 0; i < array.Length(); i++) names.push_back(Napi::Value(array[i]).As<Napi::String>());
  return names;
}

RunRequest readRequest(const Napi::CallbackInfo& info, const OpenSession& session) {
  Napi::Env env = info.Env();
  RunRequest request;
  Napi::Array feeds = info[0].As<Napi::Array>();
  for (uint32_t i = 0; i < feeds.Length(); i++) {
    Napi::Object feed = Napi::Value(feeds[i]).As<Napi::Object>();
    std::string name = feed.Get("name").As<Napi::String>();
    request.feeds.push_back(session.output(env, name));
    request.values.push_back(copyFeed(env, feed, name));
    session.checkFeed(env, name, request.feeds.back(), request.values.back());
  }
  for (const std::string& name : readNames(info[1])) {
    TF_Output output = session.output(env, name);
    if (nameOfType(TF_OperationOutputType(output)) == nullptr) {
      throw Napi::TypeError::New(env, "fetch \"" + name + "\": tensors of dtype " +
                                          std::to_string(TF_OperationOutputType(output)) + " can't be fetched");
    }
    request.fetches.push_back(output);
  }
  for (const std::string& name : readNames(info[2])) request.targets.push_back(session.operation(env, name));
  if (!info[3].IsUndefined()) {
    BufferHandle options = borrowBytes(info[3]);
    request.options.reset(TF_NewBufferFromString(options->data, options->length));
  }
  if (info[4].ToBoolean()) request.metadata.reset(TF_NewBuffer());
  return request;
}

}  // namespace

Napi::Function GraphSession::define(Napi::Env env) {
  return DefineClass(env, "GraphSession",
                     {InstanceMethod<&GraphSession::extend>("extend"), InstanceMethod<&GraphSession::run>("run"),
                      InstanceMethod<&GraphSession::close>("close")});
}

GraphSession::GraphSession(const Napi::CallbackInfo& info) : Napi::ObjectWrap<GraphSession>(info) {
  BufferHandle config;
  if (!info[1].IsUndefined()) config = borrowBytes(info[1]);
  std::string target = info[2].IsUndefined() ? "" : info[2].As<Napi::String>().Utf8Value();
  session_ = std::make_shared<OpenSession>(info.Env(), borrowBytes(info[0]).get(), config.get(), target);
}

void GraphSession::extend(const Napi::CallbackInfo& info) {
  requireOpen(info.Env())->import(info.Env(), borrowBytes(info[0]).get());
}

Napi::Value GraphSession::run(const Napi::CallbackInfo& info) {
  try {
    const std::shared_ptr<OpenSession>& session = requireOpen(info.Env());
    auto* run = new SessionRun(info.Env(), session, readRequest(info, *session));
    Napi::Promise promise = run->promise();
    run->Queue();  // deletes itself when it has ended
    return promise;
  } catch (const Napi::Error& error) {
    auto deferred = Napi::Promise::Deferred::New(info.Env());
    deferred.Reject(error.Value());
    return deferred.Promise();
  }
}

void GraphSession::close(const Napi::CallbackInfo&) { session_.reset(); }

const std::shared_ptr<OpenSession>& GraphSession::requireOpen(Napi::Env env) const {
  if (session_ == nullptr) throw Napi::Error::New(env, "the session is closed");
  return session_;
}
