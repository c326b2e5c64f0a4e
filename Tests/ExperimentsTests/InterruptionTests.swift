import Experiments
import Foundation
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

@Suite struct InterruptionTests {
  @Test func theFlagIsRaisedOnce() throws {
    let interruption = Interruption()
    #expect(!interruption.isRequested && interruption.exitCode == nil)
    try interruption.check()
    #expect(interruption.request(signal: SIGTERM))
    #expect(!interruption.request(signal: SIGINT))
    #expect(interruption.isRequested && interruption.exitCode == 143)
    do {
      try interruption.check()
      Issue.record("no error was thrown")
    } catch {
      #expect(error.exitCode == 143)
      #expect("\(error)" == "stopped by SIGTERM")
    }
    #expect("\(Interrupted(exitCode: 130))" == "stopped by Ctrl-C")
  }

  @Test func theFirstSignalIsPolledFor() async {
    await #expect(processExitsWith: .exitCode(130)) {
      let interruption = Interruption()
      interruption.install()
      interruption.install()
      kill(getpid(), SIGINT)
      while !interruption.isRequested { usleep(1_000) }
      exit(interruption.exitCode ?? 1)
    }
  }

  @Test func theSecondSignalEndsTheProcess() async {
    await #expect(processExitsWith: .exitCode(143)) {
      let interruption = Interruption()
      interruption.install()
      kill(getpid(), SIGINT)
      while !interruption.isRequested { usleep(1_000) }
      kill(getpid(), SIGTERM)
      usleep(10_000_000)
      exit(1)
    }
  }
}
