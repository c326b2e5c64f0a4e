import Experiments
import Foundation
import Logging
import Records
import SpecFiles
import Specs
import Synchronization
import TestSupport
import Testing

/// Collects what a console writes, and a clock that tests set.
final class FakeConsole: Sendable {
  private let written = Mutex("")
  private let time = Mutex(0.0)

  var text: String { written.withLock { $0 } }
  var now: Double {
    get { time.withLock { $0 } }
    set { time.withLock { $0 = newValue } }
  }

  func console(isTerminal: Bool, width: Int = 80) -> Console {
    Console(
      isTerminal: isTerminal, width: { width },
      output: { text in self.written.withLock { $0 += text } })
  }
}

@Suite struct RunProgressTests {
  private let erase = "\r\u{1B}[K"

  @Test func elsewhereThereIsAPlainLineNowAndThenAndAClosingOne() {
    let fake = FakeConsole()
    let progress = RunProgress(
      total: 400, what: "subjects", console: fake.console(isTerminal: false), interval: 10,
      now: { fake.now })
    for second in 1...40 {
      fake.now = Double(second)
      progress.advance(by: 10, current: "LFW ArcFace paper")
    }
    progress.finish()
    #expect(
      fake.text == """
        10 of 400 subjects (2 %), LFW ArcFace paper, 10/s, 39 s left
        110 of 400 subjects (27 %), LFW ArcFace paper, 10/s, 29 s left
        210 of 400 subjects (52 %), LFW ArcFace paper, 10/s, 19 s left
        310 of 400 subjects (77 %), LFW ArcFace paper, 10/s, 9.0 s left
        400 of 400 subjects in 40 s

        """)
  }

  @Test func onATerminalOneLineIsRewritten() {
    let fake = FakeConsole()
    let console = fake.console(isTerminal: true, width: 25)
    let progress = RunProgress(
      total: 4, what: "cells", console: console, interval: 1, now: { fake.now })
    fake.now = 1
    progress.advance(by: 1)
    fake.now = 1.5
    progress.advance(by: 1)
    fake.now = 4
    progress.advance(by: 1)
    console.line("warning: x")
    progress.advance(by: 1)
    progress.finish()
    // Cut to the width; the second call came too soon; the log line moves the status line down.
    #expect(
      fake.text == "\(erase)1 of 4 cells (25 %), 1/s"
        + "\(erase)3 of 4 cells (75 %), 0.7"
        + "\(erase)warning: x\n3 of 4 cells (75 %), 0.7"
        + "\(erase)" + "4 of 4 cells in 4.0 s\n")
  }

  @Test func nothingToDoIsNoDivisionByZero() {
    let fake = FakeConsole()
    let progress = RunProgress(
      total: 0, what: "cells", console: fake.console(isTerminal: false), now: { 0 })
    progress.advance(by: 0)
    progress.finish()
    #expect(fake.text == "0 of 0 cells (100 %)\n0 of 0 cells in 0.0 s\n")
  }

  @Test(arguments: [
    (0.0, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.6, "1 min 0 s"), (185, "3 min 5 s"),
    (9_600, "2 h 40 min"), (273_600, "3 d 4 h"), (.infinity, "unknown time"),
    (-1, "unknown time"), (.nan, "unknown time"),
  ])
  func durationsAreReadable(seconds: Double, text: String) {
    #expect(durationText(seconds) == text)
  }

  @Test func logLinesAreTextOrJSON() {
    let fake = FakeConsole()
    let console = fake.console(isTerminal: false)
    func logger(_ format: LogFormat, _ level: Logger.Level) -> Logger {
      Logger(label: "run") { label in
        ConsoleLogHandler(
          label: label, level: level, format: format, console: console, now: { "NOW" })
      }
    }
    var text = logger(.text, .info)
    text[metadataKey: "cell"] = "a"
    text.info("plain")
    text.debug("not shown")
    text.warning("careful", metadata: ["row": "3"])
    logger(.text, .debug).debug("shown")
    logger(.json, .info).error("two\nlines \"quoted\"", metadata: ["row": "3"])
    #expect(
      fake.text == """
        plain (cell: a)
        warning: careful (cell: a, row: 3)
        debug: shown
        {"label":"run","level":"error","message":"two\\nlines \\"quoted\\"","row":"3","time":"NOW"}

        """)
  }
}

@Suite struct RunStageTests {
  @Test func onATerminalAStageShowsHowLongItTakes() {
    let fake = FakeConsole()
    let stage = RunStage(
      "attacking LFW", console: fake.console(isTerminal: true), ticks: false, now: { fake.now })
    fake.now = 0.5
    stage.tick()
    fake.now = 2
    stage.tick()
    stage.finish()
    stage.tick()
    let erase = "\r\u{1B}[K"
    #expect(fake.text == "\(erase)attacking LFW\(erase)attacking LFW, 2.0 s\(erase)")
  }

  @Test func elsewhereOnlyALongOneHasLines() {
    let fake = FakeConsole()
    let stage = RunStage(
      "attacking LFW", console: fake.console(isTerminal: false), ticks: false, now: { fake.now })
    for second in stride(from: 5.0, through: 70, by: 5) {
      fake.now = second
      stage.tick()
    }
    stage.finish()
    #expect(fake.text == "attacking LFW, 30 s\nattacking LFW, 1 min 0 s\n")
  }
}
