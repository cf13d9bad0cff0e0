#include "open_session.h"

#include <cstdlib>
#include <vector>

#include "tensors.h"

OpenSession::OpenSession(Napi::Env env, const TF_Buffer* graphDef, const TF_Buffer* config, const std::string& target)
    : graph_(TF_NewGraph()) {
  import(env, graphDef);
  StatusHandle status(TF_NewStatus());
  SessionOptionsHandle options(TF_NewSessionOptions());
  if (config != nullptr) {
    TF_SetConfig(options.get(), config->data, config->length, status.get());
    throwUnlessOk(env, status);
  }
  if (!target.empty()) TF_SetTarget(options.get(), target.c_str());
  session_ = TF_NewSession(graph_.get(), options.get(), status.get());
  throwUnlessOk(env, status);
}

OpenSession::~OpenSession() {
  if (session_ == nullptr) return;
  StatusHandle status(TF_NewStatus());  // nobody is left who could be told
  TF_CloseSession(session_, status.get());
  TF_DeleteSession(session_, status.get());
}

void OpenSession::import(Napi::Env env, const TF_Buffer* graphDef) {
  StatusHandle status(TF_NewStatus());
  ImportOptionsHandle options(TF_NewImportGraphDefOptions());
  TF_GraphImportGraphDef(graph_.get(), graphDef, options.get(), status.get());
  throwUnlessOk(env, status);
}

TF_Operation* OpenSession::operation(Napi::Env env, const std::string& name) const {
  TF_Operation* operation = TF_GraphOperationByName(graph_.get(), name.c_str());
  if (operation == nullptr) throw Napi::Error::New(env, "the graph has no node \"" + name + "\"");
  return operation;
}

TF_Output OpenSession::output(Napi::Env env, const std::string& name) const {
  const size_t colon = name.find(':');
  TF_Operation* producer = operation(env, name.substr(0, colon));
  char* end = nullptr;
  const std::string digits = colon == std::string::npos ? "0" : name.substr(colon + 1);
  const long index = std::strtol(digits.c_str(), &end, 10);
  if (digits.empty() || *end != '\0' || index < 0 || index >= TF_OperationNumOutputs(producer)) {
    throw Napi::Error::New(env, "the graph has no output \"" + name + "\"");
  }
  return {producer, static_cast<int>(index)};
}

void OpenSession::checkFeed(Napi::Env env, const std::string& name, TF_Output output, const TensorHandle& value) const {
  const TF_DataType type = TF_OperationOutputType(output);
  if (type != TF_TensorType(value.get())) {
    const char* expected = nameOfType(type);
    throw Napi::TypeError::New(env, "feed \"" + name + "\": the graph expects " +
                                        (expected == nullptr ? "dtype " + std::to_string(type) : expected) + ", not " +
                                        nameOfType(TF_TensorType(value.get())));
  }
  StatusHandle status(TF_NewStatus());
  const int rank = TF_GraphGetTensorNumDims(graph_.get(), output, status.get());
  throwUnlessOk(env, status);
  if (rank < 0) return;  // unknown
  std::vector<int64_t> sides(static_cast<size_t>(rank));
  TF_GraphGetTensorShape(graph_.get(), output, sides.data(), rank, status.get());
  throwUnlessOk(env, status);
  bool fits = rank == TF_NumDims(value.get());
  for (int i = 0; fits && i < rank; i++) fits = sides[i] < 0 || sides[i] == TF_Dim(value.get(), i);
  if (fits) return;
  std::string expected;
  for (int64_t side : sides) expected += (expected.empty() ? "" : ", ") + (side < 0 ? "?" : std::to_string(side));
  throw Napi::RangeError::New(env, "feed \"" + name + "\": the graph expects the shape [" + expected + "]");
}
