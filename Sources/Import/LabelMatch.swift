import Configurations
import Datasets

/// Which row of the tables of labels every vector has.
struct LabelMatch {
  let join: LabelJoin
  /// Row of the table of each vector; nil: the table does not name it.
  let rows: [Int?]
  /// Vectors that are left out.
  let dropped: Set<Int>

  /// "by file name".
  var words: String {
    switch join {
    case .row: "row by row"
    case .filename: "by file name"
    case .identity: "by person"
    }
  }

  /// - Parameters:
  ///   - filenames: image of each vector, where known.
  ///   - people: person of each vector, where known before the table.
  /// - Throws: `ImportError` where the table does not fit, with what makes it fit.
  init(
    _ table: LabelTable, _ parts: ImportParts, _ request: ImportRequest, _ filenames: [String]?,
    _ people: [String]?
  ) throws {
    let hasNames = filenames != nil && table.columns[.filename] != nil
    join = request.join ?? (hasNames ? .filename : .row)
    let total = parts.rows
    func fail(_ reason: String) -> ImportError { ImportError(request.tables[0], nil, reason) }
    switch join {
    case .row:
      guard table.rows == total else {
        throw fail(
          "has \(counted(table.rows, "row")) for \(counted(total, "vector")); if a row names an image,"
            + " add --join filename, if it names a person, --join identity")
      }
      (rows, dropped) = (Array(0..<total), [])
    case .identity:
      guard let people else {
        throw fail(
          "is joined by person, and nothing says the person of a vector; add --identity COLUMN or"
            + " --identity-from filename")
      }
      rows = try table.rows(ofPeople: people)
      dropped = []
      if rows.allSatisfy({ $0 == nil }) {
        throw fail(
          "names none of the people of the vectors (they are called"
            + " \(examples(Set(people).sorted(), limit: 3)))")
      }
    case .filename:
      guard let filenames else {
        throw fail(
          "is joined by image, and nothing names the image of a vector; add --filename COLUMN or FILE"
        )
      }
      let rows = try table.rows(ofImages: filenames)
      let missing = rows.indices.filter { rows[$0] == nil }
      guard missing.isEmpty || request.dropsUnmatched && missing.count < rows.count else {
        throw fail(
          "names \(grouped(total - missing.count)) of \(counted(total, "image")); it lacks"
            + " \(examples(missing.map { filenames[$0] }, limit: 3))"
            + (missing.count < total ? "; leave these vectors out with --drop-unmatched" : ""))
      }
      (self.rows, dropped) = (rows, Set(missing))
    }
  }
}
