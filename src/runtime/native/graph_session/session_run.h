// One run of a session, on a thread of libuv's pool.
#pragma once
#include <memory>
#include <vector>

#include "open_session.h"

struct RunRequest {
  std::vector<TF_Output> feeds;
  std::vector<TensorHandle> values;  // one a feed
  std::vector<TF_Output> fetches;
  std::vector<TF_Operation*> targets;
  BufferHandle options;   // serialized RunOptions, or null
  BufferHandle metadata;  // receives the serialized RunMetadata, or null
};

class SessionRun : public Napi::AsyncWorker {
 public:
  // The session lives as long as this, whatever happens to the JavaScript object.
  SessionRun(Napi::Env env, std::shared_ptr<OpenSession> session, RunRequest request);

  // Resolves with { tensors, metadata }, rejects with TensorFlow's message.
  Napi::Promise promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override;
  void OnOK() override;
  void OnError(const Napi::Error& error) override;

 private:
  Napi::Object result();

  Napi::Promise::Deferred deferred_;
  std::shared_ptr<OpenSession> session_;
  RunRequest request_;
  std::vector<TensorHandle> results_;
};
