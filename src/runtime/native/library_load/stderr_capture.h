// Standard error, caught while C++ code prints there.
#pragma once
#include <napi.h>

// captureStderr(): undefined
void captureStderr(const Napi::CallbackInfo& info);

// releaseStderr(): string
Napi::Value releaseStderr(const Napi::CallbackInfo& info);
