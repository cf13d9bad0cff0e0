// Keeping the memory small that a large library takes. What a system does not have is left out there.
#pragma once
#include <napi.h>

// shareMallocArena(): undefined
void shareMallocArena(const Napi::CallbackInfo& info);

// releaseFreeMemory(): undefined
void releaseFreeMemory(const Napi::CallbackInfo& info);

// releaseLibraryPages(name: string): undefined
void releaseLibraryPages(const Napi::CallbackInfo& info);
