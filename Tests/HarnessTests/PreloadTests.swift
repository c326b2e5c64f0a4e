import Foundation
import TestSupport
import Testing

/// The C compiler that builds what is put before the program's libraries; nil where there is none.
private let compiler = ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"].first {
  FileManager.default.isExecutableFile(atPath: $0)
}

/// The program on systems that behave otherwise: a library is put before its own.
@Suite(
  .serialized,
  .enabled(if: harness != nil && compiler != nil, "the program or a C compiler is missing"))
struct PreloadTests {
  /// Compiles C text to a library in a folder.
  private func library(_ text: String, in folder: URL) throws -> String {
    let source = folder.appendingPathComponent("preload.c")
    let library = folder.appendingPathComponent("preload.so").path
    try Data(text.utf8).write(to: source)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(compiler))
    process.arguments = ["-shared", "-fPIC", source.path, "-o", library, "-ldl"]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return library
  }

  /// `flock` of Lustre without its option, and of NFS without its lock service.
  @Test(arguments: ["ENOSYS", "ENOLCK", "EOPNOTSUPP"])
  func runsWorkWhereFilesCannotBeLocked(_ code: String) throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    let preload = try library(
      "#include <errno.h>\nint flock(int f, int o) { errno = \(code); return -1; }\n",
      in: small.folder)
    let environment = ["LD_PRELOAD": preload]
    let checked = try Invocation(["check", small.data + "/made.h5"], environment: environment)
      .finish()
    #expect(checked.code == 0, "\(checked.text)")
    let run = try Invocation(small.arguments("r"), environment: environment).finish()
    #expect(run.code == 0, "\(run.text)")
    #expect(run.text.contains("has no locks"), "\(run.text)")
    #expect(run.text.contains("a second run in this folder"), "\(run.text)")
  }

  /// The wall clock is set back by 20 s once a program has been started.
  @Test func aClockThatIsSetBackIsNotWaitedFor() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    let text = """
      #define _GNU_SOURCE
      #include <time.h>
      #include <stdlib.h>
      #include <dlfcn.h>
      static int calls;
      int clock_gettime(clockid_t c, struct timespec *t) {
        static int (*real)(clockid_t, struct timespec *);
        if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
        int result = real(c, t);
        if (c == CLOCK_REALTIME && ++calls > atoi(getenv("STEP_AT"))) t->tv_sec -= 20;
        return result;
      }
      """
    let preload = try library(text, in: small.folder)
    let spec = small.folder.appendingPathComponent("figure.yaml")
    try
      (String(contentsOfFile: small.spec, encoding: .utf8)
      .replacing(/outputs: .*/, with: "outputs: [table2, figure3]"))
      .write(to: spec, atomically: true, encoding: .utf8)
    let arguments = ["run", spec.path, "--data", small.data, "--results", small.results("r")]
    #expect(try Invocation(arguments).finish().code == 0)
    // From now on only figures are drawn, each by a program that is waited for.
    for step in 1...12 {
      let start = ContinuousClock.now
      let run = try Invocation(
        arguments, environment: ["LD_PRELOAD": preload, "STEP_AT": "\(step)"]
      ).finish()
      #expect(run.code == 0, "\(run.text)")
      #expect(ContinuousClock.now - start < .seconds(15), "set back at call \(step)")
    }
  }
}
