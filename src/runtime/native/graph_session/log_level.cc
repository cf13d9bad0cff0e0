#include "log_level.h"

// Abseil inside TensorFlow's library, whose headers are not unpacked for this one function. The name holds Abseil's
// version, so it is weak: with another version the messages stay, and nothing else is lost.
namespace absl::lts_20250814 {
enum class LogSeverityAtLeast : int;
__attribute__((weak)) void SetMinLogLevel(LogSeverityAtLeast level);
}  // namespace absl::lts_20250814

void setLogLevel(const Napi::CallbackInfo& info) {
  int level = info[0].As<Napi::Number>();
  if (absl::lts_20250814::SetMinLogLevel == nullptr) return;
  absl::lts_20250814::SetMinLogLevel(absl::lts_20250814::LogSeverityAtLeast{level});
}
