import Configurations
import Datasets
import HDF5

/// An HDF5 file with a group or a dataset per person: the person is its name, images are what is
/// below, in order of name. Or one with a dataset per image, whose paths are the images' names.
struct PersonGroups {
  /// Vectors of one image or several.
  private struct Piece {
    let path: String
    let person: String
    let image: String
    let rows: Int
    /// How the vectors lie in the dataset.
    let form: Form
  }

  /// How vectors lie in a dataset.
  fileprivate enum Form {
    /// One vector [d].
    case single
    /// [rows, d].
    case matrix
    /// [d, rows], as MATLAB writes them.
    case transposed
  }

  let source: HDF5Source
  private let vectorsOfPieces: GroupedVectors
  /// Person of each row.
  let identities: [String]
  /// Image of each row; nil where the file does not name images.
  let filenames: [String]?

  /// The vectors, people in order of name.
  var vectors: any VectorSource { vectorsOfPieces }

  /// - Parameters:
  ///   - names: of the datasets that hold vectors; none: all that hold numbers are vectors.
  ///   - isByImage: whether datasets are images, and who they show is said elsewhere.
  ///   - isTransposed: matrices are stored the other way round than such files usually are.
  init(
    _ source: HDF5Source, vectorsNamed names: [String] = [], isByImage: Bool = false,
    isTransposed: Bool = false
  ) throws {
    self.source = source
    var pieces: [Piece] = []
    var dimensions: [Int: String] = [:]
    // A number by itself is no vector (a version, a count).
    for entry in source.entries where entry.kind == .numbers && !entry.shape.isEmpty {
      // Rows and columns of pandas' frames are numbered beside them.
      if names.isEmpty, entry.isFrameAxis { continue }
      let parts = entry.path.dropFirst(source.group.count).split(separator: "/").map(String.init)
      guard let person = parts.first else { continue }
      if !names.isEmpty {
        guard names.contains(entry.name) else { continue }
      } else if let role = ColumnRole(name: entry.name), role != .embeddings {
        continue
      }
      let shape = entry.shape.filter { $0 != 1 }
      let axes = entry.shape.count == 1 ? 1 : max(shape.count, 1)
      let isTurned = entry.shape.count == 2 && isTransposed != (entry.matlabClass != nil)
      guard axes <= 2, let dimension = isTurned ? entry.shape.first : entry.shape.last else {
        throw ImportError(
          source.path, entry.path,
          "has the shape \(entry.shape), expected one vector or [images, dimension]")
      }
      dimensions[dimension] = dimensions[dimension] ?? entry.path
      // All but one of these axes are 1.
      let rows = isTurned ? entry.shape[1] : entry.shape.dropLast().max() ?? 1
      pieces.append(
        Piece(
          path: entry.path, person: person, image: parts.dropFirst().joined(separator: "/"),
          rows: rows, form: entry.shape.count == 1 ? .single : isTurned ? .transposed : .matrix))
    }
    guard dimensions.count == 1, let dimension = dimensions.keys.first else {
      let found = dimensions.sorted { $0.key < $1.key }.prefix(4).map {
        "'\($0.value)' has \($0.key)"
      }
      throw ImportError(
        source.path, nil,
        dimensions.isEmpty
          ? "has no vectors in groups of people; it holds \(source.summary)"
          : "has vectors of several lengths (\(found.joined(separator: ", "))); say how the datasets of"
            + " vectors are called within the groups, e.g. --embeddings embedding"
            + (isTransposed ? "" : ", or add --transpose where they are [dimension, images]"))
    }
    if let link = source.entries.first(where: { $0.isRefusedLink }) {
      throw ImportError(
        source.path, link.path,
        "is \(link.typeName), which is not followed; copy what it leads to into the file")
    }
    if names.isEmpty { try Self.expectOneKind(pieces, source) }
    let (total, overflow) = pieces.reduce((0, false)) { sum, piece in
      let (rows, overflow) = sum.0.addingReportingOverflow(piece.rows)
      return (rows, sum.1 || overflow)
    }
    guard !overflow, total > 0, total <= 1 << 27 else {
      throw ImportError(
        source.path, nil,
        "has \(overflow ? "too many" : grouped(total)) vectors in groups, expected 1 to"
          + " \(grouped(1 << 27)); is something else in them than vectors? name these with --embeddings"
      )
    }
    let tops = Set(pieces.map(\.person))
    if !isByImage, tops.allSatisfy(isPartOfADataset) {
      throw ImportError(
        source.path, source.group.isEmpty ? nil : source.group,
        "has the groups \(examples(tops.sorted())), which are parts, not people; add "
          + tops.sorted().map { shellOption("--under", source.group + $0) }.joined(separator: " "))
    }
    if !isByImage, pieces.count > 1, tops.count == 1, let person = tops.first {
      throw ImportError(
        source.path, source.group + person,
        "is the only group, so all vectors would be of one person; where people are the groups below"
          + " it, add \(shellOption("--under", source.group + person))")
    }
    // "img0/embedding": the last component says nothing where it is the same for all.
    let last = Set(pieces.map { $0.image.split(separator: "/").last.map(String.init) ?? "" })
    func image(_ piece: Piece) -> String {
      guard last.count == 1, pieces.count > 1 else { return piece.image }
      return piece.image.split(separator: "/").dropLast().joined(separator: "/")
    }
    identities = pieces.flatMap { [String](repeating: $0.person, count: $0.rows) }
    let names = pieces.flatMap { piece in
      let own = image(piece)
      return (0..<piece.rows).map { row in
        if own.isEmpty && !isByImage { return "" }
        return (own.isEmpty ? piece.person : "\(piece.person)/\(own)")
          + (piece.rows > 1 ? "/\(row)" : "")
      }
    }
    filenames = names.contains("") ? nil : names
    var offsets = [0]
    for piece in pieces { offsets.append(offsets[offsets.count - 1] + piece.rows) }
    vectorsOfPieces = GroupedVectors(
      file: source.file, pieces: pieces.map { ($0.path, $0.form) }, offsets: offsets,
      dimension: dimension)
  }

  /// Groups that hold the same several things hold several kinds of vectors, say of two networks, and not
  /// several images, unless these are numbered.
  private static func expectOneKind(_ pieces: [Piece], _ source: HDF5Source) throws {
    var groupsOf: [Substring: Int] = [:]
    for piece in pieces where piece.path.contains("/") {
      guard let name = piece.path.split(separator: "/").last else { continue }
      if !name.utf8.contains(where: { (48...57).contains($0) }) { groupsOf[name, default: 0] += 1 }
    }
    let kinds = groupsOf.filter { $1 > 1 }.keys.sorted().map { String($0) }
    guard kinds.count > 1, kinds.count <= 64 else { return }
    throw ImportError(
      source.path, nil,
      "has several kinds of datasets in its groups: \(examples(kinds)); say which hold the vectors, e.g."
        + " \(shellOption("--embeddings", kinds[0]))")
  }

  /// A label of each row that stands at the group of its person or image: as an attribute, as a dataset of
  /// one value, or as one of a value for each of the group's vectors; "" where there is none. Nil: at none.
  ///
  /// - Parameter name: as the user named it; nil: of a usual name, and left out where it does not fit.
  func labels(_ role: ColumnRole, named name: String?) throws -> [String]? {
    let byPath = HDF5Source.byPath(source.entries)
    let names = name.map { [$0] } ?? role.names
    let attributesOf = try attributesOfGroups()
    var rowsOf: [String: Int] = [:]
    for (index, piece) in vectorsOfPieces.pieces.enumerated() {
      for place in places(of: piece.path) {
        rowsOf[place, default: 0] += vectorsOfPieces.rows(ofPiece: index)
      }
    }
    var ofGroup: [String: [String]] = [:]
    /// One label, one for each of the group's vectors, or none.
    func labels(at group: String) throws -> [String] {
      if let known = ofGroup[group] { return known }
      var found: [String] = []
      if let entry = names.lazy.compactMap({ byPath["\(group)/\($0)"] }).first {
        let labels = try source.labels(
          String(entry.path.dropFirst(source.group.count)), allowsFractions: role == .age)
        if Set(labels).count == 1 {
          found = [labels[0]]
        } else if labels.count == rowsOf[group] {
          found = labels
        } else if name != nil || [.identity, .gender].contains(role), !labels.isEmpty {
          throw ImportError(
            source.path, entry.path,
            "has \(counted(labels.count, "label")), expected one for the group or one for each of its"
              + " \(counted(rowsOf[group] ?? 0, "vector"))")
        }
      } else {
        let attributes = attributesOf[group] ?? [:]
        let matches =
          name.map { attributes.keys.contains($0) ? [$0] : [] }
          ?? role.matches(among: attributes.keys.sorted())
        found = matches.first.flatMap { attributes[$0] }.map { [$0] } ?? []
      }
      ofGroup[group] = found
      return found
    }
    var all: [String] = []
    /// Vectors of each group so far.
    var passed: [String: Int] = [:]
    for (index, piece) in vectorsOfPieces.pieces.enumerated() {
      let rows = vectorsOfPieces.rows(ofPiece: index)
      // From the person's group inwards; what stands further in goes before.
      var own = [String](repeating: "", count: rows)
      for place in places(of: piece.path) {
        let here = try labels(at: place)
        let start = passed[place, default: 0]
        passed[place] = start + rows
        if here.count == 1 {
          if !here[0].isEmpty { own = [String](repeating: here[0], count: rows) }
        } else if !here.isEmpty {
          own = Array(here[start..<start + rows])
        }
      }
      all += own
    }
    return all.allSatisfy(\.isEmpty) ? nil : all
  }

  /// The groups on the way to a dataset, from the person's on, and itself.
  private func places(of path: String) -> [String] {
    var places: [String] = []
    var place = ""
    for component in path.split(separator: "/") {
      place += place.isEmpty ? String(component) : "/\(component)"
      if place.utf8.count >= source.group.utf8.count { places.append(place) }
    }
    return places
  }

  private func attributesOfGroups() throws -> [String: [String: String]] {
    let all = Set(vectorsOfPieces.pieces.flatMap { places(of: $0.path) }).sorted()
    return Dictionary(uniqueKeysWithValues: zip(all, try source.attributes(of: all)))
  }
}

/// Vectors of many datasets, one after the other.
private struct GroupedVectors: VectorSource {
  let file: HDF5File
  let pieces: [(path: String, form: PersonGroups.Form)]
  /// Where the rows of each piece begin, and where the last end.
  let offsets: [Int]
  let dimension: Int

  var rows: Int { offsets[offsets.count - 1] }
  func rows(ofPiece index: Int) -> Int { offsets[index + 1] - offsets[index] }
  var origin: String { "\(file.path): \(pieces.count) datasets" }

  func read(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) throws {
    // The first piece that ends behind the beginning.
    var (low, high) = (0, pieces.count)
    while low < high {
      let middle = (low + high) / 2
      if offsets[middle + 1] <= range.lowerBound { low = middle + 1 } else { high = middle }
    }
    var piece = low
    var row = range.lowerBound
    while row < range.upperBound {
      let end = min(range.upperBound, offsets[piece + 1])
      let own = row - offsets[piece]..<end - offsets[piece]
      let place = target + (row - range.lowerBound) * dimension
      // Whole ones together: a question for each takes longer than its values.
      var whole = piece
      while whole < pieces.count, whole - piece < 1_024, offsets[whole] >= row,
        offsets[whole + 1] <= range.upperBound,
        pieces[whole].form != .transposed || rows(ofPiece: whole) == 1
      {
        whole += 1
      }
      if whole - piece > 1 {
        try file.read(
          pieces[piece..<whole].map(\.path), count: (offsets[whole] - row) * dimension, into: place)
        row = offsets[whole]
        piece = whole
        continue
      }
      let dataset = try file.dataset(pieces[piece].path)
      if pieces[piece].form == .single {
        if !own.isEmpty { try dataset.read(rows: 0..<dimension, into: place, stride: 1) }
      } else if pieces[piece].form == .transposed {
        let values = try dataset.columns(own)
        precondition(values.count == own.count * dimension)
        place.update(from: values, count: values.count)
      } else if dataset.columns == dimension {
        try dataset.read(rows: own, into: place, stride: dimension)
      } else {
        throw ImportError(
          file.path, dataset.path, "has the shape \(dataset.shape), expected [images, dimension]")
      }
      row = end
      piece += 1
    }
  }
}
