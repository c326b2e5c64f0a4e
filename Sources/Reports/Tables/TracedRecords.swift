// Which records that are made apart from runs a row of a table is about.
import Records
import Results
import Specs

extension CostRecord {
  /// Whether a row of Table 5 is about the cell, or about the traditional system beside it.
  func fits(_ fields: [String: String]) -> Bool {
    key.dataset == fields["dataset"] && key.extractor == fields["extractor"]
      && (fields["system"] != key.system || key.preset == fields["preset"])
  }
}

extension MapRecord {
  /// Whether a row is about the cell, or about the traditional system beside it.
  func fits(_ fields: [String: String]) -> Bool {
    key.dataset == fields["dataset"] && key.extractor == fields["extractor"]
      && (fields["system"] != key.system || key.preset == fields["preset"])
  }
}

extension KDERecord {
  /// Whether a row is about the densities.
  func fits(_ fields: [String: String]) -> Bool {
    key.dataset == fields["dataset"] && key.extractor == fields["extractor"]
      && key.preset == fields["preset"]
  }
}

extension LearningRecord {
  /// Whether a row is about the trainings.
  func fits(_ fields: [String: String]) -> Bool {
    key.dataset == fields["dataset"] && key.extractor == fields["extractor"]
      && key.preset == fields["preset"]
  }
}
