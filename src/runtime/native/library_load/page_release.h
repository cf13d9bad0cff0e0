// Giving back the memory that only loading a library needs.
#pragma once
#include <napi.h>

// releaseLibraryPages(name: string): undefined
void releaseLibraryPages(const Napi::CallbackInfo& info);
