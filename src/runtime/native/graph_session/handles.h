// TensorFlow's C objects as unique pointers, so that each is freed on every path.
#pragma once
#include <napi.h>

#include <memory>

#include "tensorflow/c/c_api.h"

template <auto destroy>
struct Destroy {
  template <typename T>
  void operator()(T* object) const {
    destroy(object);
  }
};

template <typename T, auto destroy>
using Handle = std::unique_ptr<T, Destroy<destroy>>;

using BufferHandle = Handle<TF_Buffer, TF_DeleteBuffer>;
using GraphHandle = Handle<TF_Graph, TF_DeleteGraph>;
using ImportOptionsHandle = Handle<TF_ImportGraphDefOptions, TF_DeleteImportGraphDefOptions>;
using SessionOptionsHandle = Handle<TF_SessionOptions, TF_DeleteSessionOptions>;
using StatusHandle = Handle<TF_Status, TF_DeleteStatus>;
using TensorHandle = Handle<TF_Tensor, TF_DeleteTensor>;

// Throws TensorFlow's message as a JavaScript error.
inline void throwUnlessOk(Napi::Env env, const StatusHandle& status) {
  if (TF_GetCode(status.get()) != TF_OK) throw Napi::Error::New(env, TF_Message(status.get()));
}
