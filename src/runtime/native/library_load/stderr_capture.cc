// Captures standard error in a temporary file; `../addons.ts` documents the functions.
#include "stderr_capture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <string>

namespace {

// File descriptor 2 belongs to the process and not to a JavaScript context, so there is one capture per process.
int terminal = -1;              // a copy of the original descriptor 2
std::FILE* captured = nullptr;  // the temporary file; null unless a capture is running

Napi::Error systemError(Napi::Env env, const std::string& what) {
  return Napi::Error::New(env, what + ": " + std::strerror(errno));
}

std::string readAll(Napi::Env env, int file) {
  struct stat status;
  if (fstat(file, &status) < 0) throw systemError(env, "captured standard error can't be read");
  std::string text(static_cast<size_t>(status.st_size), '\0');
  size_t length = 0;
  while (length < text.size()) {
    ssize_t count = pread(file, &text[length], text.size() - length, static_cast<off_t>(length));
    if (count < 0 && errno != EINTR) throw systemError(env, "captured standard error can't be read");
    if (count == 0) break;
    if (count > 0) length += static_cast<size_t>(count);
  }
  text.resize(length);
  return text;
}

}  // namespace

void captureStderr(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (captured != nullptr) throw Napi::Error::New(env, "standard error is being captured already");
  std::FILE* file = std::tmpfile();  // has no name, so it disappears however the process ends
  if (file == nullptr) throw systemError(env, "no temporary file for standard error");
  // Child processes must not inherit the copy: they would keep the terminal open after this process has ended.
  int copy = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
  if (copy < 0 || dup2(fileno(file), STDERR_FILENO) < 0) {
    Napi::Error error = systemError(env, "standard error can't be redirected");
    if (copy >= 0) close(copy);
    std::fclose(file);
    throw error;
  }
  terminal = copy;
  captured = file;
}

Napi::Value releaseStderr(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (captured == nullptr) throw Napi::Error::New(env, "standard error is not being captured");
  std::clog.flush();  // the one buffered C++ stream on descriptor 2
  if (dup2(terminal, STDERR_FILENO) < 0) throw systemError(env, "standard error can't be restored");
  close(terminal);
  std::FILE* file = captured;
  captured = nullptr;
  struct Closer {
    std::FILE* file;
    ~Closer() { std::fclose(file); }
  } closer{file};
  return Napi::String::New(env, readAll(env, fileno(file)));
}
