// A graph and a TensorFlow session over it. Shared by the JavaScript object and its running runs; the last one frees it.
#pragma once
#include <string>

#include "handles.h"

class OpenSession {
 public:
  // config: serialized ConfigProto, may be null; target: address of a TensorFlow server, "" for this process
  OpenSession(Napi::Env env, const TF_Buffer* graphDef, const TF_Buffer* config, const std::string& target);
  ~OpenSession();
  OpenSession(const OpenSession&) = delete;
  OpenSession& operator=(const OpenSession&) = delete;

  // Adds nodes, which the next run sees; after an error the graph is as it was.
  void import(Napi::Env env, const TF_Buffer* graphDef);

  // An output by its name, "node" or "node:1".
  TF_Output output(Napi::Env env, const std::string& name) const;

  TF_Operation* operation(Napi::Env env, const std::string& name) const;

  // TensorFlow's sessions check neither of a placeholder, though the graph may be optimised for its shape.
  void checkFeed(Napi::Env env, const std::string& name, TF_Output output, const TensorHandle& value) const;

  TF_Session* session() const { return session_; }

 private:
  GraphHandle graph_;
  TF_Session* session_ = nullptr;
};
