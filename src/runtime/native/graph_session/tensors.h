// Tensors across the border between JavaScript and TensorFlow.
#pragma once
#include <string>

#include "handles.h"

// The name of a type that can be fed and fetched, as TypeScript writes it; null for all others.
const char* nameOfType(TF_DataType type);

// Copies a feed's `data`, so that the caller may reuse its array.
//
// feed: { name, dtype, shape, data }, of which name is for messages
TensorHandle copyFeed(Napi::Env env, const Napi::Object& feed, const std::string& name);

// Copies a result into { dtype, shape, data: ArrayBuffer }. Its memory is not handed over: the value of a variable shares
// memory with the variable, and TensorFlow would have to copy the variable at its next update while JavaScript holds it.
Napi::Object copyResult(Napi::Env env, const TensorHandle& tensor);

// Copies a buffer into an ArrayBuffer.
Napi::ArrayBuffer copyBuffer(Napi::Env env, const BufferHandle& buffer);
