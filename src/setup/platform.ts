/** The platform as the table of wheels names it. */

/** Node's `platform-arch`, with the suffix `-musl` for the C library that the wheels do not support. */
export function thisPlatform(): string {
  return `${process.platform}-${process.arch}${isMusl() ? '-musl' : ''}`;
}

/** Whether the C library is musl, as on Alpine. TensorFlow's Linux libraries are linked with glibc. */
function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined;
}
