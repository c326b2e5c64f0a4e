import Configurations
import Datasets
import Foundation
import HDF5
import Kernels

/// The command that brings a file into this project's layout, found by trying: what it names was read, all
/// but the vectors themselves.
package struct FittingCommand: Sendable {
  /// "Harness import x.h5 --under train --under val --output x-imported.h5".
  package let text: String
  /// What comes of it: "300 vectors of 512 values, 60 people (30 male, 30 female)".
  package let outcome: String

  /// Tries the ways in which a file could be meant.
  ///
  /// - Parameters:
  ///   - source: the file, and what the user said of it.
  ///   - isTransposed: tries vectors that stand the other way round first.
  /// - Throws: where no way makes several people of it, the error of the simplest.
  package init(for source: EmbeddingSource, isTransposed: Bool = false) throws {
    let file = try openSource(source.path)
    var base = ImportRequest([source.path])
    let mapping = source.mapping
    base.embeddings = mapping.embeddings.map { [$0] } ?? []
    base.identity = mapping.identity.map { [$0] } ?? []
    base.gender = mapping.gender.map { [$0] } ?? []
    base.filename = mapping.filename.map { [$0] } ?? []
    base.attributes = mapping.attributes
    base.genderCodes = source.genderCodes
    base.isTransposed = isTransposed
    let candidates = ImportCandidates(file, base)
    var left = 0
    var simplest: (any Error)?
    /// What comes of a way, while another one may be tried: a reader that ended does so again.
    func tried(_ request: ImportRequest) -> Trial? {
      guard left > 0 else { return nil }
      left -= 1
      do { return try Trial(request, file, dimension: source.dimension, given: base) } catch {
        simplest = simplest ?? error
        if case HDF5Error.reader = error { left = -1 }
        return nil
      }
    }
    var best: Trial?
    left = 64
    var single: Trial?
    for request in candidates.byColumn {
      guard let trial = tried(request) else { continue }
      if trial.several > 0 {
        best = trial
        break
      }
      single = single ?? trial
    }
    if best == nil {
      if left >= 0 { left = 64 }
      if candidates.isOfGroups { simplest = nil }
      // Names that are taken apart wrongly make people of one image, in each part of the file or in all.
      var rank = (0, 0)
      for request in candidates.byName {
        guard let trial = tried(request), trial.several > 0, trial.isPlausible else { continue }
        let own = (trial.isOneImageEach ? 0 : 1, trial.several)
        // Where both ways work, no network gives so few values.
        let isLonger =
          trial.isTurned(best) && trial.dimension > best?.dimension ?? 0
          && best?.dimension ?? 0 < 32
        if own > rank || own == rank && isLonger { (best, rank) = (trial, own) }
      }
    }
    guard let best = best ?? single else {
      throw simplest ?? ImportError(source.path, nil, "could not be read in any way")
    }
    text = best.request.command
    outcome = best.outcome
  }
}

/// A way that works.
private struct Trial {
  private(set) var request: ImportRequest
  /// People with several images.
  let several: Int
  /// Whether no part of the file has a second image of a person.
  let isOneImageEach: Bool
  let dimension: Int
  /// Whether people that are names look like some: three and more, of vectors longer than their number.
  let isPlausible: Bool
  let outcome: String

  /// Whether it differs from another one in the order of axes alone.
  func isTurned(_ other: Trial?) -> Bool {
    var turned = request
    turned.isTransposed.toggle()
    return turned == other?.request
  }

  /// - Parameter given: what the user said; everything else is a guess.
  /// - Throws: the error of a way that does not work, or that makes no people.
  init(
    _ wanted: ImportRequest, _ file: any SourceFile, dimension: Int?, given: ImportRequest
  ) throws {
    request = wanted
    var parts = try ImportParts(request, opened: file)
    guard parts.rows > 1, parts.dimension > 1, dimension ?? parts.dimension == parts.dimension
    else {
      throw ImportError(file.path, nil, "has no vectors of the length that is expected")
    }
    var notes: [String] = []
    var labels: ImportedLabels
    do { labels = try ImportedLabels(parts, request) } catch let error as ImportError {
      if let codes = Self.assumed(error.genderCodes), request.genderCodes == GenderCodes() {
        request.genderCodes = codes
        notes.append(
          "that \(codes.male[0]) means male and \(codes.female[0]) female is assumed: check it")
      } else if let rows = try Self.filledRows(parts) ?? Self.labelledRows(request, parts),
        request.rows.isEmpty
      {
        request.rows = rows
        parts = try ImportParts(request, opened: file)
      } else {
        throw error
      }
      labels = try ImportedLabels(parts, request)
    }
    if request.rows.isEmpty,
      let rows = try Self.filledRows(parts) ?? Self.namedRows(labels.identities, parts)
    {
      request.rows = rows
      parts = try ImportParts(request, opened: file)
      labels = try ImportedLabels(parts, request)
    }
    for part in parts.parts where request.rows.isEmpty { try part.vectors.expectWritten() }
    var images: [String: Int] = [:]
    for identity in labels.identities { images[identity, default: 0] += 1 }
    guard images.count > 1, images[""] == nil else {
      throw ImportError(file.path, nil, "makes one person of all vectors, or names none")
    }
    self.dimension = parts.dimension
    isPlausible =
      images.count > 2 && (!wanted.isTransposed || parts.dimension > images.values.max() ?? 0)
    several = images.values.count { $0 > 1 }
    var rest = labels.identities[...]
    isOneImageEach = parts.parts.allSatisfy { part in
      let own = rest.prefix(part.vectors.rows)
      rest = rest.dropFirst(part.vectors.rows)
      return Set(own).count == own.count
    }
    // A column that is not called like people must at least have people with several images.
    let isUsual =
      request.identity.isEmpty
      || request.identity.allSatisfy { ImportCandidates.isNamedLikePeople($0) }
    guard isUsual || several > 0 else {
      throw ImportError(file.path, nil, "has no column that repeats people")
    }
    if !isUsual { notes.append("that '\(request.identity[0])' names people is assumed: check it") }
    if wanted.embeddings != given.embeddings, wanted.embeddings.count == 1,
      ColumnRole(name: wanted.embeddings[0]) != .embeddings
    {
      let own = wanted.embeddings[0]
      let others = file.columns.filter { $0.isMatrix && $0.name != own }.map(\.name)
      notes.append(
        "that '\(own)' holds the vectors"
          + (others.isEmpty || others.count > 8 ? "" : ", and not \(examples(others)),")
          + " is assumed: check it")
    }
    if wanted.groups != given.groups, !wanted.groups.isEmpty {
      let last = wanted.groups.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
      let others = Self.groups(beside: wanted.groups, file)
      if !others.isEmpty, wanted.groups.count == 1 {
        notes.append(
          "that '\(wanted.groups[0])' is meant, and not \(examples(others)), is assumed: check it")
      } else if wanted.groups.count > 1, !last.allSatisfy(isPartOfADataset) {
        notes.append(
          "that \(examples(wanted.groups)) are parts of one dataset is assumed: check it")
      }
    }
    if wanted.isTransposed, !given.isTransposed, wanted.identityRule == .group {
      notes.append("that matrices are [dimension, images] is assumed: check it")
    }
    if several == 0 { notes.append("no person has several images") }
    var genders: [String: String] = [:]
    for (identity, gender) in zip(labels.identities, labels.genders ?? []) where gender != "U" {
      genders[identity] = gender
    }
    outcome =
      "\(counted(parts.rows, "vector")) of \(parts.dimension) values,"
      + " \(counted(images.count, "person", "people"))"
      + " (\(grouped(genders.values.count { $0 == "M" })) male,"
      + " \(grouped(genders.values.count { $0 == "F" })) female)"
      + notes.map { "; " + $0 }.joined()
  }

  /// Groups with datasets beside one that was chosen.
  private static func groups(beside chosen: [String], _ file: any SourceFile) -> [String] {
    let parent = chosen[0].split(separator: "/").dropLast().map { $0 + "/" }.joined()
    var others: Set<String> = []
    for column in file.columns where column.name.hasPrefix(parent) {
      let rest = column.name.dropFirst(parent.count).split(separator: "/")
      if rest.count > 1 { others.insert(parent + rest[0]) }
    }
    return others.subtracting(chosen).sorted()
  }

  /// What codes usually mean; nil: nothing is usual.
  private static func assumed(_ codes: [String]) -> GenderCodes? {
    for (male, female) in [("1", "0"), ("1", "2"), ("1", "-1")] {
      guard codes.contains(male), codes.contains(female), codes.count <= 3 else { continue }
      return GenderCodes(
        male: [male], female: [female], unlabelled: codes.filter { $0 != male && $0 != female })
    }
    guard codes.count == 2 else { return nil }
    return GenderCodes(male: [codes[0]], female: [codes[1]], unlabelled: [])
  }

  /// Labels of people, where there are fewer than vectors; nil: it is not known.
  private static func labelledRows(_ request: ImportRequest, _ parts: ImportParts) -> [Int]? {
    guard parts.parts.count == 1, parts.parts[0].people == nil else { return nil }
    let counts = parts.parts[0].file.columns.filter { column in
      request.identity.isEmpty
        ? ColumnRole(name: column.name) == .identity : request.identity == [column.name]
    }.compactMap(\.labelCount).filter { $0 > 1 && $0 < parts.rows }
    return counts.count == 1 ? counts : nil
  }

  /// Rows up to the last that names a person; nil: that is all of them.
  private static func namedRows(_ identities: [String], _ parts: ImportParts) -> [Int]? {
    guard parts.parts.count == 1, parts.parts[0].people == nil,
      let last = identities.lastIndex(where: { !$0.isEmpty }), last + 1 < parts.rows
    else { return nil }
    return [last + 1]
  }

  /// How many rows of each part are filled, where the last ones hold nothing; nil: all are.
  private static func filledRows(_ parts: ImportParts) throws -> [Int]? {
    guard parts.parts.allSatisfy({ $0.people == nil }) else { return nil }
    let rows = try parts.parts.map { try filledRows($0.vectors) }
    let isAll = zip(rows, parts.parts).allSatisfy { $0 == $1.vectors.rows }
    return isAll || rows.contains(0) ? nil : rows
  }

  private static func filledRows(_ vectors: any VectorSource) throws -> Int {
    let block = max(1, min(vectors.blockRows, vectors.rows))
    let buffer = FloatMatrix(rows: block, columns: vectors.dimension, stride: vectors.dimension)
    var end = vectors.rows
    while end > 0 {
      let start = max(0, end - block)
      try vectors.read(start..<end, into: buffer.base)
      var row = end
      while row > start, isUnfilled(buffer[row: row - 1 - start]) { row -= 1 }
      if row > start { return row }
      end = start
    }
    return 0
  }
}

extension ImportRequest {
  /// As it is typed.
  fileprivate var command: String {
    var words = ["Harness", "import"] + inputs.map(shellPath)
    words += groups.map { shellOption("--under", $0) }
    words += embeddings.map { shellOption("--embeddings", $0) }
    words += identity.map { shellOption("--identity", $0) }
    if let identityRule { words.append("--identity-from \(identityRule.rawValue)") }
    words += gender.map { shellOption("--gender", $0) }
    words += filename.map { shellOption("--filename", $0) }
    for (name, place) in attributes.sorted(by: { $0.key < $1.key }) {
      words.append(shellOption("--attribute", "\(name)=\(place)"))
    }
    for (name, codes) in [
      ("male", genderCodes.male), ("female", genderCodes.female),
      ("unlabelled", genderCodes.unlabelled),
    ] {
      words += codes.map { shellOption("--\(name)", $0) }
    }
    if isTransposed { words.append("--transpose") }
    words += rows.map { "--rows \($0)" }
    let stem = ((inputs[0] as NSString).lastPathComponent as NSString).deletingPathExtension
    words.append("--output \(shellPath("\(stem)-imported.h5"))")
    return words.joined(separator: " ")
  }
}
