/** The interface of `resnet_native.cc`, compiled by set-up to `runtimeLocations().addon`. */
export interface NativeAddon {
  /**
   * Sends file descriptor 2 of this process to an unlinked temporary file, so that what C++ code prints there can be
   * kept off the terminal.
   *
   * @throws Error while a capture is running already, or where the descriptor or the file can't be had
   */
  captureStderr(): void;

  /**
   * Ends the capture.
   *
   * @returns everything that was written meanwhile; bytes that are not UTF-8 become U+FFFD
   * @throws Error without a running capture
   */
  releaseStderr(): string;
}
