import Files
import Foundation
import TestSupport
import Testing

@Suite struct ChildProcessTests {
  @Test func exitCodesAndSignalsComeBack() throws {
    #expect(try ChildProcess("/bin/sh", ["-c", "exit 3"]).wait() == 3)
    #expect(try ChildProcess("/bin/sh", ["-c", "kill -9 $$"]).wait() == 137)
    let sleeping = try ChildProcess("/bin/sh", ["-c", "exec sleep 60"])
    #expect(sleeping.statusIfEnded() == nil)
    sleeping.send(signal: SIGKILL)
    #expect(sleeping.wait() == 137 && sleeping.statusIfEnded() == 137)
  }

  @Test func streamsAndEnvironmentAreThoseGiven() throws {
    let (reading, writing) = try ChildProcess.pipe()
    defer { close(reading) }
    let process = try ChildProcess(
      "/bin/sh", ["-c", "echo $WORD $HOME >&2"], environment: ["WORD": "heard"],
      streams: ChildProcess.Streams(error: writing))
    close(writing)
    #expect(process.wait() == 0)
    var bytes = [UInt8](repeating: 0, count: 200)
    let count = read(reading, &bytes, bytes.count)
    let home = ProcessInfo.processInfo.environment["HOME"] ?? ""
    #expect(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self) == "heard \(home)\n")
  }

  @Test func whatIsNoProgramIsAnError() throws {
    let error = try #require(throws: FileError.self) { try ChildProcess("/nowhere/a", []) }
    #expect("\(error)" == "/nowhere/a: cannot start it: No such file or directory")
  }
}
