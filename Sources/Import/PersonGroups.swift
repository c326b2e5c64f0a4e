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
    /// Whether the dataset is one vector [d], not a matrix [rows, d].
    let isSingle: Bool
  }

  let source: HDF5Source
  private let grouped: GroupedVectors
  /// Person of each row.
  let identities: [String]
  /// Image of each row; nil where the file does not name images.
  let filenames: [String]?

  /// The vectors, people in order of name.
  var vectors: any VectorSource { grouped }

  /// - Parameters:
  ///   - name: of the datasets that hold vectors; nil: all that hold numbers are vectors.
  ///   - isByImage: whether datasets are images, and who they show is said elsewhere.
  init(_ source: HDF5Source, vectorsNamed name: String?, isByImage: Bool = false) throws {
    self.source = source
    var pieces: [Piece] = []
    var dimensions: [Int: String] = [:]
    for entry in source.entries where entry.kind == .numbers {
      let parts = entry.path.dropFirst(source.group.count).split(separator: "/").map(String.init)
      guard let person = parts.first else { continue }
      if let name {
        guard entry.name == name else { continue }
      } else if parts.count > 1, let role = ColumnRole(name: entry.name), role != .embeddings {
        continue
      }
      let shape = entry.shape.filter { $0 != 1 }
      let axes = entry.shape.count == 1 ? 1 : max(shape.count, 1)
      guard entry.shape.count >= 1, axes <= 2, let dimension = entry.shape.last else {
        throw ImportError(
          source.path, entry.path,
          "has the shape \(entry.shape), expected one vector or [images, dimension]")
      }
      dimensions[dimension] = dimensions[dimension] ?? entry.path
      // All but one of these axes are 1.
      let rows = entry.shape.dropLast().max() ?? 1
      pieces.append(
        Piece(
          path: entry.path, person: person, image: parts.dropFirst().joined(separator: "/"),
          rows: rows, isSingle: entry.shape.count == 1))
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
            + " vectors are called within the groups, e.g. --embeddings embedding")
    }
    let (total, overflow) = pieces.reduce((0, false)) { sum, piece in
      let (rows, overflow) = sum.0.addingReportingOverflow(piece.rows)
      return (rows, sum.1 || overflow)
    }
    guard !overflow, total > 0, total <= 1 << 27 else {
      throw ImportError(
        source.path, nil, "has \(overflow ? "too many" : "\(total)") vectors in groups")
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
    grouped = GroupedVectors(
      file: source.file, pieces: pieces.map { ($0.path, $0.isSingle) }, offsets: offsets,
      dimension: dimension)
  }

  /// A label of each row that stands at the group of its person or image: as an attribute, or as a
  /// dataset of one value; "" where there is none. Nil: at none.
  func labels(_ role: ColumnRole, named name: String?) throws -> [String]? {
    let byPath = HDF5Source.byPath(source.entries)
    let names = name.map { [$0] } ?? role.names
    let attributesOf = try attributesOfGroups()
    var ofGroup: [String: String] = [:]
    func label(at group: String) throws -> String {
      if let known = ofGroup[group] { return known }
      var found = ""
      if let entry = names.lazy.compactMap({ byPath["\(group)/\($0)"] }).first {
        let labels = Set(
          try source.labels(
            String(entry.path.dropFirst(source.group.count)), allowsFractions: role == .age))
        guard labels.count <= 1 else {
          throw ImportError(
            source.path, entry.path, "has several labels, expected one for the group")
        }
        found = labels.first ?? ""
      } else {
        let attributes = attributesOf[group] ?? [:]
        let matches =
          name.map { attributes.keys.contains($0) ? [$0] : [] }
          ?? role.matches(among: attributes.keys.sorted())
        found = matches.first.flatMap { attributes[$0] } ?? ""
      }
      ofGroup[group] = found
      return found
    }
    var labels: [String] = []
    for (index, piece) in grouped.pieces.enumerated() {
      // From the person's group inwards; what stands further in goes before.
      var own = ""
      for place in places(of: piece.path) {
        let here = try label(at: place)
        if !here.isEmpty { own = here }
      }
      labels += [String](repeating: own, count: grouped.offsets[index + 1] - grouped.offsets[index])
    }
    return labels.allSatisfy(\.isEmpty) ? nil : labels
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
    let all = Set(grouped.pieces.flatMap { places(of: $0.path) }).sorted()
    return Dictionary(uniqueKeysWithValues: zip(all, try source.attributes(of: all)))
  }
}

/// Vectors of many datasets, one after the other.
private struct GroupedVectors: VectorSource {
  let file: HDF5File
  let pieces: [(path: String, isSingle: Bool)]
  /// Where the rows of each piece begin, and where the last end.
  let offsets: [Int]
  let dimension: Int

  var rows: Int { offsets[offsets.count - 1] }
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
        offsets[whole + 1] <= range.upperBound
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
      if pieces[piece].isSingle {
        if !own.isEmpty { try dataset.read(rows: 0..<dimension, into: place, stride: 1) }
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
