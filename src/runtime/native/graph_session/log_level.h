// Which of Abseil's messages reach standard error.
#pragma once
#include <napi.h>

// setLogLevel(level: number): undefined
void setLogLevel(const Napi::CallbackInfo& info);
