// Which records that are made apart from runs a row of a table is about.
import Records
import Results
import Specs

extension RecordMadeApart {
  /// Whether a row is about the cell's place and preset.
  func isOfPreset(_ fields: [String: String]) -> Bool {
    isAtPlace(fields) && key.preset == fields["preset"]
  }

  /// Whether a row is about the cell, or about the traditional system beside it.
  func isOfSystem(_ fields: [String: String]) -> Bool {
    isAtPlace(fields) && (fields["system"] != key.system || key.preset == fields["preset"])
  }

  private func isAtPlace(_ fields: [String: String]) -> Bool {
    key.dataset == fields["dataset"] && key.extractor == fields["extractor"]
  }
}
