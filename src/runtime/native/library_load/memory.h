// Releases memory that a large library takes; a function does nothing on systems that do not support it.
#pragma once
#include <napi.h>

// shareMallocArena(): undefined
void shareMallocArena(const Napi::CallbackInfo& info);

// releaseFreeMemory(): undefined
void releaseFreeMemory(const Napi::CallbackInfo& info);

// releaseLibraryPages(name: string): undefined
void releaseLibraryPages(const Napi::CallbackInfo& info);
