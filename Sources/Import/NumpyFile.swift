import Datasets

/// A .npy file: one array without a name.
final class NumpyFile: SourceFile {
  private let array: NumpyArray

  init(_ array: NumpyArray) { self.array = array }

  var path: String { array.file }

  var columns: [SourceColumn] {
    [
      SourceColumn(
        name: "array", summary: array.summary, isMatrix: array.isMatrix,
        labelCount: array.labelCount)
    ]
  }

  func labels(_ column: String, allowsFractions: Bool) throws -> [String] {
    guard column == "array" else { throw missing(column) }
    return try array.labels(allowsFractions: allowsFractions)
  }

  func vectors(_ column: String?, isTransposed: Bool, labels: Set<String>) throws -> (
    column: String, source: any VectorSource
  ) {
    if let column, column != "array" { throw missing(column) }
    return ("array", try array.vectors(isTransposed: isTransposed))
  }
}

/// An .npz archive: arrays by name.
final class NumpyArchive: SourceFile {
  let path: String
  let columns: [SourceColumn]
  private let archive: ZipArchive
  private var members: [String: ZipArchive.Member] = [:]

  /// - Throws: `ImportError` for an archive without arrays, or with two of one name.
  init(_ path: String) throws {
    self.path = path
    archive = try ZipArchive(path)
    var columns: [SourceColumn] = []
    for member in archive.members where member.name.hasSuffix(".npy") {
      let name = String(member.name.dropLast(4))
      guard members.updateValue(member, forKey: name) == nil else {
        throw ImportError(path, name, "is in the archive twice; save it again with np.savez")
      }
      // An array that cannot be read does not stand in the way of the others.
      do {
        let array = try NumpyArray(archive.open(member), file: path, place: name)
        columns.append(
          SourceColumn(
            name: name, summary: array.summary, isMatrix: array.isMatrix,
            labelCount: array.labelCount))
      } catch {
        let reason = (error as? ImportError)?.reason ?? "\(error)"
        columns.append(
          SourceColumn(name: name, summary: "not readable: it \(reason)", isMatrix: false))
      }
    }
    self.columns = columns
    if columns.isEmpty {
      throw ImportError(
        path, nil,
        archive.members.isEmpty
          ? "is an archive without members; save the arrays again with np.savez"
          : "is an archive without .npy arrays (found \(examples(archive.members.map(\.name)))); a PyTorch"
            + " or Excel file? save the arrays with np.savez")
    }
  }

  func labels(_ column: String, allowsFractions: Bool) throws -> [String] {
    try array(column).labels(allowsFractions: allowsFractions)
  }

  func vectors(_ column: String?, isTransposed: Bool, labels: Set<String>) throws -> (
    column: String, source: any VectorSource
  ) {
    let name = try column ?? usualVectors()
    return (name, try array(name).vectors(isTransposed: isTransposed))
  }

  private func array(_ name: String) throws -> NumpyArray {
    guard let member = members[name] else { throw missing(name) }
    return try NumpyArray(archive.open(member), file: path, place: name)
  }
}
