// Captures what C++ code prints on standard error.
#pragma once
#include <napi.h>

// captureStderr(): undefined
void captureStderr(const Napi::CallbackInfo& info);

// releaseStderr(): string
Napi::Value releaseStderr(const Napi::CallbackInfo& info);
