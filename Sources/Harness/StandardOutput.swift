@preconcurrency import Glibc

/// Standard output, of which no failed write is lost: `print` tells of none.
enum StandardOutput {
  /// To be called before anything is opened or printed.
  ///
  /// A closed pipe becomes an error of the write; the default would end the program silently. The
  /// standard streams that are closed are occupied, or the next file to be opened would become one of
  /// them.
  static func prepare() {
    // A handler, not SIG_IGN, which programs that are started would inherit.
    signal(SIGPIPE) { _ in }
    for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) < 0 {
      // Writing to what is open for reading fails, as it should; errors alone may get lost.
      _ = open("/dev/null", stream == STDERR_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Writes what is still held back. Why some of the output was lost; nil: all of it is written.
  static func failure() -> String? {
    let isFlushed = fflush(stdout) == 0
    let code = errno
    if !isFlushed { return String(cString: strerror(code)) }
    return ferror(stdout) == 0 ? nil : "the reader has gone, or the device is full"
  }
}
