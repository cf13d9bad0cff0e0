// The addon `graph_session`: TensorFlow sessions for JavaScript, documented in `../addons.ts`. Errors in a graph are
// reported with TensorFlow's messages.
#define NODE_ADDON_API_CPP_EXCEPTIONS_ALL  // std::bad_alloc becomes a JavaScript exception as well
#include <napi.h>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "tensorflow/c/c_api.h"

// A function of the Abseil inside TensorFlow's library, declared here because Abseil's headers are not unpacked. Its
// name contains Abseil's version, so it is weak: with another version setLogLevel has no effect.
namespace absl::lts_20250814 {
enum class LogSeverityAtLeast : int;
__attribute__((weak)) void SetMinLogLevel(LogSeverityAtLeast level);
}  // namespace absl::lts_20250814

// TensorFlow's server, declared here because c_api_experimental.h includes headers that are not unpacked.
struct TF_Server;
extern "C" {
TF_Server* TF_NewServer(const void* serverDef, size_t length, TF_Status* status);
void TF_ServerStart(TF_Server* server, TF_Status* status);
const char* TF_ServerTarget(TF_Server* server);
}

namespace {
template <typename T, auto destroy>
using Handle = std::unique_ptr<T, std::integral_constant<decltype(destroy), destroy>>;
using Buffer = Handle<TF_Buffer, TF_DeleteBuffer>;
using Status = Handle<TF_Status, TF_DeleteStatus>;
using Tensor = Handle<TF_Tensor, TF_DeleteTensor>;

// Throws a JavaScript error unless the condition holds.
void require(Napi::Env env, bool condition, const std::string& message) {
  if (!condition) throw Napi::Error::New(env, message);
}
void requireOk(Napi::Env env, const Status& status) {
  require(env, TF_GetCode(status.get()) == TF_OK, TF_Message(status.get()));
}

// Copies a Uint8Array.
Buffer readBytes(const Napi::Value& value) {
  Napi::Uint8Array bytes = value.As<Napi::Uint8Array>();
  return Buffer(TF_NewBufferFromString(bytes.Data(), bytes.ByteLength()));
}

// Reads each element of an array by `read`.
template <typename Read>
auto readArray(const Napi::Value& value, Read read) {
  std::vector<decltype(read(value))> elements;
  Napi::Array array = value.As<Napi::Array>();
  for (uint32_t i = 0; i < array.Length(); i++) elements.push_back(read(array.Get(i)));
  return elements;
}

// Copies the value of a feed. Its data must match its type and shape, or TensorFlow could end the process.
Tensor readTensor(const Napi::Value& value) {
  Napi::Object feed = value.As<Napi::Object>();
  const auto type = static_cast<TF_DataType>(feed.Get("dtype").As<Napi::Number>().Int32Value());
  const auto shape = readArray(feed.Get("shape"), [](auto side) { return side.ToNumber().Int64Value(); });
  Napi::Uint8Array data = feed.Get("data").As<Napi::Uint8Array>();  // read last: a getter could detach it
  size_t size = TF_DataTypeSize(type);                              // 0 for strings and handles
  bool fits = size > 0 && shape.size() <= 254;                      // TensorFlow's largest number of dimensions
  for (int64_t side : shape) fits = fits && side >= 0 && !__builtin_mul_overflow(size, side, &size);
  require(value.Env(), fits && size == data.ByteLength(), "the data of a feed does not match its type and shape");
  Tensor tensor(TF_AllocateTensor(type, shape.data(), static_cast<int>(shape.size()), size));
  require(value.Env(), tensor && (size == 0 || TF_TensorData(tensor.get())), "no memory for a feed");
  std::copy_n(data.Data(), size, static_cast<uint8_t*>(TF_TensorData(tensor.get())));
  return tensor;
}

// Copies bytes of a tensor. A value that is read from a variable shares memory with it, and TensorFlow copies a
// variable at its next update as long as another tensor shares its memory.
Napi::Value copyBytes(Napi::Env env, const void* bytes, size_t length) {
  return Napi::Buffer<char>::Copy(env, static_cast<const char*>(bytes), length);
}

// One run of a session, on a thread of libuv's pool.
struct SessionRun : public Napi::AsyncWorker {
  std::shared_ptr<TF_Session> session;
  std::vector<TF_Output> feeds, fetches;
  std::vector<Tensor> values, results;
  std::vector<TF_Operation*> targets;
  Buffer options, metadata{TF_NewBuffer()};
  Napi::Promise::Deferred deferred{Env()};
  explicit SessionRun(Napi::Env env) : Napi::AsyncWorker(env) {}

  void Execute() override {
    Status status(TF_NewStatus());
    std::vector<TF_Tensor*> inputs, outputs(fetches.size());
    for (const Tensor& value : values) inputs.push_back(value.get());
    TF_SessionRun(session.get(), options.get(), feeds.data(), inputs.data(), inputs.size(), fetches.data(),
                  outputs.data(), outputs.size(), targets.data(), targets.size(), metadata.get(), status.get());
    for (TF_Tensor* output : outputs) results.emplace_back(output);
    if (TF_GetCode(status.get()) != TF_OK) SetError(TF_Message(status.get()));
  }

  void OnOK() override try {
    Napi::Array answer = Napi::Array::New(Env());
    answer.Set(0u, copyBytes(Env(), metadata->data, metadata->length));
    for (const Tensor& result : results) {
      require(Env(), TF_DataTypeSize(TF_TensorType(result.get())) > 0, "strings and handles can't be fetched");
      Napi::BigInt64Array shape = Napi::BigInt64Array::New(Env(), TF_NumDims(result.get()));
      for (size_t i = 0; i < shape.ElementLength(); i++) shape[i] = TF_Dim(result.get(), i);
      Napi::Object tensor = Napi::Object::New(Env());
      tensor.Set("shape", shape);
      tensor.Set("data", copyBytes(Env(), TF_TensorData(result.get()), TF_TensorByteSize(result.get())));
      answer.Set(answer.Length(), tensor);
    }
    deferred.Resolve(answer);
  } catch (const Napi::Error& error) {
    OnError(error);
  }
  void OnError(const Napi::Error& error) override { deferred.Reject(error.Value()); }
};

// The class `NativeGraphSession` of `../addons.ts`.
class GraphSession : public Napi::ObjectWrap<GraphSession> {
 public:
  explicit GraphSession(const Napi::CallbackInfo& info) : Napi::ObjectWrap<GraphSession>(info) {
    Status status(TF_NewStatus());
    Handle<TF_SessionOptions, TF_DeleteSessionOptions> options(TF_NewSessionOptions());
    const Buffer config = readBytes(info[0]);
    TF_SetConfig(options.get(), config->data, config->length, status.get());
    requireOk(Env(), status);
    TF_SetTarget(options.get(), info[1].ToString().Utf8Value().c_str());
    TF_Session* session = TF_NewSession(graph_.get(), options.get(), status.get());
    requireOk(Env(), status);
    session_.reset(session, [](TF_Session* ended) { TF_DeleteSession(ended, Status(TF_NewStatus()).get()); });
  }

  void extend(const Napi::CallbackInfo& info) {
    Status status(TF_NewStatus());
    Handle<TF_ImportGraphDefOptions, TF_DeleteImportGraphDefOptions> options(TF_NewImportGraphDefOptions());
    for (const TF_Output& input : readArray(info[1], [this](auto name) { return output(name.ToString()); })) {
      TF_ImportGraphDefOptionsAddInputMapping(options.get(), TF_OperationName(input.oper), input.index, input);
    }
    TF_GraphImportGraphDef(graph_.get(), readBytes(info[0]).get(), options.get(), status.get());
    requireOk(Env(), status);
  }

  Napi::Value describe(const Napi::CallbackInfo& info) {
    Status status(TF_NewStatus());
    Napi::Array outputs = Napi::Array::New(Env());
    TF_Operation* producer = operation(info[0].ToString());
    for (int i = 0; i < TF_OperationNumOutputs(producer); i++) {
      const int rank = TF_GraphGetTensorNumDims(graph_.get(), {producer, i}, status.get());
      Napi::BigInt64Array shape = Napi::BigInt64Array::New(Env(), std::max(rank, 0));
      TF_GraphGetTensorShape(graph_.get(), {producer, i}, shape.Data(), rank, status.get());
      requireOk(Env(), status);
      Napi::Object output = Napi::Object::New(Env());
      output.Set("dtype", static_cast<int>(TF_OperationOutputType({producer, i})));
      if (rank >= 0) output.Set("shape", shape);
      outputs.Set(i, output);
    }
    return outputs;
  }

  Napi::Value run(const Napi::CallbackInfo& info) {
    auto run = std::make_unique<SessionRun>(Env());
    run->session = session_;
    run->feeds = readArray(info[0], [this](auto feed) { return output(feed.ToObject().Get("name").ToString()); });
    run->values = readArray(info[0], readTensor);
    run->fetches = readArray(info[1], [this](auto name) { return output(name.ToString()); });
    run->targets = readArray(info[2], [this](auto name) { return operation(name.ToString()); });
    run->options = readBytes(info[3]);
    require(Env(), run->feeds.size() == run->values.size(), "the feeds changed while they were read");
    require(Env(), run->session != nullptr, "the session is closed");
    run->Queue();
    return run.release()->deferred.Promise();  // deletes itself when it has ended
  }

  void close(const Napi::CallbackInfo&) { session_.reset(); }

 private:
  TF_Operation* operation(const std::string& name) {
    TF_Operation* operation = TF_GraphOperationByName(graph_.get(), name.c_str());
    require(Env(), operation != nullptr, "the graph has no node \"" + name + "\"");
    return operation;
  }

  // Finds an output by its name: "node", "node:1", or "^node" for a control input. TensorFlow checks that it exists.
  TF_Output output(const std::string& name) {
    const size_t colon = name.find(':');
    if (name[0] == '^') return {operation(name.substr(1)), -1};  // Graph::kControlSlot
    return {operation(name.substr(0, colon)), colon == std::string::npos ? 0 : std::atoi(&name[colon + 1])};
  }

  Handle<TF_Graph, TF_DeleteGraph> graph_{TF_NewGraph()};  // TensorFlow keeps it until its session is deleted
  std::shared_ptr<TF_Session> session_;                    // null once closed
};

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  using S = GraphSession;
  exports.Set("GraphSession",
              S::DefineClass(env, "GraphSession",
                             {S::InstanceMethod("extend", &S::extend), S::InstanceMethod("describe", &S::describe),
                              S::InstanceMethod("run", &S::run), S::InstanceMethod("close", &S::close)}));
  exports.Set("registeredKernels", Napi::Function::New(env, [](const Napi::CallbackInfo& info) {
                Status status(TF_NewStatus());
                const std::string op = info[0].ToString();
                const Buffer kernels(TF_GetRegisteredKernelsForOp(op.c_str(), status.get()));
                requireOk(info.Env(), status);
                return copyBytes(info.Env(), kernels->data, kernels->length);
              }));
  exports.Set("startServer", Napi::Function::New(env, [](const Napi::CallbackInfo& info) -> Napi::Value {
                Status status(TF_NewStatus());
                const Buffer definition = readBytes(info[0]);
                TF_Server* server = TF_NewServer(definition->data, definition->length, status.get());
                requireOk(info.Env(), status);
                TF_ServerStart(server, status.get());  // never stopped or deleted: TensorFlow can do neither
                requireOk(info.Env(), status);
                return Napi::String::New(info.Env(), TF_ServerTarget(server));
              }));
  exports.Set("exitNow", Napi::Function::New(env, [](const Napi::CallbackInfo& info) {
                _exit(info[0].As<Napi::Number>().Int32Value());
              }));
  exports.Set("setLogLevel", Napi::Function::New(env, [](const Napi::CallbackInfo& info) {
                const auto level = absl::lts_20250814::LogSeverityAtLeast{info[0].As<Napi::Number>().Int32Value()};
                if (absl::lts_20250814::SetMinLogLevel != nullptr) absl::lts_20250814::SetMinLogLevel(level);
              }));
  return exports;
}
}  // namespace

NODE_API_MODULE(graph_session, initialise)
