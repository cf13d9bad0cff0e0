// The JavaScript class GraphSession; `../addons.ts` documents it.
#pragma once
#include <memory>

#include "session_run.h"

class GraphSession : public Napi::ObjectWrap<GraphSession> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit GraphSession(const Napi::CallbackInfo& info);

 private:
  void extend(const Napi::CallbackInfo& info);
  Napi::Value run(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  const std::shared_ptr<OpenSession>& requireOpen(Napi::Env env) const;

  std::shared_ptr<OpenSession> session_;  // null once closed
};
