#include "tensors.h"

#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

namespace {

struct ElementType {
  TF_DataType type;
  const char* name;
  napi_typedarray_type array;
  size_t size;
};

constexpr ElementType ELEMENT_TYPES[] = {
    {TF_FLOAT, "float32", napi_float32_array, 4}, {TF_INT32, "int32", napi_int32_array, 4},
    {TF_INT64, "int64", napi_bigint64_array, 8},  {TF_UINT8, "uint8", napi_uint8_array, 1},
    {TF_BOOL, "bool", napi_uint8_array, 1},
};

const ElementType* findType(int64_t type) {
  for (const ElementType& known : ELEMENT_TYPES) {
    if (known.type == type) return &known;
  }
  return nullptr;
}

std::vector<int64_t> readShape(Napi::Env env, const Napi::Array& shape, const std::string& subject) {
  std::vector<int64_t> sides;
  for (uint32_t i = 0; i < shape.Length(); i++) {
    int64_t side = Napi::Value(shape[i]).As<Napi::Number>().Int64Value();
    if (side < 0) throw Napi::RangeError::New(env, subject + ": a side of its shape is " + std::to_string(side));
    sides.push_back(side);
  }
  return sides;
}

size_t countBytes(Napi::Env env, const std::vector<int64_t>& shape, size_t elementSize, const std::string& subject) {
  size_t bytes = elementSize;
  for (int64_t side : shape) {
    size_t factor = static_cast<size_t>(side);
    if (factor != 0 && bytes > std::numeric_limits<size_t>::max() / factor) {
      throw Napi::RangeError::New(env, subject + ": its shape is larger than any memory");
    }
    bytes *= factor;
  }
  return bytes;
}

Napi::ArrayBuffer copyBytes(Napi::Env env, const void* bytes, size_t length) {
  Napi::ArrayBuffer copy = Napi::ArrayBuffer::New(env, length);
  if (length > 0) std::memcpy(copy.Data(), bytes, length);
  return copy;
}

}  // namespace

const char* nameOfType(TF_DataType type) {
  const ElementType* known = findType(type);
  return known == nullptr ? nullptr : known->name;
}

TensorHandle copyFeed(Napi::Env env, const Napi::Object& feed, const std::string& name) {
  const std::string subject = "feed \"" + name + "\"";
  int64_t number = feed.Get("dtype").As<Napi::Number>().Int64Value();
  const ElementType* type = findType(number);
  if (type == nullptr) {
    throw Napi::TypeError::New(env, subject + ": tensors of dtype " + std::to_string(number) + " can't be fed");
  }
  napi_typedarray_type arrayType;
  size_t length;
  void* data;
  napi_status status =
      napi_get_typedarray_info(env, feed.Get("data"), &arrayType, &length, &data, nullptr, nullptr);
  if (status != napi_ok || arrayType != type->array) {
    throw Napi::TypeError::New(env, subject + ": its data is not the kind of typed array that holds " + type->name);
  }
  std::vector<int64_t> shape = readShape(env, feed.Get("shape").As<Napi::Array>(), subject);
  size_t bytes = countBytes(env, shape, type->size, subject);
  if (bytes != length * type->size) {
    throw Napi::RangeError::New(env, subject + ": its shape has " + std::to_string(bytes / type->size) +
                                         " values, its data " + std::to_string(length));
  }
  TensorHandle tensor(TF_AllocateTensor(type->type, shape.data(), static_cast<int>(shape.size()), bytes));
  if (tensor == nullptr) throw Napi::Error::New(env, subject + ": no memory for its tensor");
  if (bytes > 0) std::memcpy(TF_TensorData(tensor.get()), data, bytes);
  return tensor;
}

Napi::Object copyResult(Napi::Env env, const TensorHandle& tensor) {
  Napi::Array shape = Napi::Array::New(env);
  for (int i = 0; i < TF_NumDims(tensor.get()); i++) {
    shape.Set(static_cast<uint32_t>(i), static_cast<double>(TF_Dim(tensor.get(), i)));
  }
  Napi::Object result = Napi::Object::New(env);
  result.Set("dtype", static_cast<int>(TF_TensorType(tensor.get())));
  result.Set("shape", shape);
  result.Set("data", copyBytes(env, TF_TensorData(tensor.get()), TF_TensorByteSize(tensor.get())));
  return result;
}

Napi::ArrayBuffer copyBuffer(Napi::Env env, const BufferHandle& buffer) {
  return copyBytes(env, buffer->data, buffer->length);
}
