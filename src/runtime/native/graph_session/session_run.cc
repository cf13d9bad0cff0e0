#include "session_run.h"

#include <utility>

#include "tensors.h"

SessionRun::SessionRun(Napi::Env env, std::shared_ptr<OpenSession> session, RunRequest request)
    : Napi::AsyncWorker(env), deferred_(env), session_(std::move(session)), request_(std::move(request)) {}

void SessionRun::Execute() {
  StatusHandle status(TF_NewStatus());
  std::vector<TF_Tensor*> values;
  for (const TensorHandle& value : request_.values) values.push_back(value.get());
  std::vector<TF_Tensor*> results(request_.fetches.size(), nullptr);
  TF_SessionRun(session_->session(), request_.options.get(),                                             //
                request_.feeds.data(), values.data(), static_cast<int>(values.size()),                   //
                request_.fetches.data(), results.data(), static_cast<int>(results.size()),               //
                request_.targets.data(), static_cast<int>(request_.targets.size()),                      //
                request_.metadata.get(), status.get());
  for (TF_Tensor* result : results) results_.emplace_back(result);
  if (TF_GetCode(status.get()) != TF_OK) SetError(TF_Message(status.get()));
}

void SessionRun::OnOK() {
  try {
    deferred_.Resolve(result());
  } catch (const Napi::Error& error) {  // no memory for the copies
    deferred_.Reject(error.Value());
  }
}

void SessionRun::OnError(const Napi::Error& error) { deferred_.Reject(error.Value()); }

Napi::Object SessionRun::result() {
  Napi::Array tensors = Napi::Array::New(Env());
  for (size_t i = 0; i < results_.size(); i++) tensors.Set(static_cast<uint32_t>(i), copyResult(Env(), results_[i]));
  Napi::Object result = Napi::Object::New(Env());
  result.Set("tensors", tensors);
  if (request_.metadata != nullptr) result.Set("metadata", copyBuffer(Env(), request_.metadata));
  return result;
}
