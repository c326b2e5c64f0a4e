import Foundation
import Testing

import Biometrics

@Suite("Numbers packed into records")
struct PackedNumbersTests {
  private let shares = ErrorShares(
    errors: 3, trials: 9_000_000_000,
    people: [
      .init(subject: 4, caused: 1, errors: 2, trials: 8_000_000_000),
      .init(subject: 7, caused: 2, errors: 2, trials: 5),
    ], trialCounts: [1, 2])

  @Test("Shares of people come back as they were")
  func roundTrip() throws {
    let json = try JSONEncoder().encode(shares)
    #expect(try JSONDecoder().decode(ErrorShares.self, from: json) == shares)
    #expect(!String(decoding: json, as: UTF8.self).contains("caused"))
  }

  @Test("Records of before, with an object for each person, are read")
  func formerForm() throws {
    let json = """
      {"errors": 3, "trials": 9000000000, "trialCounts": [1, 2], "people": [
      {"subject": 4, "caused": 1, "errors": 2, "trials": 8000000000},
      {"subject": 7, "caused": 2, "errors": 2, "trials": 5}]}
      """
    #expect(try JSONDecoder().decode(ErrorShares.self, from: Data(json.utf8)) == shares)
  }

  @Test("Replicates come back bit by bit, NaN included")
  func replicates() throws {
    let values = [0.0, -0.0, 1 / 3, .infinity, .nan]
    let json = try JSONEncoder().encode(Replicates(values))
    let read = try JSONDecoder().decode(Replicates.self, from: json).values
    #expect(read.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test(
    "What is no packed numbers is an error",
    arguments: [
      #"{"errors":1,"trials":1,"trialCounts":[],"people":"AAAA"}"#,
      #"{"errors":1,"trials":1,"trialCounts":[],"people":"AAAAAAAAAAA="}"#,
      #"{"errors":1,"trials":1,"trialCounts":[],"people":7}"#,
    ])
  func badText(json: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(ErrorShares.self, from: Data(json.utf8))
    }
  }
}
