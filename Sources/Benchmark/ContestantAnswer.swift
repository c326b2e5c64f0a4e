// The line protocol between the benchmark and its contestants.
//
// A contestant is a program that loads its data, runs the work once to warm up, and prints one line
// {"ready": true}. Every line it then reads from standard input starts one timed run, answered by
// one JSON line. End of input ends it. So several contestants stay ready and run in turn, and no run
// pays for a start. Ours and the peers (experiments/peers/peer.py) speak it alike.

import Foundation

/// What a contestant answers to one run.
package struct ContestantAnswer: Codable, Sendable, Equatable {
  /// Seconds of the monotonic clock.
  package var wallSeconds: Double
  /// CPU seconds of the whole process.
  package var cpuSeconds: Double
  /// Elementary units done: training samples, scores, rows, replicates.
  package var work: Int
  /// Persons, models or evaluations done.
  package var identities: Int
  /// Versions by name; a run without any is refused.
  package var versions: [String: String]
  /// Largest resident size of the process so far.
  package var peakBytes: Int?
  /// The number computed, where the contestants of a workload must agree on it.
  package var result: Double?

  /// Reads one answer line.
  ///
  /// - Throws: `ContestantFailure.badAnswer` for anything but an answer with positive work, times
  ///   and at least one version.
  package static func parse(_ line: String) throws -> ContestantAnswer {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let answer = try? decoder.decode(ContestantAnswer.self, from: Data(line.utf8)),
      answer.wallSeconds > 0, answer.cpuSeconds >= 0, answer.work > 0, answer.identities > 0
    else { throw ContestantFailure.badAnswer(String(line.prefix(120))) }
    guard !answer.versions.isEmpty else { throw ContestantFailure.noVersion }
    return answer
  }

  /// The answer as one line.
  package func line() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}

/// Why a contestant has no measurement; the text goes into the `err` column.
package enum ContestantFailure: Error, CustomStringConvertible, Equatable {
  case cannotStart(String)
  case ended(status: Int32, lastWords: String)
  case timedOut(seconds: Double, during: String)
  case badAnswer(String)
  case noVersion
  case tooFewProcessors(needed: Int, found: Int)
  case tooLittleMemory(needed: Int, found: Int)

  package var description: String {
    switch self {
    case .cannotStart(let reason): "cannot be started: \(reason)"
    case .ended(let status, let lastWords):
      "ended with status \(status)" + (lastWords.isEmpty ? "" : ": \(lastWords)")
    case .timedOut(let seconds, let during):
      "no answer within \(Int(seconds)) s (\(during)); raise --timeout"
    case .badAnswer(let line): "expected one JSON answer line, found '\(line)'"
    case .noVersion: "the answer names no version"
    case .tooFewProcessors(let needed, let found):
      "needs \(needed) processors, \(found) allowed to this process"
    case .tooLittleMemory(let needed, let found):
      "needs \(needed >> 20) MiB of memory, \(found >> 20) MiB available"
    }
  }
}
